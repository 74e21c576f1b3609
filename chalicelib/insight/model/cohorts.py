"""Retention: who came back, by the period of a member's first order ever.

Everything here is set algebra on bitmaps of active members a period, so every count has its member list.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from functools import reduce
from operator import and_

from chalicelib.insight.model import bitmaps, periods
from chalicelib.insight.model.periods import MONDAY, Unit


class Mode(StrEnum):
    """What "came back" means for a cell; see the definitions."""

    ON = "on"
    ON_OR_AFTER = "on_or_after"
    BRACKET = "bracket"
    ON_DAY = "on_day_n"
    ON_OR_AFTER_DAY = "on_or_after_day_n"
    WITHIN_DAYS = "within_n_days"
    ROLLING = "rolling"
    ROLLING_OR_AFTER = "rolling_on_or_after"

    @property
    def by_period(self) -> bool:
        """Whether its cells are calendar periods; those of the others are days since each member's own first order."""
        return self in {Mode.ON, Mode.ON_OR_AFTER}


@dataclass(frozen=True, slots=True)
class Window:
    """What is observed: activity on local days up to ``ends_on``, of which those up to ``complete_on`` are final."""

    ends_on: date
    complete_on: date

    def completes(self, on: date) -> bool:
        """Whether every day up to and including this one is both observed and final."""
        return on <= min(self.ends_on, self.complete_on)


@dataclass(frozen=True, slots=True)
class Cell:
    """A number and its set: who is in all of ``behind``. ``eligible`` members could have come back in ``period`` (a
    number, or a bracket). ``elapsed_only`` says that members whose days have not all passed are left out of them.
    """

    period: int | str
    count: int
    eligible: int
    complete: bool
    behind: tuple[int, ...]
    elapsed_only: bool = False

    @property
    def members(self) -> int:
        """Who came back, as bits. Not kept: a table of a million members has many cells."""
        return reduce(and_, self.behind)


@dataclass(frozen=True, slots=True)
class Cohort:
    """The members whose first order ever falls into one period, and their cells."""

    period: int
    members: int
    cells: Sequence[Cell]

    @property
    def size(self) -> int:
        return self.members.bit_count()


@dataclass(frozen=True, slots=True)
class Average:
    """One period over the cohorts that reached it. Rates carry six digits, rounded half to even.

    ``rate`` weighs each member alike (count over eligible), ``simple_rate`` each cohort alike. ``complete`` says that
    every cohort in it is complete.
    """

    period: int | str
    count: int
    eligible: int
    cohorts: int
    rate: Decimal
    simple_rate: Decimal
    complete: bool


def newcomers(active: Mapping[int, int], earlier: int = 0) -> dict[int, int]:
    """For each period the members active in it and never before; ``earlier`` were active before the first period."""
    seen = earlier
    first: dict[int, int] = {}
    for period in sorted(active):
        if new := active[period] & ~seen:
            first[period] = new
        seen |= active[period]
    return first


def by_period(
    active: Mapping[int, int],
    mode: Mode,
    unit: Unit,
    window: Window,
    *,
    earlier: int = 0,
    most: int | None = None,
    week_begins: int = MONDAY,
) -> list[Cohort]:
    """Cohorts with one cell a period from their own (period 0) to the window's last, at most ``most`` after the first.

    ``active`` maps period numbers to the members active in them, inside the window. Mode ``on``: active in that very
    period; ``on_or_after``: active in it or any later one of the window.
    """
    last = periods.number(window.ends_on, unit, week_begins)
    reached = dict(active) if mode is Mode.ON else _suffix_unions(active, last)
    pieces = {period: bitmaps.pieces(members) for period, members in reached.items()}
    first = newcomers(active, earlier)
    complete = {
        at: window.completes(periods.last_day(at, unit, week_begins))
        for at in range(min(first, default=last), last + 1)
    }
    cohorts = []
    for start, members in first.items():
        end = last if most is None else min(last, start + most)
        few, size = bitmaps.pieces(members), members.bit_count()
        cells = [
            Cell(
                period=at - start,
                count=bitmaps.count_both(few, pieces.get(at, {})),
                eligible=size,
                complete=complete[at],
                behind=(members, reached.get(at, 0)),
            )
            for at in range(start, end + 1)
        ]
        cohorts.append(Cohort(start, members, cells))
    return cohorts


def averages(cohorts: Sequence[Cohort]) -> list[Average]:
    """The last line of a retention table.

    A period counts only the cohorts in which it is complete: an unfinished month would pull the rate down. Days since
    each member's own first order count the members for whom they have elapsed, cohort by cohort.
    """
    columns: dict[int | str, list[Cell]] = {}
    for cohort in cohorts:
        for cell in cohort.cells:
            if cell.eligible and (cell.complete or cell.elapsed_only):
                columns.setdefault(cell.period, []).append(cell)
    return [_average(period, cells) for period, cells in columns.items()]


def rate(count: int, eligible: int) -> Decimal:
    """A share with six digits, rounded half to even; zero of zero is zero."""
    return _rounded(Decimal(count) / eligible) if eligible else _rounded(Decimal(0))


def _suffix_unions(active: Mapping[int, int], last: int) -> dict[int, int]:
    later = 0
    unions: dict[int, int] = {}
    for period in range(last, min(active, default=last) - 1, -1):
        later |= active.get(period, 0)
        unions[period] = later
    return unions


def _average(period: int | str, cells: Sequence[Cell]) -> Average:
    count, eligible = sum(cell.count for cell in cells), sum(cell.eligible for cell in cells)
    complete = all(cell.complete for cell in cells)
    simple = sum((Decimal(cell.count) / cell.eligible for cell in cells), Decimal(0)) / len(cells)
    return Average(period, count, eligible, len(cells), rate(count, eligible), _rounded(simple), complete)


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.000001"), ROUND_HALF_EVEN)
