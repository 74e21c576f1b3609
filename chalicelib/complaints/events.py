"""What complaints do when something is due or has happened."""

from datetime import datetime

from chalicelib.complaints.records import OVERDUE, QUEUE
from chalicelib.complaints.service.handling import escalate
from chalicelib.complaints.service.notices import tell_outcome, tell_owner
from chalicelib.messaging import Consumer, Message

consumer = Consumer(QUEUE)


@consumer.on("complaint.opened")
def complaint_opened(message: Message, now: datetime) -> None:
    """A complaint was opened: its owner is told."""
    tell_owner(message.tenant_id, message.data["complaint_id"], now)


@consumer.due(OVERDUE)
def complaint_overdue(message: Message, now: datetime) -> None:
    """A complaint's resolution is due: it goes to somebody above, unless it needs to no more."""
    escalate(message.tenant_id, message.data["pk"], message.data["sk"], now)


@consumer.on("complaint.escalated")
def complaint_escalated(message: Message, now: datetime) -> None:
    """A complaint was escalated: its new owner is told."""
    tell_owner(message.tenant_id, message.data["complaint_id"], now, escalated=True)


@consumer.on("complaint.resolved")
def complaint_resolved(message: Message, now: datetime) -> None:
    """A complaint was resolved: the member is told what came of it."""
    tell_outcome(message.tenant_id, message.data["complaint_id"], now)
