"""What a brand is told first: the days that are complete beside as many before, and what of them moved. Pure.

The rules of what moved are few and fixed, so that the same figures always make the same sentences.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from typing import Protocol

from chalicelib.insight.model import comparison
from chalicelib.insight.model.sliced_summary import NAMES
from chalicelib.insight.model.slices import Dimension
from chalicelib.insight.model.summary import Span

LEAST_COUNT = 5
"""A figure, or a part of the sales, of which there were fewer on either side is not spoken of: one order more is no
change.
"""

LEAST_PERCENT = 20
"""By so much of what it was before a figure has to differ."""

LEAST_SHARE = Decimal("0.1")
"""Of the larger of both sides' sales, by which a campaign, channel, pickup point or product has to differ."""

MOST_CHANGES = 5
_MOST_FIGURES, _FIRST_PARTS = 2, 1

_TENTH = Decimal("0.1")


class Shift(StrEnum):
    """Where a figure went; ``unknown`` where it cannot be compared."""

    UP = "up"
    DOWN = "down"
    SAME = "same"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Spans:
    """So many complete local days, and as many just before them."""

    now: Span
    before: Span

    @classmethod
    def ending(cls, on: date, length: int) -> "Spans":
        first = on - timedelta(days=length - 1)
        return cls(Span(first, on), Span(first - timedelta(days=length), first - timedelta(days=1)))


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the days beside that of the days before: a count, or money in minor units. ``least`` is by how many
    it was counted on the side that had more. Not ``comparable``: days are not final, or the brand had none before.
    """

    name: str
    now: int | None
    before: int | None
    comparable: bool
    least: int = 0

    @property
    def difference(self) -> int | None:
        return comparison.difference(self.now, self.before) if self.comparable else None

    @property
    def percent(self) -> str | None:
        """By how much, of the figure before; None where that was nothing, or cannot be compared."""
        return comparison.percent(self.now, self.before) if self.comparable else None

    @property
    def shift(self) -> Shift:
        return _shift(self.difference)


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of so many, beside that of before: ``now`` and ``before`` are None where there was nothing to count."""

    name: str
    now: Decimal | None
    before: Decimal | None
    comparable: bool

    @property
    def points(self) -> Decimal | None:
        """By how many percentage points it differs, with one decimal, rounded half to even."""
        if not self.comparable or self.now is None or self.before is None:
            return None
        return ((self.now - self.before) * 100).quantize(_TENTH, ROUND_HALF_EVEN)

    @property
    def shift(self) -> Shift:
        return _shift(self.points)


def _shift(difference: int | Decimal | None) -> Shift:
    if difference is None:
        return Shift.UNKNOWN
    return Shift.UP if difference > 0 else Shift.DOWN if difference < 0 else Shift.SAME


def moved(figures: Sequence[Figure]) -> list[Figure]:
    """The figures that rose or fell enough to be spoken of, by how much they did, those that were nothing before first;
    as they stand where that is alike.
    """
    found = [each for each in figures if each.comparable and each.least >= LEAST_COUNT and each.difference]
    enough = [each for each in found if each.percent is None or abs(Decimal(each.percent)) >= LEAST_PERCENT]
    return sorted(enough, key=lambda each: (each.percent is not None, -abs(Decimal(each.percent or 0))))


class Sold(Protocol):
    """What is looked at of a value of a dimension: its orders, and sales in minor units of one currency."""

    @property
    def orders(self) -> int: ...
    @property
    def minor(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Part:
    """A value of a dimension whose sales moved: from ``before`` to ``now``, in minor units."""

    dimension: Dimension
    value: str
    now: int
    before: int

    @property
    def difference(self) -> int:
        return self.now - self.before


def moved_most(dimension: Dimension, now: Mapping[str, Sold], before: Mapping[str, Sold]) -> Part | None:
    """The value whose sales differ most, what is unknown left aside, if it has orders enough on a side and differs by
    enough of all sales; of those that differ alike the one whose name comes first.
    """
    parts = [
        Part(dimension, value, _minor(now, value), _minor(before, value))
        for value in sorted(now.keys() | before.keys())
        if value not in NAMES and max(_orders(now, value), _orders(before, value)) >= LEAST_COUNT
    ]
    largest = max(parts, key=lambda each: abs(each.difference), default=None)
    whole = max(sum(each.minor for each in side.values()) for side in (now, before))
    if largest is None or not largest.difference or abs(largest.difference) < whole * LEAST_SHARE:
        return None
    return largest


def _minor(side: Mapping[str, Sold], value: str) -> int:
    return side[value].minor if value in side else 0


def _orders(side: Mapping[str, Sold], value: str) -> int:
    return side[value].orders if value in side else 0


@dataclass(frozen=True, slots=True)
class Dormant:
    """So many members became dormant in the days, and so many are."""

    became: int
    are: int


@dataclass(frozen=True, slots=True)
class Restated:
    """So many complete days were counted anew on a day, since orders came late or went back."""

    on: date
    days: int


Change = Figure | Part | Dormant | Restated


def changes(
    figures: Sequence[Figure], parts: Sequence[Part], dormant: Dormant | None, restated: Restated | None
) -> list[Change]:
    """What is told, at most five: two figures, the part that moved most, who became dormant, what was counted anew, and
    further parts where there is room.
    """
    by_size = sorted(parts, key=lambda each: (-abs(each.difference), each.dimension, each.value))
    members = [dormant] if dormant is not None and dormant.became else []
    anew = [restated] if restated is not None else []
    first: list[Change] = [*moved(figures)[:_MOST_FIGURES], *by_size[:_FIRST_PARTS], *members, *anew]
    return [*first, *by_size[_FIRST_PARTS:]][:MOST_CHANGES]
