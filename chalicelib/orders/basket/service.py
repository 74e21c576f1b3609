"""What a member wants, against what the campaign offers: checked and priced, without touching stock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.campaigns.model.campaign import ACCEPTING, Status
from chalicelib.campaigns.model.offers import Offer
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import fetch_many
from chalicelib.kernel.errors import FieldError, NotFound, Unauthenticated
from chalicelib.members.records import MemberRecord
from chalicelib.members.service.members import check_may_order
from chalicelib.orders.audience.service import check_audience
from chalicelib.orders.errors import (
    CampaignClosed,
    CampaignNotOpen,
    DeliveryUnavailable,
    LimitReached,
    NotAPickupPoint,
    PaymentMethodUnavailable,
    PriceChanged,
    RepeatedOffer,
    UnknownOffer,
)
from chalicelib.orders.model import PAY_AT_PICKUP
from chalicelib.orders.rush import service as rush
from chalicelib.orders.teams.records import TeamRecord
from chalicelib.orders.teams.service.joining import Entry, entry
from chalicelib.pricing.model import Item, Quote, quote
from chalicelib.web import MoneyField


@dataclass(frozen=True, slots=True)
class Wish:
    """An order as a member asks for it; ``expected_total_minor`` is what the member agreed to pay.

    ``payment_method`` is None where nobody has chosen yet, as in a quote; ``team_id`` is the team to join, None to
    start one where the campaign has teams; ``delivery`` is the ``{name, phone, address}`` to deliver to, None where the
    order is collected.
    """

    campaign_id: str
    lines: tuple[tuple[str, int], ...]
    pickup_point_id: str | None = None
    payment_method: str | None = PAY_AT_PICKUP
    expected_total_minor: int | None = None
    team_id: str | None = None
    delivery: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Basket:
    """A priced wish, with the campaign and the member as they were read, the offer behind each line, and the way into
    a team if there are any.
    """

    campaign: CampaignRecord
    offers: tuple[Offer, ...]
    quote: Quote
    member: MemberRecord
    team: Entry | None = None

    @property
    def deposit_minor(self) -> int:
        """What a pre-order is to be paid first, in minor units; 0 where there is no deposit."""
        parts = zip(self.offers, self.quote.items, strict=True)
        return sum(offer.deposit_minor * item.quantity for offer, item in parts)


def price(tenant_id: str, member_id: str, wish: Wish, now: datetime) -> Basket:
    """Reads the campaign, the member and the team to join in one request, checks the wish, prices it.

    Whether the campaign takes orders, and whether enough is left, is decided by the write alone. Raises NotFound,
    MemberBlocked, UnknownOffer, RepeatedOffer, NotAPickupPoint, PaymentMethodUnavailable, LimitReached, PriceChanged,
    NotATeamCampaign, UnknownTeam, DeliveryUnavailable.
    """
    campaign, member, team = _read(tenant_id, member_id, wish, now)
    way_in = entry(campaign, wish.team_id, team)
    offers = _offers(campaign, wish.lines)
    _check_payment(campaign, offers, wish.payment_method)
    points = [point.id for point in campaign.pickup_points]
    if wish.pickup_point_id is not None and wish.pickup_point_id not in points:
        message = "The campaign does not hand over there; choose one of its points."
        raise NotAPickupPoint.at("/pickup_point_id", message, "该活动不在此自提点取货，请选择活动中的自提点。")
    items = [
        Item(offer.offer_id, offer.sku_id, quantity, offer.price_minor)
        for offer, (_, quantity) in zip(offers, wish.lines, strict=True)
    ]
    priced = quote(items, campaign.currency, delivery_minor=_delivery_fee(campaign, items, wish))
    _check_price(priced, wish.expected_total_minor)
    return Basket(campaign, offers, priced, member, way_in)


def quote_for(tenant_id: str, member_id: str, wish: Wish, now: datetime) -> Basket:
    """Prices a wish for a member to look at.

    Raises what :func:`price` does, NotInAudience, CampaignNotOpen, CampaignClosed.
    """
    basket = price(tenant_id, member_id, wish, now)
    check_audience(basket.campaign, basket.member, now)
    status = basket.campaign.shown_status(now)
    if status is Status.SCHEDULED:
        raise not_open(basket.campaign.opens_at)
    if status not in ACCEPTING:
        raise closed()
    return basket


def not_open(opens_at: datetime | None) -> CampaignNotOpen:
    """The refusal of an early order, saying when to come back."""
    extra = {"opens_at": opens_at} if opens_at else {}
    return CampaignNotOpen("The campaign takes no orders yet.", detail_zh="活动尚未开始，请稍后再来。", extra=extra)


def closed() -> CampaignClosed:
    """The refusal of a late order."""
    return CampaignClosed("The campaign takes no orders any more.", detail_zh="活动已结束，不再接受订单。")


def _read(
    tenant_id: str, member_id: str, wish: Wish, now: datetime
) -> tuple[CampaignRecord, MemberRecord, TeamRecord | None]:
    address = CampaignRecord.address(tenant_id, wish.campaign_id)
    seen = rush.campaign_seen(address[0], now)
    wanted: list[tuple[Any, str, str]] = [(MemberRecord, *MemberRecord.address(tenant_id, member_id))]
    if wish.team_id is not None:
        wanted.append((TeamRecord, *TeamRecord.address(tenant_id, wish.team_id)))
    if seen is None:
        wanted.append((CampaignRecord, *address))
    found = fetch_many(wanted)
    if None in found or (seen is None and found[-1].status == Status.DRAFT):
        # Any may have been written a moment ago: only a consistent read can say that it is not there.
        found = fetch_many(wanted, consistent=True)
    campaign = seen or found.pop()
    member, *team = found
    if member is None:
        raise Unauthenticated("The membership has ended; sign in again.", detail_zh="会员不存在，请重新登录。")
    if campaign is None or campaign.status == Status.DRAFT:
        message = f"There is no campaign {wish.campaign_id}."
        raise NotFound(message, detail_zh=f"团购活动 {wish.campaign_id} 不存在。")
    check_may_order(member)
    if seen is None:
        rush.see_campaign(campaign, now)
    return campaign, member, team[0] if team else None


def _offers(campaign: CampaignRecord, lines: Sequence[tuple[str, int]]) -> tuple[Offer, ...]:
    offers = {offer.offer_id: offer for offer in campaign.offers}
    ids = [offer_id for offer_id, _ in lines]
    unknown = [n for n, offer_id in enumerate(ids) if offer_id not in offers]
    if unknown:
        message, message_zh = (
            "The campaign has no such offer; read the campaign again.",
            "活动中没有该商品，请重新读取活动。",
        )
        raise UnknownOffer(
            message, detail_zh=message_zh, errors=tuple(FieldError(f"/lines/{n}/offer_id", message) for n in unknown)
        )
    repeated = [n for n, offer_id in enumerate(ids) if offer_id in ids[:n]]
    if repeated:
        message = "An earlier line has this offer already; add the quantities in one line."
        message_zh = "该商品已在前面的行中，请合并数量。"
        raise RepeatedOffer(
            message, detail_zh=message_zh, errors=tuple(FieldError(f"/lines/{n}/offer_id", message) for n in repeated)
        )
    for offer_id, quantity in lines:
        limit = offers[offer_id].per_member_limit
        if limit is not None and quantity > limit:
            raise limit_reached(offers[offer_id], 0)
    return tuple(offers[offer_id] for offer_id in ids)


def limit_reached(offer: Offer, used: int) -> LimitReached:
    """The refusal of units beyond an offer's limit, of which the member has ``used`` so far."""
    limit = offer.per_member_limit or 0
    left = max(0, limit - used)
    return LimitReached(
        f"Each member may have {limit} of '{offer.title}'; you can take {left or 'no'} more.",
        detail_zh=f"“{offer.title}”每人限购 {limit} 件，您还可购买 {left} 件。",
        extra={"offer_id": offer.offer_id, "limit": limit, "left": left},
    )


