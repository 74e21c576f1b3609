"""What fulfilment does when something has happened."""

from datetime import datetime

from chalicelib.catalog import stock_ledger
from chalicelib.fulfilment.purchasing import service as purchasing
from chalicelib.messaging import Consumer, Message

consumer = Consumer("fulfilment")


@consumer.on("campaign.locked")
def freeze(message: Message, now: datetime) -> None:
    purchasing.freeze(message.tenant_id, message.data["campaign_id"], now)


@consumer.on("stock.moved")
def post_to_ledger(message: Message, now: datetime) -> None:
    stock_ledger.post(message.tenant_id, message.id, message.data)
