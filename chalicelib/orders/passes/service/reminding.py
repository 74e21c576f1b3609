"""Passes that only tell: each order's member hears something, and the order stays as it is."""

from datetime import datetime, timedelta

from chalicelib.campaigns.model.campaign import FROM_LOCK, FROM_PICKUP, ON_SHOW, Status
from chalicelib.campaigns.model.kinds import Kind
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.orders.model import SOLD
from chalicelib.orders.passes.service.walking import Pass, begin_at
from chalicelib.orders.payment.service.balance import due_at
from chalicelib.orders.records import OrderRecord, in_state

_A_DAY = timedelta(days=1)


def _accepting(campaign: CampaignRecord) -> bool:
    return campaign.status in ON_SHOW


def _locked(campaign: CampaignRecord) -> bool:
    return campaign.status in FROM_LOCK


def _on_its_way(campaign: CampaignRecord) -> bool:
    return campaign.status in (ON_SHOW | FROM_LOCK | {Status.CLOSING}) - FROM_PICKUP


EXTENDED = Pass("extended", in_state(SOLD), _accepting, again=True, tells="order.campaign_extended")
"""Whoever has ordered hears that the campaign takes orders longer."""

ARRIVAL_MOVED = Pass("arrival_moved", in_state(SOLD), _on_its_way, again=True, tells="order.arrival_moved")
"""Whoever has ordered hears that the goods are expected on another day."""

BALANCE_SOON = Pass(
    "balance_soon", in_state(SOLD) & OrderRecord.balance_due_at.exists(), _locked, tells="order.balance_soon"
)
"""A day before what is still to be paid online ends an order, whoever owes it is reminded. Where there is no more than
a day to pay, nobody is: they have heard of it less than a day before."""


def remind_of_balances(tenant_id: str, campaign_id: str, now: datetime) -> None:
    """Notes, at the lock, when a pre-order's balances are called to mind. Of other campaigns none is due then."""
    campaign = get_campaign(tenant_id, campaign_id, consistent=True)
    if campaign.kind == Kind.PRE_ORDER:
        _note(campaign, now)


def remind_before_default(tenant_id: str, campaign_id: str, now: datetime) -> None:
    """Notes when whoever owes a campaign something is reminded of it; noted once, it stays."""
    _note(get_campaign(tenant_id, campaign_id, consistent=True), now)


def _note(campaign: CampaignRecord, now: datetime) -> None:
    until = due_at(campaign)
    if until is not None and until - now > _A_DAY:
        begin_at(BALANCE_SOON, campaign.tenant_id, campaign.id, until - _A_DAY)
