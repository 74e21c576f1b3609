"""A resolved complaint is opened again, in whatever write says why."""

from datetime import datetime

from chalicelib.cases.model.routing import FIRST
from chalicelib.cases.service.owning import assign, may_keep
from chalicelib.cases.service.timing import Timing
from chalicelib.complaints.model.cases import Status
from chalicelib.complaints.records import ComplaintRecord
from chalicelib.complaints.service.opening import about, time_complaint
from chalicelib.db import Transaction
from chalicelib.settlement.commission.model import HeldFor
from chalicelib.settlement.commission.records import CommissionHolds


def open_again(
    complaint: ComplaintRecord, by_now: Timing, by: str, now: datetime, reason: str | None, tx: Transaction
) -> None:
    """Begins the next run of a resolved complaint, which the caller replaces: whoever had it keeps it if they may, the
    member has no verdict on it, and the leader whom it names waits for the commission again.
    """
    before, closed_at = complaint.owner, complaint.resolved_at
    complaint.begin_run(complaint.run.again(closed_at, now, by_now.calendar))
    complaint.status, complaint.resolved_at = Status.IN_PROGRESS.value, None
    complaint.stored_verdict = None
    if not may_keep(complaint.tenant_id, before):
        wanted = about(complaint.category, complaint.cause, None)
        complaint.owner = assign(complaint.tenant_id, complaint.id, FIRST, now, wanted=wanted, but_not=before)
    time_complaint(complaint, by_now)
    after = complaint.owner if complaint.owner != before else None
    complaint.note("reopened", now, by, before=before if after else None, after=after, text=reason)
    complaint.emit("complaint.reopened", now, complaint_id=complaint.id)
    if (earned_on := complaint.earned_on) is not None:
        holds = CommissionHolds.of(complaint.tenant_id, earned_on)
        holds.hold(complaint.id, HeldFor.COMPLAINT, complaint.opened_at)
        holds.write(tx)
