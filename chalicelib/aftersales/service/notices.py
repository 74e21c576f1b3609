"""Who is told of a case: its owner by e-mail, the member as they can be reached."""

from datetime import datetime

from chalicelib.aftersales.model.cases import Status
from chalicelib.aftersales.records import AfterSaleRecord
from chalicelib.kernel.clock import instant
from chalicelib.members.service.notices import tell_member
from chalicelib.notices.model.notices import (
    AfterSaleApproved,
    AfterSaleEscalated,
    AfterSaleOpened,
    AfterSaleRejected,
    Recipient,
)
from chalicelib.notices.service.queueing import tell
from chalicelib.tenants.records import StaffRecord
from chalicelib.tenants.service.brand import get_tenant


def tell_owner(tenant_id: str, case_id: str, now: datetime, *, escalated: bool = False) -> None:
    """Tells the present owner, in the tenant's language, of a new or an overdue case."""
    case = AfterSaleRecord.fetch(*AfterSaleRecord.address(tenant_id, case_id), consistent=True)
    owner = StaffRecord.at(tenant_id, case.owner) if case else None
    if case is None or owner is None:
        return
    due: datetime | None = case.act_by
    notice = (
        AfterSaleEscalated(case.id, case.kind)
        if escalated
        else AfterSaleOpened(case.id, case.kind, instant(due) if due else "")
    )
    to = Recipient("email", owner.email, get_tenant(tenant_id).locale)
    tell(tenant_id, to, notice, (case.id, notice.template), now)


def tell_decision(tenant_id: str, case_id: str, now: datetime) -> None:
    """Tells the member whether the request was granted, with the team's words; or of the last units of an exchange that
    were paid back instead.
    """
    case = AfterSaleRecord.fetch(*AfterSaleRecord.address(tenant_id, case_id), consistent=True)
    if case is None or case.decided_at is None:
        return
    kind = AfterSaleRejected if case.status == Status.REJECTED else AfterSaleApproved
    cause, note = "decided", case.decision_reason or ""
    if case.instead:
        cause, note = f"instead-{len(case.instead)}", case.instead[-1].reason
    notice = kind(get_tenant(tenant_id).name, note)
    tell_member(tenant_id, case.member_id, notice, (case.id, cause), now)
