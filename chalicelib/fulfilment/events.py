"""What fulfilment does when something has happened."""

from datetime import datetime

from chalicelib.fulfilment import service
from chalicelib.messaging import Consumer, Message

consumer = Consumer("fulfilment")


@consumer.on("campaign.locked")
def freeze(message: Message, now: datetime) -> None:
    service.freeze(message.tenant_id, message.data["campaign_id"], now)
