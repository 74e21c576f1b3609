"""How regularly members order: the days on which they did, and the days between. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from chalicelib.insight.model import bitmaps

Occasions = Mapping[int, Sequence[int]]
"""By ordinal the days, as ordinals of the calendar and ascending, on which a member ordered."""

LEAST_INTERVALS = 2
"""A member's own rhythm is told from so many intervals on: from three days with orders."""


class Bucket(NamedTuple):
    """Days from one number to another, both included; without an end where ``high`` is None."""

    low: int
    high: int | None

    @property
    def name(self) -> str:
        if self.high is None:
            return f"{self.low}+"
        return str(self.low) if self.low == self.high else f"{self.low}-{self.high}"


INTERVALS = tuple(
    Bucket(*each) for each in ((1, 3), (4, 7), (8, 14), (15, 30), (31, 60), (61, 90), (91, 180), (181, None))
)
DAYS = tuple(Bucket(*each) for each in ((1, 1), (2, 2), (3, 3), (4, 5), (6, 10), (11, 20), (21, None)))


class Due(StrEnum):
    """Where a member with a rhythm stands: their last order is less than a median interval ago, or that much and more,
    or twice that and more.
    """

    NOT_DUE = "not_due"
    DUE = "due"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Spread:
    """Some numbers: how many, their mean, and the quartiles, each the middle value or the mean of the two."""

    count: int
    mean: Decimal
    lower: Decimal
    median: Decimal
    upper: Decimal


@dataclass(frozen=True, slots=True)
class Periodicity:
    """``active_days`` of members who ordered, and ``intervals`` between the days of each; members by their number of
    days, and by their own median interval and where they stand by it, as bits. Spreads of nothing are None.
    """

    members: int
    repeating: int
    active_days: Spread | None
    intervals: Spread | None
    by_days: Mapping[Bucket, int]
    by_interval: Mapping[Bucket, int]
    rhythms: Mapping[tuple[Bucket, Due], int]

    def standing(self, state: Due) -> int:
        """Who stands there by their own rhythm, as bits."""
        return bitmaps.union(self.rhythms[bucket, state] for bucket in INTERVALS)


def occasions(days: Iterable[tuple[date, Iterable[int]]]) -> Occasions:
    """From local days, in any order, and who ordered on them, each once."""
    found: dict[int, list[int]] = defaultdict(list)
    for on, ordinals in sorted(days, key=lambda each: each[0]):
        day = on.toordinal()
        for ordinal in ordinals:
            found[ordinal].append(day)
    return found


def periodicity(ordered: Occasions, to_on: date) -> Periodicity:
    """As of the end of a local day."""
    today = to_on.toordinal()
    numbers, intervals = Counter[int](), Counter[int]()
    by_days: dict[Bucket, list[int]] = defaultdict(list)
    rhythms: dict[tuple[Bucket, Due], list[int]] = defaultdict(list)
    for ordinal, days in ordered.items():
        numbers[len(days)] += 1
        by_days[bucket_of(len(days), DAYS)].append(ordinal)
        own = sorted(after - before for before, after in pairwise(days))
        intervals.update(own)
        if len(own) >= LEAST_INTERVALS:
            median = _middle(own)
            rhythms[bucket_of(median, INTERVALS), due(median, today - days[-1])].append(ordinal)
    return Periodicity(
        bitmaps.of(ordered),
        bitmaps.of(ordinal for ordinal, days in ordered.items() if len(days) > 1),
        spread(numbers),
        spread(intervals),
        {each: bitmaps.of(by_days.get(each, ())) for each in DAYS},
        _counted(intervals),
        {(bucket, state): bitmaps.of(rhythms.get((bucket, state), ())) for bucket in INTERVALS for state in Due},
    )


def _counted(intervals: Mapping[int, int]) -> dict[Bucket, int]:
    found = dict.fromkeys(INTERVALS, 0)
    for days, count in intervals.items():
        found[bucket_of(days, INTERVALS)] += count
    return found


def due(median: Decimal, since: int) -> Due:
    """By how many days have passed since the last order."""
    if since >= 2 * median:
        return Due.OVERDUE
    return Due.DUE if since >= median else Due.NOT_DUE


def bucket_of(days: Decimal | int, buckets: Sequence[Bucket]) -> Bucket:
    """The bucket that a number of days belongs to."""
    return next(each for each in buckets if each.high is None or days <= each.high)


def spread(numbers: Mapping[int, int]) -> Spread | None:
    """Of a histogram: number to how often."""
    count = sum(numbers.values())
    if not count:
        return None
    ascending = sorted(numbers.items())
    mean = Decimal(sum(number * often for number, often in ascending)) / count
    lower, median, upper = (_quartile(ascending, count, quarter) for quarter in (1, 2, 3))
    return Spread(count, _rounded(mean), lower, median, upper)


def _quartile(ascending: Sequence[tuple[int, int]], count: int, quarter: int) -> Decimal:
    """The smallest number that a quarter, a half, three quarters of all do not exceed; between two, their mean."""
    at, rest = divmod(count * quarter, 4)
    if rest:
        return Decimal(_at(ascending, at))
    return Decimal(_at(ascending, at - 1) + _at(ascending, at)) / 2


def _at(ascending: Sequence[tuple[int, int]], place: int) -> int:
    for number, often in ascending:
        place -= often
        if place < 0:
            return number
    return ascending[-1][0]


def _middle(ascending: Sequence[int]) -> Decimal:
    half, odd = divmod(len(ascending), 2)
    return Decimal(ascending[half]) if odd else Decimal(ascending[half - 1] + ascending[half]) / 2


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.000001"), ROUND_HALF_EVEN)
