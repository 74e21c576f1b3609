"""A member wants what they ordered before once more."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.campaigns.model.campaign import ACCEPTING
from chalicelib.campaigns.progress.service import progress_of
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.listing import list_on_show
from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.members.records import MemberRecord
from chalicelib.orders.audience.service import check_audience
from chalicelib.orders.changes.model import bought
from chalicelib.orders.discounts.model import given
from chalicelib.orders.errors import NotInAudience
from chalicelib.orders.model import quantities
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.reordering.model import Again, Candidate, Goods, again, best, content
from chalicelib.orders.service.reading import get_own_order

_MOST_CAMPAIGNS = 100


@dataclass(frozen=True, slots=True)
class Reorder:
    """What of an order can be ordered now, and where; ``campaign`` is None where nothing can."""

    campaign: CampaignRecord | None
    found: Again


def reorder(tenant_id: str, member_id: str, order_id: str, now: datetime) -> Reorder:
    """Looks for the goods of a member's own order in the campaigns that take their orders now, a hundred at most. It
    changes nothing: what comes of it is a basket. Raises NotFound.
    """
    order = get_own_order(tenant_id, member_id, order_id)
    ordered_in = get_campaign(tenant_id, order.campaign_id)
    goods = _goods(order, ordered_in)
    on_show = list_on_show(tenant_id, now, limit=_MOST_CAMPAIGNS).items
    may_take = [each for each in on_show if each.status_for_first(now) in ACCEPTING]
    campaigns = {each.id: each for each in _open_to(tenant_id, member_id, may_take, now)}
    chosen = best(goods, [_candidate(each, ordered_in) for each in campaigns.values()])
    if chosen is None:
        return Reorder(None, again(goods, (), {}))
    campaign = campaigns[chosen]
    (progress,) = progress_of([campaign], now)
    left = {each.offer.offer_id: each.left for each in progress.offers}
    found = again(goods, campaign.offers, left)
    return Reorder(campaign if found.lines else None, found)


def _goods(order: OrderRecord, campaign: CampaignRecord) -> list[Goods]:
    """What was bought, neither what was given instead nor for nothing."""
    offers = {offer.offer_id: offer for offer in campaign.offers}
    units = bought(quantities(order.lines), given(order.discounts))
    return [Goods(content(offer), offer.title, quantity)
            for offer_id, quantity in units.items() if (offer := offers.get(offer_id))]  # fmt: skip


def _candidate(campaign: CampaignRecord, ordered_in: CampaignRecord) -> Candidate:
    in_series = bool(campaign.series_id) and campaign.series_id == ordered_in.series_id
    return Candidate(campaign.id, frozenset(map(content, campaign.offers)), in_series)


def _open_to(tenant_id: str, member_id: str, campaigns: list[CampaignRecord], now: datetime) -> list[CampaignRecord]:
    """The campaigns that are for the member, and open for them; of those for everybody nothing has to be read."""
    if all(each.audience is None and each.shown_status(now) in ACCEPTING for each in campaigns):
        return campaigns
    member = MemberRecord.fetch(*MemberRecord.address(tenant_id, member_id))
    if member is None:
        return []
    open_now = [each for each in campaigns if each.status_for(member.tier, now) in ACCEPTING]
    return [each for each in open_now if _is_for(each, member, now)]


def _is_for(campaign: CampaignRecord, member: MemberRecord, now: datetime) -> bool:
    try:
        check_audience(campaign, member, now)
    except NotInAudience:
        return False
    return True
