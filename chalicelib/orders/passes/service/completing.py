"""Whether every order of a campaign at the pickup points has ended: then it is completed by itself.

Orders are looked at in the order of the index, each once: the pass waits at the first that is still to be collected,
and goes on from there when that one has ended. So ten thousand orders are ten thousand looks, in whatever order they
are collected, and the end of any other order costs one read.
"""

from collections.abc import Collection
from datetime import datetime

from chalicelib.campaigns.lifecycle.service.advancing import complete
from chalicelib.campaigns.model.campaign import Status as CampaignStatus
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import fetch_many
from chalicelib.orders.model import OWED, Status
from chalicelib.orders.passes.service.walking import Pass, resume
from chalicelib.orders.records import OrderRecord, in_state

_TO_COLLECT = OWED - {Status.PICKED_UP}


def orders_ended(tenant_id: str, order_ids: Collection[str], now: datetime) -> None:
    """Orders were handed over, or have ended in another way; if their campaign waited for one of them, it goes on."""
    wanted = [(OrderRecord, *OrderRecord.address(tenant_id, each)) for each in dict.fromkeys(order_ids)]
    for order in fetch_many(wanted, consistent=True):
        if order is not None and _has_ended(order):
            resume(COMPLETE, order, now)


def _wanted(campaign: CampaignRecord) -> bool:
    return campaign.status == CampaignStatus.AT_PICKUP


def _has_ended(order: OrderRecord) -> bool:
    """Whether nothing of an order is to be collected any more. An exchange order belongs to a case of after-sale, for
    which no campaign waits.
    """
    return order.status not in _TO_COLLECT or order.forfeited_at is not None or order.origin is not None


def _finish(campaign: CampaignRecord, now: datetime) -> None:
    complete(campaign.tenant_id, campaign.id, now)


COMPLETE = Pass("complete", in_state(_TO_COLLECT), _wanted, ready=_has_ended, finish=_finish)
"""A campaign whose goods wait at the pickup points is ``completed`` when the last of its orders was handed over,
cancelled, refunded or forfeited."""
