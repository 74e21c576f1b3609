"""Who could sign in with an identity learns that it was replaced."""

from datetime import datetime

from chalicelib.members.identity_changes.service.notices import tell_old
from chalicelib.messaging import Consumer, Message

consumer = Consumer("service")


@consumer.on("member.identity_changed")
@consumer.on("staff.identity_changed")
def identity_changed(message: Message, now: datetime) -> None:
    """An identity was replaced or added."""
    tell_old(message.tenant_id, message.id, message.data, now)
