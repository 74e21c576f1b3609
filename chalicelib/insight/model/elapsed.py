"""Retention by days since each member's own first order: brackets, day n, and rolling windows. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from chalicelib.insight.model import bitmaps, periods
from chalicelib.insight.model.cohorts import Cell, Cohort, Mode, Window, newcomers
from chalicelib.insight.model.periods import MONDAY, Unit


@dataclass(frozen=True, slots=True)
class Elapsed:
    """Days ``low`` to ``high`` after the first order, both included; up to the window's end where there is no ``high``.
    A member is eligible once ``due`` days have passed since their first order. ``label`` is what the cell is called.
    """

    label: int | str
    low: int
    high: int | None
    due: int

    @classmethod
    def bracket(cls, low: int, high: int) -> Self:
        return cls(f"{low}-{high}", low, high, high)

    @classmethod
    def day(cls, n: int, mode: Mode) -> Self:
        """Day n itself, day n or later, or days 1 to n."""
        low, high = {Mode.ON_DAY: (n, n), Mode.ON_OR_AFTER_DAY: (n, None), Mode.WITHIN_DAYS: (1, n)}[mode]
        return cls(n, low, high, n)

    @classmethod
    def rolling(cls, window: int, width: int, mode: Mode) -> Self:
        """Window k: days ``width`` · k to ``width`` · (k + 1) - 1, the first order's own day being day 0."""
        low, high = window * width, (window + 1) * width - 1
        return cls(window, low, high if mode is Mode.ROLLING else None, high)


def rolling_windows(days: int, width: int, most: int | None = None) -> range:
    """The windows that have wholly elapsed when so many days have passed since the first order, at most ``most`` after
    window 0.
    """
    elapsed = max(0, days + 1) // width
    return range(elapsed if most is None else min(elapsed, most + 1))


def by_elapsed(
    active: Mapping[date, int],
    spans: Sequence[Elapsed],
    unit: Unit,
    window: Window,
    *,
    earlier: int = 0,
    week_begins: int = MONDAY,
) -> list[Cohort]:
    """Cohorts with one cell a span. ``active`` maps local days to the members active on them. Eligible are those for
    whom the span has elapsed in the window; a cell is complete when that is all of the cohort.
    """
    if not active:
        return []
    start = min(active)
    length = (window.ends_on - start).days + 1
    days = [active.get(start + timedelta(days=at), 0) for at in range(length)]
    first = newcomers(dict(enumerate(days)), earlier)
    cohort_of = {at: periods.number(start + timedelta(days=at), unit, week_begins) for at in first}
    members: dict[int, int] = {}
    for at, new in first.items():
        members[cohort_of[at]] = members.get(cohort_of[at], 0) | new
    cells: dict[int, list[Cell]] = {period: [] for period in members}
    for span in spans:
        for period, cell in _cells(days, start, first, cohort_of, span, window).items():
            cells[period].append(cell)
    return [Cohort(period, bits, cells[period]) for period, bits in members.items()]


def _cells(
    days: Sequence[int],
    start: date,
    first: Mapping[int, int],
    cohort_of: Mapping[int, int],
    span: Elapsed,
    window: Window,
) -> dict[int, Cell]:
    unions = bitmaps.sliding_unions(days, len(days) if span.high is None else span.high - span.low + 1)
    returned: dict[int, int] = {}
    eligible: dict[int, int] = {}
    complete: dict[int, bool] = {}
    for at, new in first.items():
        period, until = cohort_of[at], start + timedelta(days=at + span.due)
        elapsed = until <= window.ends_on
        returned[period] = returned.get(period, 0) | (new & unions[at + span.low] if elapsed else 0)
        eligible[period] = eligible.get(period, 0) + (new.bit_count() if elapsed else 0)
        complete[period] = complete.get(period, True) and elapsed and window.completes(until)
    return {
        period: Cell(span.label, bits.bit_count(), eligible[period], complete[period], (bits,), elapsed_only=True)
        for period, bits in returned.items()
    }
