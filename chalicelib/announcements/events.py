"""What moves announcements on."""

from datetime import datetime

from chalicelib.announcements.records import GOES_ON, IS_DUE
from chalicelib.announcements.service.announcing import begin_or_revive
from chalicelib.announcements.service.sending import send_slice
from chalicelib.messaging import Consumer, Message

consumer = Consumer("service")


@consumer.on(GOES_ON)
def goes_on(message: Message, now: datetime) -> None:
    """The next members are to be told."""
    send_slice(message.tenant_id, message.data["announcement_id"], now)


@consumer.due(IS_DUE)
def is_due(message: Message, now: datetime) -> None:
    """The hour of an announcement has come, or it has not moved for long."""
    begin_or_revive(message.tenant_id, message.data["pk"].rpartition("#")[2], now)
