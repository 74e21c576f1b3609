"""What the ``notify`` queue asks for."""

from datetime import datetime

from chalicelib.messaging import Consumer, Message
from chalicelib.notices.model.notices import Queued, Told
from chalicelib.notices.service.sending import deliver, send_once

consumer = Consumer("notify")


@consumer.on("notify.send")
def send(message: Message, now: datetime) -> None:
    """Sends a notice, once for the message's id."""
    send_once(message.tenant_id, message.id, Queued.from_json(message.data), now)


@consumer.on("notify.tell")
def tell(message: Message, now: datetime) -> None:
    """Brings a notice to a person, once for the message's id."""
    deliver(message.tenant_id, message.id, Told.from_json(message.data), now)
