"""The retention report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.insight.model import cohorts, elapsed, periods, spending
from chalicelib.insight.model.cohort_revenue import Revenue, revenue_by_period
from chalicelib.insight.model.cohorts import Average, Cell, Cohort, Mode
from chalicelib.insight.model.elapsed import Elapsed
from chalicelib.insight.model.member_groups import GroupBy, MemberGroup
from chalicelib.insight.model.periods import MONDAY, Unit
from chalicelib.insight.records import SpendRecord
from chalicelib.insight.reports.service.window import History, Horizon, check_range, history, horizon, week_begins
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import Invalid
from chalicelib.tenants.service.brand import get_tenant

MOST_CELLS = 40_000
"""A cell takes about 90 bytes of JSON, with its revenue twice as much, and an answer of a function at most 6 MB."""


@dataclass(frozen=True, slots=True)
class Question:
    """The question: cohorts of members who joined from ``from_on``, observed up to ``to_on`` (local days). ``spans``
    are the days after the first order, for the modes that have some; rolling windows of ``width`` days follow from the
    range. ``group`` names the group whose cells are meant where members are asked for.
    """

    unit: Unit
    mode: Mode
    from_on: date | None = None
    to_on: date | None = None
    periods: int | None = None
    spans: Sequence[Elapsed] = ()
    width: int = 30
    revenue: bool = False
    group_by: GroupBy | None = None
    segment_id: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Cohorts with their averages; ``revenue`` in minor units, where it was asked for."""

    cohorts: Sequence[Cohort]
    averages: Sequence[Average]
    revenue: Revenue | None = None


@dataclass(frozen=True, slots=True)
class GroupTable:
    """The table of some members alone."""

    group: MemberGroup
    table: Table


@dataclass(frozen=True, slots=True)
class Retention:
    """The answer, with all that makes it readable."""

    asked: Question
    timezone: str
    currency: str
    week_begins: int
    from_on: date
    horizon: Horizon
    revision: int
    whole: Table
    groups: Sequence[GroupTable] = ()


def retention(tenant_id: str, asked: Question, now: datetime) -> Retention:
    """Computes the cohorts from stored bitmaps, and their revenue from what was spent on each day.

    Raises Invalid for a range that runs backwards, for a table of too many cells, and for a group that there is not.
    """
    tenant = get_tenant(tenant_id)
    tz = zone(tenant.timezone)
    seen = horizon(tenant_id, tz, now, asked.to_on)
    past = history(tenant_id, seen.window.ends_on)
    check_range(asked.from_on, asked.to_on)
    from_on = asked.from_on or past.begins_on
    begins = week_begins(tenant_id) if asked.unit is Unit.WEEK else MONDAY
    counting = _Counting.of(past, asked, from_on, begins, seen)
    found = []
    if asked.group_by:
        from chalicelib.insight.reports.service.groups import groups_of  # whoever groups by nothing needs no segments

        groups = groups_of(tenant, asked.group_by, asked.segment_id, past, from_on)
        counting.check_size(1 + len(groups))
        found = [GroupTable(each, counting.table(each.members, tenant.currency)) for each in groups]
    else:
        counting.check_size(1)
    whole = counting.table(None, tenant.currency)
    return Retention(asked, tz.key, tenant.currency, begins, from_on, seen, past.revision, whole, found)


