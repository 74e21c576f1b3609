"""The order file: its columns, and what makes a row an order."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from chalicelib.insight.activity.model import csv as csvrows
from chalicelib.kernel.clock import instant, parse_instant
from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.kernel.local_day import local_date
from chalicelib.kernel.money import CURRENCIES, MAX_MINOR

REQUIRED = ("order_ref", "member", "quantity", "amount_minor", "currency")
ORDERED = ("ordered_at", "ordered_on")
OPTIONAL = ("product_code", "category", "channel", "pickup_point")

MAX_TEXT = 200
MAX_QUANTITY = 1_000_000_000
EARLIEST_ON = date(1970, 1, 1)

_WHOLE = re.compile(r"[0-9]{1,16}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_CLOCK_SKEW = timedelta(minutes=5)


class BadHeader(Invalid):
    """The file's first row does not name the columns of an order file."""

    code, title, title_zh = "bad_csv_header", "The CSV header is not that of an order file", "CSV 表头不符合订单文件"


class BadRow(ValueError):
    """The row is no order; the message says why, for the person who sent the file."""


@dataclass(frozen=True, slots=True)
class OrderRow:
    """A valid row. ``ordered_on`` is the tenant's local day; ``ordered_at`` is known only where the file gave it."""

    order_ref: str
    member: str
    ordered_on: date
    ordered_at: datetime | None
    quantity: int
    amount_minor: int
    currency: str
    product_code: str = ""
    category: str = ""
    channel: str = ""
    pickup_point: str = ""

    @property
    def fingerprint(self) -> str:
        """What the row says, as 128 bits: equal for the same order however the file spells it."""
        on = self.ordered_on.isoformat() if self.ordered_at is None else instant(self.ordered_at)
        said = [self.member, on, self.quantity, self.amount_minor, self.currency]
        said += [getattr(self, name) for name in OPTIONAL]
        digest = hashlib.sha256(json.dumps(said, separators=(",", ":")).encode()).digest()
        return base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")


def read_header(line: bytes) -> tuple[str, ...]:
    """The column names, in the file's order. Raises BadHeader, naming every column that is unknown or missing."""
    try:
        columns = tuple(name.lower() for name in csvrows.values_of(line.removeprefix(csvrows.BOM)))
    except csvrows.Unreadable as torn:
        reason = str(torn) or "a quotation mark is never closed"
        message = f"The first row cannot be read: {reason}."
        raise BadHeader.at("/csv", message, "无法读取第一行：请另存为 UTF-8 编码的 CSV 文件，并检查引号。") from torn
    if faults := list(_header_faults(columns)):
        known = ", ".join((*REQUIRED, *ORDERED, *OPTIONAL))
        raise BadHeader(
            f"{'; '.join(each.message for each in faults[:5])}. The columns of an order file are: {known}.",
            detail_zh=f"{'；'.join(each.message_zh for each in faults[:5])}。订单文件的列为：{known}。",
            errors=tuple(faults),
        )
    return columns


def _header_faults(columns: Sequence[str]) -> Iterator[FieldError]:
    for name in columns:
        if name not in {*REQUIRED, *ORDERED, *OPTIONAL}:
            yield FieldError("/csv", f"Unknown column '{name[:50]}'", f"未知的列“{name[:50]}”")
    for name in REQUIRED:
        if name not in columns:
            yield FieldError("/csv", f"Column '{name}' is missing", f"缺少列“{name}”")
    for name in dict.fromkeys(columns):
        if columns.count(name) > 1:
            yield FieldError("/csv", f"Column '{name[:50]}' comes twice", f"列“{name[:50]}”重复")
    if not any(name in columns for name in ORDERED):
        words = "One of the columns 'ordered_at' and 'ordered_on' is needed", "须有“ordered_at”或“ordered_on”列之一"
        yield FieldError("/csv", *words)


def parse(values: Sequence[str], columns: Sequence[str], tz: ZoneInfo, now: datetime) -> OrderRow:
    """A row as an order, its day in the tenant's zone. Raises BadRow."""
    given = dict(zip(columns, values, strict=True))
    check_texts(given)
    at, on = _when(given.get("ordered_at", ""), given.get("ordered_on", ""), tz, now)
    return OrderRow(
        order_ref=_present(given, "order_ref"),
        member=_present(given, "member"),
        ordered_on=on,
        ordered_at=at,
        quantity=_whole(given, "quantity", MAX_QUANTITY),
        amount_minor=_whole(given, "amount_minor", MAX_MINOR),
        currency=_currency(given),
        **{name: given.get(name, "") for name in OPTIONAL},
    )


def check_texts(given: Mapping[str, str]) -> None:
    """Raises BadRow for what no text of a row may be."""
    for name, value in given.items():
        if _CONTROL.search(value):
            raise BadRow(f"{name} holds a control character")
        if len(value) > MAX_TEXT:
            raise BadRow(f"{name} is longer than {MAX_TEXT} characters")


def day_past(name: str, text: str, tz: ZoneInfo, now: datetime) -> date:
    """A local day that is not in the future. Raises BadRow."""
    on = _day(text, name)
    if on > local_date(now, tz):
        raise BadRow(f"{name} '{text}' is in the future")
    return on


def _when(at_text: str, on_text: str, tz: ZoneInfo, now: datetime) -> tuple[datetime | None, date]:
    if not at_text and not on_text:
        raise BadRow("one of ordered_at and ordered_on must be given")
    at = _instant(at_text) if at_text else None
    on = _day(on_text) if on_text else None
    if (at and at > now + _CLOCK_SKEW) or (on and on > local_date(now, tz)):
        raise BadRow(f"'{at_text or on_text}' is in the future")
    local = _local(at, at_text, tz) if at else None
    if local and on and on != local:
        raise BadRow(f"ordered_at is on {local} in {tz.key}, yet ordered_on is {on}")
    return at, local or on or EARLIEST_ON


def _instant(text: str) -> datetime:
    try:
        moment = parse_instant(text)
    except ValueError as wrong:
        raise BadRow(f"ordered_at '{text}' is no instant: write 2026-11-22T08:00:00Z or with an offset") from wrong
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _local(at: datetime, text: str, tz: ZoneInfo) -> date:
    try:
        local = local_date(at, tz)
    except OverflowError as far:
        raise BadRow(f"ordered_at '{text}' is out of range") from far
    if local < EARLIEST_ON:
        raise BadRow(f"'{text}' is before {EARLIEST_ON}")
    return local


def _day(text: str, name: str = "ordered_on") -> date:
    try:
        on = date.fromisoformat(text)
    except ValueError as wrong:
        raise BadRow(f"{name} '{text}' is no date: write 2026-11-22") from wrong
    if on < EARLIEST_ON:
        raise BadRow(f"'{text}' is before {EARLIEST_ON}")
    return on


def _present(given: dict[str, str], name: str) -> str:
    if not given[name]:
        raise BadRow(f"{name} is empty")
    return given[name]


def _whole(given: dict[str, str], name: str, most: int) -> int:
    text = given[name]
    if not _WHOLE.fullmatch(text) or int(text) > most:
        raise BadRow(f"{name} '{text}' is not a whole number from 0 to {most}")
    return int(text)


def _currency(given: dict[str, str]) -> str:
    currency = given["currency"].upper()
    if currency not in CURRENCIES:
        raise BadRow(f"currency '{given['currency']}' is not an ISO 4217 code that is taken here")
    return currency
