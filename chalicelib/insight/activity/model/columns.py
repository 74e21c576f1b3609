"""The columns of an order file, under the names by which people call them. Pure."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from chalicelib.insight.activity.model import csv as csvrows
from chalicelib.insight.activity.model.reasons import column, several
from chalicelib.kernel.clock import UnknownZone, zone
from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.orders.export.model import COLUMNS as EXPORTED

REQUIRED = ("order_ref", "member", "quantity")
AMOUNTS = ("amount_minor", "amount")
ORDERED = ("ordered_at", "ordered_on")
OPTIONAL = ("product_code", "category", "channel", "pickup_point")
STATUS = "status"
DISCOUNTS = ("discount_minor", "discount")
_NAMED = ("order_ref", "member", *ORDERED, "quantity", *AMOUNTS, "currency", *OPTIONAL, *DISCOUNTS)
EVERY = (*_NAMED, STATUS)

_EITHER_DAY = several(ORDERED, "或")
_EITHER_AMOUNT = several(reversed(AMOUNTS), "或")

IGNORED = ""
"""The name of a column whose values are not read."""

TITLES: Mapping[str, str] = {
    "order": "order_ref", "order_number": "order_ref", "order_no": "order_ref", "order_id": "order_ref",
    "订单号": "order_ref", "订单编号": "order_ref", "訂單編號": "order_ref",
    "member_id": "member", "customer": "member", "customer_id": "member", "会员编号": "member", "会员": "member",
    "客户": "member", "顾客": "member",
    "placed_at": "ordered_at", "order_time": "ordered_at", "下单时间": "ordered_at", "訂單時間": "ordered_at",
    "order_date": "ordered_on", "date": "ordered_on", "下单日期": "ordered_on", "日期": "ordered_on",
    "units": "quantity", "qty": "quantity", "数量": "quantity", "件数": "quantity",
    "order_total": "amount", "金额": "amount", "订单金额": "amount", "订单总额": "amount",
    "币种": "currency", "货币": "currency",
    "sku": "product_code", "商品编码": "product_code", "类别": "category", "分类": "category", "品类": "category",
    "优惠金额": "discount", "折扣金额": "discount", "渠道": "channel", "自提点": "pickup_point", "订单状态": "status",
}  # fmt: skip
"""Other names of columns, as :func:`plain_title` spells them."""

_IDENTITIES = frozenset({"member_id", "customer_id", "会员编号"})
CALLED = frozenset({"member", "customer", "会员", "客户", "顾客"})
"""Where a file has the identity of a member beside what they are called, the identity counts."""

_NOTE = re.compile(r"\(([^()]*)\)$")
_GAPS = re.compile(r"[\s_\-]+")


class BadHeader(Invalid):
    """The titles of the file's columns, or what they are said to hold, are not those of a file of its kind."""

    code, title, title_zh = "bad_csv_header", "The columns are not those of such a file", "文件的列不符合要求"


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns in the file's order, those that are not read as ``IGNORED``; ``tz`` is the zone of wall times where
    the header names one.
    """

    names: tuple[str, ...]
    tz: ZoneInfo | None = None


def known(titles: Sequence[str]) -> int:
    """How many of these titles are those of columns."""
    return sum(_column(plain_title(title)) in EVERY for title in titles)


def read_header(row: csvrows.Row) -> Columns:
    """The columns that a header names. Raises BadHeader, with every column that is unknown, missing or there twice."""
    if row.problem:
        message = f"The first row cannot be read: {row.problem.en}."
        raise BadHeader.at("/csv", message, f"无法读取第一行：{row.problem.zh}。请另存为 UTF-8 编码的 CSV 文件。")
    titles = list(row.values)
    while titles and not titles[-1]:
        titles.pop()
    plain = [plain_title(title) for title in titles]
    beside = bool(_IDENTITIES & set(plain))
    names = tuple(IGNORED if beside and title in CALLED else _column(title) for title in plain)
    if faults := list(_faults(names, titles)):
        listed = ", ".join(_NAMED)
        raise BadHeader(
            f"{'; '.join(each.message for each in faults[:5])}. The columns of an order file are: {listed}.",
            detail_zh=f"{'；'.join(each.message_zh for each in faults[:5])}。订单文件的列为：{several(_NAMED)}。",
            errors=tuple(faults),
        )
    return Columns(names, _zone_of(names, titles))


def _faults(names: Sequence[str], titles: Sequence[str]) -> Iterator[FieldError]:
    for name, title in zip(names, titles, strict=True):
        if name != IGNORED and name not in EVERY:
            yield FieldError("/csv", f"Unknown column '{title[:50]}'", f"未知的列“{title[:50]}”")
    for name in REQUIRED:
        if name not in names:
            yield FieldError("/csv", f"Column '{name}' is missing", f"缺少列：{column(name)}")
    for name in dict.fromkeys(names):
        if name != IGNORED and names.count(name) > 1:
            yield FieldError("/csv", f"Column '{name[:50]}' comes twice", f"列重复：{column(name)[:50]}")
    if not set(ORDERED) & set(names):
        words = "One of the columns 'ordered_at' and 'ordered_on' is needed", f"缺少列：{_EITHER_DAY}，须有其一"
        yield FieldError("/csv", *words)
    yield from _faults_of_money(set(names))


def _faults_of_money(names: set[str]) -> Iterator[FieldError]:
    if not set(AMOUNTS) & names:
        words = "Column 'amount_minor' is missing, or 'amount' in its place", f"缺少列：{_EITHER_AMOUNT}，须有其一"
        yield FieldError("/csv", *words)
    for pair in (AMOUNTS, DISCOUNTS):
        if set(pair) <= names:
            either = several(reversed(pair), "或")
            yield FieldError(
                "/csv", f"Only one of the columns '{pair[0]}' and '{pair[1]}' is taken", f"{either}只能有一列"
            )


def _zone_of(names: Sequence[str], titles: Sequence[str]) -> ZoneInfo | None:
    title = next((title for name, title in zip(names, titles, strict=True) if name == "ordered_at"), "")
    return zone_in(title, "/csv")


def zone_in(title: str, pointer: str) -> ZoneInfo | None:
    """The zone that the title of wall-clock times names, as in ``Placed at (Asia/Shanghai)``; None where it names
    none. Raises BadHeader for what is no zone.
    """
    note = _NOTE.search(unicodedata.normalize("NFKC", title).strip())
    if note is None:
        return None
    try:
        return zone(note[1].strip())
    except UnknownZone as unknown:
        raise BadHeader.at(pointer, str(unknown.detail), unknown.detail_zh or "") from unknown


def plain_title(title: str) -> str:
    """A title without what people spell in several ways: width, letter case, gaps, a note in parentheses."""
    text = _NOTE.sub("", unicodedata.normalize("NFKC", title).strip()).casefold()
    return _GAPS.sub("_", text.strip()).strip("_")


EXPORTED_TITLES = frozenset(plain_title(title.format(zone="UTC")) for titles in EXPORTED for title in titles)
"""The titles of the product's own table of orders, of which an import reads some."""


def _column(plain: str) -> str:
    if plain in EVERY:
        return plain
    return TITLES.get(plain, IGNORED if plain in EXPORTED_TITLES else plain)
