"""Whether everybody's money is back after a campaign was cancelled.

Orders are looked at in the order of the index, each once: the look stops at the first whose refund is still on its
way, and goes on from there when that refund has arrived. So ten thousand orders are ten thousand looks, in whatever
order their refunds arrive. What a lost message leaves waiting, the campaign's own reminder looks at again.
"""

from datetime import datetime

from chalicelib.campaigns.model import Status as CampaignStatus
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service import get_campaign, refunding_begun, refunding_done
from chalicelib.db import Refused, Transaction
from chalicelib.orders.model import RefundStatus, Status
from chalicelib.orders.records import OrderRecord, RefundRecord, campaign_orders
from chalicelib.orders.refunding_records import RefundingRecord
from chalicelib.orders.service.listing import get_order

ORDERS_AT_A_TIME = 50
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
    address = RefundingRecord.address(tenant_id, campaign_id)
    stored = RefundingRecord.fetch(*address, consistent=True)
    if stored is not None and stored.finished_at is not None:
        return
    found = stored if stored is not None else RefundingRecord(*address)
    _go_over_page(campaign, found, now)
    if found.owes:
        refunding_begun(tenant_id, campaign_id, now)
    if found.owes and found.finished_at is not None:
        refunding_done(tenant_id, campaign_id, now)
    if _kept(found, is_new=stored is None) and found.waits_for is not None:
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


def _go_over_page(campaign: CampaignRecord, found: RefundingRecord, now: datetime) -> None:
    partition = campaign_orders(campaign.tenant_id, campaign.id, int(found.shard))
    page = OrderRecord.page(partition, index="gsi1", limit=ORDERS_AT_A_TIME, cursor=found.after)
    found.waits_for = None
    for order in page.items:
        if order.paid_minor:
            found.owes = True
            if not _all_arrived(order):
                found.waits_for = order.id
                return
        found.after = order.key_in("gsi1")
    if page.last_key is None:
        found.after = None
        found.shard = (int(found.shard) + 1) % int(campaign.shards)
    if page.last_key is None and not found.shard:
        found.finished_at = now
    else:
        found.emit(CONTINUE, now, campaign_id=campaign.id)


def _all_arrived(order: OrderRecord) -> bool:
    refunds = RefundRecord.every(order.pk, begins_with="refund#", consistent=True)
    return all(refund.status == RefundStatus.SUCCEEDED for refund in refunds)


def _kept(found: RefundingRecord, *, is_new: bool) -> bool:
    """Whether it was this worker that went on."""
    tx = Transaction()
    if is_new:
        tx.create("refunding", found)
    else:
        tx.replace("refunding", found)
    try:
        tx.commit()
    except Refused:
        return False
    return True
