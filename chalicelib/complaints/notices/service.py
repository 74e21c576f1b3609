"""Who is told of a complaint: its owner, and its member."""

from datetime import datetime

from chalicelib.complaints.model.cases import Breach, Category
from chalicelib.complaints.notices.model import (
    ABOUT,
    PRESSING,
    ComplaintEscalated,
    ComplaintOpened,
    ComplaintResolved,
    ComplaintUnanswered,
)
from chalicelib.complaints.records import ComplaintRecord
from chalicelib.notices.model.notices import Notice
from chalicelib.notices.model.people import Person
from chalicelib.notices.telling.service import tell_member, tell_person
from chalicelib.tenants.service.brand import get_tenant

_MOST_SHOWN = 120
_MOVED = frozenset({"assigned", "escalated"})


def tell_owner(
    tenant_id: str, complaint_id: str, now: datetime, *, escalated: Breach | None = None, of: str = ""
) -> None:
    """Tells the present owner of a new complaint, of one that was handed to them (``of`` that event), or of one that
    passed a due time. Of a new one that was handed on by now, whoever has it hears otherwise.
    """
    complaint = ComplaintRecord.fetch(*ComplaintRecord.address(tenant_id, complaint_id), consistent=True)
    if complaint is None or not complaint.owner or complaint.resolved:
        return
    named = (_shown(complaint.text), ABOUT[Category(complaint.category)], PRESSING[complaint.priority])
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


def _shown(text: str) -> str:
    """What a member said, in one line, as much as a message takes."""
    line = " ".join(text.split())
    return line if len(line) <= _MOST_SHOWN else f"{line[: _MOST_SHOWN - 1]}…"


def tell_outcome(tenant_id: str, complaint_id: str, now: datetime) -> None:
    """Tells the member what came of a resolved complaint."""
    complaint = ComplaintRecord.fetch(*ComplaintRecord.address(tenant_id, complaint_id), consistent=True)
    if complaint is None or not complaint.resolved:
        return
    notice = ComplaintResolved(get_tenant(tenant_id).name, complaint.outcome)
    cause = (complaint.id, "resolved")
    tell_member(tenant_id, complaint.member_id, notice, cause, now, subject_id=complaint.id)
