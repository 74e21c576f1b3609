"""The orders of a month, as they were placed and with the discounts that they had, ready to be priced again."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.coupons.model.rules import rule_of
from chalicelib.coupons.records import CouponRecord
from chalicelib.db import fetch_many
from chalicelib.db.records import Record
from chalicelib.insight.model.periods import Unit, first_day, last_day, number
from chalicelib.insight.previews.model.baskets import Past
from chalicelib.insight.previews.model.samples import Listed, Sample, sampled
from chalicelib.insight.records import ActivityRecord
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.local_day import local_date
from chalicelib.loyalty.points.model.rules import SpendRule
from chalicelib.loyalty.points.model.spending import lower_by
from chalicelib.members.records import MemberRecord
from chalicelib.orders.basket.service.pricing import item_of
from chalicelib.orders.bundles.model import as_sold
from chalicelib.orders.discounts.model import Applied, given
from chalicelib.orders.records import OrderRecord
from chalicelib.pricing.model import Item, Rule, Step, nothing
from chalicelib.promotions.records import PromotionRecord
from chalicelib.tenants.records import Tenant

R = TypeVar("R", bound=Record)

MOST_ORDERS = 500
"""Orders that one preview looks at: of a month with more, so many that were drawn evenly."""


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the brand's calendar, the running one up to today; with the orders that are looked at, of how many."""

    tenant: Tenant
    from_on: date
    to_on: date
    complete: bool
    sample: Sample
    orders: Sequence[OrderRecord]
    campaigns: Mapping[str, CampaignRecord]
    members: Mapping[str, MemberRecord]


def read_month(tenant: Tenant, month: str | None, now: datetime) -> Month:
    """The orders of a month, such as ``2026-10``; where none is named of the last one or, if that had none, of the
    running one. Raises Invalid for one to come.

    It reads at most so many ids of each day, and so many orders, with their campaigns and members.
    """
    today = local_date(now, zone(tenant.timezone))
    from_on, to_on = _days(month, today)
    sample = _sample(tenant.id, from_on, min(to_on, today))
    if month is None and not sample.ids:
        from_on, to_on = _days(f"{today:%Y-%m}", today)
        sample = _sample(tenant.id, from_on, today)
    orders = [each for each in _orders(tenant.id, sample.ids) if each.sale is not None and each.origin is None]
    campaigns = _each(CampaignRecord, tenant.id, (each.campaign_id for each in orders))
    members = _each(MemberRecord, tenant.id, (each.member_id for each in orders))
    return Month(tenant, from_on, to_on, to_on < today, sample, orders, campaigns, members)


def baskets(month: Month, without: str | None = None) -> list[Past]:
    """The baskets of its orders, with the discounts that they had, but for those of the promotion that is tried."""
    promotions = _each(PromotionRecord, month.tenant.id, (
        each.promotion_id for order in month.orders for each in order.discounts
        if each.promotion_id and each.promotion_id != without
    ))  # fmt: skip
    coupons = _coupons(month.orders)
    tz = zone(month.tenant.timezone)
    found = []
    for order in month.orders:
        items = _items(order, month.campaigns[order.campaign_id])
        rules = [
            rule for each in order.discounts if (rule := _rule(each, order, month, promotions, coupons)) is not None
        ]
        saved = sum(each.delivery_minor for each in order.discounts)
        found.append(
            Past(
                order_id=order.id,
                member_id=order.member_id,
                campaign_id=order.campaign_id,
                on=local_date(order.placed_at, tz),
                placed_at=order.placed_at,
                items=tuple(items),
                rules=tuple(rules),
                delivery_minor=int(order.delivery_minor) + saved,
                has_coupon=any(each.step is Step.COUPON for each in order.discounts),
            )
        )
    return [past for past in found if past.items]


