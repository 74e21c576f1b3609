"""The member accepts what came of their complaint, or rejects it: once, until it is opened again."""

from datetime import datetime

from chalicelib.cases.service.timing import timing
from chalicelib.complaints.errors import NotResolved, ResolutionReplaced
from chalicelib.complaints.model.cases import check_reopening, check_room
from chalicelib.complaints.model.remedies import Judged, Verdict, check_verdict
from chalicelib.complaints.records import ComplaintRecord
from chalicelib.complaints.service.handling import get_complaint, get_own_complaint
from chalicelib.complaints.service.reopening import open_again
from chalicelib.db import Transaction, change
from chalicelib.kernel.errors import Invalid


def give_verdict(
    tenant_id: str, member_id: str, complaint_id: str, verdict: Verdict, now: datetime, *, resolution: int | None = None
) -> ComplaintRecord:
    """Notes a member's verdict on what came of their own complaint, on the ``resolution`` of that number; it can be
    left out while there is one. A rejection opens the complaint again, with its comment for the owner. Sent again, it
    is the one that was taken.

    Raises NotFound, NotResolved, ResolutionReplaced for one that is not the last, Invalid for one that there is not,
    VerdictGiven for another one than was given, or, for a rejection, ComplaintResolved where it comes too late and
    HistoryFull.
    """
    by, by_now = f"member:{member_id}", timing(tenant_id)

    def decide(complaint: ComplaintRecord, tx: Transaction) -> ComplaintRecord:
        last = complaint.resolutions
        judged = _judged(complaint, resolution, verdict)
        if last and complaint.verdict_on(judged) == verdict:
            return complaint
        if judged < last:
            raise _replaced(last, "There is a newer answer since; read it, and say what you think of that one.",
                            "商家已给出新的处理结果，请查看后再评价。")  # fmt: skip
        if not complaint.resolved:
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


def _judged(complaint: ComplaintRecord, resolution: int | None, verdict: Verdict) -> int:
    """The number of the resolution that is judged. Who names none judges the only one; of several, what was said of the
    last before says so again.
    """
    last = complaint.resolutions
    if resolution is None:
        if last > 1 and complaint.verdict_on(last) != verdict:
            raise _replaced(
                last, f"This complaint was answered {last} times; say which you judge, such as resolution {last}.",
                f"该投诉已有 {last} 次处理结果，请注明评价的是哪一次，例如 resolution 为 {last}。",
            )  # fmt: skip
        return last
    if last and resolution > last:
        raise Invalid.at(
            "/resolution", f"There is no such answer yet; the last one is number {last}.",
            f"没有该次处理结果，最近一次为第 {last} 次。",
        )  # fmt: skip
    return resolution if last else 0


def _replaced(last: int, en: str, zh: str) -> ResolutionReplaced:
    return ResolutionReplaced(en, detail_zh=zh, extra={"resolution": last})
