"""The life of a member's coupon. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum


class State(StrEnum):
    """``granted`` to the member; ``held`` by an order that waits for its payment; ``used`` by an order that stands;
    ``returned`` by an order that came to nothing, and good again. ``moved`` to whom the member turned out to be;
    ``withdrawn`` by the brand, since what it was given for came to nothing.
    """

    GRANTED = "granted"
    HELD = "held"
    USED = "used"
    RETURNED = "returned"
    MOVED = "moved"
    WITHDRAWN = "withdrawn"


USABLE = frozenset({State.GRANTED, State.RETURNED})
"""States in which an order may take a coupon, while its time is not over."""

GONE = frozenset({State.MOVED, State.WITHDRAWN})
"""States in which a coupon is the member's no more, and is not shown."""

IN_ORDER = frozenset({State.HELD, State.USED})
"""States in which a coupon stands in an order."""

EXPIRED = "expired"
"""What a coupon is that no order has when its time is over. It follows from ``now``, so that nothing has to run."""

_REMINDED_BEFORE = timedelta(days=3)
"""How long before its end a member is reminded of a coupon."""


def status(state: str, until_at: datetime | None, now: datetime) -> str:
    """What a coupon is at ``now``: its state, or ``expired``."""
    over = until_at is not None and now >= until_at
    return EXPIRED if over and state in USABLE else state


def remind_at(got_at: datetime, until_at: datetime | None) -> datetime | None:
    """When a member is to be reminded of a coupon before it ends; None where it never ends, or is so short that having
    got it is reminder enough.
    """
    if until_at is None or until_at - got_at < 2 * _REMINDED_BEFORE:
        return None
    return until_at - _REMINDED_BEFORE
