"""The product file: what a row says of a SKU, and which rows are one product. Pure.

Neighbouring rows of one title are the SKUs of one product; where the title is merged over several rows, or left blank
below the first, it is the one above. A product one of whose rows cannot be taken is left out whole: its other SKUs
would stand without it, and the corrected file could not add it any more.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from chalicelib.catalog.model.contents import Content, Unit
from chalicelib.catalog.model.products import MAX_STOCK, SKU_CODE
from chalicelib.insight.activity.model.csv import Row
from chalicelib.insight.activity.model.fields import BadRow, clean, count, plain, price
from chalicelib.insight.activity.model.reasons import Reason, column
from chalicelib.kernel.folding import fold
from chalicelib.kernel.ids import derived_id
from chalicelib.kernel.percent import read_percent

MOST_SKUS = 19
"""Of one product in a file. With its stock and supplier each is five items of the one transaction that creates all."""

SHARED = ("supplier", "category", "brand", "origin", "description")
"""What a row below the first of its product need not say again."""

_LENGTHS = {"description": 5000}
_NOTHING = frozenset({"-", "--", "—", "——", "/", "无", "暂无", "n/a", "none"})
_TOTALS = frozenset({"合计", "总计", "小计", "total", "subtotal", "sum"})
_CONTENT = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,3})?) ?([^\W\d_]+)")
_UNITS: Mapping[str, tuple[Unit, int]] = {
    word: (unit, times)
    for words, unit, times in (
        ("g 克 gram grams", Unit.GRAM, 1), ("两", Unit.GRAM, 50), ("斤 市斤", Unit.GRAM, 500),
        ("kg 千克 公斤 kilo", Unit.KILOGRAM, 1), ("ml 毫升", Unit.MILLILITRE, 1), ("l 升 litre liter", Unit.LITRE, 1),
        ("m 米 metre meter", Unit.METRE, 1), ("个 件 只 枚 粒 片 支 包 袋 盒 瓶 颗 pc pcs piece pieces", Unit.PIECE, 1),
    )
    for word in words.split()
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A valid row: a SKU, and what it says of its product. Amounts are minor units of the brand's currency; ``stock``
    is in units, None where none is counted; ``tax_bps`` the rate of the tax in its price, None where the row says none.
    """

    number: int
    title: str
    variant: str
    code: str
    price_minor: int
    cost_minor: int | None
    stock: int | None
    content: Content | None
    shared: Mapping[str, str]
    tax_bps: int | None = None

    @property
    def supplier(self) -> str:
        return self.shared.get("supplier", "")


@dataclass(frozen=True, slots=True)
class Goods:
    """A product of a file: its rows, the first of which says what they share."""

    rows: tuple[ProductRow, ...]

    @property
    def number(self) -> int:
        return self.rows[0].number

    @property
    def title(self) -> str:
        return self.rows[0].title

    @property
    def suppliers(self) -> list[str]:
        """From whom its SKUs are bought, each once."""
        return list(dict.fromkeys(row.supplier for row in self.rows if row.supplier))

    def differs(self, title: str, prices: Mapping[str, int]) -> bool:
        """Whether it is another product than the one of this title and these prices (minor units, by folded code)."""
        same = fold(title) == fold(self.title)
        return not same or any(prices.get(fold(row.code)) != row.price_minor for row in self.rows)


@dataclass(slots=True)
class Found:
    """What some rows come to: products, how many rows say again what one before them said, what is wrong by row."""

    goods: list[Goods] = field(default_factory=list)
    repeated: int = 0
    bad: list[tuple[int, Reason]] = field(default_factory=list)


def slices(rows: Iterable[Row], size: int, title_at: int) -> Iterator[list[Row]]:
    """The rows in parts of about this size, which begin at the same rows whenever they are read again; no product is
    divided between two.
    """
    part: list[Row] = []
    title = ""
    for row in rows:
        own = _title(row, title_at)
        if len(part) >= size and own and fold(own) != fold(title):
            yield part
            part = []
        title = own or title
        part.append(row)
    if part:
        yield part


def read(rows: Sequence[Row], columns: Sequence[str], currency: str) -> Found:
    """The rows of a slice as products, prices in the brand's currency."""
    found = Found()
    for run in _runs(rows, columns.index("title")):
        _take(run, found, columns, currency)
    return found


def code_of(title: str, variant: str) -> str:
    """The code of a SKU to which the file gives none: it follows from what it is called, so it is always the same."""
    return f"P-{derived_id('sku of a file', fold(title), fold(variant))[-10:]}"


def _title(row: Row, title_at: int) -> str:
    return row.values[title_at] if row.values else ""


def _runs(rows: Sequence[Row], title_at: int) -> Iterator[list[Row]]:
    run: list[Row] = []
    title = ""
    for row in rows:
        own = _title(row, title_at)
        if run and own and fold(own) != fold(title):
            yield run
            run = []
        title = own or title
        run.append(row)
    if run:
        yield run


