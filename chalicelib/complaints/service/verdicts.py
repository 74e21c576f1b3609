"""The member accepts what came of their complaint, or rejects it: once, until it is opened again."""

from datetime import datetime

from chalicelib.cases.service.timing import timing
from chalicelib.complaints.errors import NotResolved
from chalicelib.complaints.model.cases import check_reopening, check_room
from chalicelib.complaints.model.remedies import Judged, Verdict, check_verdict
from chalicelib.complaints.records import ComplaintRecord
from chalicelib.complaints.service.handling import get_complaint, get_own_complaint
from chalicelib.complaints.service.reopening import open_again
from chalicelib.db import Transaction, change


def give_verdict(tenant_id: str, member_id: str, complaint_id: str, verdict: Verdict, now: datetime) -> ComplaintRecord:
    """Notes a member's verdict on what came of their own complaint. A rejection opens it again, with its comment for
    the owner; sent again, it is the one that was taken.

    Raises NotFound, NotResolved, VerdictGiven for another one than was given, or, for a rejection, ComplaintResolved
    where it comes too late and HistoryFull.
    """
    by, by_now = f"member:{member_id}", timing(tenant_id)

    def decide(complaint: ComplaintRecord, tx: Transaction) -> ComplaintRecord:
        if not complaint.resolved:
            if _rejected_before(complaint, verdict, by):
                return complaint
            raise NotResolved(
                "This complaint is not resolved yet, so there is nothing to judge; write to the store instead.",
                detail_zh="该投诉尚未解决，暂不能评价；如需补充请留言。",
            )
        if not check_verdict(complaint.verdict, verdict):
            return complaint
        if verdict.verdict is Judged.REJECTED:
            check_reopening(complaint.resolved_at, now)
            check_room(len(complaint.history))  # else there were none for the next answer, and it stayed open for good
        complaint.stored_verdict = verdict.as_json()
        complaint.note(verdict.verdict.value, now, by, text=verdict.comment)
        if verdict.verdict is Judged.REJECTED:
            open_again(complaint, by_now, by, now, None, tx)
            complaint.emit("complaint.replied", now, complaint_id=complaint_id, entry=len(complaint.history) - 2)
        tx.replace("complaint", complaint)
        return complaint

    def read() -> ComplaintRecord:
        get_own_complaint(tenant_id, member_id, complaint_id)
        return get_complaint(tenant_id, complaint_id, consistent=True)

    return change(read, decide)


def _rejected_before(complaint: ComplaintRecord, verdict: Verdict, by: str) -> bool:
    """Whether this very rejection has opened the complaint again."""
    last = next((each for each in reversed(complaint.history) if each["type"] in ("rejected", "resolved")), None)
    return bool(
        last
        and verdict.verdict is Judged.REJECTED
        and (last["type"], last["by"], last.get("text")) == ("rejected", by, verdict.comment)
    )
