"""Cancelling an order: by its member until the cutoff."""

from datetime import datetime

from chalicelib.campaigns.stock.records import StockBucket
from chalicelib.db import Refused, Transaction
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.principal import SYSTEM
from chalicelib.orders.edits.service import pending
from chalicelib.orders.errors import CutoffPassed, NotCancellable
from chalicelib.orders.model import Status, gate, may_become
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds import service as refunds
from chalicelib.orders.service import get_own_order
from chalicelib.orders.stock import service as stock
from chalicelib.orders.teams.service import joining

_TRIES = 5
BY_MEMBER, BY_CAMPAIGN, BY_TEAM = "member", "campaign", "team"


def cancel(tenant_id: str, member_id: str, order_id: str, now: datetime) -> OrderRecord:
    """Cancels a member's own order, gives its units back and asks for the refund of what was paid, in one transaction,
    while the campaign takes orders; an order that still waits for its payment at any hour.

    The stock buckets decide whether it is in time, so a cancellation that races the close is in the totals of the
    close or refused, never both. Cancelling a cancelled order answers as the first time. Raises NotFound,
    CutoffPassed, NotCancellable, and TeamFilled for an order whose team has filled.
    """
    for _ in range(_TRIES):
        order = get_own_order(tenant_id, member_id, order_id, consistent=True)
        if order.status == Status.CANCELLED:
            return order
        if order.origin is not None or not may_become(order.status, Status.CANCELLED):
            raise NotCancellable(
                f"The order is {order.status}; only an order that waits can be cancelled.",
                detail_zh="订单当前状态不可取消。",
                extra={"order_status": order.status},
            )
        if order.pending is not None:
            pending.make_way(order, now)
            continue
        try:
            return _cancel(order, BY_MEMBER, now, window=None if order.status == Status.HELD else now)
        except Refused as refused:
            if "order" not in refused.names and _too_late(refused, now):
                raise CutoffPassed(
                    "The campaign has closed; the order can no longer be cancelled.",
                    detail_zh="活动已截止，订单不可取消，请联系商家。",
                ) from refused
    raise Unavailable("The order is being changed by others; please send it again.", retry_after=1)


def release(order: OrderRecord, now: datetime, by: str = BY_CAMPAIGN) -> bool:
    """Cancels a live order whose campaign was cancelled, or whose team failed, at any hour, and refunds it in full.

    False when the order changed since it was read; whoever changed it is answered first, so read it again.
    """
    if order.pending is not None:
        pending.drop(order, now)
        return False
    try:
        _cancel(order, by, now, window=None)
    except Refused:
        return False
    return True


def _cancel(order: OrderRecord, by: str, now: datetime, window: datetime | None) -> OrderRecord:
    tx = Transaction()
    stock.give_back(tx, order.tenant_id, order.member_id, order.lines, window, order.side)
    cause, asked_by = ("cancel", f"member:{order.member_id}") if by == BY_MEMBER else (by, SYSTEM)
    if by != BY_TEAM:
        joining.leave(tx, order, now, by_member=by == BY_MEMBER)
    refunds.request_all(tx, order, cause=cause, by=asked_by, now=now)
    order.cancelled_at, order.cancelled_by = now, by
    order.move_to(Status.CANCELLED, now)
    order.schedule_next()
    tx.replace("order", order)
    tx.commit()
    return order


def _too_late(refused: Refused, now: datetime) -> bool:
    buckets = [refused.item(name, StockBucket) for name in refused.names if name.startswith("stock:")]
    return any(gate(each.status, each.opens_at, each.closes_at, now) != "open" for each in buckets if each)
