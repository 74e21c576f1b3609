"""What suggestions do when something is due or has happened."""

from datetime import datetime

from chalicelib.cases.events import follow, opened
from chalicelib.cases.model.clocks import Step
from chalicelib.messaging import Consumer, Message
from chalicelib.suggestions.records import (
    ASSIGNED,
    DECIDED,
    DUE_SOON,
    ESCALATED,
    JOINED,
    OPENED,
    QUEUE,
)
from chalicelib.suggestions.service import following, keeping
from chalicelib.suggestions.service.suggesting import KEPT

consumer = Consumer(QUEUE)

follow(consumer, KEPT)


@consumer.on(OPENED)
def suggestion_opened(message: Message, now: datetime) -> None:
    """A suggestion came: its owner is told."""
    opened(KEPT, message, now)
    keeping.tell_owner(message.tenant_id, message.data["suggestion_id"], message.id, now)


@consumer.on(ASSIGNED)
def suggestion_assigned(message: Message, now: datetime) -> None:
    """A suggestion was handed to somebody else, who is told."""
    keeping.tell_owner(message.tenant_id, message.data["suggestion_id"], message.id, now)


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
