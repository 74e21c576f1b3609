"""I9 for effects: what is counted of promotions, coupons, points and tiers equals a recount of orders and ledgers.

What cannot be recounted, since it may have changed since, is taken as it was noted: an order's tier and unit costs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Protocol

from chalicelib.coupons.records import CouponRecord
from chalicelib.insight.effects.model.figures import NONE, Figures, Subject, summed
from chalicelib.insight.effects.model.orders import Means, effects_of
from chalicelib.insight.effects.model.points import flow_of, outstanding
from chalicelib.insight.effects.records import TOTAL, EffectCounter, OrderEffectRecord, OutstandingCounter
from chalicelib.insight.effects.service.orders import seen_of
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.loyalty.points.records import PointsEntryRecord, PointsRecord
from chalicelib.orders.records import OrderRecord
from chalicelib.promotions.records import PromotionRecord
from chalicelib.rewards.records import OrderRewardRecord
from chalicelib.tenants.records import Tenant


class Stored(Protocol):
    """What is stored: a snapshot, or the tables themselves."""

    def fetch(self, record: Any, pk: str, sk: str) -> Any:
        """The record under a key, or None."""

    def every(self, record: Any, pk: str, begins_with: str = "") -> list[Any]:
        """The records of a partition."""


class Live:
    """The tables as they stand."""

    def fetch(self, record: Any, pk: str, sk: str) -> Any:
        return record.fetch(pk, sk, consistent=True)

    def every(self, record: Any, pk: str, begins_with: str = "") -> list[Any]:
        return list(record.every(pk, begins_with=begins_with or None, consistent=True))


def check_effects(
    stored: Stored, tenant_id: str, member_ids: Iterable[str], orders: Iterable[OrderRecord]
) -> Mapping[Subject, Figures]:
    """For all members and all orders of a brand; answers what each subject comes to."""
    tz = zone(stored.fetch(Tenant, *Tenant.address(tenant_id)).timezone)
    days: defaultdict[Subject, Counter[date]] = defaultdict(Counter)
    right: defaultdict[tuple[Subject, date], Figures] = defaultdict(lambda: NONE)
    for order in orders:
        for subject, figures in _of_order(stored, order).items():
            right[subject, local_date(order.placed_at, tz)] += figures
    held: Counter[str] = Counter()
    for member_id in member_ids:
        address = PointsRecord.address(tenant_id, member_id)
        for entry in stored.every(PointsEntryRecord, address[0], "points#"):
            flow = flow_of(entry.cause.type, int(entry.delta))
            if flow is not None:
                right[flow[0], local_date(entry.at, tz)] += flow[1]
        head = stored.fetch(PointsRecord, *address)
        held.update(outstanding(head.holding) if head else {})
    for subject, on in right:
        days[subject][on] += 1
    for subject in days:
        _check_subject(stored, tenant_id, subject, {on: right[subject, on] for on in days[subject]})
    found: Counter[str] = Counter()
    for each in stored.every(OutstandingCounter, OutstandingCounter.partition(tenant_id)):
        found[each.month] += int(each.points)
    assert +found == +held, f"{dict(found)} points are counted as outstanding, and {dict(held)} are"
    return {subject: summed(right[subject, on] for on in days[subject]) for subject in days}


def _check_subject(stored: Stored, tenant_id: str, subject: Subject, right: Mapping[date, Figures]) -> None:
    counted: defaultdict[str, Figures] = defaultdict(lambda: NONE)
    for each in stored.every(EffectCounter, EffectCounter.partition(tenant_id, subject)):
        counted[str(each.sk).partition("#")[0]] += each.figures
    total = counted.pop(TOTAL, NONE)
    by_day = {on: figures for on, figures in counted.items() if figures}
    assert by_day == {on.isoformat(): figures for on, figures in right.items() if figures}, subject
    assert total == summed(right.values()), subject


def _of_order(stored: Stored, order: OrderRecord) -> dict[Subject, Figures]:
    """What an order adds: with the batch of its coupon from the coupon itself."""
    tenant_id = order.tenant_id
    noted = stored.fetch(OrderEffectRecord, *OrderEffectRecord.address(tenant_id, order.id))
    reward = stored.fetch(OrderRewardRecord, *OrderRewardRecord.address(tenant_id, order.id))
    batches, for_tiers = {}, set()
    for each in order.discounts:
        if each.coupon_id:
            coupon = stored.fetch(CouponRecord, *CouponRecord.address(tenant_id, order.member_id, each.coupon_id))
            batches[each.coupon_id] = coupon.batch_id
        elif each.promotion_id:
            found = stored.fetch(PromotionRecord, *PromotionRecord.address(tenant_id, each.promotion_id))
            if found.audience.tiers or getattr(found.terms, "tier", None):
                for_tiers.add(found.id)
    return effects_of(
        seen_of(order),
        Means(
            batches,
            noted.tier if noted else None,
            frozenset(for_tiers),
            {sku_id: cost for sku_id, cost in (noted.costs if noted else {}).items() if cost is not None},
            earned=bool(reward and reward.earned.given),
            points_of_tier=_of_tier(reward),
        ),
    )


def _of_tier(reward: OrderRewardRecord | None) -> int:
    """Of points that are left at a factor of 1.5, a third is the tier's."""
    if reward is None or reward.earned.factor_bps <= 10_000:
        return 0
    points = int(reward.points)
    return points - points * 10_000 // reward.earned.factor_bps
