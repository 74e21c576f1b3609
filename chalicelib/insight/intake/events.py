"""What our own records tell the stream of events; orders do as their activity is written."""

from datetime import datetime

from chalicelib.cases.records import MemberCase
from chalicelib.complaints.records import ComplaintRecord
from chalicelib.enquiries.records import EnquiryRecord
from chalicelib.insight.intake.service import own_events
from chalicelib.insight.intake.service.own_events import Recorded
from chalicelib.kernel.clock import parse_instant
from chalicelib.messaging import Consumer, Message
from chalicelib.notices.inbox.records import ALL_READ, READ, InboxRecord
from chalicelib.notices.model.people import Person
from chalicelib.reviews.records import DELETED, EDITED, HIDDEN, SHOWN, WRITTEN
from chalicelib.reviews.service.reading import get_review
from chalicelib.suggestions.records import OPENED, SuggestionRecord
from chalicelib.surveys.service.invitations import get_invitation

consumer = Consumer("insight")


@consumer.on(WRITTEN)
@consumer.on(EDITED)
@consumer.on(HIDDEN)
@consumer.on(SHOWN)
@consumer.on(DELETED)
def review_changed(message: Message, now: datetime) -> None:
    """A review was written, or taken back; one that is hidden was written all the same."""
    tenant_id = message.tenant_id
    review = get_review(tenant_id, message.data["review_id"], deleted=True, consistent=True)
    said = Recorded(
        "review", review.id, int(review.rev), review.member_id, review.written_at, not review.is_deleted,
        (review.product_id,),
    )  # fmt: skip
    own_events.record(tenant_id, [said], now)


@consumer.on("survey.answered")
def survey_answered(message: Message, now: datetime) -> None:
    """A member answered a survey."""
    found = get_invitation(message.tenant_id, message.data["invitation_id"])
    if found.answered_at is not None:
        said = Recorded("survey", found.id, int(found.rev), found.member_id, found.answered_at)
        own_events.record(message.tenant_id, [said], now)


@consumer.on("complaint.opened")
def complaint_opened(message: Message, now: datetime) -> None:
    """A member complained."""
    _case_opened(message.tenant_id, ComplaintRecord, message.data["complaint_id"], now)


@consumer.on("enquiry.opened")
def enquiry_opened(message: Message, now: datetime) -> None:
    """A member asked something."""
    _case_opened(message.tenant_id, EnquiryRecord, message.data["enquiry_id"], now)


@consumer.on(OPENED)
def suggestion_opened(message: Message, now: datetime) -> None:
    """A member suggested something."""
    _case_opened(message.tenant_id, SuggestionRecord, message.data["suggestion_id"], now)


@consumer.on(READ)
def message_read(message: Message, now: datetime) -> None:
    """A member opened a message by itself; one that they have removed since counts for nothing."""
    member_id, entry_id = message.data["member_id"], message.data["entry_id"]
    found = InboxRecord.at_address(message.tenant_id, Person("member", member_id), entry_id)
    if found is not None and found.read_at is not None:
        said = Recorded("message", found.id, int(found.rev), member_id, found.read_at)
        own_events.record(message.tenant_id, [said], now)


@consumer.on(ALL_READ)
def inbox_read(message: Message, now: datetime) -> None:
    """A member read all at once: each message that they had not opened by itself is opened at that instant."""
    data, member = message.data, Person("member", message.data["member_id"])
    unread = InboxRecord.unread_between(message.tenant_id, member, data["after"], data["up_to"])
    read_at = parse_instant(data["read_at"])
    said = [Recorded("message", each.id, int(each.rev), member.id, read_at) for each in unread]
    own_events.record(message.tenant_id, said, now)


def _case_opened(tenant_id: str, record: type[MemberCase], case_id: str, now: datetime) -> None:
    case = record.fetch(*record.address(tenant_id, case_id), consistent=True)
    if case is not None:
        said = Recorded(case.kind.value, case.id, int(case.rev), case.member_id, case.opened_at)
        own_events.record(tenant_id, [said], now)
