"""Which orders of a month are looked at, and of how many. Pure.

An order's id is drawn from a digest, so the orders of the smallest ids are a fair sample: each order of the month is as
likely to be among them as any other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ulid import ULID

_IDS = 2**128


@dataclass(frozen=True, slots=True)
class Listed:
    """The orders of a day by id, the smallest first: all of them, or those up to the id ``until``."""

    ids: Sequence[str]
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """The orders to look at, of ``total`` in the month; ``counted`` where these were counted and not estimated."""

    ids: Sequence[str]
    total: int
    counted: bool


def sampled(days: Mapping[date, Listed], most: int) -> Sample:
    """Up to so many orders of the month, of which each day has listed at least as many, or all that it has."""
    ids = sorted(each for day in days.values() for each in day.ids)
    total = sum(_number(day) for day in days.values())
    return Sample(ids[:most], total, all(day.until is None for day in days.values()))


def _number(day: Listed) -> int:
    """How many orders a day has: where not all are listed, by how far those that are reach into all ids."""
    if day.until is None:
        return len(day.ids)
    reach = int(ULID.parse(day.until)) + 1
    return round(len(day.ids) * _IDS / reach)
