"""Whether a campaign offers what a member wants, and the refusals of what it does not. Nothing here touches stock."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.campaigns.model.kinds import PaymentMethod
from chalicelib.campaigns.model.offers import Offer
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.kernel.errors import FieldError
from chalicelib.kernel.money import Money
from chalicelib.orders.errors import (
    CampaignClosed,
    CampaignNotOpen,
    LimitReached,
    NotAPickupPoint,
    PaymentMethodUnavailable,
    PriceChanged,
    RepeatedOffer,
    UnknownOffer,
)
from chalicelib.orders.model import PAY_AT_PICKUP
from chalicelib.pricing.model import Quote


def not_open(opens_at: datetime | None) -> CampaignNotOpen:
    """The refusal of an early order, saying when to come back: ``opens_at`` is when it opens for who asks."""
    extra = {"opens_at": opens_at} if opens_at else {}
    return CampaignNotOpen("The campaign takes no orders yet.", detail_zh="活动尚未开始，请稍后再来。", extra=extra)


def closed() -> CampaignClosed:
    """The refusal of a late order."""
    return CampaignClosed("The campaign takes no orders any more.", detail_zh="活动已结束，不再接受订单。")


def offers_of(campaign: CampaignRecord, lines: Sequence[tuple[str, int]]) -> tuple[Offer, ...]:
    """The offer behind each line. Raises UnknownOffer, RepeatedOffer, and LimitReached for more units than one member
    may have.
    """
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
            raise limit_reached(offers[offer_id], None)
    return tuple(offers[offer_id] for offer_id in ids)


def limit_reached(offer: Offer, used: int | None) -> LimitReached:
    """The refusal of units beyond an offer's limit, of which the member has ``used`` so far; None where nobody has
    looked, and so nothing is said of what is left for them.
    """
    limit, title = (offer.per_member_limit or 0) // offer.per, offer.sold_title
    if used is None:
        return LimitReached(
            f"Each member may have {limit} of '{title}'.",
            detail_zh=f"“{title}”每人限购 {limit} 件。",
            extra={"offer_id": offer.sold_as, "limit": limit},
        )
    left = max(0, limit - used // offer.per)
    return LimitReached(
        f"Each member may have {limit} of '{title}'; you can take {left or 'no'} more.",
        detail_zh=f"“{title}”每人限购 {limit} 件，您还可购买 {left} 件。",
        extra={"offer_id": offer.sold_as, "limit": limit, "left": left},
    )


def check_point(campaign: CampaignRecord, pickup_point_id: str | None) -> None:
    """Raises NotAPickupPoint for a point that is not the campaign's."""
    if pickup_point_id is not None and pickup_point_id not in [point.id for point in campaign.pickup_points]:
        message = "The campaign does not hand over there; choose one of its points."
        raise NotAPickupPoint.at("/pickup_point_id", message, "该活动不在此自提点取货，请选择活动中的自提点。")


def methods_for(campaign: CampaignRecord, offers: Sequence[Offer]) -> list[PaymentMethod]:
    """How these offers of a campaign may be paid. A deposit is paid online, also where the balance may be paid at the
    pickup point.
    """
    deposit = any(offer.deposit_minor for offer in offers)
    return [each for each in campaign.payment_methods if not (deposit and each == PAY_AT_PICKUP)]


def check_payment(campaign: CampaignRecord, offers: Sequence[Offer], method: str | None) -> None:
    """Raises PaymentMethodUnavailable."""
    methods = methods_for(campaign, offers)
    if method is not None and method not in methods:
        known = ", ".join(f"'{each}'" for each in methods)
        raise PaymentMethodUnavailable.at(
            "/payment_method",
            f"This campaign does not take '{method}'; choose one of {known}.",
            f"本活动不支持“{method}”，请选择：{known}。",
        )


def check_price(priced: Quote, expected_minor: int | None) -> None:
    """Raises PriceChanged where the member agreed to another total."""
    if expected_minor not in (None, priced.totals.total):
        shown = Money(priced.totals.total, priced.currency)
        raise PriceChanged(
            f"The total is {shown:en} now; if you agree to it, order again.",
            detail_zh=f"订单总价现为 {shown:zh}，如同意请重新提交。",
            extra={"total": shown},
        )
