"""Whether everybody's money is back after a campaign was cancelled.

Orders are looked at in the order of the index, each once: the pass waits at the first whose refund is still on its way,
and goes on from there when that refund has arrived. So ten thousand orders are ten thousand looks, in whatever order
their refunds arrive. What a lost message leaves waiting, the campaign's own reminder looks at again.
"""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.campaigns.lifecycle.service.advancing import refunding_begun, refunding_done
from chalicelib.campaigns.model.campaign import Status as CampaignStatus
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.orders.model import RefundStatus, Status
from chalicelib.orders.passes.service.walking import Pass, resume
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds.records import RefundRecord
from chalicelib.orders.service.reading import get_order

_ENDED = frozenset({CampaignStatus.CANCELLED, CampaignStatus.REFUNDING})


def refund_arrived(tenant_id: str, order_id: str, now: datetime) -> None:
    """A refund has reached its member; if a cancelled campaign waited for the last one of this order, it goes on."""
    order = get_order(tenant_id, order_id, consistent=True)
    if order.status in (Status.CANCELLED, Status.REFUNDED):
        resume(MONEY_BACK, order, now)


def _wanted(campaign: CampaignRecord) -> bool:
    """Once all orders are released."""
    return campaign.status in _ENDED and campaign.wound_up_at is not None


def _begin(campaign: CampaignRecord, paid: Sequence[OrderRecord], now: datetime) -> None:
    if paid and campaign.status != CampaignStatus.REFUNDING:
        refunding_begun(campaign.tenant_id, campaign.id, now)


def _all_arrived(order: OrderRecord) -> bool:
    refunds = RefundRecord.every(order.pk, begins_with="refund#", consistent=True)
    return all(refund.status == RefundStatus.SUCCEEDED for refund in refunds)


def _finish(campaign: CampaignRecord, now: datetime) -> None:
    refunding_done(campaign.tenant_id, campaign.id, now)


MONEY_BACK = Pass(
    "money_back", OrderRecord.paid_minor > 0, _wanted,
    before=_begin, ready=_all_arrived, finish=_finish, kept_every=3,
)  # fmt: skip
"""A cancelled campaign is ``refunding`` from the first order that was paid on, and ``refunded`` when every refund has
arrived; one without any payment stays cancelled. Each order is a request: a worker that dies repeats three at most."""
