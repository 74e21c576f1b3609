"""Figures of a range of days, whole and by group. Members are united, never added up."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum

from chalicelib.insight.model import bitmaps, cohorts, periods
from chalicelib.insight.model.figures import UNKNOWN_HOUR, Rollup, Totals, merge
from chalicelib.insight.model.periods import MONDAY, Unit


class By(StrEnum):
    """How a summary may be grouped."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    WEEKDAY = "weekday"
    HOUR = "hour"


@dataclass(frozen=True, slots=True)
class Span:
    """Local days from ``from_on`` to ``to_on``, both included."""

    from_on: date
    to_on: date

    def days(self) -> Iterator[date]:
        for at in range((self.to_on - self.from_on).days + 1):
            yield self.from_on + timedelta(days=at)


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of one group. ``span`` is set for calendar groups; member sets are None by hour."""

    name: str
    totals: Totals
    span: Span | None
    active: int | None
    new: int | None
    ever: int | None


def whole(days: Mapping[date, Rollup], span: Span, earlier: int) -> Group:
    """The range as one group. ``earlier`` holds the members with an order before it."""
    rollup = merge(days.values())
    new = rollup.members & ~earlier
    return Group("total", rollup.totals, span, rollup.members, new, earlier | rollup.members)


def grouped(
    days: Mapping[date, Rollup], by: By, span: Span, earlier: int, week_begins: int = MONDAY
) -> list[Group]:  # fmt: skip
    """The range by group, ascending, groups without orders included."""
    if by is By.HOUR:
        return _by_hour(days)
    first = cohorts.newcomers({on.toordinal(): rollup.members for on, rollup in days.items()}, earlier)
    groups, ever = [], earlier
    for name, part, inside in _parts(days, by, span, week_begins):
        rollup = merge(days[on] for on in inside)
        new = bitmaps.union(first.get(on.toordinal(), 0) for on in inside)
        ever |= rollup.members
        groups.append(Group(name, rollup.totals, part, rollup.members, new, ever if part else None))
    return groups


def calendar(span: Span, unit: Unit, week_begins: int = MONDAY) -> Sequence[tuple[str, Span]]:
    """The calendar periods that a range touches, each cut to the range."""
    first, last = (periods.number(on, unit, week_begins) for on in (span.from_on, span.to_on))
    return [
        (
            periods.label(number, unit, week_begins),
            Span(
                max(span.from_on, periods.first_day(number, unit, week_begins)),
                min(span.to_on, periods.last_day(number, unit, week_begins)),
            ),
        )
        for number in range(first, last + 1)
    ]


def average_minor(minor: int, orders: int) -> int | None:
    """Minor units an order, rounded half to even; None of no orders."""
    if not orders:
        return None
    return int((Decimal(minor) / orders).quantize(Decimal(1), ROUND_HALF_EVEN))


def _parts(
    days: Mapping[date, Rollup], by: By, span: Span, week_begins: int
) -> Iterator[tuple[str, Span | None, list[date]]]:
    """Name, days and days with orders of each group."""
    if by is By.WEEKDAY:
        for weekday in range(7):
            yield str(weekday), None, [on for on in days if on.weekday() == weekday]
        return
    for name, part in calendar(span, Unit(by), week_begins):
        yield name, part, [on for on in part.days() if on in days]


def _by_hour(days: Mapping[date, Rollup]) -> list[Group]:
    hours = merge(days.values()).hours
    names = [(str(hour), hour) for hour in range(24)]
    if UNKNOWN_HOUR in hours:
        names.append(("unknown", UNKNOWN_HOUR))
    return [Group(name, hours.get(hour, Totals()), None, None, None, None) for name, hour in names]
