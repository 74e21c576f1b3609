"""What orders do when something has happened."""

from datetime import datetime

from chalicelib.messaging import Consumer, Message
from chalicelib.orders.service import counting, every_pass, passes

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
    passes.go_on(every_pass.PASSES["release"], message.tenant_id, message.data["campaign_id"], now)


@consumer.on("orders.passing")
def pass_on(message: Message, now: datetime) -> None:
    passes.go_on(every_pass.PASSES[message.data["name"]], message.tenant_id, message.data["campaign_id"], now)
