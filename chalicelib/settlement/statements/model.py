"""Statements: what a leader or a supplier was owed at the start of a period, what happened, what is owed at its end."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

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
