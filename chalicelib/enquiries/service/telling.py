"""Who is told of an enquiry: its owner, and its member."""

from datetime import datetime

from chalicelib.cases.model.clocks import Breach, Step
from chalicelib.cases.model.words import one_line
from chalicelib.enquiries.model.conversation import Status
from chalicelib.enquiries.model.notices import (
    EnquiryAnswered,
    EnquiryDueSoon,
    EnquiryEnded,
    EnquiryEscalated,
    EnquiryOpened,
    EnquiryReplied,
)
from chalicelib.enquiries.records import EnquiryRecord
from chalicelib.notices.model.notices import Notice
from chalicelib.notices.model.people import Person
from chalicelib.notices.telling.service import tell_member as tell_a_member
from chalicelib.notices.telling.service import tell_person
from chalicelib.tenants.service.brand import get_tenant


def _found(tenant_id: str, enquiry_id: str) -> EnquiryRecord | None:
    return EnquiryRecord.fetch(*EnquiryRecord.address(tenant_id, enquiry_id), consistent=True)


def _tell_owner(enquiry: EnquiryRecord, notice: Notice, cause: tuple[str, ...], now: datetime) -> None:
    tell_person(enquiry.tenant_id, Person.staff(enquiry.owner), notice, cause, now, subject_id=enquiry.id)


def tell_owner(tenant_id: str, enquiry_id: str, now: datetime, *, of: str) -> None:
    """Tells the present owner of an enquiry that is theirs to answer; ``of`` is the event that says so."""
    enquiry = _found(tenant_id, enquiry_id)
    if enquiry is None or not enquiry.with_team:
        return
    notice = EnquiryOpened(one_line(enquiry.text), enquiry.first_response_due_at)
    _tell_owner(enquiry, notice, (enquiry.id, notice.template, of), now)


def tell_breach(tenant_id: str, enquiry_id: str, breach: Breach, now: datetime, *, of: str) -> None:
    """Tells the new owner of an enquiry that passed a due time."""
    enquiry = _found(tenant_id, enquiry_id)
    if enquiry is None or not enquiry.with_team:
        return
    due_at = enquiry.first_response_due_at if breach is Breach.FIRST_RESPONSE else enquiry.resolution_due_at
    notice = EnquiryEscalated(one_line(enquiry.text), due_at)
    _tell_owner(enquiry, notice, (enquiry.id, notice.template, of), now)


def warn_owner(tenant_id: str, enquiry_id: str, step: Step, now: datetime, *, of: str) -> None:
    """Tells the owner that a due time is near; not where that is over."""
    enquiry = _found(tenant_id, enquiry_id)
    if enquiry is None or not enquiry.with_team:
        return
    answer = step is Step.ANSWER_WARNED
    if (answer and enquiry.answered) or (not answer and enquiry.waiting_for):
        return
    due_at = enquiry.first_response_due_at if answer else enquiry.resolution_due_at
    _tell_owner(enquiry, EnquiryDueSoon(one_line(enquiry.text), due_at), (enquiry.id, step.value, of), now)


def tell_reply(tenant_id: str, enquiry_id: str, entry: int, now: datetime) -> None:
    """Tells the owner what the member wrote, which is that entry of the conversation."""
    enquiry = _found(tenant_id, enquiry_id)
    if enquiry is None or not enquiry.with_team or entry >= len(enquiry.history):
        return
    due_at = enquiry.resolution_due_at if enquiry.answered else enquiry.first_response_due_at
    notice = EnquiryReplied(one_line(enquiry.history[entry]["text"]), due_at)
    _tell_owner(enquiry, notice, (enquiry.id, "replied", str(entry)), now)


def tell_member(tenant_id: str, enquiry_id: str, entry: int, now: datetime) -> None:
    """Tells the member what was answered, which is that entry of the conversation."""
    enquiry = _found(tenant_id, enquiry_id)
    if enquiry is None or entry >= len(enquiry.history):
        return
    notice = EnquiryAnswered(get_tenant(tenant_id).name, one_line(enquiry.history[entry]["text"]))
    cause = (enquiry.id, "told", str(entry))
    tell_a_member(tenant_id, enquiry.member_id, notice, cause, now, subject_id=enquiry.id)


def tell_end(tenant_id: str, enquiry_id: str, closed_by: str, now: datetime, *, of: str) -> None:
    """Tells the member that their enquiry was closed, unless they did it themselves or have opened it again."""
    enquiry = _found(tenant_id, enquiry_id)
    if enquiry is None or enquiry.status != Status.CLOSED or closed_by not in ("team", "time"):
        return
    notice = EnquiryEnded(get_tenant(tenant_id).name, one_line(enquiry.text))
    tell_a_member(tenant_id, enquiry.member_id, notice, (enquiry.id, "ended", of), now, subject_id=enquiry.id)
