"""What orders do when something has happened."""

from datetime import datetime

from chalicelib.messaging import Consumer, Message
from chalicelib.orders.service import counting, releasing

consumer = Consumer("orders")


@consumer.on("order.placed")
@consumer.on("order.cancelled")
def count_order(message: Message, now: datetime) -> None:
    counting.count_order(message.tenant_id, message.data["order_id"])


@consumer.on("campaign.closed")
@consumer.on("orders.counting")
def settle(message: Message, now: datetime) -> None:
    counting.settle(message.tenant_id, message.data["campaign_id"], now)


@consumer.on("campaign.releasing")
def release(message: Message, now: datetime) -> None:
    releasing.release_next(message.tenant_id, message.data["campaign_id"], now)
