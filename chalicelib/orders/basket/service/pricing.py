"""What a member wants, against what the campaign offers: checked and priced, without touching stock."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from chalicelib.campaigns.model.bundles import worth_of
from chalicelib.campaigns.model.campaign import ACCEPTING, Status
from chalicelib.campaigns.model.offers import Offer
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.legal_texts.model import InForce
from chalicelib.loyalty.points.model.spending import NO_POINTS, PaidByPoints
from chalicelib.members.records import MemberRecord
from chalicelib.orders.audience.service import check_audience
from chalicelib.orders.basket.service.checks import check_payment, check_point, check_price, closed, not_open, offers_of
from chalicelib.orders.basket.service.reading import Read, Wish, read
from chalicelib.orders.budgets.service import wanted
from chalicelib.orders.discounts.model import Applied, applied, by_promotion, by_step, off_lines
from chalicelib.orders.errors import DeliveryUnavailable
from chalicelib.orders.refunds.model import DELIVERY
from chalicelib.orders.tax.model import Taxable
from chalicelib.orders.teams.service.joining import Entry, entry
from chalicelib.pricing.model import Item, Quote, Rule, Step, Words, nothing, quote
from chalicelib.pricing.model.tax import one_rate
from chalicelib.promotions.model.holding import Wanted
from chalicelib.promotions.model.promotion import Buyer, Promotion
from chalicelib.promotions.model.reaching import NextStep, next_steps
from chalicelib.promotions.service.using import Funding, known_short, short_of

if TYPE_CHECKING:  # few orders need it
    from chalicelib.coupons.records import CouponRecord
    from chalicelib.orders.basket.service.for_points import ForPoints
    from chalicelib.orders.basket.service.means import Means


@dataclass(frozen=True, slots=True)
class Basket:
    """A priced wish, with the campaign and the member as they were read, the offer behind each line, gifts among them,
    and the team that it joins or starts, if there are any; ``legal_texts`` are the brand's in force, by kind,
    ``promotions`` those that are active, ``bought`` its items without gifts. ``coupon`` is the one that lowers its
    price, ``paid`` what points pay of it; ``read`` is all that it was decided on.
    """

    campaign: CampaignRecord
    offers: tuple[Offer, ...]
    quote: Quote
    member: MemberRecord
    team: Entry | None = None
    legal_texts: Mapping[str, InForce] = field(default_factory=dict)
    promotions: Sequence[Promotion] = ()
    bought: Sequence[Item] = ()
    coupon: CouponRecord | None = None
    paid: PaidByPoints = NO_POINTS
    read: Read | None = None

    @property
    def goods(self) -> list[tuple[Offer, int]]:
        """What is handed over, and how many units of it: of a bundle its parts."""
        parts = zip(self.offers, self.quote.items, strict=True)
        return [(goods, item.quantity * goods.per) for offer, item in parts for goods in offer.goods()]

    @property
    def stocked(self) -> dict[str, Offer]:
        """Everything that the campaign has in stock, by offer id; empty where nothing draws on another's stock."""
        if not any(goods.draws_on for goods, _ in self.goods):
            return {}
        return {goods.offer_id: goods for goods in self.campaign.goods}

    @property
    def ahead(self) -> timedelta:
        """How long before the campaign's opening its member may order."""
        return self.campaign.ahead_for(self.member.tier)

    @property
    def coupon_minor(self) -> int:
        """What its coupon takes off it."""
        return by_step(self.discounts, Step.COUPON)

    @property
    def deposit_minor(self) -> int:
        """What a pre-order is to be paid first, in minor units, and no more than it costs; 0 where there is no
        deposit.
        """
        parts = zip(self.offers, self.quote.items, strict=True)
        asked = sum(offer.deposit_minor * item.quantity for offer, item in parts)
        return min(asked, self.quote.totals.total)

    @property
    def discounts(self) -> tuple[Applied, ...]:
        """What lowers its price, as an order keeps it."""
        if not any(offer.parts for offer in self.offers):
            return applied(self.quote)
        return applied(self.quote, {offer.offer_id: offer.goods() for offer in self.offers if offer.parts})

    @property
    def taxable(self) -> Taxable:
        """What its goods cost, of a bundle its parts, and the rates of the tax in that."""
        return taxable_of(self.campaign, self.offers, self.quote)

    def next_steps(self, now: datetime) -> list[NextStep]:
        """What is missing to the next step of full reductions that would pay for it, by what is left now."""
        buyer = buyer_of(self.member, self.promotions, now)
        found = next_steps(self.promotions, self.quote, self.bought, self.campaign.id, now, buyer)
        return that_pay(self.campaign.tenant_id, self.member.id, found, self.promotions, now)

    def given_by(self, offer_id: str) -> set[str]:
        """The promotions that give units of an offer for nothing."""
        return {each.source for each in self.discounts if offer_id in each.gifts}

    def wanted(self, funding: Funding) -> list[Wanted]:
        """What it wants of the budgets of promotions."""
        return wanted(by_promotion(self.discounts), self.promotions, funding)


