"""The morning of a day of which no birthday was announced yet."""

from datetime import datetime

from chalicelib.members.birthdays.records import DUE, QUEUE
from chalicelib.members.birthdays.service import announcing
from chalicelib.messaging import Consumer, Message

consumer = Consumer(QUEUE)


@consumer.due(DUE)
def birthdays_due(message: Message, now: datetime) -> None:
    """Announces who has a birthday."""
    announcing.announce(message.tenant_id, now)
