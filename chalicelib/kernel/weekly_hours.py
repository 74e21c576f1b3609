"""Hours of a week as clocks on a wall show them: of a team that works, of a person on duty. Pure.

A span is a pair of minutes from midnight, its end excluded; 1440 is the midnight at which the day ends.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, Final, Literal, Self

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

DAY_MINUTES: Final = 24 * 60
MOST_SPANS = 6
"""Of one day."""

Span = tuple[int, int]
Day = tuple[Span, ...]


def day_of(spans: Iterable[Span]) -> Day:
    """A day's spans in their order. Raises ValueError for one that ends before it begins, or for two that overlap."""
    found = tuple(sorted(spans))
    for begins, ends in found:
        if not 0 <= begins < ends <= DAY_MINUTES:
            raise ValueError("a span ends after it begins, within its day")
    if any(following[0] < earlier[1] for earlier, following in pairwise(found)):
        raise ValueError("two spans of a day overlap")
    return found


def minute_of(wall: str, *, ends: bool = False) -> int:
    """``HH:MM`` as minutes from midnight; where something ends, 00:00 is the midnight at the day's end."""
    hours, _, minutes = wall.partition(":")
    minute = int(hours) * 60 + int(minutes)
    return DAY_MINUTES if ends and minute == 0 else minute


def wall_of(minute: int) -> str:
    """Minutes from midnight as ``HH:MM``."""
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}"


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """The spans of each weekday, from Monday on."""

    days: tuple[Day, ...] = ((),) * 7

    @property
    def empty(self) -> bool:
        """Whether no day has an hour."""
        return not any(self.days)

    def shows(self, local: datetime) -> bool:
        """Whether a wall clock that shows this is within the hours."""
        minute = local.hour * 60 + local.minute
        return any(begins <= minute < ends for begins, ends in self.days[local.weekday()])

    def as_json(self) -> dict[str, list[list[int]]]:
        """As records keep it: the days that have hours."""
        return {name: [list(span) for span in day] for name, day in zip(WEEKDAYS, self.days, strict=True) if day}

    @classmethod
    def from_json(cls, stored: Mapping[str, Sequence[Sequence[Any]]]) -> Self:
        return cls(tuple(tuple((int(a), int(b)) for a, b in stored.get(name, ())) for name in WEEKDAYS))


ALWAYS = WeeklyHours((((0, DAY_MINUTES),),) * 7)
"""Round the clock."""