def taxable_of(campaign: CampaignRecord, offers: Sequence[Offer], priced: Quote) -> Taxable:
    """What the goods of a price cost after all discounts, of a bundle its parts, and their delivery; with the rates of
    the tax in that. ``offers`` are those behind its items.
    """
    off = off_lines(applied(priced, {offer.offer_id: offer.goods() for offer in offers if offer.parts}))
    costs: dict[str, int] = {}
    rates = {}
    for offer, item in zip(offers, priced.items, strict=True):
        for goods in offer.goods():
            worth = worth_of(goods.price_minor, item.quantity * goods.per, goods.per)
            costs[goods.offer_id] = worth - off.get(goods.offer_id, 0)
            if goods.tax_bps is not None:
                rates[goods.offer_id] = one_rate(goods.tax_bps)
    if campaign.delivery is not None and campaign.delivery.tax_bps is not None:
        rates[DELIVERY] = one_rate(campaign.delivery.tax_bps)
    fee = priced.totals.delivery
    return Taxable(costs | ({DELIVERY: fee} if fee else {}), rates)


def that_pay(
    tenant_id: str, member_id: str | None, steps: Sequence[NextStep], promotions: Sequence[Promotion], now: datetime
) -> list[NextStep]:
    """The steps whose promotion has enough left for them, and for the member, where that is known."""
    limited = {each.id: each for each in promotions if each.is_limited}
    wants = [
        Funding().wanted(limited[each.promotion_id], each.off_minor) for each in steps if each.promotion_id in limited
    ]
    short = short_for(tenant_id, member_id, wants, now)
    return [each for each in steps if each.promotion_id not in short]


def short_for(tenant_id: str, member_id: str | None, wants: Sequence[Wanted], now: datetime) -> set[str]:
    """The promotions that would not pay, for who only looks; of who is not signed in, their own uses are not asked."""
    if not wants:
        return set()
    return short_of(
        tenant_id, member_id or "", [replace(w, by_member=w.by_member and bool(member_id)) for w in wants], now
    )


def price(
    tenant_id: str, member_id: str, wish: Wish, now: datetime, funding: Funding | None = None, *, looks: bool = False
) -> Basket:
    """Reads what the wish is decided on, checks it, and prices it: without the promotions of which ``funding`` has
    found that they do not pay. For who only ``looks``, what is left of budgets is read; who orders finds out in the
    write.

    Whether the campaign takes orders, and whether enough is left, is decided by the write alone. Raises NotFound,
    MemberBlocked, UnknownOffer, RepeatedOffer, NotAPickupPoint, PaymentMethodUnavailable, LimitReached, PriceChanged,
    NotATeamCampaign, UnknownTeam, DeliveryUnavailable, NotEnoughPoints, PointsPayNothing, what stands in a coupon's
    way, and what ``for_points`` refuses.
    """
    return price_read(read(tenant_id, member_id, wish, now), wish, now, funding, looks=looks)


