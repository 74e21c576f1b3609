"""Statements: what a leader or a supplier was owed at the start of a period, what happened, what is owed at its end."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from chalicelib.kernel.clock import day_start, parse_instant, sortable, zone
from chalicelib.settlement.errors import PeriodInvalid, PeriodNotOver
from chalicelib.settlement.model import accounts as chart
from chalicelib.settlement.model.journals import Debits

MOST_DAYS = 366
_FIRST, _LAST = date(2000, 1, 1), date(2999, 12, 31)
GRACE = timedelta(minutes=5)
"""A journal is booked at the instant at which its worker began. A period is frozen only when every worker that began in
it has ended: they run for a minute at most."""


class Party(StrEnum):
    """Who is paid what."""

    LEADER = "leader"
    SUPPLIER = "supplier"


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand with a party, in minor units. ``payable``: owed to the party; ``cash``: the brand's money that a
    leader collected at pickup and still has; ``frozen``: commission whose after-sale window has not ended.
    """

    payable_minor: int = 0
    cash_minor: int = 0
    frozen_minor: int = 0

    @property
    def due_minor(self) -> int:
        """What is to be paid to the party now; below zero, what the leader is to hand over."""
        return self.payable_minor - self.cash_minor

    def __add__(self, other: "Standing") -> "Standing":
        return Standing(
            self.payable_minor + other.payable_minor,
            self.cash_minor + other.cash_minor,
            self.frozen_minor + other.frozen_minor,
        )

    def as_json(self) -> list[int]:
        return [self.payable_minor, self.cash_minor, self.frozen_minor]


@dataclass(frozen=True, slots=True)
class Line:
    """A journal as it concerns one party. ``reference`` is the order, receipt or statement that it was made for."""

    at: datetime
    journal_id: str
    cause: str
    reference: str
    moved: Standing

    def as_json(self) -> list[Any]:
        return [sortable(self.at), self.journal_id, self.cause, self.reference, *self.moved.as_json()]

    @classmethod
    def from_json(cls, stored: Sequence[Any]) -> Self:
        at, journal, cause, reference, *moved = stored
        return cls(parse_instant(at), journal, cause, reference, Standing(*moved))


def party_movement(party: Party, party_id: str, moved: Debits) -> Standing:
    """What a journal's movements mean for one party; zero where it has no part in them."""
    if party is Party.SUPPLIER:
        return Standing(payable_minor=-moved.get(chart.supplier_payable(party_id), 0))
    cash = sum(amount for account, amount in moved.items() if account.startswith(chart.cash_of(party_id)))
    payable = -moved.get(chart.commission_payable(party_id), 0)
    return Standing(payable, cash, -moved.get(chart.commission_frozen(party_id), 0))


def total(opening: Standing, lines: Iterable[Line]) -> Standing:
    """The standing after all lines."""
    for line in lines:
        opening = opening + line.moved
    return opening


def period(from_on: date, to_on: date, timezone: str, place: str = "/") -> tuple[datetime, datetime]:
    """The half-open range of instants of local days, both included. Raises PeriodInvalid, also when it is reversed.

    ``place`` is how the caller's fields are pointed at: ``/`` in a body, ``?`` in a query.
    """
    if not _FIRST <= from_on <= to_on <= _LAST or (to_on - from_on).days >= MOST_DAYS:
        raise PeriodInvalid.at(
            f"{place}to_on",
            f"A period ends on or after the day it begins, and within {MOST_DAYS} days.",
            f"结束日期不得早于开始日期，且最长 {MOST_DAYS} 天。",
        )
    tz = zone(timezone)
    return day_start(from_on, tz), day_start(to_on + timedelta(days=1), tz)


def check_over(end: datetime, now: datetime) -> None:
    """Raises PeriodNotOver while something may still be booked in a period that ends at ``end``."""
    if now < end + GRACE:
        minutes = int(GRACE.total_seconds() // 60)
        raise PeriodNotOver(
            f"A period can be frozen {minutes} minutes after its last day has ended in your time zone, not before.",
            detail_zh=f"账期最后一天结束 {minutes} 分钟后方可生成对账单，此前可先查看。",
            extra={"freezable_at": end + GRACE},
        )


@dataclass(frozen=True, slots=True)
class Payout:
    """How a payment to a party is booked: paid by the bank, and cash set off that the leader keeps; below zero, cash
    that the leader had advanced and is paid back.
    """

    amount_minor: int
    set_off: Mapping[str, int]

    @property
    def cleared_minor(self) -> int:
        """By so much what is payable goes down."""
        return self.amount_minor + sum(self.set_off.values())


def payout(amount_minor: int, payable_minor: int, cash: Mapping[str, int]) -> Payout | None:
    """The booking of a payment; None where it is more than is owed.

    What is owed is what is payable less the cash that the leader still has: all of that is set off first, so that
    nobody is paid with one hand while holding the brand's money in the other. With ¥30.00 payable and ¥12.00 in cash,
    ¥18.00 can be paid, which clears ¥30.00. Who paid out ¥10.00 more than was taken in is owed these as well.
    """
    tills: Counter[str] = Counter()
    for account, amount in cash.items():
        tills[chart.till(account)] += amount
    if amount_minor > payable_minor - sum(tills.values()):
        return None
    set_off = {till if held > 0 else chart.advanced(till): held for till, held in tills.items() if held}
    return Payout(amount_minor, set_off)
