"""Whom a complaint's events tell: the owner by e-mail, the member as he can be reached."""

from datetime import datetime
from typing import Any

from chalicelib.complaints.records import ComplaintRecord
from chalicelib.kernel.clock import instant
from chalicelib.members.service.notices import tell_member
from chalicelib.notices.service.queueing import tell
from chalicelib.tenants.records import StaffRecord
from chalicelib.tenants.service.brand import get_tenant


def tell_owner(tenant_id: str, complaint_id: str, template: str, now: datetime) -> None:
    """Tells the present owner, in the tenant's language, of a new or an escalated complaint."""
    complaint = ComplaintRecord.fetch(*ComplaintRecord.address(tenant_id, complaint_id), consistent=True)
    owner = StaffRecord.at(tenant_id, complaint.owner) if complaint else None
    if complaint is None or owner is None:
        return
    params = {
        "complaint_id": complaint.id,
        "category": complaint.category,
        "priority": complaint.priority.value,
        "first_response_due_at": instant(complaint.first_response_due_at),
        "resolution_due_at": instant(complaint.resolution_due_at),
    }
    locale = get_tenant(tenant_id).locale
    tell(tenant_id, (complaint.id, template), "email", owner.email, template, locale, params, now)


def tell_outcome(tenant_id: str, complaint_id: str, now: datetime) -> None:
    """Tells the member what came of a resolved complaint."""
    complaint = ComplaintRecord.fetch(*ComplaintRecord.address(tenant_id, complaint_id), consistent=True)
    if complaint is None or not complaint.resolved:
        return
    params: dict[str, Any] = {"brand": get_tenant(tenant_id).name, "outcome": complaint.outcome}
    tell_member(tenant_id, (complaint.id, "resolved"), complaint.member_id, "complaint_resolved", params, now)
