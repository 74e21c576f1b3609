"""What the ``notify`` queue asks for."""

from datetime import datetime

from chalicelib.messaging import Consumer, Message
from chalicelib.notices.model.notices import Queued
from chalicelib.notices.service.sending import send_once

consumer = Consumer("notify")


@consumer.on("notify.send")
def send(message: Message, now: datetime) -> None:
    """Sends a notice, once for the message's id."""
    send_once(message.tenant_id, message.id, Queued.from_json(message.data), now)
