"""The team is told of goods that fell short."""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.catalog.service.set_aside import get_skus
from chalicelib.fulfilment.notices.model import StockShort, orders_cut
from chalicelib.fulfilment.receiving.service.allocating import REASONS
from chalicelib.notices.model.facts import InWords
from chalicelib.notices.telling.service import tell_team


def tell_short(
    tenant_id: str, campaign_id: str, cut: Mapping[str, int], orders: int, why: str, of: str, now: datetime
) -> None:
    """Tells which units, by SKU, were taken out of how many orders, and why, once for what they are a part ``of``;
    nothing where none were.
    """
    if not cut:
        return
    campaign = get_campaign(tenant_id, campaign_id)
    skus = get_skus(tenant_id, list(cut))
    titles = {offer.sku_id: offer.title for offer in reversed(campaign.goods)}
    goods = tuple(
        f"{titles.get(sku_id) or skus[sku_id].full_title} × {units:,}"
        for sku_id, units in cut.items()
        if sku_id in titles or sku_id in skus
    )
    notice = StockShort(campaign.title, InWords(*REASONS[why]), goods, orders_cut(orders))
    tell_team(tenant_id, notice, (campaign_id, notice.template, of), now, subject_id=campaign_id)
