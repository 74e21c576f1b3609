"""Who leads a pickup point is told what happens there, each leader once for all the points that they lead."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial

from chalicelib.campaigns.model.campaign import FROM_LOCK, FROM_PICKUP, Status
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.catalog.service.set_aside import get_skus
from chalicelib.db import fetch_many
from chalicelib.fulfilment.notices.model import (
    AtPoint,
    AtPoints,
    LeaderArrivalMoved,
    LeaderCampaignCancelled,
    LeaderCampaignClosed,
    LeaderGoodsComing,
    LeaderNotCollected,
    LeaderSheetReady,
    Named,
    Occasion,
    expected,
    goods_there,
    left_there,
    orders_there,
    then,
)
from chalicelib.fulfilment.notices.service.counting import count, forget
from chalicelib.fulfilment.purchasing.records import SupplyRecord
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.notices.model.facts import InWords
from chalicelib.notices.telling.service import tell_member
from chalicelib.pickup_points.records import PickupPointRecord
from chalicelib.tenancy import brand_of
from chalicelib.tenants.service.brand import get_tenant

There = Callable[[Sequence[Named]], InWords]
"""What is said of some pickup points."""


def tell_closed(tenant_id: str, campaign_id: str, now: datetime) -> None:
    """Tells every leader what was ordered at their points; also that it was nothing, so that nobody waits for goods."""

    def tell(campaign: CampaignRecord, found: Mapping[int, AtPoint]) -> None:
        every = {n: found.get(n, AtPoint()) for n in range(len(campaign.pickup_points))}
        brand = get_tenant(tenant_id).name
        for leader_id, points in _led(campaign, every):
            follows = then(points, campaign.arrives_on)
            notice = LeaderCampaignClosed(brand, campaign.title, orders_there(points), follows)
            tell_member(tenant_id, leader_id, notice, (campaign_id, Occasion.CLOSED), now, subject_id=campaign_id)

    count(get_campaign(tenant_id, campaign_id, consistent=True), Occasion.CLOSED, tell, now)


def tell_cancelled(tenant_id: str, campaign_id: str, now: datetime) -> None:
    """Tells every leader that nothing of a campaign comes."""
    campaign = get_campaign(tenant_id, campaign_id, consistent=True)
    brand = get_tenant(tenant_id).name
    for leader_id, points in _led(campaign, {n: AtPoint() for n in range(len(campaign.pickup_points))}):
        notice = LeaderCampaignCancelled(brand, campaign.title, tuple(name for name, _ in points))
        tell_member(tenant_id, leader_id, notice, (campaign_id, notice.template), now, subject_id=campaign_id)


def tell_arrival_moved(tenant_id: str, campaign_id: str, of: str, now: datetime) -> None:
    """Tells every leader on which day the goods are expected now, once for each move (``of`` that event). Nothing
    before the close, when they have heard of no day, nor where the goods are there by now or no day is named any more.
    """
    campaign = get_campaign(tenant_id, campaign_id, consistent=True)
    if campaign.arrives_on is None or campaign.status not in FROM_LOCK - FROM_PICKUP:
        return
    brand = get_tenant(tenant_id).name
    for leader_id, points in _led(campaign, {n: AtPoint() for n in range(len(campaign.pickup_points))}):
        where = tuple(name for name, _ in points)
        notice = LeaderArrivalMoved(brand, campaign.title, where, campaign.arrives_on)
        tell_member(tenant_id, leader_id, notice, (campaign_id, of), now, subject_id=campaign_id)


def tell_coming(tenant_id: str, campaign_id: str, now: datetime) -> None:
    """Tells leaders what comes to their points, when it is at the brand and no order is being lowered any more.

    Not where the same request has declared it sorted: then the sorting sheet says it.
    """
    campaign = get_campaign(tenant_id, campaign_id, consistent=True)
    if _sorted_at_once(campaign):
        return
    if _is_being_lowered(campaign):
        forget(campaign, Occasion.COMING)
        return

    def tell(campaign: CampaignRecord, found: Mapping[int, AtPoint]) -> None:
        there = partial(goods_there, titles=_titles(campaign, found))
        _tell(campaign, found, partial(LeaderGoodsComing, when=_when(campaign, now)), there, Occasion.COMING, now)

    count(campaign, Occasion.COMING, tell, now)


def tell_lowered(tenant_id: str, campaign_id: str, now: datetime) -> None:
    """Orders are not being lowered any more: leaders are told what comes, where that had to wait for it."""
    if get_campaign(tenant_id, campaign_id, consistent=True).status == Status.RECEIVED:
        tell_coming(tenant_id, campaign_id, now)


def tell_sheet(tenant_id: str, campaign_id: str, now: datetime) -> None:
    """Tells leaders that the sorting sheet is ready, and how much is packed; what it is, where they were not told."""

    def tell(campaign: CampaignRecord, found: Mapping[int, AtPoint]) -> None:
        untold = _sorted_at_once(campaign)
        there: There = partial(goods_there, titles=_titles(campaign, found)) if untold else orders_there
        _tell(campaign, found, partial(LeaderSheetReady, when=_when(campaign, now)), there, Occasion.SHEET, now)

    count(get_campaign(tenant_id, campaign_id, consistent=True), Occasion.SHEET, tell, now)


def tell_not_collected(tenant_id: str, campaign_id: str, now: datetime) -> None:
    """Tells leaders how many orders at their points were left behind; nobody's name."""

    def tell(campaign: CampaignRecord, found: Mapping[int, AtPoint]) -> None:
        _tell(campaign, found, LeaderNotCollected, left_there, Occasion.NOT_COLLECTED, now)

    count(get_campaign(tenant_id, campaign_id, consistent=True), Occasion.NOT_COLLECTED, tell, now)


