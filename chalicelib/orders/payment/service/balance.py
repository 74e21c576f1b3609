"""What is due online of a placed order: until when, who is told, and what becomes of the order if it does not come."""

from datetime import datetime, timedelta

from chalicelib.campaigns.model.campaign import FROM_LOCK
from chalicelib.campaigns.model.campaign import Status as CampaignStatus
from chalicelib.campaigns.model.kinds import AT_PICKUP, Balance
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.db import Transaction, change
from chalicelib.kernel.principal import SYSTEM
from chalicelib.orders.changes.service import recording, waiting
from chalicelib.orders.model import Status
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds import service as refunds
from chalicelib.orders.service.reading import get_order
from chalicelib.orders.stock.service.moving import StockMoves

BALANCE = "balance"
_OVER = frozenset({CampaignStatus.CANCELLED, CampaignStatus.REFUNDING, CampaignStatus.REFUNDED})


def due_at(campaign: CampaignRecord) -> datetime | None:
    """Until when the balance of a campaign's orders must be paid online; None where it may be paid at the pickup point,
    and is then due there.
    """
    if AT_PICKUP in campaign.payment_methods:
        return None
    _, closes_at = campaign.window
    return closes_at + timedelta(hours=_terms(campaign).hours_after_close)


def end_unpaid(tenant_id: str, order_id: str, now: datetime) -> None:
    """Ends an order whose balance did not come in time: its units are given back, its deposit refunded or forfeited,
    as the campaign said before it was ordered.

    Nobody defaults before the campaign is decided; where its close was moved, the balance is due so many hours after
    the close as it came to be. A message that comes early, late or twice changes nothing.
    """

    def decide(order: OrderRecord, tx: Transaction) -> None:
        if not _is_overdue(order, now):
            return
        campaign = get_campaign(tenant_id, order.campaign_id, consistent=True)
        units = StockMoves(tenant_id, order.member_id)
        if waiting.withdraw(tx, units, order, now):
            order.emit("order.changed", now, order_id=order.id)
        if campaign.status not in FROM_LOCK:
            _wait_on(tx, order, campaign, now)
        elif _is_later(order, campaign):
            _follow_close(tx, order, campaign)
        else:
            _end(tx, units, order, campaign, now)
        units.add(tx)

    change(lambda: get_order(tenant_id, order_id, consistent=True), decide)


def ask(tx: Transaction, order: OrderRecord, campaign: CampaignRecord, now: datetime) -> None:
    """Adds to a transaction that a locked campaign's order is asked for its balance, by an event that tells the member;
    and that it is due later, where the close was moved after the deposit had come.

    Nothing where it was asked for before, and where nothing is due, or only at the pickup point.
    """
    if order.balance_due_at is None or not order.totals.due or (order.balance_asked and not _is_later(order, campaign)):
        return
    order.balance_asked = True
    order.emit("order.balance_due", now, order_id=order.id)
    _follow_close(tx, order, campaign)


def tell_rest(order: OrderRecord, now: datetime) -> None:
    """Emits, before the order is written, the event that tells the member until when the rest of an order that was
    accepted with less is to be paid online. Nothing of a pre-order: its member is asked at the lock, as all are.
    """
    if order.deposit_minor is None and order.balance_due_at is not None and order.totals.due:
        order.emit("order.balance_due", now, order_id=order.id)
        order.emit("order.rest_due", now, campaign_id=order.campaign_id)


def _is_later(order: OrderRecord, campaign: CampaignRecord) -> bool:
    until, end = order.balance_due_at, due_at(campaign)
    return until is not None and end is not None and end > until


def _follow_close(tx: Transaction, order: OrderRecord, campaign: CampaignRecord) -> None:
    if _is_later(order, campaign):
        order.balance_due_at = due_at(campaign)
    tx.replace("order", order)


def _is_overdue(order: OrderRecord, now: datetime) -> bool:
    until = order.balance_due_at
    return order.is_sold and order.totals.due > 0 and until is not None and until <= now


def _end(tx: Transaction, units: StockMoves, order: OrderRecord, campaign: CampaignRecord, now: datetime) -> None:
    ended = recording.start(order, BALANCE, cause=BALANCE, by=SYSTEM, now=now)
    units.give_back(order.lines, None)
    order.cancelled_at, order.cancelled_by = now, BALANCE
    if _terms(campaign).on_default == "forfeit":
        order.forfeited_at = now
        order.move_to(Status.CANCELLED, now)
        order.emit("order.forfeited", now, order_id=order.id)
    else:
        refunds.request_all(tx, order, cause=BALANCE, by=SYSTEM, now=now)
        order.move_to(Status.REFUNDED, now)
    recording.write(tx, order, ended)


def _wait_on(tx: Transaction, order: OrderRecord, campaign: CampaignRecord, now: datetime) -> None:
    """Moves the end to after the decision. Orders of a cancelled campaign are released and have no balance."""
    _, closes_at = campaign.window
    hours = timedelta(hours=_terms(campaign).hours_after_close)
    order.balance_due_at = None if campaign.status in _OVER else max(closes_at, now) + hours
    tx.replace("order", order)


def _terms(campaign: CampaignRecord) -> Balance:
    return campaign.balance or Balance()
