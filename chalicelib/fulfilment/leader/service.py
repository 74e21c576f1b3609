"""What a leader sees: their own pickup points, and what happens there. To anyone else those points do not exist."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pynamodb.expressions.condition import Condition

from chalicelib.campaigns.model.campaign import FROM_LOCK
from chalicelib.campaigns.model.campaign import Status as CampaignStatus
from chalicelib.campaigns.records import CampaignRecord, campaign_list
from chalicelib.campaigns.service.reading import get_published
from chalicelib.db import Page, fetch_many
from chalicelib.fulfilment.sorting import service
from chalicelib.fulfilment.sorting.service import SortingSheets
from chalicelib.kernel.errors import Invalid, NotFound
from chalicelib.orders.errors import CampaignNotLocked
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.listing import Filter, list_orders
from chalicelib.orders.service.surroundings import Surroundings, surroundings
from chalicelib.pickup_points.records import PickupPointRecord, pickup_point_list

_MOST_LOOKED_AT = 20
"""Campaigns, newest first, among which one is looked for that has orders to sort."""


class WhichPoint(Invalid):
    """A member who leads not exactly one pickup point has to say which is meant."""

    code, title, title_zh = "which_pickup_point", "Say which pickup point", "请指定自提点"


@dataclass(frozen=True, slots=True)
class PointOrders:
    """A page of a pickup point's orders, with what stands around them."""

    page: Page[OrderRecord]
    around: Surroundings


@dataclass(frozen=True, slots=True)
class PointSheet:
    """A pickup point's sheet, with the other campaigns whose orders wait there, newest first, where none was named."""

    sorting: SortingSheets
    also_waiting: Sequence[str]


def led_points(tenant_id: str, member_id: str, limit: int, cursor: dict[str, Any] | None) -> Page[PickupPointRecord]:
    """The pickup points that a member leads at this moment, newest first; none for most members."""
    return PickupPointRecord.page(
        pickup_point_list(tenant_id),
        index="gsi1", newest_first=True, limit=limit, cursor=cursor, where=PickupPointRecord.leader_id == member_id,
    )  # fmt: skip


def led_point(tenant_id: str, member_id: str, pickup_point_id: str | None) -> PickupPointRecord:
    """A pickup point for its present leader; without an id, the only one that the member leads.

    Raises NotFound for anyone else, whether it exists or not; WhichPoint where an id is needed.
    """
    if pickup_point_id is None:
        own = led_points(tenant_id, member_id, 2, None).items
        if not own:
            raise _leads_none()
        if len(own) > 1:
            message = "You lead several pickup points; name the one that you mean."
            raise WhichPoint.at("?pickup_point_id", message, "您负责多个自提点，请指明是哪一个。")
        return own[0]
    point = PickupPointRecord.fetch(*PickupPointRecord.address(tenant_id, pickup_point_id), consistent=True)
    if point is None or point.leader_id != member_id:
        raise NotFound(
            "You do not lead this pickup point; list those that you lead.",
            detail_zh="您不是该自提点的团长，请查看您负责的自提点列表。",
        )
    return point


def _leads_none() -> NotFound:
    return NotFound(
        "You lead no pickup point; the brand names the leader of each.",
        detail_zh="您目前不是任何自提点的团长；团长由商家指定。",
    )


def check_comes_to_led(tenant_id: str, member_id: str, campaign_id: str) -> None:
    """Raises NotFound unless a published campaign hands over at a pickup point that the member leads at this moment."""
    campaign = get_published(tenant_id, campaign_id)
    points = fetch_many(
        [(PickupPointRecord, *PickupPointRecord.address(tenant_id, each.id)) for each in campaign.pickup_points]
    )
    if any(point is not None and point.leader_id == member_id for point in points):
        return
    if not led_points(tenant_id, member_id, 1, None).items:
        raise _leads_none()
    raise NotFound("This group buy does not come to your pickup point.", detail_zh="该团购不在您的自提点取货。")


def point_campaigns(
    tenant_id: str, point: PickupPointRecord, limit: int, cursor: dict[str, Any] | None
) -> Page[CampaignRecord]:
    """The published campaigns that hand over at a point, newest first."""
    return _here(tenant_id, point, CampaignRecord.status != CampaignStatus.DRAFT.value, limit, cursor)


def point_orders(
    tenant_id: str,
    point: PickupPointRecord,
    campaign_id: str | None,
    status: str | None,
    limit: int,
    cursor: dict[str, Any] | None,
    now: datetime,
) -> PointOrders:
    """The orders that are collected at a point, newest first. Raises NotFound for an unknown campaign."""
    wanted = Filter(campaign_id=campaign_id, pickup_point_id=point.id, status=status)
    page = list_orders(tenant_id, wanted, limit, cursor, now)
    return PointOrders(page, surroundings(tenant_id, page.items, with_members=True))


def point_sheet(
    tenant_id: str, point: PickupPointRecord, campaign_id: str | None, part: int = 1, most_parcels: int | None = None
) -> PointSheet:
    """Who gets what at a point from a campaign; without an id, from the newest there whose orders wait.

    Where none waits, that is the newest locked one. Raises NotFound, CampaignNotLocked, NotAPickupPoint.
    """
    also_waiting: list[str] = []
    if campaign_id is None:
        campaign_id, *also_waiting = _to_sort(tenant_id, point)
    found = service.sorting(tenant_id, campaign_id, point.id, part=part, most_parcels=most_parcels)
    return PointSheet(found, also_waiting)


def _to_sort(tenant_id: str, point: PickupPointRecord) -> list[str]:
    locked = CampaignRecord.status.is_in(*sorted(state.value for state in FROM_LOCK))
    newest = _here(tenant_id, point, locked, _MOST_LOOKED_AT, None).items
    if not newest:
        raise CampaignNotLocked(
            "No campaign that hands over here is locked yet.", detail_zh="该自提点暂无已成团的活动。"
        )
    return [each.id for each in newest if service.has_waiting(each, point.id)] or [newest[0].id]


def _here(
    tenant_id: str, point: PickupPointRecord, where: Condition, limit: int, cursor: dict[str, Any] | None
) -> Page[CampaignRecord]:
    # The points are stored as JSON text, in which an id of theirs stands as no other text can.
    here = where & CampaignRecord.stored_places.contains(point.id)
    return CampaignRecord.page(
        campaign_list(tenant_id), index="gsi1", newest_first=True, limit=limit, cursor=cursor, where=here
    )
