"""Use cases after the lock: the frozen purchase list, and the sheets for sorting parcels."""

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.catalog.service.set_aside import get_skus
from chalicelib.db import fetch_many
from chalicelib.fulfilment.sorting.model import Parcel, Sheet, parts, sorting_sheets
from chalicelib.kernel.counting import are, counted
from chalicelib.kernel.errors import Invalid
from chalicelib.members.records import MemberRecord
from chalicelib.orders.errors import NotAPickupPoint
from chalicelib.orders.handover.service.pickup import check_locked
from chalicelib.orders.model import Line, Status
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.listing import sold_orders


@dataclass(frozen=True, slots=True)
class SortingSheets:
    """A campaign's sheets, with the members by id and the titles of SKUs that are given instead of an offer's own.

    They are part ``part`` of ``parts``, counted from 1.
    """

    campaign: CampaignRecord
    sheets: list[Sheet]
    members: dict[str, MemberRecord]
    substitutes: dict[str, str]
    part: int = 1
    parts: int = 1


def sorting(
    tenant_id: str,
    campaign_id: str,
    pickup_point_id: str | None,
    *,
    part: int = 1,
    most_parcels: int | None = None,
) -> SortingSheets:
    """Who gets what at each pickup point, or at one. Raises NotFound, CampaignNotLocked, NotAPickupPoint.

    With ``most_parcels`` they come in parts of at most so many. Raises Invalid for a part that there is not.
    """
    campaign = get_campaign(tenant_id, campaign_id, consistent=True)
    check_locked(campaign)
    points = [point.id for point in campaign.pickup_points]
    if pickup_point_id is not None:
        if pickup_point_id not in points:
            message = "The campaign does not hand over there; leave this out to read all its pickup points."
            raise NotAPickupPoint.at("?pickup_point_id", message, "该活动不在此自提点取货；不填则查看全部自提点。")
        points = [pickup_point_id]
    whole = sorting_sheets(_parcels(campaign, pickup_point_id), points)
    cut = parts(whole, most_parcels) if most_parcels is not None else [whole]
    if part > len(cut):
        raise Invalid.at(
            "?part", f"There {are(len(cut))} {counted(len(cut), 'part')}; ask for one of them.", f"共 {len(cut)} 部分。"
        )
    sheets = cut[part - 1]
    return SortingSheets(campaign, sheets, _members(tenant_id, sheets), _substitutes(tenant_id, sheets), part, len(cut))


def has_waiting(campaign: CampaignRecord, pickup_point_id: str) -> bool:
    """Whether an order of the campaign waits to be handed over at a pickup point."""
    waiting = sold_orders(campaign, pickup_point_id, (Status.PLACED, Status.READY))
    return any(order.forfeited_at is None for order in waiting)


def _parcels(campaign: CampaignRecord, pickup_point_id: str | None) -> Iterator[Parcel]:
    own = {goods.offer_id: goods.sku_id for goods in campaign.goods}
    for order in sold_orders(campaign, pickup_point_id):
        if order.forfeited_at is not None:
            continue
        units = {line.offer_id: line.quantity for line in order.lines}
        instead = {line.offer_id: _others(line, own.get(line.offer_id, line.sku_id)) for line in order.lines}
        yield Parcel(
            order.id, order.member_id, order.pickup_point_id, order.status, units, order.picked_units, instead,
            delivery=order.delivery_address, due_minor=_collected(order), exchange=order.origin is not None,
        )  # fmt: skip


def _others(line: Line, own: str) -> dict[str, int]:
    return {sku_id: units for sku_id, units in line.given.items() if sku_id != own}


def _collected(order: OrderRecord) -> int:
    # The balance of a pre-order is paid online or not at all.
    return 0 if order.balance_due_at is not None else order.totals.due


def _substitutes(tenant_id: str, sheets: list[Sheet]) -> dict[str, str]:
    ids = {sku for sheet in sheets for _, sku in sheet.contents if sku is not None}
    skus = get_skus(tenant_id, sorted(ids)) if ids else {}
    return {sku_id: sku.full_title for sku_id, sku in skus.items()}


def _members(tenant_id: str, sheets: list[Sheet]) -> dict[str, MemberRecord]:
    ids = list(dict.fromkeys(share.member_id for sheet in sheets for share in sheet.shares))
    found = fetch_many([(MemberRecord, *MemberRecord.address(tenant_id, each)) for each in ids])
    return {member.id: member for member in found if member is not None}
