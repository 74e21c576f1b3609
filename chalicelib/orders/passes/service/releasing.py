"""Releasing the orders of a campaign that was cancelled."""

from datetime import datetime

from chalicelib.campaigns.lifecycle.service.closing import return_unsold
from chalicelib.campaigns.model.campaign import Status as CampaignStatus
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.orders.ending.service.cancelling import release
from chalicelib.orders.model import OWED
from chalicelib.orders.passes.service import refunding
from chalicelib.orders.passes.service.walking import Pass
from chalicelib.orders.records import OrderRecord

_RELEASING = frozenset({CampaignStatus.CANCELLED, CampaignStatus.REFUNDING})


def _wanted(campaign: CampaignRecord) -> bool:
    return campaign.status in _RELEASING


def _visit(campaign: CampaignRecord, order: OrderRecord, now: datetime) -> bool:
    return release(order, now)


def _finish(campaign: CampaignRecord, now: datetime) -> None:
    """When the last order is released, the campaign's stock is given back, and its refunds are looked after."""
    return_unsold(campaign.tenant_id, campaign.id, now)
    refunding.look(campaign.tenant_id, campaign.id, now)


RELEASE = Pass("release", OWED, _wanted, _visit, _finish, again=True)
"""Every order that waits or is owed is cancelled, its units given back, its money refunded."""
