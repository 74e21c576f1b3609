"""The summary report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from chalicelib.insight.model import summary
from chalicelib.insight.model.comparison import Basis, Compare, Unfair, basis
from chalicelib.insight.model.figures import Rollup
from chalicelib.insight.model.periods import MONDAY
from chalicelib.insight.model.quality import Rule
from chalicelib.insight.model.sliced_summary import Row, rows
from chalicelib.insight.model.slices import Dimension, of_range
from chalicelib.insight.model.summary import By, Group, Span
from chalicelib.insight.reports.service.excluding import Excluded, without
from chalicelib.insight.reports.service.titles import titles
from chalicelib.insight.reports.service.window import (
    History,
    Horizon,
    check_range,
    history,
    horizon,
    week_begins,
)
from chalicelib.insight.rollups.service.slices import each_day
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import Invalid
from chalicelib.tenants.service.brand import get_tenant

MOST_GROUPS = 1500


@dataclass(frozen=True, slots=True)
class Comparison:
    """Days beside days before. ``unfair`` says why a percentage would mean nothing, and is None where it does."""

    compare: Compare
    basis: Basis
    unfair: Unfair | None
    now: Group
    before: Group
    groups: Sequence[Group]

    @property
    def fair(self) -> bool:
        """Whether both sides are complete, alike in length, and days that the brand had."""
        return self.unfair is None


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
    excluded: Sequence[Excluded] = ()
    comparison: Comparison | None = None

    @property
    def dated(self) -> list[Group]:
        """The groups that have an end, both sides of a comparison among them."""
        beside = self.comparison
        found = [self.total, *self.groups, *([beside.now, beside.before, *beside.groups] if beside else [])]
        return [each for each in found if each.span]


def summarise(
    tenant_id: str,
    from_on: date | None,
    to_on: date | None,
    by: By | Dimension | None,
    now: datetime,
    exclude: Sequence[Rule] = (),
    compare: Compare | None = None,
) -> Summary:
    """Figures of a range of local days, by default of all complete days, without what these rules find where any are
    given, and beside the days before where that is asked for.

    Raises Invalid for a range that runs backwards or would give too many groups, and for rules together with a
    dimension, or with more orders than are read one by one.
    """
    tenant = get_tenant(tenant_id)
    tz = zone(tenant.timezone)
    seen = horizon(tenant_id, tz, now, to_on)
    past = history(tenant_id, seen.window.ends_on)
    span = Span(from_on or past.begins_on, max(from_on or past.begins_on, seen.window.ends_on))
    check_range(from_on, to_on)
    _check_size(span, by)
    if compare is not None:
        _check_comparable(by, exclude)
    past, excluded = _without(past, span, by, exclude) if exclude else (past, [])
    begins = week_begins(tenant_id) if by is By.WEEK or compare else MONDAY
    days = past.days(span.from_on, span.to_on)
    total, groups = _counted(past, days, span, by, begins)
    found = Summary(tz.key, tenant.currency, by, span, seen, past.revision, total, groups, excluded=excluded)
    if isinstance(by, Dimension):
        rows = _sliced(tenant_id, by, days, tenant.currency, total.new or 0)
        named = titles(tenant_id, by, [each.value for each in rows if each.is_value])
        return replace(found, slices=rows, titles=named)
    if compare is None:
        return found
    asked = Span(span.from_on, max(span.to_on, to_on or span.to_on))
    return replace(found, comparison=_compared(past, seen, asked, by, compare, begins))


def _check_comparable(by: By | Dimension | None, exclude: Sequence[Rule]) -> None:
    """Raises Invalid where the days before would not be counted alike."""
    if isinstance(by, Dimension):
        raise Invalid.at(
            "?compare",
            f"Nothing is compared by {by}; leave out compare or by, or take by=day, week, month, weekday or hour.",
            f"按 {by} 分组时不能对比，请去掉 compare 或 by，或改用 by=day、week、month、weekday、hour。",
        )
    if exclude:
        raise Invalid.at(
            "?compare",
            "Days from which something was excluded are not compared; leave out compare or exclude.",
            "剔除部分订单后不能对比，请去掉 compare 或 exclude。",
        )


def _compared(past: History, seen: Horizon, asked: Span, by: By | None, compare: Compare, begins: int) -> Comparison:
    """The complete days of a range beside those before; beside so many, all that have begun where none is complete."""
    final_on = min(seen.window.complete_on, seen.window.ends_on, asked.to_on)
    elapsed = Span(asked.from_on, final_on if final_on >= asked.from_on else max(asked.from_on, seen.window.ends_on))
    found = basis(asked, elapsed, compare, begins)
    now, _ = _counted(past, past.days(found.now.from_on, found.now.to_on), found.now)
    days = past.days(found.before.from_on, found.before.to_on)
    before, groups = _counted(past, days, found.before, by, begins)
    return Comparison(compare, found, _unfair(past, seen, found), now, before, groups)


def _unfair(past: History, seen: Horizon, found: Basis) -> Unfair | None:
    if not past.had_begun_on(found.before.from_on):
        return Unfair.NOT_BEGUN
    if not seen.window.completes(found.now.to_on):
        return Unfair.INCOMPLETE
    return None if found.fair else Unfair.UNLIKE


def _counted(
    past: History, days: Mapping[date, Rollup], span: Span, by: By | Dimension | None = None, begins: int = MONDAY
) -> tuple[Group, Sequence[Group]]:
    """A range as a whole, and by group where it is divided by time."""
    earlier = past.members_before(span.from_on)
    groups = summary.grouped(days, by, span, earlier, begins) if isinstance(by, By) else []
    return summary.whole(days, span, earlier), groups


def _without(
    past: History, span: Span, by: By | Dimension | None, exclude: Sequence[Rule]
) -> tuple[History, Sequence[Excluded]]:
    if isinstance(by, Dimension):
        raise Invalid.at(
            "?exclude",
            f"Nothing can be excluded by {by}; leave out exclude or by, or take by=day, week, month, weekday or hour.",
            f"按 {by} 分组时不能剔除，请去掉 exclude 或 by，或改用 by=day、week、month、weekday、hour。",
        )
    found = without(past, span.from_on, span.to_on, exclude)
    return found.past, found.told


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
