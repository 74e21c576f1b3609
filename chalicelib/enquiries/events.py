"""What enquiries do when something is due or has happened."""

from datetime import datetime

from chalicelib.cases.model.clocks import Kind, Step
from chalicelib.cases.records import CLOCKS_CHANGED, DUTY_ENDED
from chalicelib.cases.service.owning import entries_of, may_keep, whose_duty_ended
from chalicelib.cases.service.retiming import begin_retiming, retime_slice
from chalicelib.cases.service.uniting import hand_on, hand_on_one
from chalicelib.enquiries.model.conversation import Breach
from chalicelib.enquiries.records import OVERDUE, QUEUE, EnquiryRecord
from chalicelib.enquiries.service.handling import escalate, hand_over, open_enquiries, retime
from chalicelib.enquiries.service.telling import tell_breach, tell_end, tell_member, tell_owner, tell_reply, warn_owner
from chalicelib.messaging import Consumer, Message

consumer = Consumer(QUEUE)

ENQUIRIES = "enquiry"


@consumer.on("enquiry.opened")
def enquiry_opened(message: Message, now: datetime) -> None:
    """A member asks: it is answered from their order or the FAQ, or goes to a person. An owner who left the team at
    that very moment hands it on first, and a member who became another.
    """
    from chalicelib.enquiries.service.answering import answer  # with the dictionary: for this message alone

    enquiry = EnquiryRecord.fetch(
        *EnquiryRecord.address(message.tenant_id, message.data["enquiry_id"]), consistent=True
    )
    if enquiry is not None:
        hand_on_one(enquiry)
    if enquiry is not None and not may_keep(message.tenant_id, enquiry.owner):
        hand_over(message.tenant_id, enquiry.id, enquiry.owner, now)
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


@consumer.due(OVERDUE)
def enquiry_overdue(message: Message, now: datetime) -> None:
    """A step of an enquiry's ladder, or its closing, is due, unless it needs none by now."""
    escalate(message.tenant_id, message.data["pk"], message.data["sk"], now)


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


@consumer.on(DUTY_ENDED)
def duty_ended(message: Message, now: datetime) -> None:
    """Somebody left, lost the role or went off duty: their enquiries go to others."""
    staff_id = whose_duty_ended(message.tenant_id, message.data)
    if staff_id is None or may_keep(message.tenant_id, staff_id):
        return
    for entry in entries_of(message.tenant_id, staff_id, (Kind.ENQUIRY,)):
        hand_over(message.tenant_id, entry.id, staff_id, now)


@consumer.on("member.united")
def member_united(message: Message, now: datetime) -> None:
    """A member's history became another's: so do their enquiries."""
    hand_on(EnquiryRecord, message.tenant_id, message.data["member_id"])


@consumer.on(CLOCKS_CHANGED)
def clocks_changed(message: Message, now: datetime) -> None:
    """The brand's calendar or targets were changed: open enquiries get their due times anew, slice by slice."""
    begin_retiming(message, ENQUIRIES, now)


@consumer.on("enquiry.retiming")
def retiming(message: Message, now: datetime) -> None:
    """The next slice of that."""
    retime_slice(message, ENQUIRIES, open_enquiries, retime, now)
