"""What an order is, and where its units come from. Pure."""

import hmac
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal, Self

MAX_LINES = 20
PAY_AT_PICKUP = "pickup"
HOLD = timedelta(minutes=15)
"""So long an order's units are kept for its online payment."""

Side = Literal["held", "sold"]
"""Where an order's units stand in the stock buckets: reserved by an unpaid order, or sold."""


class Status(StrEnum):
    """Where an order stands. ``held`` waits for an online payment; an order paid at pickup starts as ``placed``."""

    HELD = "held"
    PLACED = "placed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    READY = "ready"
    PICKED_UP = "picked_up"
    REFUNDED = "refunded"


class RefundStatus(StrEnum):
    """Where money on its way back stands: asked for, arrived, or declined by the provider."""

    REQUESTED = "requested"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


S = Status
MOVES: Mapping[Status, tuple[Status, ...]] = {
    S.HELD: (S.PLACED, S.CANCELLED, S.EXPIRED),
    S.PLACED: (S.READY, S.PICKED_UP, S.CANCELLED, S.REFUNDED),
    S.READY: (S.PICKED_UP, S.CANCELLED, S.REFUNDED),
    S.PICKED_UP: (S.REFUNDED,),
    S.CANCELLED: (),
    S.EXPIRED: (S.PLACED,),
    S.REFUNDED: (),
}
"""Every move there is."""

SOLD = frozenset({Status.PLACED, Status.READY, Status.PICKED_UP})
"""The states whose units stand as ``sold`` in the stock buckets; these orders make up a campaign's progress."""

OWED = SOLD | {Status.HELD}
"""The states in which what is unpaid is still to be paid."""


def may_become(current: str, to: Status) -> bool:
    """Whether an order may go from one state to another."""
    return to in MOVES[Status(current)]


@dataclass(frozen=True, slots=True)
class Take:
    """Units taken from one of an offer's stock buckets."""

    bucket: int
    units: int


@dataclass(frozen=True, slots=True)
class Line:
    """An offer in an order: quantity, price of one unit in minor units, and where its units were taken.

    ``limited`` says that the units also count against a limit for each member.
    """

    offer_id: str
    sku_id: str
    quantity: int
    unit_price_minor: int
    takes: tuple[Take, ...]
    limited: bool = False

    @property
    def total_minor(self) -> int:
        """The line before discounts."""
        return self.quantity * self.unit_price_minor

    def as_json(self) -> list[Any]:
        """As the order's record stores it: a list, since an order of one line must fit into a kilobyte.

        The fifth entry is the bucket where all units came from, or a list of ``[bucket, units]``; a sixth marks a
        limited line.
        """
        single = len(self.takes) == 1
        takes: Any = self.takes[0].bucket if single else [[take.bucket, take.units] for take in self.takes]
        stored = [self.offer_id, self.sku_id, self.quantity, self.unit_price_minor, takes]
        return [*stored, 1] if self.limited else stored

    @classmethod
    def from_json(cls, stored: Sequence[Any]) -> Self:
        offer_id, sku_id, quantity, unit_price_minor, takes, *limited = stored
        if isinstance(takes, int):
            takes = [[takes, quantity]]
        return cls(offer_id, sku_id, quantity, unit_price_minor, tuple(Take(*take) for take in takes), bool(limited))


def shard_of(member_id: str, shards: int) -> int:
    """The partition of a campaign's order index for a member: all of a member's orders share one.

    So distinct members can be counted one partition at a time, and the counts summed.
    """
    return zlib.crc32(member_id.encode()) % shards


def first_bucket(order_id: str, offer_id: str, buckets: int) -> int:
    """The bucket that an order asks first; orders spread over all of them."""
    return zlib.crc32(f"{order_id}{offer_id}".encode()) % buckets


def take_units(free: Sequence[int], units: int, first: int) -> tuple[Take, ...] | None:
    """Where to take units when each bucket has so many free; None where all together have too few.

    The first bucket from ``first`` on that has enough gives all of them. Only where none has, the units are gathered,
    from the fullest bucket down, so that an order touches few.
    """
    for step in range(len(free)):
        bucket = (first + step) % len(free)
        if free[bucket] >= units:
            return (Take(bucket, units),)
    if sum(free) < units:
        return None
    takes = []
    for bucket in sorted(range(len(free)), key=lambda n: (-free[n], n)):
        taken = min(free[bucket], units)
        takes.append(Take(bucket, taken))
        units -= taken
        if units == 0:
            break
    return tuple(takes)


Gate = Literal["open", "closed", "not_open"]


def gate(status: str | None, opens_at: datetime | None, closes_at: datetime | None, now: datetime) -> Gate:
    """What a stock bucket says of orders at ``now``: its window is half-open, ``[opens_at, closes_at)``.

    ``status`` is None where the bucket does not exist: the campaign was never published.
    """
    if status is None or opens_at is None or closes_at is None:
        return "not_open"
    if status != "open" or now >= closes_at:
        return "closed"
    return "not_open" if now < opens_at else "open"


MOST_WRONG_CODES = 10


LOCKED_FOR = timedelta(minutes=15)
"""Ten guesses a quarter of an hour at a code of 50 bits: a year of guessing at one order, day and night, succeeds with
a probability of 3 in 10 billion (350,640 of 2**50 codes)."""


@dataclass(frozen=True, slots=True)
class Tries:
    """Wrong codes tried on an order since the last lock, and until when it is locked, if it is."""

    wrong: int = 0
    locked_until: datetime | None = None

    def seconds_locked(self, now: datetime) -> int:
        """For how many more whole seconds nothing is handed over; 0 where the order is not locked."""
        if self.locked_until is None or now >= self.locked_until:
            return 0
        return -int((now - self.locked_until) // timedelta(seconds=1))

    def after_wrong_code(self, now: datetime) -> "Tries":
        """Counts one more wrong code; the tenth locks the order and starts the count afresh."""
        wrong = self.wrong + 1
        return Tries(wrong, None) if wrong < MOST_WRONG_CODES else Tries(0, now + LOCKED_FOR)


def same_code(given: str, code: str, order_id: str) -> bool:
    """Compares in constant time. People type in lower case, with blanks or hyphens: those do not count. Who scans the
    QR code gives the order's id and a colon before it.
    """
    plain = given.upper().removeprefix(f"{order_id}:").replace(" ", "").replace("-", "")
    return hmac.compare_digest(plain.encode(), code.encode())
