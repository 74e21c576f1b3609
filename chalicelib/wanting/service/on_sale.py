"""Where products can be ordered now."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from chalicelib.campaigns.model.campaign import ACCEPTING
from chalicelib.campaigns.progress.service import progress_of
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.listing import list_on_show

_MOST_CAMPAIGNS = 100


@dataclass(frozen=True, slots=True)
class OnSale:
    """An offer of a product in a campaign that takes orders; ``price_minor`` is what one costs by now in its currency,
    ``left`` how many there still are.
    """

    campaign: CampaignRecord
    offer_id: str
    title: str
    price_minor: int
    left: int


def on_sale(tenant_id: str, product_ids: Collection[str], tier: str | None, now: datetime) -> dict[str, list[OnSale]]:
    """The offers of each product that a member of a tier can order, or wait for, now: the next to close first, of the
    hundred campaigns that close next.
    """
    wanted = set(product_ids)
    campaigns = [
        campaign
        for campaign in (list_on_show(tenant_id, now, limit=_MOST_CAMPAIGNS).items if wanted else ())
        if campaign.closed_early_at is None
        and campaign.status_for(tier, now) in ACCEPTING
        and not wanted.isdisjoint(goods.product_id for goods in campaign.goods)
    ]
    found: dict[str, list[OnSale]] = {}
    for campaign, progress in zip(campaigns, progress_of(campaigns, now) if campaigns else (), strict=True):
        for each in progress.offers:
            offer = each.offer
            of = OnSale(campaign, offer.offer_id, offer.full_title, each.price_minor, each.left)
            for product_id in {goods.product_id for goods in offer.goods()} & wanted:
                found.setdefault(product_id, []).append(of)
    return found
