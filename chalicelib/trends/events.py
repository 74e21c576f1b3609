"""What of orders and campaigns tells of prices."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.catalog.records import RECOUNT_DUE
from chalicelib.messaging import Consumer, Message
from chalicelib.trends.service import offered, sales, sold

consumer = Consumer("service")
insight = Consumer("insight")


@insight.on_all("order.placed", "order.changed", "order.cancelled", "order.refunded", "refund.requested")
def count_orders(messages: Sequence[Message], now: datetime) -> None:
    """Brings the units of goods to what orders have come to."""
    tenant_id = messages[0].tenant_id
    moved = sold.count_orders(tenant_id, [message.data["order_id"] for message in messages])
    sales.note(tenant_id, moved, now)


@consumer.due(RECOUNT_DUE)
def sales_due(message: Message, now: datetime) -> None:
    """A product was ordered lately, or a week is over: its sales are counted again."""
    sales.recount(message.tenant_id, str(message.data["pk"]).rpartition("#")[2], now)


@consumer.on("campaign.opened")
@consumer.on("campaign.extended")
@consumer.on("campaign.closed")
@consumer.on("campaign.locked")
@consumer.on("campaign.cancelled")
def note_prices(message: Message, now: datetime) -> None:
    """A campaign opens, goes on, or ends: for what its goods were to be had is noted."""
    offered.note_prices(message.tenant_id, message.data["campaign_id"], now)
