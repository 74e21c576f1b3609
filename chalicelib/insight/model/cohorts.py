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
        at: window.completes(periods.last_day(at, unit, week_begins)) for at in range(min(first, default=last), last + 1)
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
