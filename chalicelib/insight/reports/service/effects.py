"""The reports on effects: of one promotion or batch of coupons, of points, of tiers, and all of them side by side."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib.coupons.records import BatchRecord
from chalicelib.coupons.service.batches import Effect as UsedOfBatch
from chalicelib.coupons.service.batches import get_batch, list_batches
from chalicelib.db import Page, fetch_many
from chalicelib.insight.effects.model.figures import (
    AWARDED,
    BY_HAND,
    EXPIRED,
    GIFTS,
    JOURNEYS,
    SPENDING,
    Figures,
    Kind,
    Subject,
    summed,
)
from chalicelib.insight.effects.model.points import DEBT, NEVER
from chalicelib.insight.effects.service.reading import Counted, by_day, of_all_time, outstanding_by_month
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.local_day import local_date
from chalicelib.loyalty.points.model.rules import OFFERED, SpendRule
from chalicelib.loyalty.points.service.setting import get_rules
from chalicelib.loyalty.tiers.model.tiers import Tier
from chalicelib.loyalty.tiers.service.setting import get_tiers
from chalicelib.promotions.records import PromotionRecord
from chalicelib.promotions.service.left import left_of
from chalicelib.promotions.service.reading import get_promotion, list_promotions
from chalicelib.tenants.records import Tenant
from chalicelib.tenants.service.brand import get_tenant

MOST_DAYS = 366
"""Days of one report."""

MOST_LISTED = 50
"""Promotions, and batches of coupons, that stand side by side: the newest of each."""

LASTS = timedelta(days=30)
"""So long after its end a promotion stands among them."""


@dataclass(frozen=True, slots=True)
class Range:
    """What a report is about: local days, both included, of which the last may be running."""

    timezone: str
    currency: str
    from_on: date
    to_on: date
    today: date


@dataclass(frozen=True, slots=True)
class Limits:
    """What something may cost, and what is left of that: minor units, and uses. None where it is not limited."""

    budget_minor: int | None = None
    left_minor: int | None = None
    total: int | None = None
    uses_left: int | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """What a subject comes to in a range of days, day by day, and ever."""

    range: Range
    title: str
    status: str
    limits: Limits
    ever: Counted
    days: Mapping[date, Figures]

    @property
    def total(self) -> Figures:
        return summed(self.days.values())


@dataclass(frozen=True, slots=True)
class Points:
    """What points are given and taken for in a range of days, and what of them is outstanding now."""

    range: Range
    spend: SpendRule | None
    rows: Mapping[str, Figures]
    outstanding: Mapping[str, int]
    revision: int

    @property
    def usable(self) -> int:
        """The points that members can use."""
        return sum(points for month, points in self.outstanding.items() if month != DEBT)

    @property
    def owed(self) -> int:
        """The points of which members have less than none."""
        return self.outstanding.get(DEBT, 0)

    @property
    def expiring(self) -> Mapping[str, int]:
        """The points that have an end, by its month."""
        return {month: points for month, points in self.outstanding.items() if month not in (DEBT, NEVER)}


@dataclass(frozen=True, slots=True)
class OfTiers:
    """What each tier comes to in a range of days."""

    range: Range
    spend: SpendRule | None
    tiers: Sequence[Tier]
    rows: Mapping[str, Figures]
    revision: int


@dataclass(frozen=True, slots=True)
class Running:
    """Something that lowers prices, with what it came to ever."""

    subject: Subject
    title: str
    status: str
    limits: Limits
    counted: Counted


@dataclass(frozen=True, slots=True)
class Growth:
    """Everything that lowers prices, side by side."""

    range: Range
    spend: SpendRule | None
    rows: Sequence[Running]


def of_promotion(tenant_id: str, promotion_id: str, from_on: date | None, to_on: date | None, now: datetime) -> Effect:
    """What a promotion comes to. Raises NotFound, Invalid."""
    tenant, promotion = get_tenant(tenant_id), get_promotion(tenant_id, promotion_id)
    begun = promotion.published_at or promotion.created_at
    span = _range(tenant, from_on, to_on, begun, now)
    subject = Subject(Kind.PROMOTION, promotion_id)
    return _effect(tenant_id, subject, span, promotion.title, promotion.shown_status(now), _of_promotion(promotion))


def of_batch(tenant_id: str, batch_id: str, from_on: date | None, to_on: date | None, now: datetime) -> Effect:
    """What a batch of coupons comes to. Raises NotFound, Invalid."""
    tenant, batch = get_tenant(tenant_id), get_batch(tenant_id, batch_id)
    span = _range(tenant, from_on, to_on, batch.created_at, now)
    status = "paused" if batch.paused else "active"
    return _effect(tenant_id, Subject(Kind.COUPON_BATCH, batch_id), span, batch.title, status, _of_batches([batch])[0])


def of_points(tenant_id: str, from_on: date | None, to_on: date | None, now: datetime) -> Points:
    """What points come to: by what they are given or taken for. Raises Invalid."""
    tenant, (rules, _) = get_tenant(tenant_id), get_rules(tenant_id)
    span = _range(tenant, from_on, to_on, None, now)
    names = [*sorted(each.value for each in OFFERED), BY_HAND, AWARDED, JOURNEYS, SPENDING, GIFTS, EXPIRED]
    rows = {name: _in_range(tenant_id, Subject(Kind.POINTS, name), span) for name in names}
    ever = of_all_time(tenant_id, [Subject(Kind.POINTS, name) for name in names])
    revision = sum(each.changes for each in ever.values())
    return Points(span, rules.spend, rows, outstanding_by_month(tenant_id), revision)


def of_tiers(tenant_id: str, from_on: date | None, to_on: date | None, now: datetime) -> OfTiers:
    """What tiers come to. Raises Invalid."""
    tenant, (rules, _), (tiers, _) = get_tenant(tenant_id), get_rules(tenant_id), get_tiers(tenant_id)
    span = _range(tenant, from_on, to_on, None, now)
    rows = {each.code: _in_range(tenant_id, Subject(Kind.TIER, each.code), span) for each in tiers.tiers}
    ever = of_all_time(tenant_id, [Subject(Kind.TIER, each.code) for each in tiers.tiers])
    return OfTiers(span, rules.spend, tiers.tiers, rows, sum(each.changes for each in ever.values()))


def growth(tenant_id: str, now: datetime) -> Growth:
    """What lowers prices, or did in the last month: what each costs and what is left of its budget."""
    tenant, (rules, _), (tiers, _) = get_tenant(tenant_id), get_rules(tenant_id), get_tiers(tenant_id)
    promotions = [each for each in list_promotions(tenant_id, None, now, limit=MOST_LISTED).items if _counts(each, now)]
    batches: Page[BatchRecord] = list_batches(tenant_id, MOST_LISTED, None)
    left = _left(tenant_id, promotions)
    listed: list[tuple[Subject, str, str, Limits]] = [
        (Subject(Kind.PROMOTION, each.id), each.title, each.shown_status(now), left(each)) for each in promotions
    ]
    for batch, limits in zip(batches.items, _of_batches(batches.items), strict=True):
        status = "paused" if batch.paused else "active"
        listed.append((Subject(Kind.COUPON_BATCH, batch.id), batch.title, status, limits))
    listed += [(Subject(Kind.TIER, each.code), each.title, "active", Limits()) for each in tiers.tiers]
    if rules.spend is not None:
        listed.append((Subject(Kind.POINTS, SPENDING), "", "active", Limits()))
    ever = of_all_time(tenant_id, [subject for subject, *_ in listed])
    rows = [Running(subject, title, status, limits, ever[subject]) for subject, title, status, limits in listed]
    return Growth(_range(tenant, None, None, None, now), rules.spend, rows)


def _range(tenant: Tenant, from_on: date | None, to_on: date | None, begun: datetime | None, now: datetime) -> Range:
    """The days asked for: by default from the beginning, or that of the month where none is known, to today.

    Raises Invalid for a range that runs backwards, or is too long.
    """
    tz = zone(tenant.timezone)
    today = local_date(now, tz)
    last = to_on or today
    earliest = last - timedelta(days=MOST_DAYS - 1)
    first = from_on or max(earliest, min(last, local_date(begun, tz) if begun else last.replace(day=1)))
    if last < first:
        raise Invalid.at(
            "?to_on", f"The last day, {last}, is before the first, {first}.", f"结束日期 {last} 早于开始日期 {first}。"
        )
    if first < earliest:
        raise Invalid.at(
            "?from_on",
            f"A report on effects has at most {MOST_DAYS} days; begin on {earliest} or later.",
            f"效果报表最多 {MOST_DAYS} 天，请从 {earliest} 或之后开始。",
        )
    return Range(tz.key, tenant.currency, first, last, today)


def _effect(tenant_id: str, subject: Subject, span: Range, title: str, status: str, limits: Limits) -> Effect:
    ever = of_all_time(tenant_id, [subject])[subject]
    return Effect(span, title, status, limits, ever, by_day(tenant_id, subject, span.from_on, span.to_on))


def _in_range(tenant_id: str, subject: Subject, span: Range) -> Figures:
    return summed(by_day(tenant_id, subject, span.from_on, span.to_on).values())


def _counts(promotion: PromotionRecord, now: datetime) -> bool:
    """Whether it was published, and did not end long ago."""
    ended = min(promotion.ended_at or promotion.ends_at, promotion.ends_at)
    return promotion.published_at is not None and ended > now - LASTS


def _of_promotion(promotion: PromotionRecord) -> Limits:
    return _left(promotion.tenant_id, [promotion])(promotion)


def _left(tenant_id: str, promotions: Sequence[PromotionRecord]) -> Callable[[PromotionRecord], Limits]:
    """The limits of each of several promotions, read together."""
    found = left_of(tenant_id, promotions)

    def limits(promotion: PromotionRecord) -> Limits:
        left = found[promotion.id]
        return Limits(_whole(promotion.budget_minor), left.minor, _whole(promotion.total), left.uses)

    return limits


def _of_batches(batches: Sequence[BatchRecord]) -> list[Limits]:
    """The limits of each of several batches, whose parts are read together."""
    found = iter(fetch_many([address for batch in batches for address in batch.part_addresses], consistent=True))
    limits = []
    for batch in batches:
        used = UsedOfBatch.of([next(found) for _ in batch.part_addresses])
        budget, total = _whole(batch.budget_minor), _whole(batch.total)
        left_minor = None if budget is None else budget - used.spent_minor
        limits.append(Limits(budget, left_minor, total, None if total is None else total - used.used))
    return limits


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)
