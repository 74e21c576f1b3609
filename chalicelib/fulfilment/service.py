"""Use cases after the lock: the frozen purchase list, and the sheets for sorting parcels."""

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service import get_campaign
from chalicelib.db import fetch_many
from chalicelib.fulfilment.model import Parcel, Sheet, sorting_sheets
from chalicelib.members.records import MemberRecord
from chalicelib.orders.errors import NotAPickupPoint
from chalicelib.orders.service.listing import sold_orders
from chalicelib.orders.service.pickup import check_locked


@dataclass(frozen=True, slots=True)
class SortingSheets:
    """A campaign's sheets, with the members' names by id."""

    campaign: CampaignRecord
    sheets: list[Sheet]
    names: dict[str, str]


def sorting(tenant_id: str, campaign_id: str, pickup_point_id: str | None) -> SortingSheets:
    """Who gets what at each pickup point, or at one. Raises NotFound, CampaignNotLocked, NotAPickupPoint."""
    campaign = get_campaign(tenant_id, campaign_id, consistent=True)
    check_locked(campaign)
    points = [str(point["id"]) for point in campaign.pickup_points]
    if pickup_point_id is not None:
        if pickup_point_id not in points:
            raise NotAPickupPoint.at("?pickup_point_id", "The campaign does not hand over there.")
        points = [pickup_point_id]
    sheets = sorting_sheets(_parcels(campaign, pickup_point_id), points)
    return SortingSheets(campaign, sheets, _names(tenant_id, sheets))


def _parcels(campaign: CampaignRecord, pickup_point_id: str | None) -> Iterator[Parcel]:
    for order in sold_orders(campaign, pickup_point_id):
        units = {line.offer_id: line.quantity for line in order.lines}
        yield Parcel(order.id, order.member_id, order.pickup_point_id, order.status, units)


def _names(tenant_id: str, sheets: list[Sheet]) -> dict[str, str]:
    ids = list(dict.fromkeys(share.member_id for sheet in sheets for share in sheet.shares))
    found = fetch_many([(MemberRecord, *MemberRecord.address(tenant_id, each)) for each in ids])
    return {member.id: member.name or "" for member in found if member is not None}
