"""When a campaign's goods wait at the pickup points: its orders are ready, and some are never collected."""

from datetime import datetime, timedelta

from chalicelib.campaigns.model.campaign import Status as CampaignStatus
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.planning import get_campaign
from chalicelib.db import Refused, Transaction
from chalicelib.kernel.principal import SYSTEM
from chalicelib.orders.handover.service import pickup
from chalicelib.orders.history.records import OrderChangeRecord
from chalicelib.orders.history.service import recording as changing
from chalicelib.orders.lines.model import lessen
from chalicelib.orders.model import Status
from chalicelib.orders.passes.service.walking import Pass, begin_at
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds import service as refunds
from chalicelib.orders.stock import service as stock

NO_SHOW = "no_show"
_C = CampaignStatus
AT_PICKUP = frozenset({_C.AT_PICKUP, _C.COMPLETED, _C.SETTLED})
"""The states of a campaign from the moment on when its goods wait at the pickup points."""
_UNCOLLECTED = frozenset({Status.PLACED, Status.READY})


def _wanted(campaign: CampaignRecord) -> bool:
    return campaign.status in AT_PICKUP


def _make_ready(campaign: CampaignRecord, order: OrderRecord, now: datetime) -> bool:
    order.move_to(Status.READY, now)
    order.schedule_next()
    return _written(order, Transaction())


READY = Pass("ready", frozenset({Status.PLACED}), _wanted, _make_ready)
"""Every placed order may be collected."""


def _end_no_show(campaign: CampaignRecord, order: OrderRecord, now: datetime) -> bool:
    """Ends an order that was not collected in time: cancelled where nothing was paid, otherwise refunded or forfeited,
    as the campaign said before it was ordered. Of an order collected in part, that is done with what was left behind.

    Nobody has to collect a delivery. One that is paid for has come, since its member did not object all the while; for
    one that is to be paid at the door, whoever brings it says whether it was.
    """
    if order.origin is not None:
        return True
    if order.delivery_to is not None:
        return bool(order.totals.due) or _arrived(order, now)
    change = changing.start(order, NO_SHOW, cause=NO_SHOW, by=SYSTEM, now=now)
    tx = Transaction()
    forfeited = bool(order.kept_minor) and campaign.no_show.action == "forfeit"
    if order.picked:
        _end_in_part(tx, order, change, forfeited=forfeited)
    else:
        _end(tx, order, now, forfeited=forfeited)
    if forfeited:
        order.forfeited_at = now
        order.emit("order.forfeited", now, order_id=order.id)
    changing.write(tx, order, change)
    return _written(None, tx)


def _arrived(order: OrderRecord, now: datetime) -> bool:
    order.without_code = True
    try:
        pickup.hand_out(order, None, SYSTEM, None, now)
    except Refused:
        return False
    return True


def _end(tx: Transaction, order: OrderRecord, now: datetime, *, forfeited: bool) -> None:
    stock.give_back(tx, order.tenant_id, order.member_id, order.lines, None)
    order.cancelled_at, order.cancelled_by = now, NO_SHOW
    refunded = bool(order.refundable_minor) and not forfeited
    if refunded:
        refunds.request_all(tx, order, cause=NO_SHOW, by=SYSTEM, now=now)
    order.move_to(Status.REFUNDED if refunded else Status.CANCELLED, now)


def _end_in_part(tx: Transaction, order: OrderRecord, change: OrderChangeRecord, *, forfeited: bool) -> None:
    """The order is what was collected of it; what is forfeited stays in it, since it stays paid."""
    if not forfeited:
        picked = order.picked or {}
        lessened = lessen(order.lines, {line.offer_id: picked.get(line.offer_id, 0) for line in order.lines})
        stock.give_back(tx, order.tenant_id, order.member_id, lessened.returned, None)
        changing.set_lines(order, lessened.kept)
        changing.refund_excess(tx, order, change, NO_SHOW, of=order.total_minor)
        order.emit("order.changed", change.at, order_id=order.id)
    order.picked_up_at, order.picked_up_by = change.at, SYSTEM
    order.move_to(Status.PICKED_UP, change.at)


def _written(order: OrderRecord | None, tx: Transaction) -> bool:
    if order is not None:
        tx.replace("order", order)
    try:
        tx.commit()
    except Refused:
        return False
    return True


NO_SHOWS = Pass(NO_SHOW, _UNCOLLECTED, _wanted, _end_no_show)
"""Every order that still waits when the time to collect is over is cancelled, refunded or forfeited."""


def wait_for_members(tenant_id: str, campaign_id: str, now: datetime) -> None:
    """Notes when the time to collect ends, by the campaign's own terms; noted once, it stays."""
    campaign = get_campaign(tenant_id, campaign_id, consistent=True)
    if _wanted(campaign):
        begin_at(NO_SHOWS, tenant_id, campaign_id, now + timedelta(hours=campaign.no_show.hours))
