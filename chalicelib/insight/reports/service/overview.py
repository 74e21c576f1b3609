"""What the overview shows of a brand's figures, read once for all of it: the same figures as the reports have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.insight.lifetime.records import LifetimeRecord
from chalicelib.insight.model import summary
from chalicelib.insight.model.classes import crossings
from chalicelib.insight.model.conversion import Conversion
from chalicelib.insight.model.figures import Rollup, Totals
from chalicelib.insight.model.overview import Dormant, Part, Spans, moved_most
from chalicelib.insight.model.slices import Dimension, Slice, of_range
from chalicelib.insight.model.summary import Group, Span
from chalicelib.insight.personas.service.reading import known_members
from chalicelib.insight.reports.service.classes import ClassHistory
from chalicelib.insight.reports.service.conversion import conversion_on
from chalicelib.insight.reports.service.titles import titles
from chalicelib.insight.reports.service.window import History, Horizon, history, horizon
from chalicelib.insight.rollups.service.slices import each_day
from chalicelib.kernel.clock import zone
from chalicelib.kernel.ids import is_id
from chalicelib.members.model.classes import MemberClass, Thresholds
from chalicelib.tenants.service.brand import get_tenant

MOST_DIVIDED = 50_000
"""Orders of both sides together, of more than which it is not said what of them moved most: their report does."""

_DIMENSIONS = (Dimension.CAMPAIGN, Dimension.CHANNEL, Dimension.PICKUP_POINT, Dimension.PRODUCT)


@dataclass(frozen=True, slots=True)
class Moved:
    """A part of the sales that moved, and what it is called."""

    part: Part
    title: str


@dataclass(frozen=True, slots=True)
class Overview:
    """The answer. ``final``: no day up to the last one is to be counted anew. ``comparable``: so it is, and the brand
    had its first order when the days before began. ``fitted``: what members will bring was computed before.
    """

    timezone: str
    currency: str
    horizon: Horizon
    spans: Spans
    final: bool
    comparable: bool
    now: Group
    before: Group
    conversion: Conversion
    conversion_before: Conversion
    dormant: Dormant
    moved: Sequence[Moved]
    divided: bool
    fitted: bool


def overview(tenant_id: str, length: int, now: datetime) -> Overview:
    """The last so many complete days, in the brand's own, beside as many before. What is read does not depend on how
    many members or orders there are, but for what lies on these days.
    """
    tenant = get_tenant(tenant_id)
    tz = zone(tenant.timezone)
    seen = horizon(tenant_id, tz, now, None)
    spans = Spans.ending(seen.window.ends_on, length)
    past = history(tenant_id, spans.now.to_on)
    days = past.days(spans.before.from_on, spans.now.to_on)
    now_, before = (_group(past, span, days) for span in (spans.now, spans.before))
    final = seen.window.completes(spans.now.to_on)
    orders = now_.totals.orders + before.totals.orders
    known = known_members(tenant_id)
    comparable = final and past.had_begun_on(spans.before.from_on)
    return Overview(
        tz.key, tenant.currency, seen, spans, final, comparable, now_, before,
        conversion_on(tenant_id, past, spans.now.to_on, known),
        conversion_on(tenant_id, past, spans.before.to_on, known),
        _dormant(past, Thresholds.from_json(tenant.class_thresholds), spans),
        _moved(tenant_id, spans, days, tenant.currency) if comparable and orders <= MOST_DIVIDED else (),
        divided=orders <= MOST_DIVIDED,
        fitted=LifetimeRecord.latest(tenant_id, spans.now.to_on) is not None,
    )  # fmt: skip


def _group(past: History, span: Span, days: Mapping[date, Rollup]) -> Group:
    inside = {on: each for on, each in days.items() if span.from_on <= on <= span.to_on}
    return summary.whole(inside, span, past.members_before(span.from_on))


def _dormant(past: History, thresholds: Thresholds, spans: Spans) -> Dormant:
    """Who was dormant at the end of the days, and of another class at the end of those before."""
    classes = ClassHistory.of(past, thresholds)
    after, before = classes.on(spans.now.to_on), classes.on(spans.before.to_on)
    became = crossings(before, after)[MemberClass.DORMANT]
    return Dormant(became.bit_count(), after[MemberClass.DORMANT].bit_count())


@dataclass(frozen=True, slots=True)
class _Sold:
    orders: int
    minor: int

    @classmethod
    def of(cls, totals: Totals, currency: str) -> "_Sold":
        return cls(totals.orders, totals.sales.get(currency, (0, 0))[1])


def _moved(tenant_id: str, spans: Spans, days: Mapping[date, Rollup], currency: str) -> list[Moved]:
    """What moved most of each dimension; nothing of what is unknown or is no more."""
    found = []
    for dimension in _DIMENSIONS:
        divided = dict(each_day(tenant_id, dimension, spans.before.from_on, spans.now.to_on))
        now, before = (_sold(divided, span, days, currency) for span in (spans.now, spans.before))
        part = moved_most(dimension, now, before)
        if part is None:
            continue
        title = titles(tenant_id, dimension, [part.value]).get(part.value, "" if is_id(part.value) else part.value)
        if title:
            found.append(Moved(part, title))
    return found


def _sold(
    divided: Mapping[date, Mapping[str, Slice]], span: Span, days: Mapping[date, Rollup], currency: str
) -> dict[str, _Sold]:  # fmt: skip
    inside = {on: each for on, each in days.items() if span.from_on <= on <= span.to_on}
    whole = of_range(((on, dict(each)) for on, each in divided.items() if on in inside), inside)
    return {value: _Sold.of(each.totals, currency) for value, each in whole.items()}
