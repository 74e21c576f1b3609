"""What surveys do when something has happened."""

from datetime import datetime

from chalicelib.messaging import Consumer, Message
from chalicelib.surveys.service.invitations import invite, send_invitation

consumer = Consumer("service")


@consumer.on("order.picked_up")
def order_picked_up(message: Message, now: datetime) -> None:
    """An order was handed over: the member is asked how it was."""
    invite(message.tenant_id, message.data["order_id"], now)


@consumer.on("invitation.created")
def invitation_created(message: Message, now: datetime) -> None:
    """An invitation exists: its link goes out."""
    send_invitation(message.tenant_id, message.data["invitation_id"], now)
