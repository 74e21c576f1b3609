"""The lifecycle report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.insight.model import periods
from chalicelib.insight.model.lifecycle import Change, Row, lifecycle
from chalicelib.insight.model.periods import MONDAY, Unit
from chalicelib.insight.reports.service.window import Horizon, check_range, history, horizon, week_begins
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import Invalid
from chalicelib.tenants.service.brand import get_tenant

MOST_ROWS = 1500


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The answer, with all that makes it readable."""

    timezone: str
    unit: Unit
    week_begins: int
    from_on: date
    horizon: Horizon
    revision: int
    rows: Sequence[Row]

    def label(self, row: Row) -> str:
        return periods.label(row.period, self.unit, self.week_begins)

    def first_day(self, row: Row) -> date:
        return periods.first_day(row.period, self.unit, self.week_begins)

    def last_day(self, row: Row) -> date:
        return periods.last_day(row.period, self.unit, self.week_begins)

    def complete(self, row: Row) -> bool:
        """Whether the period has ended and is rolled up."""
        return self.horizon.window.completes(self.last_day(row))


def lifecycle_of(tenant_id: str, unit: Unit, from_on: date | None, to_on: date | None, now: datetime) -> Lifecycle:
    """Members by what they are in each period, from the one that ``from_on`` falls in, counted whole.

    Raises Invalid for a range that runs backwards, or of too many periods.
    """
    tz = zone(get_tenant(tenant_id).timezone)
    seen = horizon(tenant_id, tz, now, to_on)
    past = history(tenant_id, seen.window.ends_on)
    check_range(from_on, to_on)
    begins = week_begins(tenant_id) if unit is Unit.WEEK else MONDAY
    first = periods.number(from_on or past.begins_on, unit, begins)
    last = periods.number(seen.window.ends_on, unit, begins)
    if last - first >= MOST_ROWS:
        raise Invalid.at(
            "?from_on",
            f"{last - first + 1} periods of at most {MOST_ROWS}: narrow the days.",
            f"共 {last - first + 1} 个周期，最多 {MOST_ROWS} 个：请缩小日期范围。",
        )
    starts_on = periods.first_day(first, unit, begins)
    active = past.active_by(unit, periods.first_day(first - 1, unit, begins), begins)
    rows = lifecycle(active, first, last, past.members_before(starts_on)) if past.months else []
    return Lifecycle(tz.key, unit, begins, starts_on, seen, past.revision, rows)


def members_of(found: Lifecycle, address: str) -> int:
    """Who is behind ``1997-03:resurrected`` (period and change), as bits. Raises Invalid when there is no such cell."""
    label, _, change = address.rpartition(":")
    for row in found.rows:
        if found.label(row) == label and change in set(Change):
            return row.members[Change(change)]
    raise Invalid.at(
        "?members",
        f"The table has no cell '{address}'; name one as period:change, such as 1997-03:resurrected.",
        f"表中没有单元格“{address}”；请按“周期:变化”填写，例如 1997-03:resurrected。",
    )
