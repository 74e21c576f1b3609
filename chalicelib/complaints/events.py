"""What complaints do when something is due or has happened."""

from datetime import datetime

from chalicelib.cases.events import follow, opened
from chalicelib.cases.model.clocks import Breach, Step
from chalicelib.complaints.notices.service import (
    tell_failure,
    tell_member,
    tell_outcome,
    tell_owner,
    tell_reply,
    warn_owner,
)
from chalicelib.complaints.records import QUEUE
from chalicelib.complaints.service.costing import book_coupon, book_points
from chalicelib.complaints.service.handling import KEPT
from chalicelib.complaints.service.remedying import FAILED, follow_refund
from chalicelib.complaints.service.rules import note_campaign
from chalicelib.messaging import Consumer, Message
from chalicelib.settlement.books.service.orders import COUPON_USED

consumer = Consumer(QUEUE)

follow(consumer, KEPT)


@consumer.on("complaint.opened")
def complaint_opened(message: Message, now: datetime) -> None:
    """A complaint was opened: its owner is told."""
    opened(KEPT, message, now)
    tell_owner(message.tenant_id, message.data["complaint_id"], now)


@consumer.on("complaint.assigned")
def complaint_assigned(message: Message, now: datetime) -> None:
    """A complaint was handed to somebody else, who is told."""
    tell_owner(message.tenant_id, message.data["complaint_id"], now, of=message.id)


@consumer.on("complaint.escalated")
def complaint_escalated(message: Message, now: datetime) -> None:
    """A complaint was escalated: its new owner is told which due time it has passed."""
    breach = Breach(message.data.get("breach", Breach.RESOLUTION))
    tell_owner(message.tenant_id, message.data["complaint_id"], now, escalated=breach)


@consumer.on("complaint.due_soon")
def complaint_due_soon(message: Message, now: datetime) -> None:
    """A complaint is due soon, or waits for its member for long: its owner is told."""
    warn_owner(message.tenant_id, message.data["complaint_id"], Step(message.data["step"]), now, of=message.id)


@consumer.on("complaint.told")
def complaint_told(message: Message, now: datetime) -> None:
    """The team wrote to the member."""
    tell_member(message.tenant_id, message.data["complaint_id"], message.data["entry"], now)


@consumer.on("complaint.replied")
def complaint_replied(message: Message, now: datetime) -> None:
    """The member wrote: the owner is told."""
    tell_reply(message.tenant_id, message.data["complaint_id"], message.data["entry"], now)


@consumer.on("complaint.reopened")
def complaint_reopened(message: Message, now: datetime) -> None:
    """A complaint was opened again: whoever has it is told."""
    tell_owner(message.tenant_id, message.data["complaint_id"], now, of=message.id)


@consumer.on(FAILED)
def complaint_remedy_failed(message: Message, now: datetime) -> None:
    """What was to make a complaint good came to nothing: its owner is told why."""
    data = message.data
    tell_failure(message.tenant_id, data["complaint_id"], data["number"], now)


@consumer.on("refund.succeeded")
def refund_arrived(message: Message, now: datetime) -> None:
    """Money has arrived: where a complaint was resolved with it, its member has what they were promised."""
    follow_refund(message.tenant_id, message.data["order_id"], message.data["refund_id"], now)


@consumer.on("refund.failed")
def refund_refused(message: Message, now: datetime) -> None:
    """A provider refused a refund: a complaint that was resolved with it is open again."""
    follow_refund(message.tenant_id, message.data["order_id"], message.data["refund_id"], now)


@consumer.on(COUPON_USED)
def coupon_used(message: Message, now: datetime) -> None:
    """What a complaint's coupon takes off an order that was handed over is known, or changed: its cost is booked."""
    book_coupon(message.tenant_id, message.data["cause"], message.data["order_id"], now)


@consumer.on("complaint.resolved")
def complaint_resolved(message: Message, now: datetime) -> None:
    """A complaint was resolved: what points cost is booked, and the member is told what came of it."""
    book_points(message.tenant_id, message.data["complaint_id"], now)
    tell_outcome(message.tenant_id, message.data["complaint_id"], now)


@consumer.on("campaign.locked")
def campaign_locked(message: Message, now: datetime) -> None:
    """A campaign is locked: what its members ordered tells what is typical, and so what makes a complaint important."""
    note_campaign(message.tenant_id, message.data["campaign_id"])
