"""What surveys do when something has happened."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.messaging import Consumer, Message
from chalicelib.surveys.records import INVITATION_DUE, QUEUE, REMINDER_DUE, WAVE_DUE, WAVE_GOES_ON, WAVE_STALLED
from chalicelib.surveys.service import asking, waves
from chalicelib.surveys.service.invitations import send_invitation, send_reminder

consumer = Consumer(QUEUE)


@consumer.on("order.picked_up")
def order_picked_up(message: Message, now: datetime) -> None:
    """An order was handed over: the member is asked how it was."""
    asking.after_pickup(message.tenant_id, message.data["order_id"], now)


@consumer.on("complaint.resolved")
def complaint_resolved(message: Message, now: datetime) -> None:
    """A complaint was closed: the member is asked how it was handled, if the brand asks that."""
    asking.after_complaint(message.tenant_id, message.data["complaint_id"], now)


@consumer.on_all("member.joined")
def members_joined(messages: Sequence[Message], now: datetime) -> None:
    """Members joined: they are asked so many days later, if the brand asks that."""
    joined = {message.data["member_id"]: message.at for message in messages}
    asking.after_joining(messages[0].tenant_id, joined, now)


@consumer.on("member.left")
def member_left(message: Message, now: datetime) -> None:
    """A member has left: what they were to be asked later is dropped."""
    asking.drop_planned(message.tenant_id, message.data["member_id"])


@consumer.on("campaign.locked")
def campaign_locked(message: Message, now: datetime) -> None:
    """A campaign ended, and its orders stand: who ordered is asked, if the brand asks that."""
    waves.after_campaign(message.tenant_id, message.data["campaign_id"], now)


@consumer.due(WAVE_DUE)
def wave_due(message: Message, now: datetime) -> None:
    """The day of a periodic survey has come."""
    waves.begin_periodic(message.tenant_id, message.data["pk"], message.data["sk"], now)


@consumer.on(WAVE_GOES_ON)
def wave_goes_on(message: Message, now: datetime) -> None:
    """The next ones of a wave are asked."""
    waves.send_slice(message.tenant_id, message.data["survey_id"], message.data["wave"], now)


@consumer.due(WAVE_STALLED)
def wave_stalled(message: Message, now: datetime) -> None:
    """A wave has not moved for long: it goes on."""
    waves.go_on(message.data["pk"], message.data["sk"], now)


@consumer.due(INVITATION_DUE)
def invitation_due(message: Message, now: datetime) -> None:
    """The day of a planned invitation has come."""
    asking.send_planned(message.tenant_id, message.data["pk"], message.data["sk"], now)


@consumer.on("invitation.created")
def invitation_created(message: Message, now: datetime) -> None:
    """An invitation exists: its link goes out."""
    send_invitation(message.tenant_id, message.data["invitation_id"], now)


@consumer.due(REMINDER_DUE)
def reminder_due(message: Message, now: datetime) -> None:
    """An invitation has waited for a week."""
    asking.remind(message.tenant_id, message.data["pk"], message.data["sk"], now)


@consumer.on("invitation.reminded")
def invitation_reminded(message: Message, now: datetime) -> None:
    """An invitation waits still: its member is reminded."""
    send_reminder(message.tenant_id, message.data["invitation_id"], now)
