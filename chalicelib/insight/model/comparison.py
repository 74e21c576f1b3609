"""With which days a range of days is compared, and by how much figures differ. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum

from chalicelib.insight.model.periods import MONDAY
from chalicelib.insight.model.summary import Span

_DAY = timedelta(days=1)


class Compare(StrEnum):
    """Days are compared with the period before, or with the same days a year before."""

    PREVIOUS = "previous"
    YEAR = "year"


class Unfair(StrEnum):
    """Why days cannot be compared in percent: the brand had no order yet when the days before began, days are not
    final, or the sides differ in length.
    """

    NOT_BEGUN = "not_begun"
    INCOMPLETE = "incomplete"
    UNLIKE = "unlike"


@dataclass(frozen=True, slots=True)
class Basis:
    """``now`` are the days that are compared, ``before`` those with which. ``fair`` where both are of the same length,
    or both whole periods of the calendar: only then a percentage means anything.
    """

    now: Span
    before: Span
    fair: bool


def basis(asked: Span, elapsed: Span, compare: Compare, week_begins: int = MONDAY) -> Basis:
    """The days with which the elapsed ones of a range are compared: as many as have elapsed.

    A range that begins a day, one of the brand's weeks, a month, quarter or year and does not reach beyond its end is
    compared with the first days of the one before; with all of it where it has elapsed altogether. Other ranges are
    compared with the days just before them. A year before, 29 February is the 28th.
    """
    length = _length(elapsed)
    period = next((each for each in _periods(asked.from_on, week_begins) if each.to_on >= asked.to_on), None)
    whole = period is not None and period.to_on == elapsed.to_on
    if compare is Compare.YEAR:
        start = _year_before(elapsed.from_on)
        end = _year_before(elapsed.to_on) if whole else start + (length - 1) * _DAY
        return Basis(elapsed, Span(start, end), fair=True)
    if period is None:
        return Basis(elapsed, Span(elapsed.from_on - length * _DAY, elapsed.from_on - _DAY), fair=True)
    earlier = _before(period)
    end = earlier.to_on if whole else min(earlier.to_on, earlier.from_on + (length - 1) * _DAY)
    before = Span(earlier.from_on, end)
    return Basis(elapsed, before, whole or _length(before) == length)


def difference(now: int | None, before: int | None) -> int | None:
    """By how much a figure is more than before; None where either is not known."""
    return None if now is None or before is None else now - before


def percent(now: int | None, before: int | None) -> str | None:
    """The same in percent of the figure before, with one decimal, rounded half to even; None of nothing."""
    if now is None or not before:
        return None
    return str((Decimal(now - before) * 100 / before).quantize(Decimal("0.1"), ROUND_HALF_EVEN))


def _length(span: Span) -> int:
    return (span.to_on - span.from_on).days + 1


def _periods(on: date, week_begins: int) -> Iterator[Span]:
    """The periods of the calendar that begin on a day, the shortest first."""
    yield Span(on, on)
    if on.weekday() == week_begins:
        yield Span(on, on + 6 * _DAY)
    if on.day == 1:
        yield Span(on, _months_on(on, 1) - _DAY)
        if on.month % 3 == 1:
            yield Span(on, _months_on(on, 3) - _DAY)
        if on.month == 1:
            yield Span(on, _months_on(on, 12) - _DAY)


def _before(period: Span) -> Span:
    """The period of the same kind that ends the day before."""
    if (days := _length(period)) <= 7:
        return Span(period.from_on - days * _DAY, period.from_on - _DAY)
    months = (period.to_on.year - period.from_on.year) * 12 + period.to_on.month - period.from_on.month + 1
    return Span(_months_on(period.from_on, -months), period.from_on - _DAY)


def _months_on(first: date, months: int) -> date:
    """The first of the month so many months later."""
    at = first.year * 12 + first.month - 1 + months
    return date(at // 12, at % 12 + 1, 1)


def _year_before(on: date) -> date:
    last_of_february = on.month == 2 and on.day == 29
    return on.replace(year=on.year - 1, day=28 if last_of_february else on.day)
