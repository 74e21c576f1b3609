"""How a locked campaign advances: bought, received, sorted, at the pickup points, handed over, settled.

The moves that one request asks for are one transaction on the campaign's revision, each with its event. Asked for
again, moves that were made answer with the campaign as it stands, so a lost answer may be followed by the same request.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Literal

from chalicelib.campaigns.lifecycle.service.closing import wind_up
from chalicelib.campaigns.model.campaign import Status, no_campaign, way
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import Transaction, change, check_revision
from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.principal import SYSTEM, Principal
from chalicelib.tenants.service.audit import audit

Later = Literal["purchasing", "received", "sorted", "at_pickup", "completed"]
"""The states that staff move a locked campaign to; up to the pickup points one request may pass several. Its settlement
is asked for by itself: the accounts must have nothing outstanding of it.
"""


class StockNotReturned(Conflict):
    """What stayed unsold has not gone back to its SKUs yet, so nothing may be declared complete."""

    code, title, title_zh = "stock_not_returned", "Unsold stock is still being returned", "未售库存尚未退回"


Guard = Callable[[CampaignRecord, Sequence[Status], Transaction], None]


def _unguarded(*_: object) -> None:
    """Of what asks for nothing more than the state of the campaign."""


def advance(
    tenant_id: str,
    campaign_id: str,
    to: Status,
    by: Principal,
    now: datetime,
    if_match: int | None = None,
    guard: Guard = _unguarded,
) -> CampaignRecord:
    """Moves a campaign to one of its later states, through those between, and emits the event of each.

    ``guard`` sees the campaign and the states that it is to pass, and raises, or adds to the transaction, what they ask
    for. Where the campaign has got there, also with another revision, nothing is done. Raises MoveRefused where no way
    leads there, StockNotReturned, NotFound, Stale.
    Its settlement is asked for in ``settlement``, which knows what is outstanding.
    """

    def decide(campaign: CampaignRecord | None, tx: Transaction) -> CampaignRecord:
        if campaign is None:
            raise no_campaign(campaign_id)
        passed = to_pass(campaign, to, now, if_match)
        if not passed:
            return campaign
        guard(campaign, passed, tx)
        for state in passed:
            _check(campaign, state)
            _move(campaign, state, by.label, now)
        tx.replace("campaign", campaign)
        through = {"through": list(passed)} if len(passed) > 1 else None
        audit(tx, tenant_id, by, f"campaign.{to.value}", f"campaign:{campaign_id}", now, through)
        return campaign

    return change(partial(CampaignRecord.at, tenant_id, campaign_id, consistent=True), decide)


def to_pass(campaign: CampaignRecord, to: Status, now: datetime, if_match: int | None = None) -> tuple[Status, ...]:
    """The states that lead a campaign to one of its later states; none where it has got there, also with another
    revision. Raises MoveRefused, Stale.
    """
    if campaign.status == to or _went_on_by_itself(campaign, to):
        return ()
    check_revision(campaign, if_match)
    return way(campaign.shown_status(now), to)


def complete(tenant_id: str, campaign_id: str, now: datetime) -> None:
    """Completes a campaign at the pickup points, of which every order has ended. Repeated, it does nothing.

    For the orders domain to call when it has seen the last one. Unsold stock goes back first.
    """

    def decide(campaign: CampaignRecord | None, tx: Transaction) -> None:
        if campaign is None or campaign.status != Status.AT_PICKUP:
            return
        _check(campaign, Status.COMPLETED)
        _move(campaign, Status.COMPLETED, SYSTEM, now)
        tx.replace("campaign", campaign)

    wind_up(tenant_id, campaign_id, now)
    change(partial(CampaignRecord.at, tenant_id, campaign_id, consistent=True), decide)


def refunding_begun(tenant_id: str, campaign_id: str, now: datetime) -> None:
    """A cancelled campaign's orders had been paid for: their money is on its way back. Repeated, it does nothing.

    For the orders domain to call when it has released the orders, as :func:`refunding_done`.
    """

    def decide(campaign: CampaignRecord | None, tx: Transaction) -> None:
        if campaign is None or campaign.status != Status.CANCELLED:
            return
        campaign.move_to(Status.REFUNDING, "refunding", now, SYSTEM)
        campaign.emit("campaign.refunding", now, campaign_id=campaign.id)
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
        campaign.emit("campaign.refunds_due", now, campaign_id=campaign.id)
        tx.replace("campaign", campaign)

    change(partial(CampaignRecord.at, tenant_id, campaign_id, consistent=True), decide)


def _move(campaign: CampaignRecord, to: Status, by: str, now: datetime) -> None:
    campaign.move_to(to, to.value, now, by)
    campaign.emit(f"campaign.{to.value}", now, campaign_id=campaign.id)


def _went_on_by_itself(campaign: CampaignRecord, to: Status) -> bool:
    """Whether a campaign that got to the pickup points was completed since because no order was left."""
    last: dict[str, str] = campaign.history[-1] if campaign.history else {}
    return to is Status.AT_PICKUP and (last.get("type"), last.get("by")) == (Status.COMPLETED.value, SYSTEM)


def _check(campaign: CampaignRecord, to: Status) -> None:
    if to is Status.COMPLETED and campaign.wound_up_at is None:
        message = "Unsold units are still being given back to their SKUs; try again in some minutes."
        raise StockNotReturned(message, detail_zh="未售库存正在退回，请几分钟后再试。")
