"""A dearer basket of a paid order that waits for its payment: paid for, or dropped when its time is over.

The units it adds are held meanwhile, so a campaign's close waits for it as it does for an order that is not paid yet.
"""

from datetime import datetime

from chalicelib.campaigns.model.campaign import ON_SHOW
from chalicelib.campaigns.model.campaign import Status as CampaignStatus
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.db import Transaction, change
from chalicelib.kernel.principal import SYSTEM
from chalicelib.loyalty.points.model.spending import PaidByPoints
from chalicelib.orders.changes.records import snapshot
from chalicelib.orders.changes.service import recording
from chalicelib.orders.discounts.model import read_discounts
from chalicelib.orders.errors import CutoffPassed
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.reading import get_order
from chalicelib.orders.spending import service as spending
from chalicelib.orders.stock.service.moving import StockMoves


def charge(order: OrderRecord, now: datetime) -> int:
    """What may be charged for an order's waiting edit at ``now``, in minor units; 0 where none waits any more."""
    waits = order.waiting_edit if order.is_sold else None
    return waits.amount_minor if waits and now < waits.until else 0


def apply(tx: Transaction, order: OrderRecord, amount_minor: int, now: datetime) -> bool:
    """Makes the waiting basket the order's, paid for by that amount; adds every operation.

    False where no edit waits for that amount. Until it is dropped an edit is taken up however late the message of its
    payment comes; one that holds no units until its campaign is decided, since the count of a close waits for it.
    """
    waits = order.waiting_edit if order.is_sold else None
    if waits is None or waits.amount_minor != amount_minor:
        return False
    if not waits.added and not _undecided(tx, order):
        return False
    edited = recording.start(order, "edited", cause=f"{waits.id}:paid", by=f"member:{order.member_id}", now=now)
    units = StockMoves(order.tenant_id, order.member_id)
    units.confirm(waits.added)
    units.give_back(waits.removed, None)
    units.add(tx)
    recording.set_lines(order, waits.lines)
    order.discounts = read_discounts(waits.discounts)
    order.discount_minor, order.delivery_minor = waits.discount_minor, waits.delivery_minor
    spending.keep_points(order, PaidByPoints(*waits.points))
    order.deposit_minor = waits.deposit_minor
    order.place = waits.place or order.place
    order.paid_minor = int(order.paid_minor) + amount_minor
    order.waiting_edit = None
    order.emit("order.changed", now, order_id=order.id)
    edited.emit("order.edited", now, order_id=order.id, change_id=edited.id)
    recording.write(tx, order, edited)
    return True


def withdraw(tx: Transaction, units: StockMoves, order: OrderRecord, now: datetime) -> bool:
    """Adds that a waiting edit is dropped, refused as ``dropped``; its held units are given back with the other
    ``units`` of the write. The order stays as it was before, and the caller writes it. False where no edit waits.
    """
    waits = order.waiting_edit
    if waits is None:
        return False
    dropped = recording.start(order, "edit_dropped", cause=f"{waits.id}:dropped", by=SYSTEM, now=now)
    units.give_back(waits.added, None, "held")
    order.waiting_edit = None
    dropped.after = snapshot(order)
    tx.create("dropped", dropped)
    return True


def check_replaceable(order: OrderRecord, now: datetime) -> None:
    """Raises CutoffPassed where an edit waits and the campaign takes orders no more: then it is too late for another
    one, and this one may still be paid.
    """
    if order.pending is not None and not _takes_orders(order, now):
        raise cutoff_passed()


def cutoff_passed() -> CutoffPassed:
    """The refusal of a member's edit that comes too late."""
    return CutoffPassed(
        "The campaign has closed; the order can no longer be changed.",
        detail_zh="活动已截止，订单不可修改，请联系商家。",
    )


def expire(tenant_id: str, order_id: str, now: datetime) -> None:
    """Drops an order's waiting edit when its time is over; a message that comes early or twice changes nothing."""

    def decide(order: OrderRecord, tx: Transaction) -> None:
        if order.waiting_edit is None or now < order.waiting_edit.until:
            return
        units = StockMoves(tenant_id, order.member_id)
        withdraw(tx, units, order, now)
        units.add(tx)
        # A closed campaign may have waited for just these units.
        order.emit("order.changed", now, order_id=order.id)
        order.emit("order.edit_lapsed", now, order_id=order.id)
        tx.replace("order", order)

    change(lambda: get_order(tenant_id, order_id, consistent=True), decide)


def _undecided(tx: Transaction, order: OrderRecord) -> bool:
    """Whether an order's campaign is not decided yet, which the transaction then holds to."""
    campaign = get_campaign(order.tenant_id, order.campaign_id, consistent=True)
    undecided = sorted({*ON_SHOW, CampaignStatus.CLOSING})
    if campaign.status not in undecided:
        return False
    address = CampaignRecord.address(order.tenant_id, order.campaign_id)
    tx.check("campaign", CampaignRecord, *address, condition=CampaignRecord.status.is_in(*undecided))
    return True


def _takes_orders(order: OrderRecord, now: datetime) -> bool:
    campaign = get_campaign(order.tenant_id, order.campaign_id, consistent=True)
    return campaign.shown_status(now) in ON_SHOW
