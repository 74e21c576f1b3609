"""What fulfilment does when something has happened."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.catalog.service import ledger as stock_ledger
from chalicelib.fulfilment.purchasing import service as purchasing
from chalicelib.fulfilment.receiving.service import allocating
from chalicelib.fulfilment.receiving.service import receipts as receiving
from chalicelib.messaging import Consumer, Message

consumer = Consumer("fulfilment")


@consumer.on("campaign.locked")
def freeze(message: Message, now: datetime) -> None:
    purchasing.freeze(message.tenant_id, message.data["campaign_id"], now)


@consumer.on("stock.moved")
def post_to_ledger(message: Message, now: datetime) -> None:
    stock_ledger.post(message.tenant_id, message.id, message.data)


@consumer.on_all("order.cancelled", "order.refunded", "order.changed")
def look_again(messages: Sequence[Message], now: datetime) -> None:
    tenant_id = messages[0].tenant_id
    allocating.orders_lessened(tenant_id, [message.data["order_id"] for message in messages], now)


@consumer.on("supply.allocating")
def allocate(message: Message, now: datetime) -> None:
    allocating.allocate_next(message.tenant_id, message.data["campaign_id"], now)


@consumer.due("supply.allocate")
def allocate_again(message: Message, now: datetime) -> None:
    allocating.allocate_next(message.tenant_id, str(message.data["pk"]).rpartition("#")[2], now)


@consumer.on("receipt.recorded")
def stock_surplus(message: Message, now: datetime) -> None:
    receiving.put_surplus_in_stock(message.tenant_id, message.data["campaign_id"], message.data["receipt_id"])
