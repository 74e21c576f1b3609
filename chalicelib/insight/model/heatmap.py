"""When members order: by weekday and hour of the tenant's wall clock, and by the kind of day. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from chalicelib.insight.model import bitmaps
from chalicelib.insight.model.figures import UNKNOWN_HOUR, Rollup, Totals
from chalicelib.insight.model.spending import NO_HOUR

HOURS = range(24)
WEEKDAYS = range(7)
_FRIDAY = 4


class DayKind(StrEnum):
    """Holidays are days that the brand's calendar names; a weekend's day that it works on is a workday."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


Place = tuple[int | DayKind, int]
"""A weekday from Monday, which is 0, or a kind of day; and an hour, or UNKNOWN_HOUR."""


@dataclass(slots=True)
class HeatMap:
    """Totals by weekday and hour, and again by kind of day and hour; ``members`` by the same places, as bits; ``days``
    says how many days there were of each. ``unseen`` are days of which it is not known who ordered in which hour.
    """

    totals: dict[Place, Totals] = field(default_factory=dict)
    members: dict[Place, int] = field(default_factory=dict)
    days: dict[int | DayKind, int] = field(default_factory=lambda: dict.fromkeys((*WEEKDAYS, *DayKind), 0))
    unseen: int = 0


def kind_of(on: date, holidays: Iterable[date], workdays: Iterable[date]) -> DayKind:
    """A workday that was moved counts before a holiday, as in the brand's calendar."""
    if on in workdays:
        return DayKind.WORKDAY
    if on in holidays:
        return DayKind.HOLIDAY
    return DayKind.WORKDAY if on.weekday() <= _FRIDAY else DayKind.WEEKEND


def heat_map(
    kinds: Mapping[date, DayKind], days: Mapping[date, Rollup], hours: Mapping[date, Mapping[int, int]]
) -> HeatMap:
    """``kinds`` has every day of the range, ``days`` those with orders; ``hours`` says by ordinal in which hours each
    member ordered on a day, see ``spending``.
    """
    found = HeatMap()
    seen: dict[Place, set[int]] = defaultdict(set)
    for on, kind in kinds.items():
        groups = (on.weekday(), kind)
        for group in groups:
            found.days[group] += 1
        for hour, totals in days.get(on, Rollup()).hours.items():
            for group in groups:
                found.totals[group, hour] = found.totals.get((group, hour), Totals()) + totals
    for on, rollup in days.items():
        who = _who(rollup, hours.get(on, {}))
        found.unseen += not who and bool(rollup.hours)
        for hour, ordinals in who.items():
            seen[on.weekday(), hour] |= ordinals
            seen[kinds[on], hour] |= ordinals
    found.members = {place: bitmaps.of(ordinals) for place, ordinals in seen.items()}
    return found


def _who(rollup: Rollup, hours: Mapping[int, int]) -> dict[int, set[int]]:
    """By hour who ordered on a day; empty where that is not known. Where no hour is known, all ordered without one."""
    found: dict[int, set[int]] = defaultdict(set)
    for ordinal, mask in hours.items():
        for hour in hours_of(mask):
            found[hour].add(ordinal)
    if not hours and set(rollup.hours) == {UNKNOWN_HOUR}:
        found[UNKNOWN_HOUR] = set(bitmaps.ordinals(rollup.members))
    return found


def hours_of(mask: int) -> Iterator[int]:
    """The hours that a mask of ``spending`` has, UNKNOWN_HOUR among them."""
    if mask & NO_HOUR:
        yield UNKNOWN_HOUR
    yield from (hour for hour in HOURS if mask >> hour & 1)


@dataclass(frozen=True, slots=True)
class Slot:
    """Consecutive hours from one of a weekday on, past midnight where they reach so far."""

    weekday: int
    hour: int
    orders: int


def best_slots(orders: Mapping[tuple[int, int], int], length: int, most: int) -> Sequence[Slot]:
    """The slots of so many hours with the most orders, the earlier in the week first among equals; none that shares an
    hour with a better one, and none without orders. ``orders`` is by weekday and hour.
    """
    week = [orders.get((weekday, hour), 0) for weekday in WEEKDAYS for hour in HOURS]
    sums = [sum(week[(start + at) % len(week)] for at in range(length)) for start in range(len(week))]
    taken: set[int] = set()
    found: list[Slot] = []
    for start in sorted(range(len(week)), key=lambda at: (-sums[at], at)):
        hours = {(start + at) % len(week) for at in range(length)}
        if sums[start] and not hours & taken and len(found) < most:
            taken |= hours
            found.append(Slot(start // len(HOURS), start % len(HOURS), sums[start]))
    return found
