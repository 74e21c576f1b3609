"""Statements: what a leader or a supplier was owed at the start of a period, what happened, what is owed at its end."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from chalicelib.kernel.clock import instant, parse_instant
from chalicelib.kernel.counting import counted
from chalicelib.settlement.books.model import accounts as chart
from chalicelib.settlement.books.model.parties import Line, Standing
from chalicelib.settlement.errors import PeriodNotOver

GRACE = timedelta(minutes=5)
"""A journal is booked at the instant at which its worker began. A period is frozen only when every worker that began in
it has ended: they run for a minute at most."""


def total(opening: Standing, lines: Iterable[Line]) -> Standing:
    """The standing after all lines."""
    for line in lines:
        opening = opening + line.moved
    return opening


def check_over(end: datetime, now: datetime) -> None:
    """Raises PeriodNotOver while something may still be booked in a period that ends at ``end``."""
    if now < end + GRACE:
        minutes = int(GRACE.total_seconds() // 60)
        raise PeriodNotOver(
            f"A period can be frozen {counted(minutes, 'minute')} after its last "
            "day has ended in your time zone, not before.",
            detail_zh=f"账期最后一天结束 {minutes} 分钟后方可生成对账单，此前可先查看。",
            extra={"freezable_at": end + GRACE},
        )


@dataclass(frozen=True, slots=True)
class Payout:
    """A payment to a party as it is noted on its statement. ``id`` follows from the Idempotency-Key of the request, and
    ``body_hash`` tells whether the same was sent under it.
    """

    id: str
    amount_minor: int
    at: datetime
    by: str
    body_hash: str

    def as_json(self) -> dict[str, Any]:
        """As the statement's record stores it."""
        return {
            "id": self.id,
            "hash": self.body_hash,
            "at": instant(self.at),
            "by": self.by,
            "amount_minor": self.amount_minor,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        at = parse_instant(stored["at"])
        return cls(stored["id"], int(stored["amount_minor"]), at, stored["by"], stored["hash"])


@dataclass(frozen=True, slots=True)
class Clearing:
    """How a payment to a party is booked: paid by the bank, and cash set off that the leader keeps; below zero, cash
    that the leader had advanced and is paid back.
    """

    amount_minor: int
    set_off: Mapping[str, int]

    @property
    def cleared_minor(self) -> int:
        """By so much what is payable goes down."""
        return self.amount_minor + sum(self.set_off.values())


def clearing(amount_minor: int, payable_minor: int, cash: Mapping[str, int]) -> Clearing | None:
    """The booking of a payment; None where it is more than is owed.

    What is owed is what is payable less the cash that the leader still has: all of that is set off first, so that
    nobody is paid with one hand while holding the brand's money in the other. With ¥30.00 payable and ¥12.00 in cash,
    ¥18.00 can be paid, which clears ¥30.00. Who paid out ¥10.00 more than was taken in is owed these as well.
    """
    by_point: Counter[str] = Counter()
    for account, amount in cash.items():
        by_point[chart.cash_account(account)] += amount
    if amount_minor > payable_minor - sum(by_point.values()):
        return None
    set_off = {account if held > 0 else chart.advanced(account): held for account, held in by_point.items() if held}
    return Clearing(amount_minor, set_off)
