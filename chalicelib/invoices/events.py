"""What invoices do when something has happened."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.invoices.service import issuing, telling
from chalicelib.messaging import Consumer, Message

consumer = Consumer("service")


@consumer.on("invoice.issued")
def issued(message: Message, now: datetime) -> None:
    """The brand has issued an invoice: its member hears of it."""
    telling.tell_issued(message.tenant_id, message.data["invoice_id"], now)


@consumer.on("invoice.voided")
def voided(message: Message, now: datetime) -> None:
    """The brand has voided an invoice: its member hears of it."""
    telling.tell_voided(message.tenant_id, message.data["invoice_id"], now)


@consumer.on_all(
    "order.changed", "order.picked_up", "refund.requested", "order.cancelled", "order.refunded", "order.edited",
    "order.edited_for_member",
)  # fmt: skip
def follow(messages: Sequence[Message], now: datetime) -> None:
    """Orders are paid, money of them goes back, or they have ended, or other goods: their invoices are looked at, if
    they have any.
    """
    issuing.follow_all(messages[0].tenant_id, {message.data["order_id"] for message in messages}, now)
