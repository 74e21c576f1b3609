"""What a leader sees: their own pickup points, and what happens there. To anyone else those points do not exist."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.campaigns.model import Status as CampaignStatus
from chalicelib.campaigns.records import CampaignRecord, PickupPointRecord, campaign_list, pickup_point_list
from chalicelib.db import Page, fetch_many
from chalicelib.fulfilment import service
from chalicelib.fulfilment.service import SortingSheets
from chalicelib.kernel.errors import NotFound
from chalicelib.members.records import MemberRecord
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.listing import Filter, list_orders


@dataclass(frozen=True, slots=True)
class PointOrders:
    """A page of a pickup point's orders, with the members and the campaigns behind them by id."""

    page: Page[OrderRecord]
    members: Mapping[str, MemberRecord]
    campaigns: Mapping[str, CampaignRecord]


def led_points(tenant_id: str, member_id: str, limit: int, cursor: dict[str, Any] | None) -> Page[PickupPointRecord]:
    """The pickup points that a member leads at this moment, newest first; none for most members."""
    return PickupPointRecord.page(
        pickup_point_list(tenant_id),
        index="gsi1", newest_first=True, limit=limit, cursor=cursor, where=PickupPointRecord.leader_id == member_id,
    )  # fmt: skip


def led_point(tenant_id: str, member_id: str, pickup_point_id: str) -> PickupPointRecord:
    """A pickup point for its present leader. Raises NotFound for anyone else, whether it exists or not."""
    point = PickupPointRecord.fetch(*PickupPointRecord.address(tenant_id, pickup_point_id), consistent=True)
    if point is None or point.leader_id != member_id:
        raise NotFound(
            f"You lead no pickup point {pickup_point_id}; list those that you lead.",
            detail_zh=f"您不是自提点 {pickup_point_id} 的团长，请查看您负责的自提点列表。",
        )
    return point


def point_campaigns(
    tenant_id: str, member_id: str, pickup_point_id: str, limit: int, cursor: dict[str, Any] | None
) -> Page[CampaignRecord]:
    """The published campaigns that hand over at a leader's point, newest first. Raises NotFound."""
    led_point(tenant_id, member_id, pickup_point_id)
    announced = CampaignRecord.status != CampaignStatus.DRAFT.value
    # The points are stored as JSON text, in which an id of theirs stands as no other text can.
    here = announced & CampaignRecord.pickup_points.contains(pickup_point_id)
    return CampaignRecord.page(
        campaign_list(tenant_id), index="gsi1", newest_first=True, limit=limit, cursor=cursor, where=here
    )


def point_orders(
    tenant_id: str,
    member_id: str,
    pickup_point_id: str,
    campaign_id: str | None,
    status: str | None,
    limit: int,
    cursor: dict[str, Any] | None,
) -> PointOrders:
    """The orders that are collected at a leader's point, newest first. Raises NotFound."""
    led_point(tenant_id, member_id, pickup_point_id)
    wanted = Filter(campaign_id=campaign_id, pickup_point_id=pickup_point_id, status=status)
    page = list_orders(tenant_id, wanted, limit, cursor)
    members = dict.fromkeys(order.member_id for order in page.items)
    campaigns = dict.fromkeys(order.campaign_id for order in page.items)
    found: Sequence[Any] = fetch_many(
        [
            *((MemberRecord, *MemberRecord.address(tenant_id, each)) for each in members),
            *((CampaignRecord, *CampaignRecord.address(tenant_id, each)) for each in campaigns),
        ]
    )
    return PointOrders(
        page,
        {each.id: each for each in found[: len(members)] if each is not None},
        {each.id: each for each in found[len(members) :] if each is not None},
    )


def point_sheet(tenant_id: str, member_id: str, pickup_point_id: str, campaign_id: str) -> SortingSheets:
    """Who gets what at a leader's point, once the campaign is locked.

    Raises NotFound, CampaignNotLocked, NotAPickupPoint.
    """
    led_point(tenant_id, member_id, pickup_point_id)
    return service.sorting(tenant_id, campaign_id, pickup_point_id)
