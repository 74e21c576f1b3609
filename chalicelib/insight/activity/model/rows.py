"""What makes a row of an order file an order. Pure."""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from chalicelib.insight.activity.model.columns import IGNORED, OPTIONAL, ORDERED, STATUS, BadHeader, read_header
from chalicelib.insight.activity.model.fields import EARLIEST_ON, BadRow, clean, day, minor, moment, plain, whole
from chalicelib.insight.activity.model.reasons import column, several
from chalicelib.insight.model.figures import Sold
from chalicelib.kernel.clock import instant
from chalicelib.kernel.currencies import CURRENCIES
from chalicelib.kernel.local_day import local_date
from chalicelib.kernel.money import MAX_MINOR
from chalicelib.orders.export.model import SAID
from chalicelib.orders.model import SOLD, Status

__all__ = ["EARLIEST_ON", "OPTIONAL", "BadHeader", "BadRow", "OrderRow", "parse", "read_header"]

MAX_QUANTITY = 1_000_000_000


_CLOCK_SKEW = timedelta(minutes=5)
_NO_SALE = frozenset(word for state in Status if state not in SOLD for word in (state.value, *SAID[state.value]))


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order, of one row or of several. ``ordered_on`` is the tenant's local day; ``ordered_at`` is known only where
    the file gave it. ``lines`` says what each of several rows said, ``parts`` what was sold by product where these name
    several. ``spelled_ref`` is the reference with what the file had around it.
    """

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
    discount_minor: int = 0
    lines: tuple[str, ...] = ()
    parts: tuple[Sold, ...] = ()
    spelled_ref: str = field(default="", compare=False)

    @property
    def rows(self) -> int:
        """The rows of the file that it comes from."""
        return max(1, len(self.lines))

    @property
    def fingerprint(self) -> str:
        """What the order says, as 128 bits: equal for the same order however the file spells it."""
        on = self.ordered_on.isoformat() if self.ordered_at is None else instant(self.ordered_at)
        said = [self.member, on, self.quantity, self.amount_minor, self.currency]
        said += [getattr(self, name) for name in OPTIONAL]
        said += sorted(self.lines)
        said += [self.discount_minor] if self.discount_minor else []
        digest = hashlib.sha256(json.dumps(said, separators=(",", ":")).encode()).digest()
        return base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")


def parse(
    values: Sequence[str],
    columns: Sequence[str],
    tz: ZoneInfo,
    now: datetime,
    *,
    wall: ZoneInfo | None = None,
    currency: str = "",
    follows: bool = False,
) -> OrderRow:
    """A row as an order, its day in the tenant's zone; wall-clock times are those of ``wall`` or of that zone, amounts
    without a currency are in ``currency``. The amount of an order may stand in the first of its rows alone: one that
    ``follows`` may have none. Raises BadRow.
    """
    given = {name: clean(name, text) for name, text in zip(columns, values, strict=True) if name != IGNORED}
    if given.get(STATUS) in _NO_SALE:
        raise BadRow(f"the order is {given[STATUS]}: that is no sale", f"订单状态为“{given[STATUS]}”，不计为销售")
    at, on = _when(given.get("ordered_at", ""), given.get("ordered_on", ""), tz, wall or tz, now)
    currency = _currency(given, currency)
    return OrderRow(
        order_ref=_present(given, "order_ref"),
        member=_present(given, "member"),
        ordered_on=on,
        ordered_at=at,
        quantity=whole("quantity", given["quantity"], MAX_QUANTITY),
        amount_minor=_amount(given, currency, follows),
        currency=currency,
        product_code=given.get("product_code", ""),
        category=given.get("category", ""),
        channel=given.get("channel", ""),
        pickup_point=given.get("pickup_point", ""),
        discount_minor=_discount(given, currency),
        spelled_ref=values[columns.index("order_ref")],
    )


def _when(at_text: str, on_text: str, tz: ZoneInfo, wall: ZoneInfo, now: datetime) -> tuple[datetime | None, date]:
    if not at_text and not on_text:
        raise BadRow("one of ordered_at and ordered_on must be given", f"{several(ORDERED)}须填一项")
    found = moment("ordered_at", at_text, wall) if at_text else day("ordered_on", on_text)
    at = found if isinstance(found, datetime) else None
    on = day("ordered_on", on_text) if on_text else None
    local = _local(at, at_text, tz) if at else found
    if (at and at > now + _CLOCK_SKEW) or local > local_date(now, tz) or (on and on > local_date(now, tz)):
        raise BadRow(f"'{at_text or on_text}' is in the future", f"“{at_text or on_text}”在未来")
    if on and on != local:
        words = f"ordered_at is on {local} in {tz.key}, yet ordered_on is {on}"
        raise BadRow(words, f"{column('ordered_at')}为 {tz.key} 当地 {local}，与{column('ordered_on')} {on} 不符")
    return at, local


def _local(at: datetime, text: str, tz: ZoneInfo) -> date:
    try:
        local = local_date(at, tz)
    except OverflowError as far:
        raise BadRow(f"ordered_at '{text}' is out of range", f"{column('ordered_at')}“{text}”超出范围") from far
    if local < EARLIEST_ON:
        raise BadRow(f"'{text}' is before {EARLIEST_ON}", f"“{text}”早于 {EARLIEST_ON}")
    return local


def _present(given: Mapping[str, str], name: str) -> str:
    if not given[name]:
        raise BadRow(f"{name} is empty", f"{column(name)}为空")
    return given[name]


def _amount(given: Mapping[str, str], currency: str, follows: bool) -> int:
    name = "amount" if "amount" in given else "amount_minor"
    if follows and not given[name]:
        return 0
    return minor(name, given[name], currency) if name == "amount" else whole(name, given[name], MAX_MINOR)


def _discount(given: Mapping[str, str], currency: str) -> int:
    """What was taken off, where the file says so; a minus before it says no more than that it was taken off."""
    if text := given.get("discount", "").removeprefix("-"):
        return minor("discount", text, currency)
    text = given.get("discount_minor", "").removeprefix("-")
    return whole("discount_minor", text, MAX_MINOR) if text else 0


def _currency(given: Mapping[str, str], usual: str) -> str:
    said = given.get("currency") or usual
    currency = plain(said).upper()
    if currency not in CURRENCIES:
        raise BadRow(
            f"currency '{said}' is not an ISO 4217 code that is taken here",
            f"{column('currency')}“{said}”不是此处可用的 ISO 4217 币种代码，人民币写作 CNY",
        )
    return currency
