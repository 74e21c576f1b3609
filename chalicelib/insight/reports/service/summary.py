"""The summary report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.insight.model import summary
from chalicelib.insight.model.periods import MONDAY
from chalicelib.insight.model.summary import By, Group, Span
from chalicelib.insight.reports.service.window import Horizon, check_range, history, horizon, week_begins
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import Invalid
from chalicelib.tenants.service.brand import get_tenant

MOST_GROUPS = 1500


@dataclass(frozen=True, slots=True)
class Summary:
    """The answer, with all that makes it readable."""

    timezone: str
    currency: str
    by: By | None
    span: Span
    horizon: Horizon
    revision: int
    total: Group
    groups: Sequence[Group]


def summarise(tenant_id: str, from_on: date | None, to_on: date | None, by: By | None, now: datetime) -> Summary:
    """Figures of a range of local days, by default of all complete days.

    Raises Invalid for a range that runs backwards or would give too many groups.
    """
    tenant = get_tenant(tenant_id)
    tz = zone(tenant.timezone)
    seen = horizon(tenant_id, tz, now, to_on)
    past = history(tenant_id, seen.window.ends_on)
    span = Span(from_on or past.begins_on, max(from_on or past.begins_on, seen.window.ends_on))
    check_range(from_on, to_on)
    _check_size(span, by)
    days = past.days(span.from_on, span.to_on)
    earlier = past.members_before(span.from_on)
    total = summary.whole(days, span, earlier)
    begins = week_begins(tenant_id) if by is By.WEEK else MONDAY
    groups = summary.grouped(days, by, span, earlier, begins) if by else []
    return Summary(tz.key, tenant.currency, by, span, seen, past.revision, total, groups)


def _check_size(span: Span, by: By | None) -> None:
    if by in {By.DAY, By.WEEK, By.MONTH}:
        groups = (span.to_on - span.from_on).days // {By.DAY: 1, By.WEEK: 7, By.MONTH: 28}[By(by)]
        if groups > MOST_GROUPS:
            raise Invalid.at(
                "?by",
                f"About {groups} groups of at most {MOST_GROUPS}: narrow the days.",
                f"约 {groups} 组，最多 {MOST_GROUPS} 组：请缩小日期范围。",
            )