def _take(run: Sequence[Row], found: Found, columns: Sequence[str], currency: str) -> None:
    rows: list[ProductRow] = []
    wrong: dict[int, Reason] = {}
    repeated = 0
    for row in run:
        try:
            parsed = _parsed(row, columns, currency, rows[0] if rows else None)
            repeated += not _adds(parsed, rows)
        except BadRow as bad:
            wrong[row.number] = bad.reason
    if len(rows) > MOST_SKUS:
        words = (
            f"the product has more than {MOST_SKUS} SKUs: add the others on its page",
            f"同一商品超过 {MOST_SKUS} 个规格，其余请在商品页添加",
        )
        wrong |= {row.number: Reason(*words) for row in rows[MOST_SKUS:]}
    if wrong:
        found.bad += left_out([row.number for row in run], wrong)
    else:
        found.goods.append(Goods(tuple(rows)))
        found.repeated += repeated


def left_out(numbers: Iterable[int], wrong: Mapping[int, Reason]) -> list[tuple[int, Reason]]:
    """Why each row of a product is not taken of which some are wrong."""
    others = Reason(
        f"the product is left out, because its row {min(wrong)} is wrong",
        f"同一商品的第 {min(wrong)} 行有误，整个商品未导入",
    )
    return [(number, wrong.get(number, others)) for number in numbers]


def _adds(row: ProductRow, rows: list[ProductRow]) -> bool:
    """Adds a row to those of its product. False where it says again what one of them says; raises BadRow where two
    differ under one code.
    """
    same = next((each for each in rows if fold(each.code) == fold(row.code)), None)
    if same is None:
        rows.append(row)
        return True
    if (same.variant, same.price_minor, same.cost_minor, same.stock, same.tax_bps) != (
        row.variant, row.price_minor, row.cost_minor, row.stock, row.tax_bps,
    ):  # fmt: skip
        raise BadRow(
            f"the code '{row.code}' stands in row {same.number} already: give each variant its own code, or name",
            f"编码“{row.code}”已在第 {same.number} 行使用，请为每个规格填写不同的编码或规格名",
        )
    return False


def _parsed(row: Row, columns: Sequence[str], currency: str, first: ProductRow | None) -> ProductRow:
    if row.problem:
        raise BadRow(*row.problem)
    given = {name: _cell(name, text) for name, text in zip(columns, row.values, strict=True) if name and text}
    title = given.get("title") or (first.title if first else "")
    if not title:
        raise BadRow("title is missing: write what the product is called", f"缺少{column('title')}，请填写")
    if fold(title) in _TOTALS:
        raise BadRow("the row is a sum, not a product: leave it out", "该行是合计，不是商品，请删除")
    variant = given.get("variant", "")
    needed("price", given)
    return ProductRow(
        row.number, title, variant,
        _code(given.get("code", ""), title, variant),
        price("price", given["price"], currency),
        price("cost", given["cost"], currency) if given.get("cost") else None,
        count("stock", given["stock"], MAX_STOCK) if given.get("stock") else None,
        content_of(given["content"]) if given.get("content") else None,
        {name: given.get(name) or (first.shared.get(name, "") if first else "") for name in SHARED},
        _tax(given["tax_rate"]) if given.get("tax_rate") else None,
    )  # fmt: skip


def needed(name: str, given: Mapping[str, str]) -> None:
    """Raises BadRow where a row does not say what each must."""
    if not given.get(name):
        raise BadRow(f"{name} is missing: fill it in", f"缺少{column(name)}，请填写")


def _cell(name: str, text: str) -> str:
    value = clean(name, text, _LENGTHS.get(name, 200))
    return "" if value.casefold() in _NOTHING else value


def _code(code: str, title: str, variant: str) -> str:
    if not code:
        return code_of(title, variant)
    said = plain(code)
    if not re.fullmatch(SKU_CODE, said):
        raise BadRow(
            f"code '{code}' is no SKU code: use up to 64 letters, digits and . _ / + -, without blanks",
            f"{column('code')}“{code}”无效：最多 64 个字母、数字或 . _ / + -，不含空格",
        )
    return said


def _tax(text: str) -> int:
    """A rate of tax as price lists write it: ``9`` or ``9%``. Below 1 it must say per cent, such as ``0.5%``: ``0.09``
    may be the 9 % of a spreadsheet as well as 0.09 %. Raises BadRow.
    """
    said = plain(text).replace(" ", "")
    bps = read_percent(said.removesuffix("%"))
    if re.fullmatch(r"0?\.0*[1-9][0-9]*", said):
        part, whole = (f"{(Decimal(said) * times).normalize():f}" for times in (1, 100))
        raise BadRow(
            f"tax_rate '{text}' may be {whole}% or {part}%: write which of them, with the sign",
            f"{column('tax_rate')}“{text}”可能是 {whole}% 或 {part}%，请写明并带上百分号",
        )
    if bps is None:
        raise BadRow(
            f"tax_rate '{text}' is no rate of tax: write per cent, such as 9 or 9%",
            f"{column('tax_rate')}“{text}”不是税率，请填写百分数，例如 9 或 9%",
        )
    return bps


def content_of(text: str) -> Content:
    """What a pack holds, as price lists write it: ``500g``, ``1.5 kg``, ``6个``. Raises BadRow."""
    found = _CONTENT.fullmatch(plain(text).casefold())
    unit = _UNITS.get(found[2]) if found else None
    if found is None or unit is None or not Decimal(found[1]):
        raise BadRow(
            f"content '{text}' is not understood: write a number and g, kg, ml, l, m or piece, such as 500g",
            f"{column('content')}“{text}”无法识别，请写数字加单位，例如 500g、1.5kg、6个",
        )
    return Content.of(Decimal(found[1]) * unit[1], unit[0])
