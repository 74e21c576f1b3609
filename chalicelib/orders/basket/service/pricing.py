"""What a member wants, against what the campaign offers: checked and priced, without touching stock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.campaigns.model.campaign import ACCEPTING, Status
from chalicelib.campaigns.model.offers import Offer
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.legal_texts.model import InForce
from chalicelib.members.records import MemberRecord
from chalicelib.orders.audience.service import check_audience
from chalicelib.orders.basket.service.checks import check_payment, check_point, check_price, closed, not_open, offers_of
from chalicelib.orders.basket.service.reading import Read, Wish, read
from chalicelib.orders.errors import DeliveryUnavailable
from chalicelib.orders.teams.service.joining import Entry, entry
from chalicelib.pricing.model import Item, Quote, Rule, quote


@dataclass(frozen=True, slots=True)
class Basket:
    """A priced wish, with the campaign and the member as they were read, the offer behind each line, and the team
    that it joins or starts, if there are any; ``legal_texts`` are the brand's in force, by kind.
    """

    campaign: CampaignRecord
    offers: tuple[Offer, ...]
    quote: Quote
    member: MemberRecord
    team: Entry | None = None
    legal_texts: Mapping[str, InForce] = field(default_factory=dict)

    @property
    def deposit_minor(self) -> int:
        """What a pre-order is to be paid first, in minor units; 0 where there is no deposit."""
        parts = zip(self.offers, self.quote.items, strict=True)
        return sum(offer.deposit_minor * item.quantity for offer, item in parts)


def price(tenant_id: str, member_id: str, wish: Wish, now: datetime) -> Basket:
    """Reads what the wish is decided on, checks it, and prices it.

    Whether the campaign takes orders, and whether enough is left, is decided by the write alone. Raises NotFound,
    MemberBlocked, UnknownOffer, RepeatedOffer, NotAPickupPoint, PaymentMethodUnavailable, LimitReached, PriceChanged,
    NotATeamCampaign, UnknownTeam, DeliveryUnavailable.
    """
    found = read(tenant_id, member_id, wish, now)
    campaign = found.campaign
    team = entry(campaign, wish.team_id, found.team)
    offers, items = _offered(campaign, wish)
    priced = quote(items, campaign.currency, rules_for(found), delivery_fee(campaign, items, wish))
    check_price(priced, wish.expected_total_minor)
    return Basket(campaign, offers, priced, found.member, team, found.legal_texts)


def check_offered(campaign: CampaignRecord, wish: Wish, now: datetime) -> None:
    """Checks a wish as far as that goes without knowing whose it is.

    Raises UnknownOffer, RepeatedOffer, NotAPickupPoint, PaymentMethodUnavailable, LimitReached, DeliveryUnavailable,
    CampaignNotOpen, CampaignClosed.
    """
    _, items = _offered(campaign, wish)
    delivery_fee(campaign, items, wish)
    _check_open(campaign, now)


def _offered(campaign: CampaignRecord, wish: Wish) -> tuple[tuple[Offer, ...], list[Item]]:
    offers = offers_of(campaign, wish.lines)
    check_payment(campaign, offers, wish.payment_method)
    check_point(campaign, wish.pickup_point_id)
    items = [
        Item(offer.offer_id, offer.sku_id, quantity, offer.price_minor)
        for offer, (_, quantity) in zip(offers, wish.lines, strict=True)
    ]
    return offers, items


def _check_open(campaign: CampaignRecord, now: datetime) -> None:
    status = campaign.shown_status(now)
    if status is Status.SCHEDULED:
        raise not_open(campaign.opens_at)
    if status not in ACCEPTING:
        raise closed()


def rules_for(found: Read) -> list[Rule]:
    """Every right to a discount that the member has in the campaign, from what was read of both; pricing applies them
    in the order of their steps. So far an offer's own price is all there is: what lowers it is added here, and nowhere
    else.
    """
    return []


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
    basket = price(tenant_id, member_id, wish, now)
    check_audience(basket.campaign, basket.member, now)
    _check_open(basket.campaign, now)
    return basket
