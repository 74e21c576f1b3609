"""What recurring group buys take over of a group buy that is there."""

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from chalicelib.campaigns.views.campaigns import CampaignView
from chalicelib.campaigns.views.offers import OfferView

_SAME = ("theme", "description", "refund_policy", "pickup_point_ids", "payment_methods", "peak_orders_per_second")
_INNER = ("target", "team", "audience", "caps", "delivery", "balance", "no_show", "goal", "budget")


def terms_like(campaign: CampaignView) -> Mapping[str, Any]:
    """Its goods and terms, as the API takes them; nothing of its times."""
    inner = {name: getattr(campaign, name) for name in _INNER}
    return {
        "kind": campaign.kind,
        **{name: getattr(campaign, name) for name in _SAME},
        **{name: value.model_dump() if value else None for name, value in inner.items()},
        "offers": [_offer(each) for each in campaign.offers],
    }


def days_after(campaign: CampaignView, zone: tzinfo) -> str:
    """So many days after its close the goods were expected; empty where nobody said."""
    if campaign.arrives_on is None or campaign.closes_at is None:
        return ""
    return str((campaign.arrives_on - campaign.closes_at.astimezone(zone).date()).days)


def open_minutes(campaign: CampaignView) -> int:
    """For how long it was to be open; two days where nobody said."""
    if campaign.opens_at is None or campaign.closes_at is None:
        return 48 * 60
    return max(round((campaign.closes_at - campaign.opens_at).total_seconds() / 3600), 1) * 60


def _offer(offer: OfferView) -> dict[str, Any]:
    steps = [{"from_quantity": each.from_quantity, "price": each.price.model_dump()} for each in offer.ladder]
    parts = [{"sku_id": part.sku_id, "quantity": part.quantity} for part in offer.parts]
    bundle = {"parts": parts, "title": offer.title, "bundle_kind": offer.bundle_kind}
    return {
        **(bundle if parts else {"sku_id": offer.sku_id}),
        **({"ladder": steps} if steps else {"price": offer.price.model_dump()}),
        "quantity": offer.quantity,
        "per_member_limit": offer.per_member_limit,
        "deposit": offer.deposit.model_dump() if offer.deposit else None,
    }
