"""How long to wait before an order may be tried to be paid once more. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

A_MINUTE, AN_HOUR = timedelta(minutes=1), timedelta(hours=1)
MOST_IN_A_MINUTE, MOST_IN_AN_HOUR = 5, 10
"""So often an order may be tried to be paid; within an hour only attempts count that are open still, or were declined.
"""


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt to pay an order: the payment, and when it was started."""

    payment_id: str
    at: datetime


def must_wait(attempts: Sequence[Attempt], now: datetime, most: int, within: timedelta) -> timedelta | None:
    """How long until another attempt may be made, where at most so many are within a time; None where one may now.

    ``attempts`` are in the order of starting.
    """
    recent = [each for each in attempts if each.at > now - within]
    return recent[-most].at + within - now if len(recent) >= most else None
