"""What the ``webhooks`` queue asks for."""

from datetime import datetime

from chalicelib.messaging import Consumer, Message
from chalicelib.webhooks.records import DELIVER, QUEUE, QUEUED
from chalicelib.webhooks.service.delivering import deliver

consumer = Consumer(QUEUE)


@consumer.on(QUEUED)
def queued(message: Message, now: datetime) -> None:
    """Tries a delivery for the first time, or again because somebody wants it."""
    deliver(message.tenant_id, message.data["delivery_id"], now)


@consumer.due(DELIVER)
def due(message: Message, now: datetime) -> None:
    """Tries a delivery whose time has come."""
    deliver(message.tenant_id, message.data["pk"].rpartition("#")[2], now)
