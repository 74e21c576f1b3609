"""How a campaign opens, closes and ends by itself.

Each step reads the present state, decides, and commits one transaction that holds only for the revision it read. A
message that comes twice, late, or out of order therefore finds nothing left to do; what a worker left
unfinished is continued by the next message, since what is due stays due until its step is done.
"""

from dataclasses import asdict
from datetime import datetime
from functools import partial

from chalicelib.campaigns.drafting.model.copying import moved_with_close
from chalicelib.campaigns.lifecycle.model import Decision, decision_at_close, extended_close
from chalicelib.campaigns.model.campaign import ACCEPTING, Status, has_come
from chalicelib.campaigns.model.target import CloseTotals, at_final_prices
from chalicelib.campaigns.progress.service import taken_so_far
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.stock import service as stock
from chalicelib.db import Transaction, change
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.kernel.principal import SYSTEM
from chalicelib.tenancy import brand_of


def open_campaign(tenant_id: str, campaign_id: str, now: datetime) -> None:
    """Opens a scheduled campaign whose opening has come. Orders do not wait for it: the buckets know their window."""
    from chalicelib.campaigns.lifecycle.service.prices import fix_prices_before  # no order opens a campaign

    def decide(campaign: CampaignRecord | None, tx: Transaction) -> None:
        if campaign is None or campaign.status != Status.SCHEDULED or not has_come(campaign.opens_at, now):
            return
        campaign.move_to(Status.OPEN, "opened", now, SYSTEM)
        fix_prices_before(campaign, now)
        campaign.emit("campaign.opened", now, campaign_id=campaign.id)
        tx.replace("campaign", campaign)

    change(partial(CampaignRecord.at, tenant_id, campaign_id, consistent=True), decide)


def close_campaign(tenant_id: str, campaign_id: str, now: datetime) -> None:
    """Closes a campaign whose close has come, or that is to close before it: fences its buckets, then asks for the
    orders' exact totals.
    """

    def decide(campaign: CampaignRecord | None, tx: Transaction) -> None:
        if campaign is None or not (_closes_early(campaign, now) or _has_ended(campaign, now)):
            return
        stock.fence(campaign)
        if campaign.status == Status.SCHEDULED:
            campaign.move_to(Status.OPEN, "opened", now, SYSTEM)
            campaign.emit("campaign.opened", now, campaign_id=campaign.id)
        campaign.move_to(Status.CLOSING, _happened(campaign), now, campaign.closed_by or SYSTEM)
        campaign.emit("campaign.closed", now, campaign_id=campaign.id)
        tx.replace("campaign", campaign)

    change(partial(CampaignRecord.at, tenant_id, campaign_id, consistent=True), decide)


def _has_ended(campaign: CampaignRecord, now: datetime) -> bool:
    return Status(campaign.status) in ACCEPTING and has_come(campaign.closes_at, now)


def _happened(campaign: CampaignRecord) -> str:
    if campaign.closed_early_at is None:
        return "closed"
    return "cap_reached" if campaign.closed_by is None else "closed_by_hand"


def _closes_early(campaign: CampaignRecord, now: datetime) -> bool:
    return campaign.closed_early_at is not None and campaign.status_for_first(now) in ACCEPTING


def close_early(tenant_id: str, campaign_id: str, now: datetime) -> None:
    """Closes a campaign at once when its live orders have reached one of its caps; else it does nothing.

    For the orders domain to call whenever it has counted an order, and again when that message comes again. The caps
    are soft: orders that come in while the last ones are counted are taken and stand, so a campaign may end a few
    orders above a cap. It closes as it would have at its hour, which stays the announced ``closes_at``.

    That a cap is reached is written before the first bucket is fenced, and stands although an order is cancelled after
    it: a campaign whose fence has begun is closed by the next call, whatever its orders come to by then.
    """

    def decide(campaign: CampaignRecord | None, tx: Transaction) -> CampaignRecord | None:
        if campaign is None or campaign.caps is None or campaign.closed_early_at is not None:
            return campaign
        if campaign.status_for_first(now) not in ACCEPTING:
            return campaign
        if not campaign.caps.reached(*taken_so_far(campaign)):
            return campaign
        campaign.closed_early_at = now
        tx.replace("campaign", campaign)
        return campaign

    campaign = change(partial(CampaignRecord.at, tenant_id, campaign_id, consistent=True), decide)
    if campaign is not None and _closes_early(campaign, now):
        close_campaign(tenant_id, campaign_id, now)


def remind_of_decision(tenant_id: str, campaign_id: str, now: datetime) -> None:
    """Asks for the totals again where a campaign has stayed between its close and the decision."""

    def decide(campaign: CampaignRecord | None, tx: Transaction) -> None:
        if campaign is None or campaign.status != Status.CLOSING or not campaign.is_due(now):
            return
        campaign.updated_at = now
        campaign.emit("campaign.decision_due", now, campaign_id=campaign.id)
        tx.replace("campaign", campaign)

    change(partial(CampaignRecord.at, tenant_id, campaign_id, consistent=True), decide)


