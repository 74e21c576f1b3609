"""Members wait for offers that are sold out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.campaigns.model.campaign import ACCEPTING, Status, no_campaign
from chalicelib.campaigns.model.offers import Offer
from chalicelib.campaigns.progress.service import progress_of
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.reading import get_published
from chalicelib.db import Transaction, fetch_many
from chalicelib.kernel.clock import sortable
from chalicelib.kernel.errors import NotFound
from chalicelib.members.service.members import check_may_order, get_member
from chalicelib.orders.audience.service import check_audience
from chalicelib.wanting.errors import NothingToWaitFor, StillAvailable, TooMany
from chalicelib.wanting.model.lists import MOST, Kept, Kind, most_units
from chalicelib.wanting.model.waves import LOOKS_AGAIN
from chalicelib.wanting.records import PlaceRecord, QueueRecord
from chalicelib.wanting.service import keeping

GOES_ON = ACCEPTING | {Status.SCHEDULED, Status.CLOSING}
"""The states of a campaign in which its lists are kept: a missed target may still extend one that has closed."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a member waits for, in its campaign; ``told_at`` is when they were last told that something is free."""

    kept: Kept
    campaign: CampaignRecord
    offer: Offer
    left: int
    told_at: datetime | None


def wait(tenant_id: str, member_id: str, campaign_id: str, offer_id: str, quantity: int, now: datetime) -> Kept:
    """Puts a member at the end of an offer's list, for so many units; who is in it stays at their place, with the new
    quantity. Nothing is reserved.

    Raises NotFound, MemberBlocked, NotInAudience, NothingToWaitFor, StillAvailable, TooMany, ListFull.
    """
    campaign, offer = find_offer(tenant_id, campaign_id, offer_id)
    _check(tenant_id, member_id, campaign, offer, quantity, now)
    _make_room(tenant_id, member_id)
    products = tuple(dict.fromkeys(goods.product_id for goods in offer.goods()))

    def entry(before: Kept | None) -> Kept:
        return Kept(before.since if before else sortable(now), campaign_id, quantity, products)

    return keeping.keep(
        tenant_id, member_id, Kind.WAITING, offer_id, entry, lambda tx: _looked_at(tx, campaign, offer_id, now)
    )


def find_offer(tenant_id: str, campaign_id: str, offer_id: str) -> tuple[CampaignRecord, Offer]:
    """An offer that members may wait for, with its campaign. Raises NotFound."""
    campaign = get_published(tenant_id, campaign_id)
    if campaign.gift_points is not None:
        raise no_campaign(campaign_id)
    offer = next((each for each in campaign.offers if each.offer_id == offer_id), None)
    if offer is None:
        raise NotFound("The campaign has no such offer; read it again.", detail_zh="活动中没有该商品，请重新读取活动。")
    return campaign, offer


def stop(tenant_id: str, member_id: str, campaign_id: str, offer_id: str) -> None:
    """Takes a member off an offer's list; who is not in it stays so. Raises NotFound for what is no offer."""
    kept = keeping.list_of(tenant_id, member_id, Kind.WAITING, consistent=True).get(offer_id)
    if kept is None or kept.campaign_id != campaign_id:
        find_offer(tenant_id, campaign_id, offer_id)
    keeping.drop(tenant_id, member_id, Kind.WAITING, offer_id)


def list_own(tenant_id: str, member_id: str, now: datetime) -> dict[str, Waiting]:
    """What a member waits for in campaigns that are not over, by offer, the latest first."""
    kept = keeping.list_of(tenant_id, member_id, Kind.WAITING, consistent=True)
    campaigns = _campaigns(tenant_id, kept)
    places = [
        (PlaceRecord, *PlaceRecord.address(tenant_id, offer_id, each.since, member_id))
        for offer_id, each in kept.items()
    ]
    found = dict(zip(kept, fetch_many(places, consistent=True) if places else (), strict=True))
    running = [each for each in campaigns.values() if each.shown_status(now) in GOES_ON]
    progress = zip(running, progress_of(running, now) if running else (), strict=True)
    offers = {each.offer.offer_id: (campaign, each) for campaign, of in progress for each in of.offers}
    return {
        offer_id: Waiting(
            entry, offers[offer_id][0], offers[offer_id][1].offer, offers[offer_id][1].left,
            found[offer_id].told_at if found[offer_id] else None,
        )
        for offer_id, entry in kept.items()
        if offer_id in offers
    }  # fmt: skip


def _check(
    tenant_id: str, member_id: str, campaign: CampaignRecord, offer: Offer, quantity: int, now: datetime
) -> None:
    member = get_member(tenant_id, member_id)
    check_may_order(member)
    check_audience(campaign, member, now)
    if campaign.status_for(member.tier, now) not in ACCEPTING or campaign.closed_early_at is not None:
        raise NothingToWaitFor(
            "The campaign takes no orders now, so nothing of it becomes free. Ask to be told when the product comes "
            "again.",
            detail_zh="该活动目前不接受下单，无法候补。可在商品页订阅开团提醒。",
        )
    most = most_units(offer.per_member_limit)
    if quantity > most:
        raise TooMany.at(
            "/quantity", f"At most {most} for each member; wait for fewer.", f"每人最多 {most} 件，请减少数量。"
        )
    [progress] = progress_of([campaign], now)
    left = next(each.left for each in progress.offers if each.offer.offer_id == offer.offer_id)
    if left:
        raise StillAvailable(
            f"There are {left} left: order now instead of waiting.",
            detail_zh=f"还剩 {left} 件，可直接下单，无需候补。",
            extra={"left": left},
        )


def _looked_at(tx: Transaction, campaign: CampaignRecord, offer_id: str, now: datetime) -> None:
    """Adds that the list is looked at before long, where that is not so yet: the first of it makes it."""
    found = QueueRecord.fetch(*QueueRecord.address(campaign.tenant_id, offer_id), consistent=True)
    if found is None:
        tx.create("queue", QueueRecord.new(campaign.tenant_id, campaign.id, offer_id, now))
    elif found.look_at > now + LOOKS_AGAIN:
        found.look_at = now + LOOKS_AGAIN
        tx.replace("queue", found)


def _make_room(tenant_id: str, member_id: str) -> None:
    """Takes off a full list what its member waited for in campaigns that are over."""
    kept = keeping.list_of(tenant_id, member_id, Kind.WAITING, consistent=True)
    if len(kept) < MOST[Kind.WAITING]:
        return
    campaigns = _campaigns(tenant_id, kept)
    for offer_id, entry in kept.items():
        campaign = campaigns.get(entry.campaign_id)
        if campaign is None or campaign.status not in GOES_ON:
            keeping.drop(tenant_id, member_id, Kind.WAITING, offer_id)


def _campaigns(tenant_id: str, kept: Mapping[str, Kept]) -> dict[str, CampaignRecord]:
    ids = list(dict.fromkeys(each.campaign_id for each in kept.values()))
    found = fetch_many([(CampaignRecord, *CampaignRecord.address(tenant_id, each)) for each in ids]) if ids else []
    return {campaign.id: campaign for campaign in found if campaign is not None}
