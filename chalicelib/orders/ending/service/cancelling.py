"""Cancelling an order until the cutoff: by its member, or by the brand's people for a member who asks them to."""

from collections.abc import Callable
from datetime import datetime

from chalicelib.campaigns.model.campaign import ON_SHOW
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import Refused, Transaction, change
from chalicelib.kernel.principal import SYSTEM, Principal
from chalicelib.orders.changes.service import waiting
from chalicelib.orders.errors import CutoffPassed, NotCancellable
from chalicelib.orders.model import Status, in_words, may_become
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds import service as refunds
from chalicelib.orders.service.reading import get_order, get_own_order
from chalicelib.orders.stock.service.cutoff import is_closed
from chalicelib.orders.stock.service.moving import StockMoves
from chalicelib.orders.teams.service import joining
from chalicelib.tenants.service.audit import audit

BY_MEMBER, BY_CAMPAIGN, BY_TEAM = "member", "campaign", "team"


def cancel(tenant_id: str, member_id: str, order_id: str, now: datetime) -> OrderRecord:
    """Cancels a member's own order, gives its units back and asks for the refund of what was paid, in one transaction,
    while the campaign takes orders; an order that still waits for its payment at any hour.

    The stock buckets decide whether it is in time, so a cancellation that races the close is in the totals of the
    close or refused, never both. Cancelling a cancelled order answers as the first time. Raises NotFound,
    CutoffPassed, NotCancellable, and TeamFilled for an order whose team has filled.
    """

    return _by_member(lambda: get_own_order(tenant_id, member_id, order_id, consistent=True), None, now)


def cancel_for_member(tenant_id: str, order_id: str, by: Principal, now: datetime) -> OrderRecord:
    """What :func:`cancel` does, by the brand's people for a member who asks them to; the member is told."""
    return _by_member(lambda: get_order(tenant_id, order_id, consistent=True), by, now)


def _by_member(read: Callable[[], OrderRecord], in_stead: Principal | None, now: datetime) -> OrderRecord:
    def decide(order: OrderRecord, tx: Transaction) -> OrderRecord:
        if order.status == Status.CANCELLED:
            return order
        _check_may_cancel(order)
        if in_stead is not None:
            order.emit("order.cancelled_for_member", now, order_id=order.id)
            audit(tx, order.tenant_id, in_stead, "order.cancelled", f"order:{order.id}", now)
        _cancel(tx, order, BY_MEMBER, now, window=None if order.status == Status.HELD else now, in_stead=in_stead)
        return order

    return change(read, decide, refused=lambda refusal: _check_in_time(refusal, now))


def may_cancel(order: OrderRecord, campaign: CampaignRecord, now: datetime) -> bool:
    """Whether its member may cancel an order now, unless its team has filled; the write decides."""
    in_time = order.status == Status.HELD or campaign.shown_status(now) in ON_SHOW
    return in_time and _is_cancellable(order)


def release(tx: Transaction, order: OrderRecord, now: datetime, by: str = BY_CAMPAIGN) -> None:
    """Adds that an order which waits or is owed is cancelled, since its campaign was cancelled or its team failed: at
    any hour, and refunded in full.
    """
    _cancel(tx, order, by, now, window=None)


def _check_may_cancel(order: OrderRecord) -> None:
    if not _is_cancellable(order):
        raise NotCancellable(
            f"The order is {in_words(order.status)}; only an order that waits can be cancelled.",
            detail_zh="订单当前状态不可取消。",
            extra={"order_status": order.status},
        )


def _is_cancellable(order: OrderRecord) -> bool:
    return order.origin is None and may_become(order.status, Status.CANCELLED)


def _cancel(
    tx: Transaction,
    order: OrderRecord,
    by: str,
    now: datetime,
    window: datetime | None,
    in_stead: Principal | None = None,
) -> None:
    who = in_stead.label if in_stead else f"member:{order.member_id}"
    units = StockMoves(order.tenant_id, order.member_id)
    waiting.withdraw(tx, units, order, now)
    units.give_back(order.lines, window, order.side)
    units.add(tx)
    cause, asked_by = ("cancel", who) if by == BY_MEMBER else (by, SYSTEM)
    if by != BY_TEAM:
        joining.leave(tx, order, now, by_member=by == BY_MEMBER)
    refunds.request_all(tx, order, cause=cause, by=asked_by, now=now)
    order.cancelled_at, order.cancelled_by = now, in_stead.label if in_stead else by
    order.move_to(Status.CANCELLED, now)
    tx.replace("order", order)


def _check_in_time(refused: Refused, now: datetime) -> None:
    if "order" not in refused.names and is_closed(refused, now):
        raise CutoffPassed(
            "The campaign has closed; the order can no longer be cancelled.",
            detail_zh="活动已截止，订单不可取消，请联系商家。",
        ) from refused
