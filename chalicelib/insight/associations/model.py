"""The search for goods bought together as a job: in which orders it looks, and when its result is replaced. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import blake2b

from chalicelib.insight.model.associations import FEWEST_MEMBERS
from chalicelib.jobs.model import Kind

MINING = Kind("associations", "associations.mine", "recompute")
"""Goods bought together are looked for anew, in the function with the time and the memory for it."""

WINDOW = timedelta(days=366)
"""So many local days, up to the last one with orders."""

MOST_LINES = 1_500_000
"""Where these days have more lines, as many of the last days as have no more are looked at."""

VERSION = 1
"""Of how results are found and kept: another one replaces every result."""

_PAUSE = timedelta(milliseconds=6)
"""Between two searches that a look at the report begins, for each order in which the last one looked."""

_BUCKETS = 256


class ItemUnit(StrEnum):
    """What an item is."""

    CATEGORY = "category"
    PRODUCT = "product"
    SKU = "sku"


class Marks:
    """Marks of orders by groups of members: two results of which so many marks differ are of orders of which at least
    as many members' are others.
    """

    def __init__(self) -> None:
        self._sums = [0] * _BUCKETS

    def add(self, member: int, goods: Iterable[Sequence[str]]) -> None:
        """An order of a member with what is known of its goods, in any order."""
        content = repr((member, sorted(tuple(each) for each in goods)))
        digest = int.from_bytes(blake2b(content.encode(), digest_size=8).digest(), "big")
        at = member % _BUCKETS
        self._sums[at] = (self._sums[at] + digest) % 2**64

    def pack(self) -> bytes:
        return b"".join(each.to_bytes(8, "big") for each in self._sums)


def differing(before: bytes, now: bytes) -> int:
    """How many marks differ."""
    return sum(before[at : at + 8] != now[at : at + 8] for at in range(0, len(now), 8))


def is_withheld(before: bytes, now: bytes) -> bool:
    """Whether a new result would tell, beside the one before, of fewer members than are enough."""
    return 0 < differing(before, now) < FEWEST_MEMBERS


def is_asked_again(asked_at: datetime | None, orders: int, now: datetime) -> bool:
    """Whether a look at the report may have it found anew: of few orders at once, of 100,000 after ten minutes."""
    return asked_at is None or now - asked_at >= orders * _PAUSE