@dataclass(frozen=True, slots=True)
class _Counting:
    """What tables are made of: members active by period or by day, and what they spent, read once."""

    tenant_id: str
    asked: Question
    from_on: date
    week_begins: int
    horizon: Horizon
    earlier: int
    periods: Mapping[int, int]
    days: Mapping[date, int]

    @classmethod
    def of(cls, past: History, asked: Question, from_on: date, begins: int, seen: Horizon) -> "_Counting":
        active: dict[int, int] = {}
        days: dict[date, int] = {}
        if asked.mode.by_period:
            active = past.active_by(asked.unit, from_on, begins)
        else:
            days = {on: rollup.members for on, rollup in past.days(from_on, seen.window.ends_on).items()}
        return cls(past.tenant_id, asked, from_on, begins, seen, past.members_before(from_on), active, days)

    def table(self, members: int | None, currency: str) -> Table:
        """The table of these members, or of all."""
        found = self._cohorts(-1 if members is None else members)
        revenue = self._revenue(found, currency) if self.asked.revenue else None
        return Table(found, cohorts.averages(found), revenue)

    def _cohorts(self, members: int) -> list[Cohort]:
        asked, window = self.asked, self.horizon.window
        if asked.mode.by_period:
            active = {period: bits & members for period, bits in self.periods.items()}
            return cohorts.by_period(
                active, asked.mode, asked.unit, window,
                earlier=self.earlier, most=asked.periods, week_begins=self.week_begins,
            )  # fmt: skip
        days = {on: bits & members for on, bits in self.days.items()}
        return elapsed.by_elapsed(
            days, self._spans(), asked.unit, window, earlier=self.earlier, week_begins=self.week_begins
        )

    def _spans(self) -> Sequence[Elapsed]:
        asked = self.asked
        if asked.mode not in {Mode.ROLLING, Mode.ROLLING_OR_AFTER} or not self.days:
            return asked.spans
        days = (self.horizon.window.ends_on - min(self.days)).days
        windows = elapsed.rolling_windows(days, asked.width, asked.periods)
        return [Elapsed.rolling(window, asked.width, asked.mode) for window in windows]

    def _revenue(self, found: Sequence[Cohort], currency: str) -> Revenue:
        records = SpendRecord.in_days(self.tenant_id, self.from_on, self.horizon.window.ends_on)
        spent = ((each.on, spending.unpack(each.columns).amounts.get(currency, {})) for each in records)
        return revenue_by_period(found, spent, self.asked.unit, self.week_begins)

    def check_size(self, tables: int) -> None:
        """Raises Invalid where so many tables have too many cells."""
        tables *= 2 if self.asked.revenue else 1
        cells = tables * (self._cells() if self.asked.mode.by_period else self._cells_of_spans())
        if cells > MOST_CELLS:
            raise Invalid.at(
                "?periods",
                f"{cells} cells of at most {MOST_CELLS}: narrow the days or the periods.",
                f"共 {cells} 个单元格，最多 {MOST_CELLS} 个：请缩小日期范围或周期数。",
            )

    def _cells(self) -> int:
        last = periods.number(self.horizon.window.ends_on, self.asked.unit, self.week_begins)
        most = last if self.asked.periods is None else self.asked.periods
        return sum(min(last - start, most) + 1 for start in cohorts.newcomers(self.periods, self.earlier))

    def _cells_of_spans(self) -> int:
        started = {periods.number(on, self.asked.unit, self.week_begins) for on in self.days}
        return len(started) * len(self._spans())


def cell_of(table: Retention, address: str, group: str | None) -> Cell:
    """The cell that ``1997-01:1`` (cohort and period) names, of all or of a group. Raises Invalid for none."""
    cohort, _, period = address.rpartition(":")
    for row in _named(table, group).cohorts:
        if periods.label(row.period, table.asked.unit, table.week_begins) == cohort:
            for cell in row.cells:
                if str(cell.period) == period:
                    return cell
    raise Invalid.at(
        "?members",
        f"The table has no cell '{address}'; name one as cohort:period, such as 1997-01:1.",
        f"表中没有单元格“{address}”；请按“批次:周期”填写，例如 1997-01:1。",
    )


def _named(table: Retention, group: str | None) -> Table:
    if group is None:
        return table.whole
    for each in table.groups:
        if each.group.value == group:
            return each.table
    raise Invalid.at(
        "?group",
        f"There is no group '{group[:40]}' here; name the group of one of the tables.",
        f"没有分组“{group[:40]}”；请填写表中的某个分组。",
    )
