"""The summary report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.insight.model import summary
from chalicelib.insight.model.comparison import Basis, Compare, basis
from chalicelib.insight.model.summary import By, Group, Span
from chalicelib.insight.reports.service.window import History, Horizon, history, horizon
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import Invalid
from chalicelib.tenants.service.brand import get_tenant

MOST_GROUPS = 1500


@dataclass(frozen=True, slots=True)
class Comparison:
    """Days beside days before. ``fair`` where a percentage means something: both are complete, and alike in length."""

    compare: Compare
    basis: Basis
    fair: bool
    now: Group
    before: Group
    groups: Sequence[Group]


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
    comparison: Comparison | None = None


def summarise(
    tenant_id: str, from_on: date | None, to_on: date | None, by: By | None, now: datetime,
    compare: Compare | None = None,
) -> Summary:  # fmt: skip
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
    total = _whole(past, span)
    groups = _groups(past, span, by) if by else []
    compared = _compared(past, seen, Span(span.from_on, max(span.to_on, to_on or span.to_on)), by, compare)
    return Summary(tz.key, tenant.currency, by, span, seen, past.revision, total, groups, compared)


def _compared(past: History, seen: Horizon, asked: Span, by: By | None, compare: Compare | None) -> Comparison | None:
    """The complete days of a range beside those before; beside so many, all that have begun where none is complete."""
    if compare is None:
        return None
    final_on = min(seen.window.complete_on, seen.window.ends_on, asked.to_on)
    elapsed = Span(asked.from_on, final_on if final_on >= asked.from_on else max(asked.from_on, seen.window.ends_on))
    found = basis(asked, elapsed, compare)
    fair = found.fair and seen.window.completes(elapsed.to_on)
    now, before = (_whole(past, each) for each in (found.now, found.before))
    groups = _groups(past, found.before, by) if by else []
    return Comparison(compare, found, fair, now, before, groups)


def _whole(past: History, span: Span) -> Group:
    return summary.whole(past.days(span.from_on, span.to_on), span, past.members_before(span.from_on))


def _groups(past: History, span: Span, by: By) -> Sequence[Group]:
    return summary.grouped(past.days(span.from_on, span.to_on), by, span, past.members_before(span.from_on))


def _check_size(span: Span, by: By | None) -> None:
    if by in {By.DAY, By.WEEK, By.MONTH}:
        groups = (span.to_on - span.from_on).days // {By.DAY: 1, By.WEEK: 7, By.MONTH: 28}[By(by)]
        if groups > MOST_GROUPS:
            raise Invalid.at(
                "?by",
                f"About {groups} groups of at most {MOST_GROUPS}: narrow the days.",
                f"约 {groups} 组，最多 {MOST_GROUPS} 组：请缩小日期范围。",
            )
