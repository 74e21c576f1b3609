"""Who is told of a complaint: its owner by e-mail, the member as they can be reached."""

from datetime import datetime

from chalicelib.complaints.model.cases import CATEGORIES_ZH, Breach, Category
from chalicelib.complaints.records import ComplaintRecord
from chalicelib.kernel.language import nearest
from chalicelib.members.service.notices import tell_member
from chalicelib.notices.model.case_notices import (
    ComplaintEscalated,
    ComplaintOpened,
    ComplaintResolved,
    ComplaintUnanswered,
)
from chalicelib.notices.model.notices import Destination, Notice
from chalicelib.notices.telling.service import tell_address
from chalicelib.tenants.records import StaffRecord
from chalicelib.tenants.service.brand import get_tenant, wall_time

_MOST_SHOWN = 120


def tell_owner(tenant_id: str, complaint_id: str, now: datetime, *, escalated: Breach | None = None) -> None:
    """Tells the present owner, in the tenant's language, of a new complaint or of one that passed a due time."""
    complaint = ComplaintRecord.fetch(*ComplaintRecord.address(tenant_id, complaint_id), consistent=True)
    owner = StaffRecord.at(tenant_id, complaint.owner) if complaint else None
    if complaint is None or owner is None:
        return
    locale = get_tenant(tenant_id).locale
    category = CATEGORIES_ZH[Category(complaint.category)] if nearest(locale) == "zh" else str(complaint.category)
    named = (_shown(complaint.text), category, complaint.priority.value)
    answer_by, until = (
        wall_time(tenant_id, due) for due in (complaint.first_response_due_at, complaint.resolution_due_at)
    )
    notice: Notice
    if escalated is Breach.FIRST_RESPONSE:
        notice = ComplaintUnanswered(*named, answer_by, until)
    elif escalated is Breach.RESOLUTION:
        notice = ComplaintEscalated(*named, until)
    else:
        notice = ComplaintOpened(*named, answer_by, until)
    to = Destination("email", owner.email, locale)
    tell_address(tenant_id, to, notice, (complaint.id, notice.template), now)


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
    tell_member(tenant_id, complaint.member_id, notice, (complaint.id, "resolved"), now)
