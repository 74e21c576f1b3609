"""Retention: who came back, by the period of a member's first order ever.

Everything here is set algebra on bitmaps of active members a period, so every count has its member list.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum

from chalicelib.insight.model import bitmaps, periods
from chalicelib.insight.model.periods import Unit


class Mode(StrEnum):
    """What "came back" means for a cell; see the definitions."""

    ON = "on"
    ON_OR_AFTER = "on_or_after"
    BRACKET = "bracket"


@dataclass(frozen=True, slots=True)
class Bracket:
    """Days ``low`` to ``high`` after the first order, both included."""

    low: int
    high: int

    def __str__(self) -> str:
        return f"{self.low}-{self.high}"


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
    """A number and its set. ``eligible`` members could have come back in ``period`` (number or bracket)."""

    period: int | str
    members: int
    eligible: int
    complete: bool

    @property
    def count(self) -> int:
        return self.members.bit_count()


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
    active: Mapping[int, int], mode: Mode, unit: Unit, window: Window, *, earlier: int = 0, most: int | None = None
) -> list[Cohort]:
    """Cohorts with one cell a period from their own (period 0) to the window's last, at most ``most`` after the first.

    ``active`` maps period numbers to the members active in them, inside the window. Mode ``on``: active in that very
    period; ``on_or_after``: active in it or any later one of the window.
    """
    last = periods.number(window.ends_on, unit)
    reached = dict(active) if mode is Mode.ON else _suffix_unions(active, last)
    cohorts = []
    for start, members in newcomers(active, earlier).items():
        end = last if most is None else min(last, start + most)
        cells = [
            Cell(
                period=at - start,
                members=members & reached.get(at, 0),
                eligible=members.bit_count(),
                complete=window.completes(periods.last_day(at, unit)),
            )
            for at in range(start, end + 1)
        ]
        cohorts.append(Cohort(start, members, cells))
    return cohorts


def by_bracket(
    active: Mapping[date, int], brackets: Sequence[Bracket], unit: Unit, window: Window, *, earlier: int = 0
) -> list[Cohort]:
    """Cohorts with one cell a bracket of days since each member's own first order.

    ``active`` maps local days to the members active on them. Eligible are those whose bracket has wholly elapsed in
    the window; a cell is complete when that is all of the cohort.
    """
    if not active:
        return []
    start = min(active)
    days = [active.get(on, 0) for on in _days(start, window.ends_on)]
    first = {start + timedelta(days=at): new for at, new in newcomers(dict(enumerate(days)), earlier).items()}
    cells = {bracket: _bracket_cells(days, start, first, bracket, unit, window) for bracket in brackets}
    members: dict[int, int] = {}
    for on, new in first.items():
        period = periods.number(on, unit)
        members[period] = members.get(period, 0) | new
    return [Cohort(period, bits, [cells[b][period] for b in brackets]) for period, bits in members.items()]


def averages(cohorts: Sequence[Cohort]) -> list[Average]:
    """The last line of a retention table.

    A period counts only the cohorts in which it is complete: an unfinished month would pull the rate down. A bracket
    counts the members for whom it has elapsed, cohort by cohort, since its eligible members leave out the others.
    """
    columns: dict[int | str, list[Cell]] = {}
    for cohort in cohorts:
        for cell in cohort.cells:
            if cell.eligible and (cell.complete or isinstance(cell.period, str)):
                columns.setdefault(cell.period, []).append(cell)
    return [_average(period, cells) for period, cells in columns.items()]


def rate(count: int, eligible: int) -> Decimal:
    """A share with six digits, rounded half to even; zero of zero is zero."""
    return _rounded(Decimal(count) / eligible) if eligible else _rounded(Decimal(0))


def _bracket_cells(
    days: Sequence[int], start: date, first: Mapping[date, int], bracket: Bracket, unit: Unit, window: Window
) -> dict[int, Cell]:
    unions = bitmaps.sliding_unions(days, bracket.high - bracket.low + 1)
    cells: dict[int, Cell] = {}
    for on, new in first.items():
        period = periods.number(on, unit)
        known = cells.get(period, Cell(str(bracket), 0, 0, True))
        opens = (on - start).days + bracket.low
        elapsed = on <= window.ends_on - timedelta(days=bracket.high)
        returned = new & unions[opens] if elapsed else 0
        cells[period] = Cell(
            period=known.period,
            members=known.members | returned,
            eligible=known.eligible + (new.bit_count() if elapsed else 0),
            complete=known.complete and elapsed and window.completes(on + timedelta(days=bracket.high)),
        )
    return cells


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


def _days(start: date, end: date) -> Iterator[date]:
    for at in range((end - start).days + 1):
        yield start + timedelta(days=at)