ON: Mapping[Occasion, Callable[[str, str, datetime], None]] = {
    Occasion.CLOSED: tell_closed, Occasion.COMING: tell_coming, Occasion.SHEET: tell_sheet,
    Occasion.NOT_COLLECTED: tell_not_collected,
}  # fmt: skip
"""What goes on counting, by what it counts for."""


def _sorted_at_once(campaign: CampaignRecord) -> bool:
    """Whether the goods were declared received and sorted by one request."""
    at = {entry["type"]: entry["at"] for entry in campaign.history}
    return Status.SORTED.value in at and at.get(Status.RECEIVED.value) == at[Status.SORTED.value]


def _when(campaign: CampaignRecord, now: datetime) -> InWords:
    return expected(campaign.arrives_on, local_date(now, zone(brand_of(campaign.tenant_id).timezone)))


def _is_being_lowered(campaign: CampaignRecord) -> bool:
    supply = SupplyRecord.fetch(*SupplyRecord.address(campaign.tenant_id, campaign.id), consistent=True)
    return supply is not None and supply.is_busy


def _titles(campaign: CampaignRecord, found: Mapping[int, AtPoint]) -> dict[str, str]:
    """What the kinds of goods are called."""
    own = {str(n): goods.full_title for n, goods in enumerate(campaign.goods)}
    others = dict.fromkeys(kind for at in found.values() for kind in at.goods if kind not in own)
    skus = get_skus(campaign.tenant_id, list(others)) if others else {}
    return own | {sku_id: skus[sku_id].full_title if sku_id in skus else "?" for sku_id in others}


def _tell(
    campaign: CampaignRecord,
    found: Mapping[int, AtPoint],
    kind: Callable[[str, str, InWords], AtPoints],
    there: There,
    of: Occasion,
    now: datetime,
) -> None:
    brand = get_tenant(campaign.tenant_id).name
    for leader_id, points in _led(campaign, found):
        notice = kind(brand, campaign.title, there(points))
        tell_member(campaign.tenant_id, leader_id, notice, (campaign.id, of), now, subject_id=campaign.id)


def _led(campaign: CampaignRecord, found: Mapping[int, AtPoint]) -> Iterator[tuple[str, list[Named]]]:
    """The leaders of today with the points that they lead, in the campaign's order; points without one are left out."""
    places = campaign.pickup_points
    addresses = [(PickupPointRecord, *PickupPointRecord.address(campaign.tenant_id, place.id)) for place in places]
    led: dict[str, list[Named]] = {}
    for n, point in enumerate(fetch_many(addresses)):
        if n in found and point is not None and point.leader_id:
            led.setdefault(point.leader_id, []).append((places[n].name, found[n]))
    yield from led.items()
