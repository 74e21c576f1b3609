"""Who is told that a sold-out offer can be ordered again, and when the next are. Pure.

Nothing is reserved: whoever orders first has it. So that a message is worth reading, no more are told at a time than
there are units for, in the order in which they came; each has ten minutes before the next hear of what is still there.
An availability lasts from when something becomes free until the offer is seen sold out again. In one, nobody is told
twice; and who was told in three of them without ordering is taken off the list.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

CHANCE = timedelta(minutes=10)
"""So long those who were told are alone with what is free."""

LOOKS_AGAIN = timedelta(minutes=30)
"""So often a list is looked at, whatever was or was not heard of: stock can become free in many ways."""

MOST_TOLD = 3
"""In so many availabilities a member is told of an offer."""

AT_ONCE = 40
"""Whom one write tells: it changes the place of each."""


@dataclass(frozen=True, slots=True)
class Place:
    """A member's place in the list of an offer: its key, which sorts by when they came; for how many units; when they
    were last told, in which availability, and how often.
    """

    key: str
    member_id: str
    quantity: int
    told_at: datetime | None = None
    told_in: int | None = None
    times: int = 0

    def has_a_chance(self, now: datetime) -> bool:
        """Whether they were told so shortly ago that what is free is theirs to order."""
        return self.told_at is not None and now - self.told_at < CHANCE


def unclaimed(free: int, told: Iterable[Place], now: datetime) -> int:
    """How many free units nobody who was told lately has a chance at; those who ordered meanwhile are no longer among
    ``told``.
    """
    return free - sum(place.quantity for place in told if place.has_a_chance(now))


def next_told(units: int, waiting: Iterable[Place]) -> list[Place]:
    """Who is told of so many units: the first in line until there are none left, at most ``AT_ONCE``. The last may want
    more than is left: some of it may do.
    """
    told: list[Place] = []
    if units > 0:
        for place in waiting:
            told.append(place)
            units -= place.quantity
            if units <= 0 or len(told) == AT_ONCE:
                break
    return told
