"""The summary report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from chalicelib.insight.model import summary
from chalicelib.insight.model.figures import Rollup
from chalicelib.insight.model.sliced_summary import Row, rows
from chalicelib.insight.model.slices import Dimension, of_range
from chalicelib.insight.model.summary import By, Group, Span
from chalicelib.insight.reports.service.titles import titles
from chalicelib.insight.reports.service.window import Horizon, history, horizon
from chalicelib.insight.rollups.service.slices import each_day
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import Invalid
from chalicelib.tenants.service.brand import get_tenant

MOST_GROUPS = 1500


@dataclass(frozen=True, slots=True)
class Summary:
    """The answer, with all that makes it readable."""

    timezone: str
    currency: str
    by: By | Dimension | None
    span: Span
    horizon: Horizon
    revision: int
    total: Group
    groups: Sequence[Group]
    slices: Sequence[Row] = ()
    titles: Mapping[str, str] = field(default_factory=dict)


def summarise(
    tenant_id: str, from_on: date | None, to_on: date | None, by: By | Dimension | None, now: datetime
) -> Summary:
    """Figures of a range of local days, by default of all complete days.

    Raises Invalid for a range that runs backwards or would give too many groups.
    """
    tenant = get_tenant(tenant_id)
    tz = zone(tenant.timezone)
    seen = horizon(tenant_id, tz, now, to_on)
    past = history(tenant_id, seen.window.ends_on)
    span = Span(from_on or past.begins_on, max(from_on or past.begins_on, seen.window.ends_on))
    if from_on and to_on and to_on < from_on:
        raise Invalid.at(
            "?to_on",
            f"The last day, {to_on}, is before the first, {from_on}.",
            f"结束日期 {to_on} 早于开始日期 {from_on}。",
        )
    _check_size(span, by)
    days = past.days(span.from_on, span.to_on)
    earlier = past.members_before(span.from_on)
    total = summary.whole(days, span, earlier)
    groups = summary.grouped(days, by, span, earlier) if isinstance(by, By) else []
    found = Summary(tz.key, tenant.currency, by, span, seen, past.revision, total, groups)
    if not isinstance(by, Dimension):
        return found
    rows = _sliced(tenant_id, by, days, tenant.currency, total.new or 0)
    named = titles(tenant_id, by, [each.value for each in rows if each.is_value])
    return replace(found, slices=rows, titles=named)


def _sliced(tenant_id: str, by: Dimension, days: Mapping[date, Rollup], currency: str, new: int) -> list[Row]:
    if not days:
        return []
    return rows(of_range(each_day(tenant_id, by, min(days), max(days)), days), currency, new)


def _check_size(span: Span, by: By | Dimension | None) -> None:
    if by in {By.DAY, By.WEEK, By.MONTH}:
        groups = (span.to_on - span.from_on).days // {By.DAY: 1, By.WEEK: 7, By.MONTH: 28}[By(by)]
        if groups > MOST_GROUPS:
            raise Invalid.at(
                "?by",
                f"About {groups} groups of at most {MOST_GROUPS}: narrow the days.",
                f"约 {groups} 组，最多 {MOST_GROUPS} 组：请缩小日期范围。",
            )