def offered_in(campaign: CampaignRecord) -> Callable[[str], Item | None]:
    """The goods that a campaign offers, one unit of each, by SKU."""
    return {offer.sku_id: item_of(offer, 1) for offer in campaign.offers if not offer.parts}.get


def _days(month: str | None, today: date) -> tuple[date, date]:
    running = number(today, Unit.MONTH)
    wanted = running - 1 if month is None else int(month[:4]) * 12 + int(month[5:]) - 1
    if wanted > running:
        raise Invalid.at(
            "/month",
            f"{month} has not begun; choose this month or an earlier one.",
            f"{month} 尚未开始，请选择本月或更早的月份。",
        )
    return first_day(wanted, Unit.MONTH), last_day(wanted, Unit.MONTH)


def _sample(tenant_id: str, from_on: date, to_on: date) -> Sample:
    days = {}
    for n in range((to_on - from_on).days + 1):
        on = from_on + timedelta(days=n)
        partition = ActivityRecord.partition(tenant_id, on)
        page = ActivityRecord.page(partition, begins_with="order#", limit=MOST_ORDERS)
        ids = [str(each.sk).partition("#")[2] for each in page.items]
        sales = [order_id for order_id, each in zip(ids, page.items, strict=True) if not each.voided]
        days[on] = Listed(sales, ids[-1] if page.last_key is not None else None)
    return sampled(days, MOST_ORDERS)


def _orders(tenant_id: str, ids: Sequence[str]) -> list[OrderRecord]:
    found = fetch_many([(OrderRecord, *OrderRecord.address(tenant_id, each)) for each in ids])
    return [each for each in found if each is not None]


def _each(record: type[R], tenant_id: str, ids: Iterable[str | None]) -> dict[str, R]:
    """Records by id, each read once."""
    wanted = sorted({each for each in ids if each})
    addressed: Any = record
    found = fetch_many([(record, *addressed.address(tenant_id, each)) for each in wanted])
    return {each: one for each, one in zip(wanted, found, strict=True) if one is not None}


def _coupons(orders: Sequence[OrderRecord]) -> dict[str, CouponRecord]:
    addresses = [
        (CouponRecord, *CouponRecord.address(order.tenant_id, order.member_id, each.coupon_id))
        for order in orders for each in order.discounts if each.coupon_id
    ]  # fmt: skip
    return {each.id: each for each in fetch_many(addresses) if each is not None}


def _items(order: OrderRecord, campaign: CampaignRecord) -> list[Item]:
    """What was bought, at the prices of then; gifts come with what earns them."""
    offers, gifts = {each.offer_id: each for each in campaign.offers}, given(order.discounts)
    items = []
    for line in as_sold(order.lines):
        units = line.quantity - gifts.get(line.offer_id, 0)
        if units > 0 and line.offer_id in offers:
            item = item_of(offers[line.offer_id], units)
            items.append(replace(item, sku_id=line.sku_id or "", unit_price_minor=line.unit_price_minor))
    return items


def _rule(
    applied: Applied,
    order: OrderRecord,
    month: Month,
    promotions: Mapping[str, PromotionRecord],
    coupons: Mapping[str, CouponRecord],
) -> Rule | None:
    """A discount that an order had, as the rule that gave it."""
    if applied.promotion_id is not None:
        found = promotions.get(applied.promotion_id)
        offered = offered_in(month.campaigns[order.campaign_id])
        return found.promotion.as_rule(order.currency, offered) if found else None
    if applied.coupon_id is not None:
        coupon = coupons.get(applied.coupon_id)
        return rule_of(coupon, order.campaign_id) if coupon else None
    if applied.step is Step.POINTS and order.points is not None and order.points.amount_minor:
        rate = SpendRule(order.points.points, order.points.amount_minor)
        return Rule(Step.POINTS, applied.reason, lower_by(order.points.points, rate))
    if applied.delivery_minor:
        return Rule(applied.step, applied.reason, nothing, lower_delivery=lambda fee: fee)
    return None
