"""A promotion, or a batch of coupons, is tried on the orders of a month. Nothing is written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.catalog.records import SkuRecord
from chalicelib.catalog.service.set_aside import get_skus
from chalicelib.coupons.model.batches import Wanted, check
from chalicelib.coupons.model.choosing import basket_of
from chalicelib.coupons.model.rules import refusal_of, rule_of
from chalicelib.coupons.model.states import State
from chalicelib.coupons.model.terms import Terms
from chalicelib.insight.previews.model.baskets import (
    Limits,
    Margin,
    NewRule,
    Outcome,
    Past,
    Tried,
    examples,
    margin_of,
    tried,
)
from chalicelib.insight.previews.service.months import Month, baskets, offered_in, read_month
from chalicelib.insight.reports.service.classes import ClassHistory
from chalicelib.insight.reports.service.window import history
from chalicelib.members.model.classes import MemberClass, Thresholds
from chalicelib.members.records import MemberRecord
from chalicelib.pricing.model import Item, Quote, Rule
from chalicelib.promotions.model.promotion import Buyer
from chalicelib.promotions.model.terms import GiftTerms
from chalicelib.promotions.records import PromotionRecord
from chalicelib.promotions.service.reading import get_promotion
from chalicelib.tenants.service.brand import get_tenant

EXAMPLES = 5
"""Baskets that a preview tells of."""

_NEW = "01000000000000000000000000"
"""Stands for the coupon that nobody has yet."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What would have come of it; ``titles`` are what SKUs, and bundles by their offers, are called."""

    title: str
    month: Month
    outcome: Outcome
    margin_without: Margin
    margin_with: Margin
    examples: Sequence[Tried]
    titles: Mapping[str, str]

    def for_month(self, number: int) -> int:
        """A number or an amount of the sample, for the whole month."""
        looked = len(self.month.sample.ids)
        return number * self.month.sample.total // looked if looked else 0


def preview_promotion(tenant_id: str, promotion_id: str, month: str | None, now: datetime) -> Preview:
    """What a promotion in any state would have done. It is taken to hold all month and in all group buys. Raises
    NotFound, Invalid.
    """
    tenant, record = get_tenant(tenant_id), get_promotion(tenant_id, promotion_id)
    found, promotion = read_month(tenant, month, now), record.promotion
    gift = _gift(record)
    class_of = _classes_then(found) if promotion.audience.classes else _of_no_class

    def new(past: Past, without: Quote) -> Rule | None:
        member = found.members.get(past.member_id)
        segments = frozenset((member.segment_ids if member else None) or ())
        buyer = Buyer(member.tier, segments, class_of(member, past.on)) if member else Buyer()
        if not promotion.is_for(buyer):
            return None
        in_campaign = offered_in(found.campaigns[past.campaign_id])
        return promotion.as_rule(record.currency, lambda sku_id: in_campaign(sku_id) or gift)

    limits = Limits(_whole(record.budget_minor), _whole(record.total), _whole(record.per_member))
    return _preview(record.title, found, baskets(found, promotion_id), new, limits)


def _of_no_class(member: MemberRecord, on: date) -> MemberClass | None:
    return None


def _classes_then(found: Month) -> Callable[[MemberRecord, date], MemberClass | None]:
    """Of which class members were as a day began, from the days that are rolled up: each is worked out once."""
    past, thresholds = history(found.tenant.id, found.to_on), Thresholds.from_json(found.tenant.class_thresholds)
    classes = ClassHistory.of(past, thresholds)
    by_day: dict[date, Mapping[MemberClass, int]] = {}

    def class_of(member: MemberRecord, on: date) -> MemberClass | None:
        if on not in by_day:
            by_day[on] = classes.as_began(on)
        bit = 1 << int(member.ordinal)
        return next((each for each, members in by_day[on].items() if members & bit), None)

    return class_of


def preview_batch(tenant_id: str, wanted: Wanted, month: str | None, now: datetime) -> Preview:
    """What coupons of a batch would have done that is not made yet: each member had theirs, and used them as soon as
    they could. Raises what making the batch does for its terms, and Invalid.
    """
    tenant = get_tenant(tenant_id)
    terms = wanted.terms(tenant.currency)
    check(wanted, now)
    found = read_month(tenant, month, now)
    coupon = _Coupon(wanted.title, terms)

    def new(past: Past, without: Quote) -> Rule | None:
        if past.has_coupon or (wanted.purpose == "new_member" and not _is_new(found, past)):
            return None
        against = basket_of(without, past.campaign_id, past.delivery_minor, has_ordered=False)
        refusal = refusal_of(coupon, against, now)
        return None if refusal else rule_of(coupon, past.campaign_id)

    total = wanted.total if wanted.count is None else (wanted.total or wanted.count)
    limits = Limits(wanted.budget.amount_minor if wanted.budget else None, total, wanted.per_member)
    return _preview(wanted.title, found, baskets(found), new, limits)


@dataclass(frozen=True, slots=True)
class _Coupon:
    """A coupon of the batch, good at any time and in any group buy."""

    title: str
    terms: Terms
    id: str = _NEW
    state: str = State.GRANTED.value
    order_id: str | None = None
    from_at: datetime | None = None
    until_at: datetime | None = None
    first_order_only: bool = False


def _preview(title: str, found: Month, past: Sequence[Past], new: NewRule, limits: Limits) -> Preview:
    looked = len(found.sample.ids)
    outcome = tried(past, found.tenant.currency, new, limits, times=found.sample.total or 1, of=looked or 1)
    skus = _skus(found.tenant.id, outcome.touched)
    costs = {sku_id: sku.cost for sku_id, sku in skus.items() if sku.cost is not None}
    return Preview(
        title,
        found,
        outcome,
        margin_of((each.without for each in outcome.touched), costs),
        margin_of((each.having for each in outcome.touched), costs),
        examples(outcome.touched, EXAMPLES),
        {sku_id: sku.full_title for sku_id, sku in skus.items()} | _bundles(found),
    )


def _skus(tenant_id: str, touched: Sequence[Tried]) -> dict[str, SkuRecord]:
    items = [item for each in touched for item in each.having.items]
    return get_skus(tenant_id, {each.sku_id for item in items for each in item.parts or (item,)})


def _bundles(found: Month) -> dict[str, str]:
    """What bundles are called, by the ids of their offers."""
    return {offer.offer_id: offer.title for each in found.campaigns.values() for offer in each.offers if offer.parts}


def _gift(record: PromotionRecord) -> Item | None:
    """A unit of what it gives, where the group buys of the month did not offer that: at its list price."""
    if not isinstance(record.terms, GiftTerms):
        return None
    terms = record.terms
    return Item(f"gift:{terms.sku_id}", terms.sku_id, 1, terms.worth_minor // terms.quantity)


def _is_new(found: Month, past: Past) -> bool:
    """Whether a member joined in the month: coupons for a first order are theirs."""
    member = found.members.get(past.member_id)
    return member is not None and found.from_on <= member.joined_on <= found.to_on


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)
