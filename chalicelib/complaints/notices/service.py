"""Who is told of a complaint: its owner, and its member."""

from datetime import datetime

from chalicelib.cases.model.clocks import Breach, Step
from chalicelib.cases.model.words import one_line
from chalicelib.complaints.model.cases import Category
from chalicelib.complaints.notices.model import (
    ABOUT,
    PRESSING,
    REMEDY,
    ComplaintDueSoon,
    ComplaintEscalated,
    ComplaintOpened,
    ComplaintRemedyFailed,
    ComplaintReplied,
    ComplaintResolved,
    ComplaintTold,
    ComplaintUnanswered,
    ComplaintWaits,
)
from chalicelib.complaints.records import ComplaintRecord
from chalicelib.notices.model.facts import InWords
from chalicelib.notices.model.notices import Notice
from chalicelib.notices.model.people import Person
from chalicelib.notices.telling.service import tell_member as tell_a_member
from chalicelib.notices.telling.service import tell_person
from chalicelib.tenants.service.brand import get_tenant

_MOVED = frozenset({"assigned", "escalated", "reopened"})
_ANSWERED, _SOLVED = InWords("answered", "答复"), InWords("solved", "处理完毕")


def tell_owner(
    tenant_id: str, complaint_id: str, now: datetime, *, escalated: Breach | None = None, of: str = ""
) -> None:
    """Tells the present owner of a new complaint, of one that was handed to them (``of`` that event), or of one that
    passed a due time. Of a new one that was handed on by now, whoever has it hears otherwise.
    """
    complaint = ComplaintRecord.fetch(*ComplaintRecord.address(tenant_id, complaint_id), consistent=True)
    if complaint is None or not complaint.owner or complaint.resolved:
        return
    named = (one_line(complaint.text), ABOUT[Category(complaint.category)], PRESSING[complaint.priority])
    answer_by, until = complaint.first_response_due_at, complaint.resolution_due_at
    notice: Notice
    if escalated is Breach.FIRST_RESPONSE:
        notice = ComplaintUnanswered(*named, answer_by, until)
    elif escalated is Breach.RESOLUTION:
        notice = ComplaintEscalated(*named, until)
    elif of or not _MOVED.intersection(entry["type"] for entry in complaint.history):
        notice = ComplaintOpened(*named, answer_by, until)
    else:
        return
    cause = (complaint.id, notice.template, *filter(None, (of,)))
    tell_person(tenant_id, Person.staff(complaint.owner), notice, cause, now, subject_id=complaint.id)


def tell_outcome(tenant_id: str, complaint_id: str, now: datetime) -> None:
    """Tells the member what came of a resolved complaint."""
    complaint = ComplaintRecord.fetch(*ComplaintRecord.address(tenant_id, complaint_id), consistent=True)
    if complaint is None or not complaint.resolved:
        return
    notice = ComplaintResolved(get_tenant(tenant_id).name, complaint.outcome)
    cause = (complaint.id, "resolved", *((str(complaint.run.number),) if complaint.run.number > 1 else ()))
    tell_a_member(tenant_id, complaint.member_id, notice, cause, now, subject_id=complaint.id)


def warn_owner(tenant_id: str, complaint_id: str, step: Step, now: datetime, *, of: str) -> None:
    """Tells the owner that a due time is near, or that the member still has not answered; not where that is over.
    ``of`` is the event that says so.
    """
    complaint = ComplaintRecord.fetch(*ComplaintRecord.address(tenant_id, complaint_id), consistent=True)
    if complaint is None or complaint.resolved:
        return
    text, category = one_line(complaint.text), ABOUT[Category(complaint.category)]
    notice: Notice
    if step is Step.FOLLOW_UP:
        if not complaint.waiting_for:
            return
        notice = ComplaintWaits(text, category)
    else:
        answer = step is Step.ANSWER_WARNED
        if (answer and complaint.answered) or (not answer and complaint.waiting_for):
            return
        due_at = complaint.first_response_due_at if answer else complaint.resolution_due_at
        act = _ANSWERED if answer else _SOLVED
        notice = ComplaintDueSoon(text, category, PRESSING[complaint.priority], act, due_at)
    cause = (complaint.id, step.value, of)
    tell_person(tenant_id, Person.staff(complaint.owner), notice, cause, now, subject_id=complaint.id)


def tell_failure(tenant_id: str, complaint_id: str, number: int, now: datetime) -> None:
    """Tells the owner that what was to make a complaint good came to nothing, and why."""
    complaint = ComplaintRecord.fetch(*ComplaintRecord.address(tenant_id, complaint_id), consistent=True)
    remedy = next((each for each in complaint.remedies if each.number == number), None) if complaint else None
    if complaint is None or remedy is None or remedy.failure is None:
        return
    notice = ComplaintRemedyFailed(
        one_line(complaint.text), ABOUT[Category(complaint.category)], REMEDY[remedy.kind], InWords(*remedy.failure)
    )
    cause = (complaint.id, "remedy_failed", str(number))
    tell_person(tenant_id, Person.staff(complaint.owner), notice, cause, now, subject_id=complaint.id)


def tell_reply(tenant_id: str, complaint_id: str, entry: int, now: datetime) -> None:
    """Tells the owner what the member wrote, which is that entry of the history."""
    complaint = ComplaintRecord.fetch(*ComplaintRecord.address(tenant_id, complaint_id), consistent=True)
    if complaint is None or complaint.resolved or entry >= len(complaint.history):
        return
    notice = ComplaintReplied(
        one_line(complaint.history[entry]["text"]), ABOUT[Category(complaint.category)], complaint.resolution_due_at
    )
    cause = (complaint.id, "replied", str(entry))
    tell_person(tenant_id, Person.staff(complaint.owner), notice, cause, now, subject_id=complaint.id)


def tell_member(tenant_id: str, complaint_id: str, entry: int, now: datetime) -> None:
    """Tells the member what the team wrote to them, which is that entry of the history."""
    complaint = ComplaintRecord.fetch(*ComplaintRecord.address(tenant_id, complaint_id), consistent=True)
    if complaint is None or entry >= len(complaint.history):
        return
    notice = ComplaintTold(get_tenant(tenant_id).name, one_line(complaint.history[entry]["text"]))
    cause = (complaint.id, "told", str(entry))
    tell_a_member(tenant_id, complaint.member_id, notice, cause, now, subject_id=complaint.id)
