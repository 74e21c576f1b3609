"""Releasing the orders of a campaign that was cancelled."""

from datetime import datetime

from chalicelib.campaigns.lifecycle.service.closing import return_unsold
from chalicelib.campaigns.model.campaign import Status as CampaignStatus
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import Transaction
from chalicelib.orders.ending.service.cancelling import release
from chalicelib.orders.model import OWED
from chalicelib.orders.passes.service.money_back import MONEY_BACK
from chalicelib.orders.passes.service.walking import advance, changing_pass
from chalicelib.orders.records import OrderRecord

_RELEASING = frozenset({CampaignStatus.CANCELLED, CampaignStatus.REFUNDING})


def _wanted(campaign: CampaignRecord) -> bool:
    return campaign.status in _RELEASING


def _release(tx: Transaction, campaign: CampaignRecord, order: OrderRecord, now: datetime) -> None:
    release(tx, order, now)


def _finish(campaign: CampaignRecord, now: datetime) -> None:
    """When the last order is released, the campaign's stock is given back, and its refunds are looked after."""
    return_unsold(campaign.tenant_id, campaign.id, now)
    advance(MONEY_BACK, campaign.tenant_id, campaign.id, now)


RELEASE = changing_pass("release", OWED, _wanted, _release, _finish, again=True)
"""Every order that waits or is owed is cancelled, its units given back, its money refunded."""
