"""Use cases of staff while a campaign runs: raise an offer, close before the hour. ``closing`` does the rest."""

from collections import Counter
from datetime import datetime
from functools import partial
from typing import Any

from chalicelib.campaigns.drafting.model.bundles import check_part_units
from chalicelib.campaigns.drafting.model.raising import check_running, raised
from chalicelib.campaigns.lifecycle.service import closing
from chalicelib.campaigns.model.campaign import ACCEPTING, Status, move
from chalicelib.campaigns.model.offers import Offer
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.campaigns.stock import service as stock
from chalicelib.campaigns.stock.model import with_set_aside
from chalicelib.catalog.model.stock import Source
from chalicelib.catalog.service import set_aside
from chalicelib.db import Transaction, change, check_revision
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.principal import Principal
from chalicelib.kernel.unset import UNSET, Unset
from chalicelib.tenants.service.audit import audit


def close_now(
    tenant_id: str, campaign_id: str, by: Principal, now: datetime, if_match: int | None = None
) -> CampaignRecord:
    """Closes an open or extended campaign before its hour, which stays the announced ``closes_at``: once this has
    answered no order comes in any more. Asked for again, it answers with the campaign as it stands.

    What follows is the close as it would have been at its hour, unpaid holds waited for; but a missed target does not
    extend the campaign, since whoever closes it has ended it. Who did is written before the first bucket is fenced, so
    what a worker leaves unfinished is due at once. Raises MoveRefused, NotFound, Stale.
    """

    def decide(campaign: CampaignRecord, tx: Transaction) -> None:
        status = campaign.status_for_first(now)
        if status is Status.CLOSING or campaign.closed_by is not None:
            return
        check_revision(campaign, if_match)
        if status not in ACCEPTING:
            move(status, Status.CLOSING)
        if campaign.closed_early_at is None:
            campaign.closed_early_at, campaign.closed_by = now, by.label
            audit(tx, tenant_id, by, "campaign.closed", f"campaign:{campaign_id}", now)
            tx.replace("campaign", campaign)

    read = partial(get_campaign, tenant_id, campaign_id, consistent=True)
    change(read, decide)
    closing.close_campaign(tenant_id, campaign_id, now)
    return read()


def raise_offer(
    tenant_id: str,
    campaign_id: str,
    offer_id: str,
    by: Principal,
    now: datetime,
    *,
    quantity: int | Unset = UNSET,
    per_member_limit: int | Unset | None = UNSET,
    if_match: int | None = None,
) -> CampaignRecord:
    """Puts more units of an offer on sale until the close, or lets each member have more, None without limit. The units
    come into the offer's buckets in the same write, from the shelf where the SKU's supply asks for that. Named again,
    what stands already changes nothing.

    A process that saw the offer sold out in a rush, or its lower limit, may refuse a second longer. Raises NotFound,
    NotEditable, OffersOnlyRise, LimitAboveQuantity, PartBeyondStock, InsufficientStock, Stale.
    """

    def decide(campaign: CampaignRecord, tx: Transaction) -> CampaignRecord:
        check_revision(campaign, if_match)
        risen = raise_in(tx, campaign, offer_id, by, now, quantity=quantity, per_member_limit=per_member_limit)
        if risen is not None:
            audit(tx, tenant_id, by, "campaign.offer_raised", f"campaign:{campaign_id}", now, risen)
            tx.replace("campaign", campaign)
        return campaign

    return change(partial(get_campaign, tenant_id, campaign_id, consistent=True), decide)


def raise_in(
    tx: Transaction, campaign: CampaignRecord, offer_id: str, by: Principal, now: datetime,
    *, quantity: int | Unset, per_member_limit: int | Unset | None,
) -> dict[str, Any] | None:  # fmt: skip
    """Raises an offer of a campaign which is the caller's to write: what has risen, as the audit log tells it, or None
    where nothing has. Raises what :func:`raise_offer` does.
    """
    offers = {offer.offer_id: offer for offer in campaign.offers}
    if offer_id not in offers:
        raise NotFound("The campaign has no such offer; read it again.", detail_zh="活动中没有该商品，请重新读取活动。")
    check_running(_status(campaign, now))
    before = offers[offer_id]
    after = raised(before, quantity, per_member_limit)
    if after == before:
        return None
    if after.quantity > before.quantity:
        after = _with_units(tx, campaign, before, after, Source(f"campaign:{campaign.id}", by.label, now))
        campaign.emit("campaign.offer_raised", now, campaign_id=campaign.id)
    campaign.offers = [after if offer.offer_id == offer_id else offer for offer in campaign.offers]
    campaign.note("offer_raised", now, by.label)
    risen = {name: [getattr(before, name), getattr(after, name)] for name in ("quantity", "per_member_limit")}
    return {"offer_id": offer_id, **risen}


def _status(campaign: CampaignRecord, now: datetime) -> Status:
    """As shown; one that is being closed early is closing, although its last bucket may not be fenced yet."""
    status = campaign.status_for_first(now)
    return Status.CLOSING if campaign.closed_early_at is not None and status in ACCEPTING else status


def _with_units(tx: Transaction, campaign: CampaignRecord, before: Offer, after: Offer, source: Source) -> Offer:
    """Adds to a transaction the units that an offer has more than before, and answers with the offer as it is then.
    Raises PartBeyondStock.
    """
    check_part_units(after, campaign.offers)
    wanted = Counter[str]()
    for was, becomes in zip(before.goods(), after.goods(), strict=True):
        more = becomes.quantity - was.quantity
        stock.add_units(tx, campaign, was, more)
        wanted[was.sku_id] += 0 if was.draws_on else more
    taken = set_aside.allocate(tx, campaign.tenant_id, wanted, source)
    [raised_offer] = with_set_aside([after], taken)
    return raised_offer