def price_read(
    found: Read, wish: Wish, now: datetime, funding: Funding | None = None, *, looks: bool = False
) -> Basket:
    """The same for a wish whose campaign and member were read already."""
    campaign, tenant_id, member_id = found.campaign, found.member.tenant_id, found.member.id
    team = entry(campaign, wish.team_id, found.team)
    _, items = _offered(campaign, wish)
    fee = delivery_fee(campaign, items, wish)
    funding = funding or Funding()
    own = _own_means(found, wish, now)
    while True:
        rules = rules_for(found, now, funding.without)
        priced = quote(items, campaign.currency, [*rules, *own.rules] if own else rules, fee)
        priced, paid = own.with_points(priced) if own else (priced, NO_POINTS)
        basket = Basket(
            campaign, _offers_of(campaign, priced), priced, found.member, team, found.legal_texts, found.promotions,
            bought=items, coupon=own.coupon if own else None, paid=paid, read=found,
        )  # fmt: skip
        short = _short(tenant_id, member_id, basket.wanted(funding), now, looks=looks)
        if short:
            funding.without |= short
        elif own is None or own.stands(priced, paid, fee):
            break
    check_price(priced, wish.expected_total_minor)
    return basket


def _own_means(found: Read, wish: Wish, now: datetime) -> Means | ForPoints | None:
    """The coupon and the points that the wish names; None where it names neither, as most do. For a gift the points
    that it costs.
    """
    if wish.gift or found.campaign.gift_points is not None:
        from chalicelib.orders.basket.service.for_points import ForPoints

        return ForPoints(found, wish, now)
    if wish.coupon_id is None and not wish.points:
        return None
    from chalicelib.orders.basket.service.means import Means  # few orders need it

    return Means(found, wish, now)


def _offers_of(campaign: CampaignRecord, priced: Quote) -> tuple[Offer, ...]:
    """The offer behind each line of a price, gifts among them."""
    by_id = {offer.offer_id: offer for offer in campaign.offers}
    return tuple(by_id[item.offer_id] for item in priced.items)


def _short(tenant_id: str, member_id: str, wants: Sequence[Wanted], now: datetime, *, looks: bool) -> set[str]:
    """The promotions that do not pay, as far as it can be known yet."""
    if not wants:
        return set()
    return short_for(tenant_id, member_id, wants, now) if looks else known_short(wants, now)


def check_offered(campaign: CampaignRecord, wish: Wish, now: datetime, tier: str | None = None) -> None:
    """Checks a wish as far as that goes without knowing more than the ``tier`` of whose it is.

    Raises UnknownOffer, RepeatedOffer, NotAPickupPoint, PaymentMethodUnavailable, LimitReached, DeliveryUnavailable,
    CampaignNotOpen, CampaignClosed.
    """
    _, items = _offered(campaign, wish)
    delivery_fee(campaign, items, wish)
    check_open(campaign, now, tier)


def _offered(campaign: CampaignRecord, wish: Wish) -> tuple[tuple[Offer, ...], list[Item]]:
    offers = offers_of(campaign, wish.lines)
    check_payment(campaign, offers, wish.payment_method)
    check_point(campaign, wish.pickup_point_id)
    return offers, [item_of(offer, quantity) for offer, (_, quantity) in zip(offers, wish.lines, strict=True)]


def item_of(offer: Offer, quantity: int) -> Item:
    """So many units of an offer, as they are priced."""
    parts = tuple(item_of(goods, goods.per) for goods in offer.goods()) if offer.parts else ()
    return Item(
        offer.offer_id, offer.sku_id, quantity, offer.price_minor, offer.product_id, offer.category, offer.tags,
        offer.floor_minor, parts,
    )  # fmt: skip


