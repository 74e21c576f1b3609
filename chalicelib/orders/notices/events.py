"""What members are told when something has happened to their team, their order or their money."""

from datetime import datetime

from chalicelib.messaging import Consumer, Message
from chalicelib.orders.notices.service import (
    tell_balance,
    tell_done_for_member,
    tell_ended,
    tell_forfeited,
    tell_lessened,
    tell_moved,
    tell_ready,
    tell_refund,
    tell_substituted,
    tell_team,
)

consumer = Consumer("service")


@consumer.on("team.filled")
@consumer.on("team.failed")
def team_is_over(message: Message, now: datetime) -> None:
    """A team filled, or did not in time: its members are told."""
    tell_team(message.tenant_id, message.data["team_id"], now)


@consumer.on("order.ready")
def order_ready(message: Message, now: datetime) -> None:
    """An order lies ready at its pickup point: its member is told."""
    tell_ready(message.tenant_id, message.data["order_id"], now)


@consumer.on("order.placed_for_member")
@consumer.on("order.edited_for_member")
@consumer.on("order.cancelled_for_member")
def done_for_member(message: Message, now: datetime) -> None:
    """The team placed, changed or cancelled an order for a member who asked them to: the member is told."""
    tell_done_for_member(message.tenant_id, message.data["order_id"], message.type, message.id, now)


@consumer.on("order.moved")
def order_moved(message: Message, now: datetime) -> None:
    """The team moved an order after the cutoff: its member is told where it is now."""
    tell_moved(message.tenant_id, message.data["order_id"], message.data["change_id"], now)


@consumer.on("order.substituted")
def order_substituted(message: Message, now: datetime) -> None:
    """Other goods come in an order: its member is told which."""
    tell_substituted(message.tenant_id, message.data["order_id"], message.id, now)


@consumer.on("order.balance_due")
def balance_due(message: Message, now: datetime) -> None:
    """A pre-order's campaign is locked, or less than was asked was accepted: whoever owes is told until when."""
    tell_balance(message.tenant_id, message.data["order_id"], now)


@consumer.on("refund.requested")
def refund_requested(message: Message, now: datetime) -> None:
    """Money is on its way back: whoever did not ask for it is told why."""
    tell_refund(message.tenant_id, message.data["order_id"], message.data["refund_id"], now)


@consumer.on("order.forfeited")
def order_forfeited(message: Message, now: datetime) -> None:
    """An order was not collected or paid in time, and its money is kept: its member is told."""
    tell_forfeited(message.tenant_id, message.data["order_id"], now)


@consumer.on("order.cancelled")
def order_cancelled(message: Message, now: datetime) -> None:
    """An order has ended: whoever did not ask for that, and has paid nothing that would come back, is told why."""
    tell_ended(message.tenant_id, message.data["order_id"], now)


@consumer.on("order.lessened")
def order_lessened(message: Message, now: datetime) -> None:
    """Less comes than was ordered, or nothing: its member is told, where no refund tells them."""
    tell_lessened(message.tenant_id, message.data["order_id"], message.data["change_id"], now)
