"""The retention report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.insight.model import cohorts, periods
from chalicelib.insight.model.cohorts import Average, Bracket, Cell, Cohort, Mode
from chalicelib.insight.model.periods import Unit
from chalicelib.insight.reports.service.window import Horizon, history, horizon
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import Invalid
from chalicelib.tenants.service.brand import get_tenant

MOST_CELLS = 40_000
"""A cell takes about 90 bytes of JSON, and an answer of a function at most 6 MB."""


@dataclass(frozen=True, slots=True)
class Question:
    """The question: cohorts of members who joined from ``from_on``, observed up to ``to_on`` (local days)."""

    unit: Unit
    mode: Mode
    from_on: date | None = None
    to_on: date | None = None
    periods: int | None = None
    brackets: Sequence[Bracket] = ()


@dataclass(frozen=True, slots=True)
class Retention:
    """The answer, with all that makes it readable."""

    asked: Question
    timezone: str
    from_on: date
    horizon: Horizon
    revision: int
    cohorts: Sequence[Cohort]
    averages: Sequence[Average]


def retention(tenant_id: str, asked: Question, now: datetime) -> Retention:
    """Computes the cohorts from stored bitmaps.

    Raises Invalid for a range that runs backwards, or for a table of too many cells.
    """
    tz = zone(get_tenant(tenant_id).timezone)
    seen = horizon(tenant_id, tz, now, asked.to_on)
    past = history(tenant_id, seen.window.ends_on)
    from_on = asked.from_on or past.begins_on
    if asked.to_on and asked.to_on < from_on and asked.from_on:
        raise Invalid.at(
            "?to_on",
            f"The last day, {asked.to_on}, is before the first, {from_on}.",
            f"结束日期 {asked.to_on} 早于开始日期 {from_on}。",
        )
    earlier = past.members_before(from_on)
    if asked.mode is Mode.BRACKET:
        days = {on: rollup.members for on, rollup in past.days(from_on, seen.window.ends_on).items()}
        found = cohorts.by_bracket(days, asked.brackets, asked.unit, seen.window, earlier=earlier)
    else:
        active = past.active_by(asked.unit, from_on)
        _check_size(active, earlier, asked, seen)
        found = cohorts.by_period(active, asked.mode, asked.unit, seen.window, earlier=earlier, most=asked.periods)
    return Retention(asked, tz.key, from_on, seen, past.revision, found, cohorts.averages(found))


def cell_of(table: Retention, address: str) -> Cell:
    """The cell that ``1997-01:1`` (cohort and period) names. Raises Invalid when the table has no such cell."""
    cohort, _, period = address.rpartition(":")
    for row in table.cohorts:
        if periods.label(row.period, table.asked.unit) == cohort:
            for cell in row.cells:
                if str(cell.period) == period:
                    return cell
    raise Invalid.at(
        "?members",
        f"The table has no cell '{address}'; name one as cohort:period, such as 1997-01:1.",
        f"表中没有单元格“{address}”；请按“批次:周期”填写，例如 1997-01:1。",
    )


def _check_size(active: dict[int, int], earlier: int, asked: Question, seen: Horizon) -> None:
    last = periods.number(seen.window.ends_on, asked.unit)
    most = last if asked.periods is None else asked.periods
    cells = sum(min(last - start, most) + 1 for start in cohorts.newcomers(active, earlier))
    if cells > MOST_CELLS:
        raise Invalid.at(
            "?periods",
            f"{cells} cells of at most {MOST_CELLS}: narrow the days or the periods.",
            f"共 {cells} 个单元格，最多 {MOST_CELLS} 个：请缩小日期范围或周期数。",
        )
