"""What suggestions do when something is due or has happened."""

from datetime import datetime

from chalicelib.cases.model.clocks import Kind, Step
from chalicelib.cases.records import CLOCKS_CHANGED, DUTY_ENDED
from chalicelib.cases.service.owning import entries_of, may_keep, whose_duty_ended
from chalicelib.cases.service.retiming import begin_retiming, retime_slice
from chalicelib.cases.service.uniting import hand_on, hand_on_one
from chalicelib.messaging import Consumer, Message
from chalicelib.suggestions.records import (
    ASSIGNED,
    DECIDED,
    DUE_SOON,
    ESCALATED,
    JOINED,
    OPENED,
    OVERDUE,
    QUEUE,
    SuggestionRecord,
)
from chalicelib.suggestions.service import following, keeping
from chalicelib.suggestions.service.reading import open_suggestions

consumer = Consumer(QUEUE)

SUGGESTIONS = "suggestion"


@consumer.on(OPENED)
def suggestion_opened(message: Message, now: datetime) -> None:
    """A suggestion came: its owner is told. One who left the team at that very moment hands it on first, and a
    member who became another.
    """
    address = SuggestionRecord.address(message.tenant_id, message.data["suggestion_id"])
    found = SuggestionRecord.fetch(*address, consistent=True)
    if found is not None:
        hand_on_one(found)
    if found is not None and not may_keep(message.tenant_id, found.owner):
        keeping.hand_over(message.tenant_id, found.id, found.owner, now)
    keeping.tell_owner(message.tenant_id, message.data["suggestion_id"], message.id, now)


@consumer.on(ASSIGNED)
def suggestion_assigned(message: Message, now: datetime) -> None:
    """A suggestion was handed to somebody else, who is told."""
    keeping.tell_owner(message.tenant_id, message.data["suggestion_id"], message.id, now)


@consumer.due(OVERDUE)
def suggestion_overdue(message: Message, now: datetime) -> None:
    """A step of its ladder is due."""
    keeping.escalate(message.tenant_id, message.data["pk"], message.data["sk"], now)


@consumer.on(ESCALATED)
@consumer.on(DUE_SOON)
def suggestion_presses(message: Message, now: datetime) -> None:
    """A suggestion is due soon, or late: its owner is told."""
    data = message.data
    keeping.tell_owner(message.tenant_id, data["suggestion_id"], message.id, now, Step(data["step"]))


@consumer.on(DECIDED)
def suggestion_decided(message: Message, now: datetime) -> None:
    """A suggestion was adopted, declined or done: whoever made it, or the same, is told and rewarded."""
    data = message.data
    following.decided(message.tenant_id, data["suggestion_id"], data["status"], now)


@consumer.on(JOINED)
def suggestion_joined(message: Message, now: datetime) -> None:
    """A suggestion came to others that were decided before."""
    following.joined(message.tenant_id, message.data["suggestion_id"], now)


@consumer.on(DUTY_ENDED)
def duty_ended(message: Message, now: datetime) -> None:
    """Somebody left, lost the role or went off duty: their suggestions go to others."""
    staff_id = whose_duty_ended(message.tenant_id, message.data)
    if staff_id is None or may_keep(message.tenant_id, staff_id):
        return
    for entry in entries_of(message.tenant_id, staff_id, (Kind.SUGGESTION,)):
        keeping.hand_over(message.tenant_id, entry.id, staff_id, now)


@consumer.on("member.united")
def member_united(message: Message, now: datetime) -> None:
    """A member's history became another's: so do their suggestions."""
    hand_on(SuggestionRecord, message.tenant_id, message.data["member_id"])


@consumer.on(CLOCKS_CHANGED)
def clocks_changed(message: Message, now: datetime) -> None:
    """The brand's calendar or targets were changed: open suggestions get their due times anew, slice by slice."""
    begin_retiming(message, SUGGESTIONS, now)


@consumer.on("suggestion.retiming")
def retiming(message: Message, now: datetime) -> None:
    """The next slice of that."""
    retime_slice(message, SUGGESTIONS, open_suggestions, keeping.retime, now)
