"""A dearer basket of a paid order that waits for its payment: paid for, or dropped when its time is over.

The units it adds are held meanwhile, so a campaign's close waits for it as it does for an order that is not paid yet.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from chalicelib.campaigns.model.campaign import ACCEPTING
from chalicelib.campaigns.service.planning import get_campaign
from chalicelib.db import Transaction, change
from chalicelib.kernel.clock import parse_instant
from chalicelib.kernel.principal import SYSTEM
from chalicelib.orders.changes.service import recording
from chalicelib.orders.errors import CutoffPassed
from chalicelib.orders.model import Line
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service import get_order
from chalicelib.orders.stock import service as stock


def charge(order: OrderRecord, now: datetime) -> int:
    """What may be charged for an order's waiting change at ``now``, in minor units; 0 where none waits any more."""
    waits = _waiting(order)
    return int(waits["amount"]) if waits and now < parse_instant(waits["until"]) else 0


def apply(tx: Transaction, order: OrderRecord, amount_minor: int, now: datetime) -> bool:
    """Makes the waiting basket the order's, paid for by that amount; adds every operation.

    False where no change waits for that amount. Until it is dropped a change is taken up also a moment late; one that
    holds no units only while its campaign takes orders, since no close waits for it.
    """
    waits = _waiting(order)
    if waits is None or int(waits["amount"]) != amount_minor:
        return False
    added, removed = _lines(waits["added"]), _lines(waits["removed"])
    if not added and not _takes_orders(order, now):
        return False
    edited = recording.start(order, "edited", cause=f"{waits['id']}:paid", by=f"member:{order.member_id}", now=now)
    stock.confirm(tx, order.tenant_id, added)
    stock.give_back(tx, order.tenant_id, order.member_id, removed, None if added else now)
    order.stored_lines = waits["lines"]
    order.discount_minor, order.delivery_minor = waits["discount"], waits["delivery"]
    order.deposit_minor = waits["deposit"]
    order.paid_minor = int(order.paid_minor) + amount_minor
    order.pending = None
    order.emit("order.changed", now, order_id=order.id)
    recording.write(tx, order, edited)
    return True


def drop(order: OrderRecord, now: datetime) -> None:
    """Gives the held units of a waiting change back and forgets it, in a transaction of its own; the order stays as it
    was before. Raises Refused where the order was changed since it was read.
    """
    tx = Transaction()
    _drop(tx, order, now)
    tx.commit()


def _drop(tx: Transaction, order: OrderRecord, now: datetime) -> None:
    waits = order.pending
    if waits is None:
        return
    dropped = recording.start(order, "edit_dropped", cause=f"{waits['id']}:dropped", by=SYSTEM, now=now)
    stock.give_back(tx, order.tenant_id, order.member_id, _lines(waits["added"]), None, "held")
    order.pending = None
    # A closed campaign may have waited for just these units.
    order.emit("order.changed", now, order_id=order.id)
    recording.write(tx, order, dropped)


def make_way(order: OrderRecord, now: datetime) -> None:
    """Drops a waiting change for what its member wants instead, while the campaign takes orders: later it is too late
    for that as well, and the change may still be paid. Raises CutoffPassed, and Refused as :func:`drop` does.
    """
    if not _takes_orders(order, now):
        raise cutoff_passed()
    drop(order, now)


def cutoff_passed() -> CutoffPassed:
    """The refusal of a member's change that comes too late."""
    return CutoffPassed(
        "The campaign has closed; the order can no longer be changed.",
        detail_zh="活动已截止，订单不可修改，请联系商家。",
    )


def expire(tenant_id: str, order_id: str, now: datetime) -> None:
    """Drops an order's waiting change when its time is over; a message that comes early or twice changes nothing."""

    def decide(order: OrderRecord, tx: Transaction) -> None:
        if order.pending is not None and now >= parse_instant(order.pending["until"]):
            _drop(tx, order, now)

    change(lambda: get_order(tenant_id, order_id, consistent=True), decide)


def _waiting(order: OrderRecord) -> dict[str, Any] | None:
    return order.pending if order.is_sold else None


def _takes_orders(order: OrderRecord, now: datetime) -> bool:
    campaign = get_campaign(order.tenant_id, order.campaign_id, consistent=True)
    return campaign.shown_status(now) in ACCEPTING


def _lines(stored: Sequence[Any]) -> list[Line]:
    return [Line.from_json(line) for line in stored]
