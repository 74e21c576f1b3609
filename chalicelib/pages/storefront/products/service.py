"""Which products are compared, and where they can be ordered now."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.campaigns.model.campaign import ACCEPTING
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.listing import list_on_show
from chalicelib.catalog.records import ProductRecord
from chalicelib.catalog.service.products import shown_among
from chalicelib.kernel.ids import is_id
from chalicelib.pages.shell import Visit
from chalicelib.pages.storefront.early import tier_of

MOST_CAMPAIGNS = 100
MOST_NAMED = 100
"""Products that an address may name: one batch read."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Products that were chosen to be compared, and how many of those that were named are not to be had."""

    products: Sequence[ProductRecord]
    gone: int = 0

    @property
    def ids(self) -> list[str]:
        return [each.product_id for each in self.products]


def chosen(tenant_id: str, named: Sequence[str]) -> Chosen:
    """What an address names of this shop's shelf, in that order. What is no id is as good as gone."""
    unique = list(dict.fromkeys(each for each in named if each))[:MOST_NAMED]
    found = shown_among(tenant_id, [each for each in unique if is_id(each)])
    return Chosen(list(found.values()), len(unique) - len(found))


def on_offer(visit: Visit[Any], product_ids: Collection[str]) -> list[CampaignRecord]:
    """The campaigns that take orders of any of these now from who looks, the next to close first."""
    shown = [
        campaign
        for campaign in list_on_show(visit.tenant_id, visit.now, limit=MOST_CAMPAIGNS).items
        if campaign.closed_early_at is None and any(goods.product_id in product_ids for goods in campaign.goods)
    ]
    tier = tier_of(visit, shown)
    return [campaign for campaign in shown if campaign.status_for(tier, visit.now) in ACCEPTING]
