"""What enquiries do when something is due or has happened."""

from datetime import datetime

from chalicelib.cases.events import follow, opened
from chalicelib.cases.model.clocks import Breach, Step
from chalicelib.enquiries.records import QUEUE
from chalicelib.enquiries.service.handling import KEPT
from chalicelib.enquiries.service.telling import tell_breach, tell_end, tell_member, tell_owner, tell_reply, warn_owner
from chalicelib.messaging import Consumer, Message

consumer = Consumer(QUEUE)

follow(consumer, KEPT)


@consumer.on("enquiry.opened")
def enquiry_opened(message: Message, now: datetime) -> None:
    """A member asks: it is answered from their order or the FAQ, or goes to a person."""
    from chalicelib.enquiries.service.answering import answer  # with the dictionary: for this message alone

    opened(KEPT, message, now)
    answer(message.tenant_id, message.data["enquiry_id"], now)


@consumer.on("enquiry.answered")
def enquiry_answered(message: Message, now: datetime) -> None:
    """An enquiry was answered automatically: the member is told."""
    tell_member(message.tenant_id, message.data["enquiry_id"], message.data["entry"], now)


@consumer.on("enquiry.handed_over")
def enquiry_handed_over(message: Message, now: datetime) -> None:
    """A person is needed: the owner is told."""
    tell_owner(message.tenant_id, message.data["enquiry_id"], now, of=message.id)


@consumer.on("enquiry.assigned")
def enquiry_assigned(message: Message, now: datetime) -> None:
    """An enquiry was handed to somebody else, who is told."""
    tell_owner(message.tenant_id, message.data["enquiry_id"], now, of=message.id)


@consumer.on("enquiry.escalated")
def enquiry_escalated(message: Message, now: datetime) -> None:
    """An enquiry was escalated: its new owner is told."""
    breach = Breach(message.data["breach"])
    tell_breach(message.tenant_id, message.data["enquiry_id"], breach, now, of=message.id)


@consumer.on("enquiry.due_soon")
def enquiry_due_soon(message: Message, now: datetime) -> None:
    """An enquiry is due soon: its owner is told."""
    warn_owner(message.tenant_id, message.data["enquiry_id"], Step(message.data["step"]), now, of=message.id)


@consumer.on("enquiry.told")
def enquiry_told(message: Message, now: datetime) -> None:
    """The team answered: the member is told."""
    tell_member(message.tenant_id, message.data["enquiry_id"], message.data["entry"], now)


@consumer.on("enquiry.replied")
def enquiry_replied(message: Message, now: datetime) -> None:
    """The member wrote again: the owner is told."""
    tell_reply(message.tenant_id, message.data["enquiry_id"], message.data["entry"], now)


@consumer.on("enquiry.closed")
def enquiry_closed(message: Message, now: datetime) -> None:
    """An enquiry was closed: the member is told, unless they did it."""
    tell_end(message.tenant_id, message.data["enquiry_id"], message.data["closed_by"], now, of=message.id)
