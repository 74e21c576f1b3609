"""Who is told of a complaint: its owner by e-mail, the member as they can be reached."""

from datetime import datetime

from chalicelib.complaints.records import ComplaintRecord
from chalicelib.kernel.clock import instant
from chalicelib.members.service.notices import tell_member
from chalicelib.notices.model.notices import ComplaintEscalated, ComplaintOpened, ComplaintResolved, Recipient
from chalicelib.notices.service.queueing import tell
from chalicelib.tenants.records import StaffRecord
from chalicelib.tenants.service.brand import get_tenant


def tell_owner(tenant_id: str, complaint_id: str, now: datetime, *, escalated: bool = False) -> None:
    """Tells the present owner, in the tenant's language, of a new or an escalated complaint."""
    complaint = ComplaintRecord.fetch(*ComplaintRecord.address(tenant_id, complaint_id), consistent=True)
    owner = StaffRecord.at(tenant_id, complaint.owner) if complaint else None
    if complaint is None or owner is None:
        return
    named, until = (complaint.id, complaint.category, complaint.priority.value), instant(complaint.resolution_due_at)
    notice = (
        ComplaintEscalated(*named, until)
        if escalated
        else ComplaintOpened(*named, instant(complaint.first_response_due_at), until)
    )
    to = Recipient("email", owner.email, get_tenant(tenant_id).locale)
    tell(tenant_id, to, notice, (complaint.id, notice.template), now)


def tell_outcome(tenant_id: str, complaint_id: str, now: datetime) -> None:
    """Tells the member what came of a resolved complaint."""
    complaint = ComplaintRecord.fetch(*ComplaintRecord.address(tenant_id, complaint_id), consistent=True)
    if complaint is None or not complaint.resolved:
        return
    notice = ComplaintResolved(get_tenant(tenant_id).name, complaint.outcome)
    tell_member(tenant_id, complaint.member_id, notice, (complaint.id, "resolved"), now)