def _delivery_fee(campaign: CampaignRecord, items: Sequence[Item], wish: Wish) -> int:
    if wish.delivery is None:
        return 0
    if campaign.delivery is None:
        message = "The campaign does not deliver; leave this out and collect the order at its pickup point."
        raise DeliveryUnavailable.at("/delivery", message, "本活动不提供配送，请去掉此项并到自提点取货。")
    return campaign.delivery.fee_for(sum(item.total_minor for item in items))


def _check_payment(campaign: CampaignRecord, offers: Sequence[Offer], method: str | None) -> None:
    """A deposit is paid online, also where the balance may be paid at the pickup point."""
    deposit = any(offer.deposit_minor for offer in offers)
    methods = [each for each in campaign.payment_methods if not (deposit and each == PAY_AT_PICKUP)]
    if method is not None and method not in methods:
        known = ", ".join(f"'{each}'" for each in methods)
        raise PaymentMethodUnavailable.at(
            "/payment_method",
            f"This campaign does not take '{method}'; choose one of {known}.",
            f"本活动不支持“{method}”，请选择：{known}。",
        )


def _check_price(priced: Quote, expected_minor: int | None) -> None:
    total = priced.totals.total
    if expected_minor not in (None, total):
        shown = MoneyField.of(total, priced.currency)
        raise PriceChanged(
            f"The total is {shown} now; if you agree to it, order again.",
            detail_zh=f"订单总价现为 {shown}，如同意请重新提交。",
            extra={"total": {"amount_minor": total, "currency": priced.currency}},
        )
