"""Effects of orders are brought to where the present states of the orders say that they are, whatever told of them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from chalicelib.catalog.service.set_aside import get_skus
from chalicelib.coupons.records import CouponRecord
from chalicelib.db import Transaction, change, fetch_many
from chalicelib.db.records import Record
from chalicelib.insight.effects.model.figures import Figures, Kind, Subject, differences
from chalicelib.insight.effects.model.orders import Means, Seen, effects_of
from chalicelib.insight.effects.records import OrderEffectRecord
from chalicelib.insight.effects.service.counting import Counting, count
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.local_day import local_date
from chalicelib.loyalty.points.model.rules import WHOLE_BPS
from chalicelib.loyalty.tiers.records import TiersRecord
from chalicelib.members.service.members import get_member
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds.model import DELIVERY, Goodwill
from chalicelib.orders.sale.model import Sale
from chalicelib.pricing.model import Step
from chalicelib.promotions.model.promotion import Promotion
from chalicelib.promotions.model.terms import PriceTerms
from chalicelib.promotions.records import PromotionRecord
from chalicelib.rewards.records import OrderRewardRecord
from chalicelib.tenants.records import Tenant

AT_ONCE = 10
"""Orders of one transaction, each with a record of its own and the counters that it adds to."""

MOST_CHANGES = 90
"""Operations of a transaction: orders of many promotions are counted by themselves."""


@dataclass(slots=True)
class _Found:
    """An order, what of it was counted, and what it has earned. ``is_new`` where nothing was counted yet; ``noted``
    where it is noted in any case: of a brand with tiers, since its member may be of another one when it is looked at
    again.
    """

    order: OrderRecord
    counted: OrderEffectRecord
    reward: OrderRewardRecord | None
    is_new: bool
    noted: bool = False


def follow(tenant_id: str, order_ids: Iterable[str]) -> None:
    """Counts what has changed of the effects of orders since they were counted last. Duplicates and disorder of what
    told of them are harmless. Raises NotFound for an unknown order.
    """
    unique = list(dict.fromkeys(order_ids))
    for start in range(0, len(unique), AT_ONCE):
        _follow(tenant_id, unique[start : start + AT_ONCE])


def _follow(tenant_id: str, order_ids: Sequence[str]) -> None:
    def decide(found: list[_Found], tx: Transaction) -> bool:
        counting = Counting()
        changed = [each for each in found if _bring_up_to_date(each, counting)]
        if len(changed) > 1 and len(changed) + 2 * len(counting.figures) > MOST_CHANGES:
            return False
        for each in changed:
            _keep(tx, each)
        count(tx, tenant_id, counting, order_ids[0])
        return True

    if not change(lambda: _read(tenant_id, order_ids), decide):
        for order_id in order_ids:
            _follow(tenant_id, [order_id])


def _read(tenant_id: str, order_ids: Sequence[str]) -> list[_Found]:
    """What was counted of orders is read before how they stand: who counts by an older state than another worker has
    counted meanwhile then finds the note changed, and reads again. One request does not read at one moment.
    """
    addresses: list[tuple[type[Record], str, str]] = [
        (Tenant, *Tenant.address(tenant_id)), (TiersRecord, *TiersRecord.address(tenant_id)),
    ]  # fmt: skip
    addresses += [(OrderEffectRecord, *OrderEffectRecord.address(tenant_id, each)) for each in order_ids]
    tenant, tiers, *notes = fetch_many(addresses, consistent=True)
    states: list[tuple[type[Record], str, str]] = []
    for each in order_ids:
        states.append((OrderRecord, *OrderRecord.address(tenant_id, each)))
        states.append((OrderRewardRecord, *OrderRewardRecord.address(tenant_id, each)))
    read = fetch_many(states, consistent=True)
    has_tiers = tiers is not None and bool(tiers.tiers.tiers)
    found = []
    for order, counted, reward in zip(read[::2], notes, read[1::2], strict=True):
        if order is None:
            raise NotFound("There is no such order.", detail_zh="该订单不存在。")
        begun = counted or _begun(order, tenant, has_tiers=has_tiers)
        found.append(_Found(order, begun, reward, is_new=counted is None, noted=has_tiers and order.origin is None))
    return found


def _begun(order: OrderRecord, tenant: Tenant, *, has_tiers: bool) -> OrderEffectRecord:
    """The note on an order of which nothing was counted: on its day, with the tier that its member has."""
    on = local_date(order.placed_at, zone(tenant.timezone))
    tier = get_member(order.tenant_id, order.member_id).tier if has_tiers else None
    return OrderEffectRecord(*OrderEffectRecord.address(order.tenant_id, order.id), on=on, tier=tier)


def _bring_up_to_date(found: _Found, counting: Counting) -> bool:
    """Adds what has changed to what is to be counted; False where nothing has."""
    known, before, after = found.counted.costs, found.counted.figures, _effects(found)
    if before == after:
        return found.counted.costs != known or (found.is_new and found.noted)
    counting.add(found.counted.on, differences(before, after))
    found.counted.figures = after
    return True


def _keep(tx: Transaction, found: _Found) -> None:
    name = f"order {found.order.id}"
    if found.is_new:
        tx.create(name, found.counted)
    else:
        tx.replace(name, found.counted)


def _effects(found: _Found) -> dict[Subject, Figures]:
    order, counted, reward = found.order, found.counted, found.reward
    seen, has_earned = seen_of(order), reward is not None and reward.earned.given > 0
    if not seen.was_placed or not (seen.discounts or has_earned or counted.tier):
        return {}
    counted.costs = {**_costs_of_new(order, counted.costs), **counted.costs}
    return effects_of(
        seen,
        Means(
            batches=_batches(order, counted),
            tier=counted.tier,
            for_tiers=_for_tiers(order) if counted.tier else frozenset(),
            costs={sku_id: cost for sku_id, cost in counted.costs.items() if cost is not None},
            earned=has_earned,
            points_of_tier=_points_of_tier(reward) if reward else 0,
        ),
    )


def seen_of(order: OrderRecord) -> Seen:
    """An order as its effects follow from it."""
    returned, delivery = order.refunded_lines or {}, int(order.delivery_minor)
    of_delivery = min(int(returned.get(DELIVERY, 0)), delivery)
    without_goods = Counter(Goodwill.from_json(order.goodwill).lines) + Counter(order.disputed_lines or {})
    return Seen(
        status=str(order.status),
        was_paid=bool(order.paid_minor),
        replaces=order.origin is not None,
        sale=_given(order) if order.is_gift else order.sale,
        for_points=bool(order.is_gift),
        lines=order.lines,
        discounts=order.discounts,
        standing=order.standing_discounts,
        returned=returned,
        without_goods=without_goods,
        units_back=order.returned_units or {},
        returned_minor=max(0, int(order.returned_minor or 0) - of_delivery),
        waited_for_payment=order.hold_expires_at is not None,
    )


def _given(order: OrderRecord) -> Sale | None:
    """What of a gift for points stands; None where it came to nothing."""
    stands = order.is_sold or any(order.picked_units.values())
    return Sale(order.quantity, 0) if stands else None


def _costs_of_new(order: OrderRecord, known: Mapping[str, int | None]) -> dict[str, int | None]:
    """What units of SKUs cost now of which that was not asked yet; None where nobody knows."""
    new = {sku_id for line in order.lines for sku_id in line.given} - known.keys()
    skus = get_skus(order.tenant_id, new) if new else {}
    return {sku_id: skus[sku_id].cost if sku_id in skus else None for sku_id in new}


def _batches(order: OrderRecord, counted: OrderEffectRecord) -> dict[str, str]:
    """The batch of the coupon that lowered its price, also after it gave that back."""
    used = next((each.coupon_id for each in order.discounts if each.step is Step.COUPON and each.coupon_id), None)
    if used is None:
        return {}
    if order.coupon is not None and order.coupon.coupon_id == used:
        return {used: order.coupon.batch_id}
    kept = next((each.id for each in counted.figures if each.kind is Kind.COUPON_BATCH), None)
    if kept is not None:
        return {used: kept}
    coupon = CouponRecord.fetch(*CouponRecord.address(order.tenant_id, order.member_id, used))
    return {used: coupon.batch_id} if coupon else {}


def _for_tiers(order: OrderRecord) -> frozenset[str]:
    """Those of its promotions that are for tiers alone."""
    ids = list(dict.fromkeys(each.promotion_id for each in order.discounts if each.promotion_id))
    found = fetch_many([(PromotionRecord, *PromotionRecord.address(order.tenant_id, each)) for each in ids])
    return frozenset(each.id for each in found if each is not None and _is_for_tiers(each.promotion))


def _is_for_tiers(promotion: Promotion) -> bool:
    of_price = isinstance(promotion.terms, PriceTerms) and promotion.terms.tier is not None
    return of_price or bool(promotion.audience.tiers)


def _points_of_tier(reward: OrderRewardRecord) -> int:
    """Those of its points that are left of what the factor of a tier added."""
    factor, points = reward.earned.factor_bps, int(reward.points)
    return points - points * WHOLE_BPS // factor if factor > WHOLE_BPS else 0
