"""What happens when somebody has left, and when somebody who left orders."""

from contextlib import suppress
from datetime import datetime

from chalicelib.kernel.errors import NotFound
from chalicelib.members.leaving import service
from chalicelib.members.leavings.model import CameBack
from chalicelib.members.leavings.records import LEFT
from chalicelib.messaging import Consumer, Message

consumer = Consumer("service")


@consumer.on(LEFT)
def member_left(message: Message, now: datetime) -> None:
    """The member hears what it means."""
    service.tell(message.tenant_id, message.data["member_id"], message.id, now)


@consumer.on("member.returning")
def member_returning(message: Message, now: datetime) -> None:
    """Who had left has placed an order: they are with the brand again, unless they left anew since."""
    with suppress(NotFound):
        service.rejoin(message.tenant_id, message.data["member_id"], CameBack.ORDER, now, returned_at=message.at)