def decide_target(tenant_id: str, campaign_id: str, totals: CloseTotals, now: datetime) -> CampaignRecord | None:
    """Decides a closed campaign by the exact totals of its orders: locks it, extends it once, or cancels it.

    The fenced buckets say which step each ladder has reached. Its price stands on the offers of a locked campaign in
    the same write, so it is there when the event of the lock comes; a target by amount counts the goods as they were
    ordered, at its first price. A campaign that a cap closed is not extended. Called by the orders domain when it has
    counted them; called again, it changes nothing. Answers with the campaign as it stands, None if there is no such
    campaign.
    """

    def decide(campaign: CampaignRecord | None, tx: Transaction) -> CampaignRecord | None:
        if campaign is None or campaign.status != Status.CLOSING:
            return campaign
        campaign.stored_totals = asdict(totals)
        decision = decision_at_close(campaign.target, totals, extendable=campaign.is_extendable)
        if decision is Decision.LOCK:
            sold = stock.sold(campaign) if any(offer.ladder for offer in campaign.offers) else {}
            campaign.offers = at_final_prices(campaign.offers, sold)
            campaign.move_to(Status.LOCKED, "locked", now, SYSTEM)
            campaign.emit("campaign.locked", now, campaign_id=campaign.id)
        elif decision is Decision.EXTEND:
            _extend(campaign, tx, now)
        else:
            cancel(campaign, now, SYSTEM)
        tx.replace("campaign", campaign)
        return campaign

    return change(partial(CampaignRecord.at, tenant_id, campaign_id, consistent=True), decide)


def cancel(campaign: CampaignRecord, now: datetime, by: str) -> None:
    """Cancels, on the record; once written, a published campaign's orders are released by :func:`wind_up`."""
    campaign.move_to(Status.CANCELLED, "cancelled", now, by)
    if campaign.published_at is not None:
        campaign.emit("campaign.cancelled", now, campaign_id=campaign.id)


def wind_up(tenant_id: str, campaign_id: str, now: datetime) -> None:
    """Clears up after a campaign that was cancelled or locked; once it has begun, another message does nothing.

    Unsold units go back to their SKUs. A cancelled campaign's orders are then released by the orders domain, which is
    asked for it only once no order can slip in any more.
    """

    def decide(campaign: CampaignRecord | None, tx: Transaction) -> None:
        if campaign is None or not campaign.is_winding_up or campaign.released_at is not None:
            return
        _give_back(campaign, now)
        tx.replace("campaign", campaign)

    change(partial(CampaignRecord.at, tenant_id, campaign_id, consistent=True), decide)


def remind_of_winding_up(tenant_id: str, campaign_id: str, now: datetime) -> None:
    """Looks again at an ended campaign, and reminds the orders domain while buckets still hold or count units."""

    def decide(campaign: CampaignRecord | None, tx: Transaction) -> None:
        if campaign is None or not campaign.is_winding_up or not campaign.is_due(now):
            return
        _give_back(campaign, now)
        tx.replace("campaign", campaign)

    change(partial(CampaignRecord.at, tenant_id, campaign_id, consistent=True), decide)


def return_unsold(tenant_id: str, campaign_id: str, now: datetime) -> None:
    """Gives back what the release of a cancelled campaign's orders has freed; ends the winding up when that is all.

    For the orders domain to call after the last order. Without it, the reminder does the same minutes later.
    """

    def decide(campaign: CampaignRecord | None, tx: Transaction) -> None:
        if campaign is None or not campaign.is_winding_up or campaign.released_at is None:
            return
        if stock.return_unsold(campaign, now) == 0:
            campaign.wound_up_at = now
            tx.replace("campaign", campaign)

    change(partial(CampaignRecord.at, tenant_id, campaign_id, consistent=True), decide)


def _give_back(campaign: CampaignRecord, now: datetime) -> None:
    cancelled = campaign.status in (Status.CANCELLED, Status.REFUNDING)
    if cancelled:
        stock.fence(campaign)
    outstanding = stock.return_unsold(campaign, now)
    campaign.released_at = campaign.released_at or now
    campaign.updated_at = now
    if cancelled and outstanding:
        campaign.emit("campaign.releasing", now, campaign_id=campaign.id)
    else:
        campaign.wound_up_at = now


def _extend(campaign: CampaignRecord, tx: Transaction, now: datetime) -> None:
    """A second close; the goods come as many days later as it does."""
    if campaign.target is not None and campaign.closes_at is not None:
        before = campaign.closes_at
        campaign.closes_at = extended_close(before, campaign.target.extend_hours, now)
        if campaign.arrives_on is not None:
            tz = zone(brand_of(campaign.tenant_id).timezone)
            days = local_date(before, tz), local_date(campaign.closes_at, tz)
            campaign.arrives_on = moved_with_close(campaign.arrives_on, *days)
    campaign.extended_at = now
    campaign.move_to(Status.EXTENDED, "extended", now, SYSTEM)
    campaign.emit("campaign.extended", now, campaign_id=campaign.id)
    stock.reopen(tx, campaign)
