"""What stands around the orders of a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.catalog.service.set_aside import get_skus
from chalicelib.db import fetch_many
from chalicelib.members.records import MemberRecord
from chalicelib.orders.records import OrderRecord


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around orders, so that nobody has to look it up for each: campaigns and, for the brand's people,
    members by id; the titles of SKUs that are given instead of an offer's own, of all units of a line or of some.
    """

    campaigns: Mapping[str, CampaignRecord]
    members: Mapping[str, MemberRecord]
    substitutes: Mapping[str, str]


def surroundings(tenant_id: str, orders: Sequence[OrderRecord], *, with_members: bool = False) -> Surroundings:
    """What stands around orders of a page, in one request; in one more where a SKU was replaced."""
    campaigns = {order.campaign_id for order in orders}
    members = {order.member_id for order in orders} if with_members else set()
    found: Sequence[Any] = fetch_many(
        [
            *((CampaignRecord, *CampaignRecord.address(tenant_id, each)) for each in sorted(campaigns)),
            *((MemberRecord, *MemberRecord.address(tenant_id, each)) for each in sorted(members)),
        ]
    )
    of_campaigns = {each.id: each for each in found if isinstance(each, CampaignRecord)}
    own = {offer.offer_id: offer.sku_id for campaign in of_campaigns.values() for offer in campaign.goods}
    instead = {
        sku_id
        for order in orders
        for line in order.lines
        for sku_id in (line.sku_id, *(each for each, _ in line.instead))
        if sku_id != own.get(line.offer_id)
    }
    skus = get_skus(tenant_id, sorted(instead)) if instead else {}
    return Surroundings(
        of_campaigns,
        {each.id: each for each in found if isinstance(each, MemberRecord)},
        {sku_id: sku.full_title for sku_id, sku in skus.items()},
    )
