"""What improvements do when they are due."""

from datetime import datetime

from chalicelib.improvements.records import IS_DUE, QUEUE
from chalicelib.improvements.service.improving import remind
from chalicelib.messaging import Consumer, Message

consumer = Consumer(QUEUE)


@consumer.due(IS_DUE)
def improvement_due(message: Message, now: datetime) -> None:
    """The day has come: its owner is reminded."""
    remind(message.tenant_id, message.data["pk"], message.data["sk"], now)