def check_open(campaign: CampaignRecord, now: datetime, tier: str | None) -> None:
    """Raises CampaignNotOpen, CampaignClosed for a campaign that takes no orders of a tier's members at ``now``."""
    status = campaign.status_for(tier, now)
    if status is Status.SCHEDULED:
        raise not_open(campaign.opens_for(tier))
    if status not in ACCEPTING:
        raise closed()


def rules_for(found: Read, now: datetime, without: Collection[str] = ()) -> list[Rule]:
    """Every right to a discount that the member has in the campaign, from what was read of both, but for the promotions
    named; pricing applies them in the order of their steps. What lowers an offer's own price is added here, and
    nowhere else.
    """
    if found.campaign.gift_points is not None:
        return []  # it costs points, and nothing lowers those
    buyer = buyer_of(found.member, found.promotions, now)
    return [*rules_of(found.campaign, found.promotions, buyer, now, without), *_delivered_free(found)]


def buyer_of(member: MemberRecord, promotions: Sequence[Promotion], now: datetime) -> Buyer:
    """What decides which of these promotions a member has. The class is asked only where one of them is for a class:
    it follows from the member, by days that the process remembers of the brand.
    """
    if not any(each.audience.classes for each in promotions):
        return Buyer(member.tier, frozenset(member.segment_ids or ()))
    from chalicelib.members.service.classes import classing  # few orders need it

    return Buyer(member.tier, frozenset(member.segment_ids or ()), classing(member.tenant_id, now).of(member))


def rules_of(
    campaign: CampaignRecord,
    promotions: Sequence[Promotion],
    buyer: Buyer,
    now: datetime,
    without: Collection[str] = (),
) -> list[Rule]:
    """What promotions do to a basket of a campaign, but for those named."""
    if not promotions:
        return []
    gifts = {offer.sku_id: item_of(offer, 1) for offer in campaign.offers if _may_be_given(offer)}
    rules = (
        each.rule(campaign.id, buyer, campaign.currency, gifts.get, now)
        for each in promotions
        if each.id not in without
    )
    return [rule for rule in rules if rule is not None]


def _delivered_free(found: Read) -> list[Rule]:
    """The privilege of the member's tier to have goods delivered for nothing, if it has that."""
    tiers = found.tiers.tiers if found.tiers else None
    if tiers is None or not tiers.privileges(found.member.tier).free_delivery:
        return []
    title = tiers.tiers[tiers.place(found.member.tier)].title
    words = Words(f"{title}: free delivery", f"{title}：免配送费")
    return [Rule(Step.MEMBER_PRICE, words, nothing, lower_delivery=lambda fee: fee)]


def _may_be_given(offer: Offer) -> bool:
    """Whether units may come with others for nothing: not where each member has a limit of them, or owes a deposit, nor
    bundles.
    """
    return offer.per_member_limit is None and not offer.deposit_minor and not offer.parts


def delivery_fee(campaign: CampaignRecord, items: Sequence[Item], wish: Wish) -> int:
    """What it costs to have the goods delivered, in minor units; 0 where they are collected. Raises
    DeliveryUnavailable.
    """
    if wish.delivery is None:
        return 0
    if campaign.delivery is None:
        message = "The campaign does not deliver; leave this out and collect the order at its pickup point."
        raise DeliveryUnavailable.at("/delivery", message, "本活动不提供配送，请去掉此项并到自提点取货。")
    return campaign.delivery.fee_for(sum(item.total_minor for item in items))


def quote_for(tenant_id: str, member_id: str, wish: Wish, now: datetime) -> Basket:
    """Prices a wish for a member to look at.

    Raises what :func:`price` does, NotInAudience, CampaignNotOpen, CampaignClosed.
    """
    basket = price(tenant_id, member_id, wish, now, looks=True)
    check_audience(basket.campaign, basket.member, now)
    check_open(basket.campaign, now, basket.member.tier)
    return basket
