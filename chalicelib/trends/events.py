"""What of orders and campaigns tells of prices."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.messaging import Consumer, Message
from chalicelib.trends.service import offered, sold

consumer = Consumer("service")
insight = Consumer("insight")


@insight.on_all("order.placed", "order.changed", "order.cancelled", "order.refunded", "refund.requested")
def count_orders(messages: Sequence[Message], now: datetime) -> None:
    """Brings the units of goods to what orders have come to."""
    sold.count_orders(messages[0].tenant_id, [message.data["order_id"] for message in messages])


@consumer.on("campaign.opened")
@consumer.on("campaign.extended")
@consumer.on("campaign.closed")
@consumer.on("campaign.locked")
@consumer.on("campaign.cancelled")
def note_prices(message: Message, now: datetime) -> None:
    """A campaign opens, goes on, or ends: for what its goods were to be had is noted."""
    offered.note_prices(message.tenant_id, message.data["campaign_id"], now)
