"""The balance of a pre-order: when it is due, and what becomes of an order whose balance does not come."""

from datetime import datetime, timedelta

from chalicelib.campaigns.kinds import AT_PICKUP, Balance
from chalicelib.campaigns.model import Status as CampaignStatus
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service import get_campaign
from chalicelib.db import Refused, Transaction
from chalicelib.kernel.errors import Unavailable
from chalicelib.orders.model import Status
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service import changing, pending, refunds, stock
from chalicelib.orders.service.listing import get_order
from chalicelib.orders.service.pickup import LOCKED

BALANCE = "balance"
_TRIES = 5
_OVER = frozenset({CampaignStatus.CANCELLED, CampaignStatus.REFUNDING, CampaignStatus.REFUNDED})


def due_at(campaign: CampaignRecord) -> datetime | None:
    """Until when the balance of a campaign's orders must be paid online; None where it may be paid at the pickup point,
    and is then due there.
    """
    if AT_PICKUP in campaign.payment_methods:
        return None
    _, closes_at = campaign.window
    return closes_at + timedelta(hours=_terms(campaign).hours_after_close)


def default(tenant_id: str, order_id: str, now: datetime) -> None:
    """Ends an order whose balance did not come in time: its units are given back, its deposit refunded or forfeited,
    as the campaign said before it was ordered.

    Nobody defaults before the campaign is decided; where its close was moved, the balance is due so many hours after
    the close as it came to be. A message that comes early, late or twice changes nothing.
    """
    for _ in range(_TRIES):
        order = get_order(tenant_id, order_id, consistent=True)
        if not _is_overdue(order, now):
            return
        if order.pending is not None:
            pending.drop(order, now)
            continue
        campaign = get_campaign(tenant_id, order.campaign_id, consistent=True)
        tx = Transaction()
        if campaign.status not in LOCKED:
            _wait_on(tx, order, campaign, now)
        elif not follow_close(tx, order, campaign):
            _end(tx, order, campaign, now)
        try:
            tx.commit()
        except Refused:
            continue
        return
    raise Unavailable("The order is being changed by others; the message will come again.")


def follow_close(tx: Transaction, order: OrderRecord, campaign: CampaignRecord) -> bool:
    """Adds to a transaction that an order's balance is due later, since the close was moved after its deposit came.

    False where it is due as the campaign says, or at the pickup point.
    """
    until, end = order.balance_due_at, due_at(campaign)
    if until is None or end is None or end <= until or not order.totals.due:
        return False
    order.balance_due_at = end
    order.schedule_next()
    tx.replace("order", order)
    return True


def _is_overdue(order: OrderRecord, now: datetime) -> bool:
    until = order.balance_due_at
    return order.is_sold and order.totals.due > 0 and until is not None and until <= now


def _end(tx: Transaction, order: OrderRecord, campaign: CampaignRecord, now: datetime) -> None:
    change = changing.start(order, BALANCE, cause=BALANCE, by=refunds.SYSTEM, now=now)
    stock.give_back(tx, order.tenant_id, order.member_id, order.lines, None)
    order.cancelled_at, order.cancelled_by = now, BALANCE
    if _terms(campaign).on_default == "forfeit":
        order.forfeited_at = now
        order.move_to(Status.CANCELLED, now)
        order.emit("order.forfeited", now, order_id=order.id)
    else:
        refunds.request_all(tx, order, cause=BALANCE, by=refunds.SYSTEM, now=now)
        order.move_to(Status.REFUNDED, now)
    changing.write(tx, order, change)


def _wait_on(tx: Transaction, order: OrderRecord, campaign: CampaignRecord, now: datetime) -> None:
    """Moves the end to after the decision. Orders of a cancelled campaign are released and have no balance."""
    _, closes_at = campaign.window
    hours = timedelta(hours=_terms(campaign).hours_after_close)
    order.balance_due_at = None if campaign.status in _OVER else max(closes_at, now) + hours
    order.schedule_next()
    tx.replace("order", order)


def _terms(campaign: CampaignRecord) -> Balance:
    return campaign.balance or Balance()
