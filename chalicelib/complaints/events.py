"""What complaints do when something is due or has happened."""

from datetime import datetime

from chalicelib.complaints.model.cases import Breach
from chalicelib.complaints.notices.service import tell_outcome, tell_owner
from chalicelib.complaints.records import OVERDUE, QUEUE
from chalicelib.complaints.service.handling import escalate
from chalicelib.complaints.service.rules import note_campaign
from chalicelib.messaging import Consumer, Message

consumer = Consumer(QUEUE)


@consumer.on("complaint.opened")
def complaint_opened(message: Message, now: datetime) -> None:
    """A complaint was opened: its owner is told."""
    tell_owner(message.tenant_id, message.data["complaint_id"], now)


@consumer.on("complaint.assigned")
def complaint_assigned(message: Message, now: datetime) -> None:
    """A complaint was handed to somebody else, who is told."""
    tell_owner(message.tenant_id, message.data["complaint_id"], now, of=message.id)


@consumer.due(OVERDUE)
def complaint_overdue(message: Message, now: datetime) -> None:
    """A complaint's first response or resolution is due: it goes to somebody above, unless it needs to no more."""
    escalate(message.tenant_id, message.data["pk"], message.data["sk"], now)


@consumer.on("complaint.escalated")
def complaint_escalated(message: Message, now: datetime) -> None:
    """A complaint was escalated: its new owner is told which due time it has passed."""
    breach = Breach(message.data.get("breach", Breach.RESOLUTION))
    tell_owner(message.tenant_id, message.data["complaint_id"], now, escalated=breach)


@consumer.on("complaint.resolved")
def complaint_resolved(message: Message, now: datetime) -> None:
    """A complaint was resolved: the member is told what came of it."""
    tell_outcome(message.tenant_id, message.data["complaint_id"], now)


@consumer.on("campaign.locked")
def campaign_locked(message: Message, now: datetime) -> None:
    """A campaign is locked: what its members ordered tells what is typical, and so what makes a complaint important."""
    note_campaign(message.tenant_id, message.data["campaign_id"])
