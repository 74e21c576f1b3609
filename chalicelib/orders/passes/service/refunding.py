"""Whether everybody's money is back after a campaign was cancelled.

Orders are looked at in the order of the index, each once: the look stops at the first whose refund is still on its
way, and goes on from there when that refund has arrived. So ten thousand orders are ten thousand looks, in whatever
order their refunds arrive. What a lost message leaves waiting, the campaign's own reminder looks at again.
"""

from datetime import datetime

from chalicelib.campaigns.lifecycle.service.advancing import refunding_begun, refunding_done
from chalicelib.campaigns.model.campaign import Status as CampaignStatus
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.planning import get_campaign
from chalicelib.db import Refused, Transaction
from chalicelib.orders.model import RefundStatus, Status
from chalicelib.orders.passes.records.refunding import RefundingRecord
from chalicelib.orders.records import OrderRecord, campaign_orders
from chalicelib.orders.refunds.records import RefundRecord
from chalicelib.orders.service import get_order

ORDERS_AT_A_TIME = 50
KEPT_EVERY = 3
"""Each paid order is a request: after so many it is written how far the look has come, so a worker that dies repeats
no more than these."""
CONTINUE = "orders.refunding"
_ENDED = frozenset({CampaignStatus.CANCELLED, CampaignStatus.REFUNDING})


def look(tenant_id: str, campaign_id: str, now: datetime) -> None:
    """Goes over the next orders of a cancelled campaign, once all are released, and asks to be called again for more.

    The campaign is ``refunding`` from the first order that was paid, and ``refunded`` when every refund has arrived;
    one without any payment stays cancelled. Done already, or too early, it does nothing.
    """
    campaign = get_campaign(tenant_id, campaign_id, consistent=True)
    if campaign.status not in _ENDED or campaign.wound_up_at is None:
        return
    found = RefundingRecord.of(tenant_id, campaign_id)
    if found.finished_at is not None or not _went_over_page(campaign, found, now):
        return
    if found.owes and campaign.status != CampaignStatus.REFUNDING:
        refunding_begun(tenant_id, campaign_id, now)
    if found.owes and found.finished_at is not None:
        refunding_done(tenant_id, campaign_id, now)
    if _kept(found) and found.waits_for is not None:
        # The refund may have arrived between the look and the note that it is waited for.
        refund_arrived(tenant_id, found.waits_for, now)


def refund_arrived(tenant_id: str, order_id: str, now: datetime) -> None:
    """A refund has reached its member; if a cancelled campaign waited for the last one of this order, it goes on."""
    order = get_order(tenant_id, order_id, consistent=True)
    if order.status not in (Status.CANCELLED, Status.REFUNDED):
        return
    found = RefundingRecord.fetch(*RefundingRecord.address(tenant_id, order.campaign_id), consistent=True)
    if found is not None and found.waits_for == order_id and _all_arrived(order):
        look(tenant_id, order.campaign_id, now)


def _went_over_page(campaign: CampaignRecord, found: RefundingRecord, now: datetime) -> bool:
    """False when another worker went on meanwhile."""
    partition = campaign_orders(campaign.tenant_id, campaign.id, int(found.shard))
    page = OrderRecord.page(partition, index="gsi1", limit=ORDERS_AT_A_TIME, cursor=found.after)
    looked = 0
    for order in page.items:
        if order.paid_minor:
            found.owes = True
            if not _all_arrived(order):
                found.waits_for = order.id
                return True
            looked += 1
        found.after = order.key_in("gsi1")
        # What it waited for stays until the page is through: the message that told of it may have to come again.
        if order.paid_minor and looked % KEPT_EVERY == 0 and not _kept(found):
            return False
    _turn(campaign, found, page.last_key is None, now)
    return True


def _turn(campaign: CampaignRecord, found: RefundingRecord, ends: bool, now: datetime) -> None:
    """Goes on to the next page, or with the last of a shard to the next shard."""
    found.waits_for = None
    if ends:
        found.after = None
        found.shard = (int(found.shard) + 1) % int(campaign.shards)
    if ends and not found.shard:
        found.finished_at = now
    else:
        found.emit(CONTINUE, now, campaign_id=campaign.id)


def _all_arrived(order: OrderRecord) -> bool:
    refunds = RefundRecord.every(order.pk, begins_with="refund#", consistent=True)
    return all(refund.status == RefundStatus.SUCCEEDED for refund in refunds)


def _kept(found: RefundingRecord) -> bool:
    """Whether it was this worker that went on."""
    tx = Transaction()
    found.write(tx)
    try:
        tx.commit()
    except Refused:
        return False
    return True
