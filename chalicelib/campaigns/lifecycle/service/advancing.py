"""How a locked campaign advances: bought, received, sorted, at the pickup points, handed over, settled.

Each move is one transaction on the campaign's revision, with its event. Asked for again, a move that was made answers
with the campaign as it stands, so a lost answer may be followed by the same request.
"""

from datetime import datetime
from functools import partial
from typing import Literal

from chalicelib.campaigns.model.campaign import Status, move, no_campaign
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import Transaction, change, check_revision
from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.principal import SYSTEM, Principal
from chalicelib.tenants.service.audit import audit

Later = Literal["purchasing", "received", "sorted", "at_pickup", "completed"]
"""The states that staff move a locked campaign through, one after the other. Its settlement is asked for by itself: the
accounts must have nothing outstanding of it.
"""


class StockNotReturned(Conflict):
    """What stayed unsold has not gone back to its SKUs yet, so nothing may be declared complete."""

    code, title, title_zh = "stock_not_returned", "Unsold stock is still being returned", "未售库存尚未退回"


def advance(
    tenant_id: str, campaign_id: str, to: Status, by: Principal, now: datetime, if_match: int | None = None
) -> CampaignRecord:
    """Moves a campaign to the next of its later states, and emits the event of it.

    Raises MoveRefused for any move that is not in the table, StockNotReturned, NotFound, Stale. Its settlement is asked
    for in ``settlement``, which knows what is outstanding.
    """

    def decide(campaign: CampaignRecord | None, tx: Transaction) -> CampaignRecord:
        if campaign is None:
            raise no_campaign(campaign_id)
        check_revision(campaign, if_match)
        if campaign.status == to:
            return campaign
        move(campaign.shown_status(now), to)
        _check(campaign, to)
        campaign.move_to(to, to.value, now, by.label)
        campaign.emit(f"campaign.{to.value}", now, campaign_id=campaign.id)
        tx.replace("campaign", campaign)
        audit(tx, tenant_id, by, f"campaign.{to.value}", f"campaign:{campaign_id}", now)
        return campaign

    return change(partial(CampaignRecord.at, tenant_id, campaign_id, consistent=True), decide)


def refunding_begun(tenant_id: str, campaign_id: str, now: datetime) -> None:
    """A cancelled campaign's orders had been paid for: their money is on its way back. Repeated, it does nothing.

    For the orders domain to call when it has released the orders, as :func:`refunding_done`.
    """

    def decide(campaign: CampaignRecord | None, tx: Transaction) -> None:
        if campaign is None or campaign.status != Status.CANCELLED:
            return
        campaign.move_to(Status.REFUNDING, "refunding", now, SYSTEM)
        tx.replace("campaign", campaign)

    change(partial(CampaignRecord.at, tenant_id, campaign_id, consistent=True), decide)


def refunding_done(tenant_id: str, campaign_id: str, now: datetime) -> None:
    """Every refund of a cancelled campaign's orders has arrived. Repeated, or too early, it does nothing."""

    def decide(campaign: CampaignRecord | None, tx: Transaction) -> None:
        if campaign is None or campaign.status != Status.REFUNDING:
            return
        campaign.move_to(Status.REFUNDED, "refunded", now, SYSTEM)
        campaign.emit("campaign.refunded", now, campaign_id=campaign.id)
        tx.replace("campaign", campaign)

    change(partial(CampaignRecord.at, tenant_id, campaign_id, consistent=True), decide)


def remind_of_refunds(tenant_id: str, campaign_id: str, now: datetime) -> None:
    """Has the orders domain look again at the refunds of a campaign whose orders are being paid back."""

    def decide(campaign: CampaignRecord | None, tx: Transaction) -> None:
        if campaign is None or campaign.status != Status.REFUNDING or not campaign.is_due(now):
            return
        campaign.updated_at = now
        campaign.emit("campaign.refunding", now, campaign_id=campaign.id)
        tx.replace("campaign", campaign)

    change(partial(CampaignRecord.at, tenant_id, campaign_id, consistent=True), decide)


def _check(campaign: CampaignRecord, to: Status) -> None:
    if to is Status.COMPLETED and campaign.wound_up_at is None:
        message = "Unsold units are still being given back to their SKUs; try again in some minutes."
        raise StockNotReturned(message, detail_zh="未售库存正在退回，请几分钟后再试。")
