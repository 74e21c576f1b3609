"""What members are told when something has happened to their team, their order or their money."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from chalicelib.messaging import Consumer, Message
from chalicelib.orders.notices.service import changing, collecting, ending, paying, placing, refunds

consumer = Consumer("service")

PAST = timedelta(days=14)
"""No queue keeps an event longer. One that is older was found again where it was written, and speaks of the past; the
markers of what was told then are gone by now."""

_Handler = Callable[[Message, datetime], None]


def _tells(*event_types: str) -> Callable[[_Handler], _Handler]:
    """Subscribes a handler that tells people, but not of what happened long ago."""

    def register(handler: _Handler) -> _Handler:
        def handle(message: Message, now: datetime) -> None:
            if now - message.at <= PAST:
                handler(message, now)

        for event_type in event_types:
            consumer.on(event_type)(handle)
        return handler

    return register


def _order(message: Message) -> tuple[str, str]:
    return message.tenant_id, message.data["order_id"]


@consumer.on_all("order.placed")
def orders_placed(messages: Sequence[Message], now: datetime) -> None:
    """Orders are placed, and paid for where that is done online: their members have receipts."""
    order_ids = [message.data["order_id"] for message in messages if now - message.at <= PAST]
    placing.tell_placed(messages[0].tenant_id, list(dict.fromkeys(order_ids)), now)


@_tells("order.expired")
def hold_lapsed(message: Message, now: datetime) -> None:
    """An order was not paid in time."""
    placing.tell_hold_lapsed(*_order(message), now)


@_tells("team.filled", "team.failed")
def team_is_over(message: Message, now: datetime) -> None:
    """A team filled, or did not in time: its members are told."""
    placing.tell_team(message.tenant_id, message.data["team_id"], message.data.get("completed_by"), now)


@_tells("order.placed_for_member")
def placed_for_member(message: Message, now: datetime) -> None:
    """The team placed an order for a member who asked them to."""
    placing.tell_placed_for_member(*_order(message), message.id, now)


@_tells("order.edited")
def order_edited(message: Message, now: datetime) -> None:
    """A member changed their order, and has paid for that where it became dearer."""
    changing.tell_changed(*_order(message), message.data["change_id"], now)


@_tells("order.edited_for_member")
def edited_for_member(message: Message, now: datetime) -> None:
    """The team changed an order for a member who asked them to."""
    changing.tell_changed_for_member(*_order(message), message.data.get("change_id"), message.id, now)


@_tells("order.edit_lapsed")
def edit_lapsed(message: Message, now: datetime) -> None:
    """A change that made an order dearer was not paid for in time."""
    changing.tell_change_lapsed(*_order(message), message.id, now)


@_tells("order.cancelled_for_member")
def cancelled_for_member(message: Message, now: datetime) -> None:
    """The team cancelled an order for a member who asked them to."""
    ending.tell_cancelled_for_member(*_order(message), message.id, now)


@_tells("order.ready")
def order_ready(message: Message, now: datetime) -> None:
    """An order lies ready at its pickup point, or will be brought from there."""
    collecting.tell_ready(*_order(message), now)


@_tells("order.collect_soon")
def collect_soon(message: Message, now: datetime) -> None:
    """The time to collect an order ends in a day."""
    collecting.remind_to_collect(*_order(message), now)


@_tells("order.moved")
def order_moved(message: Message, now: datetime) -> None:
    """The team moved an order after the cutoff: its member is told where it is now."""
    changing.tell_moved(*_order(message), message.data["change_id"], now)


@_tells("order.shortage_settled")
def shortage_settled(message: Message, now: datetime) -> None:
    """Less comes of an order, or other goods: its member is told once all of that is done."""
    changing.tell_shortage(*_order(message), message.data["causes"], message.id, now)


@_tells("order.paid")
def order_paid(message: Message, now: datetime) -> None:
    """Money came for an order that was placed before."""
    paying.tell_paid(*_order(message), message.data["amount_minor"], message.id, now)


@_tells("order.balance_due")
def balance_due(message: Message, now: datetime) -> None:
    """A pre-order's campaign is locked, or less than was asked was accepted: whoever owes is told until when."""
    paying.tell_balance(*_order(message), now)


@_tells("order.balance_soon")
def balance_soon(message: Message, now: datetime) -> None:
    """The time to pay what is missing of an order ends in a day."""
    paying.remind_of_balance(*_order(message), now)


@_tells("order.campaign_extended")
def campaign_extended(message: Message, now: datetime) -> None:
    """An order's campaign takes orders longer than was announced."""
    changing.tell_extended(*_order(message), now)


@_tells("order.arrival_moved")
def arrival_moved(message: Message, now: datetime) -> None:
    """The goods of an order's campaign are expected on another day."""
    changing.tell_arrival_moved(*_order(message), now)


@_tells("order.price_fell")
def price_fell(message: Message, now: datetime) -> None:
    """An order costs less by its ladder, and nothing comes back for it."""
    changing.tell_price_fell(*_order(message), message.data["change_id"], now)


@_tells("refund.requested")
def refund_requested(message: Message, now: datetime) -> None:
    """Money is on its way back: whoever did not ask for it is told why."""
    refunds.tell_refund(*_order(message), message.data["refund_id"], now)


@_tells("order.forfeited")
def order_forfeited(message: Message, now: datetime) -> None:
    """An order was not collected or paid in time, and its money is kept: its member is told."""
    ending.tell_forfeited(*_order(message), now)


@_tells("order.cancelled")
def order_cancelled(message: Message, now: datetime) -> None:
    """An order has ended: who cancelled it has a receipt; whoever has paid nothing that would come back is told why."""
    ending.tell_ended(*_order(message), now)


@_tells("order.lessened")
def order_lessened(message: Message, now: datetime) -> None:
    """Less comes than was ordered, or nothing: its member is told, where no refund tells them."""
    changing.tell_lessened(*_order(message), message.data["change_id"], now)
