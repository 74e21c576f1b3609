"""What the team and the member write to each other about a complaint, and that it is opened again.

While it waits for its member's answer a complaint's clock stands still. Their answer resumes it, by whichever way it
comes; what the team notes for itself does not.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.cases.model.clocks import Step
from chalicelib.cases.service.timing import Timing, timing
from chalicelib.complaints.errors import ComplaintResolved, NotResolved
from chalicelib.complaints.model.cases import Status, check_reopening, check_replies, check_room
from chalicelib.complaints.records import ComplaintRecord
from chalicelib.complaints.service.handling import get_complaint, get_own_complaint
from chalicelib.complaints.service.opening import keep_photos, time_complaint
from chalicelib.complaints.service.reopening import open_again
from chalicelib.db import Transaction, change, check_revision
from chalicelib.kernel.errors import IdempotencyMismatch
from chalicelib.kernel.principal import Principal
from chalicelib.tenants.service.audit import audit


@dataclass(frozen=True, slots=True)
class Said:
    """A message about a complaint. ``key`` is its Idempotency-Key: one message for each, however often it is sent.
    ``photos`` are ids of uploads of its member's, or for the complaint.
    """

    text: str
    key: str
    photos: tuple[str, ...] = ()

    def mark(self, by: str) -> str:
        """What tells one person's key from any other's."""
        return hashlib.sha256(f"{by}\0{self.key}".encode()).hexdigest()[:16]

    def sent(self, complaint: ComplaintRecord, by: str) -> bool:
        """Whether it was taken before. Raises IdempotencyMismatch where its key brought another text, or others of the
        photos.
        """
        earlier = [entry for entry in complaint.history if entry.get("mark") == self.mark(by)]
        if earlier and (earlier[0].get("text"), _uploads(earlier[0])) != (self.text, list(dict.fromkeys(self.photos))):
            raise IdempotencyMismatch(
                "This Idempotency-Key already sent another message; use a new key for a new one.",
                detail_zh="该幂等键已用于另一条消息，请使用新的键。",
            )
        return bool(earlier)


def _uploads(entry: Mapping[str, Any]) -> list[str]:
    """The uploads whose files came with an entry: a file's name begins with its upload's."""
    return [name.partition(".")[0] for name in entry.get("photos", ())]


def write_to_member(
    tenant_id: str, complaint_id: str, said: Said, if_match: int | None, by: Principal, now: datetime, *, waits: bool
) -> ComplaintRecord:
    """Writes to the member. That is a response; with ``waits`` the complaint waits for their answer from now on.

    Raises NotFound, Stale, ComplaintResolved, HistoryFull or IdempotencyMismatch.
    """
    by_now = timing(tenant_id)

    def write(complaint: ComplaintRecord) -> None:
        complaint.responded(now)
        complaint.status = Status.IN_PROGRESS.value
        what = "asked" if waits else "told"
        photos = keep_photos(tenant_id, complaint.member_id, said.photos)
        complaint.note(
            what, now, by.label, text=said.text, mark=said.mark(by.label), **({"photos": photos} if photos else {})
        )
        if waits:
            complaint.stored_steps = [step for step in complaint.steps if step != Step.FOLLOW_UP] or None
            complaint.keep_run(complaint.run.stop(now))
        time_complaint(complaint, by_now)
        complaint.emit("complaint.told", now, complaint_id=complaint_id, entry=len(complaint.history) - 1)

    return _team_writes(tenant_id, complaint_id, said, if_match, write, by, now)


def note_reply(
    tenant_id: str, complaint_id: str, said: Said, if_match: int | None, by: Principal, now: datetime
) -> ComplaintRecord:
    """Notes what the member answered by another way, such as the telephone: it resumes the clock as their own message
    does. Raises as :func:`write_to_member`.
    """
    by_now = timing(tenant_id)

    def write(complaint: ComplaintRecord) -> None:
        complaint.responded(now)
        _answered(complaint, said, by.label, by_now, now)

    return _team_writes(tenant_id, complaint_id, said, if_match, write, by, now)


def reply(tenant_id: str, member_id: str, complaint_id: str, said: Said, now: datetime) -> ComplaintRecord:
    """The member writes about their own complaint. Where it waited for that, its clock runs on; where it was resolved,
    at most 14 days ago, it is opened again.

    Raises NotFound, ComplaintResolved, HistoryFull, IdempotencyMismatch, or what ``uploads.keep`` does for a photo.
    """
    by, by_now = f"member:{member_id}", timing(tenant_id)

    def decide(complaint: ComplaintRecord, tx: Transaction) -> ComplaintRecord:
        if said.sent(complaint, by):
            return complaint
        check_replies(complaint.replies)
        check_room(len(complaint.history))
        if complaint.resolved:
            check_reopening(complaint.resolved_at, now)
            open_again(complaint, by_now, by, now, None, tx)
        _answered(complaint, said, by, by_now, now)
        complaint.emit("complaint.replied", now, complaint_id=complaint_id, entry=len(complaint.history) - 1)
        tx.replace("complaint", complaint)
        return complaint

    def read() -> ComplaintRecord:
        get_own_complaint(tenant_id, member_id, complaint_id)
        return get_complaint(tenant_id, complaint_id, consistent=True)

    return change(read, decide)


def reopen(
    tenant_id: str, complaint_id: str, reason: str, if_match: int | None, by: Principal, now: datetime
) -> ComplaintRecord:
    """Opens a complaint again that was resolved at most 14 days ago. It goes on with what was left of its time, and at
    least that of a first response; whoever had it keeps it if they are on duty. One that is open stays as it is.

    Raises NotFound, Stale, ComplaintResolved or HistoryFull.
    """
    by_now = timing(tenant_id)

    def decide(complaint: ComplaintRecord, tx: Transaction) -> ComplaintRecord:
        check_revision(complaint, if_match)
        if not complaint.resolved:
            raise NotResolved(
                "This complaint is open; there is nothing to open again.", detail_zh="该投诉尚未解决，无需重新打开。"
            )
        check_room(len(complaint.history))
        check_reopening(complaint.resolved_at, now)
        open_again(complaint, by_now, by.label, now, reason, tx)
        tx.replace("complaint", complaint)
        audit(tx, tenant_id, by, "complaint.reopened", f"complaint:{complaint_id}", now, {"reason": reason})
        return complaint

    return change(lambda: get_complaint(tenant_id, complaint_id, consistent=True), decide)


def _team_writes(
    tenant_id: str,
    complaint_id: str,
    said: Said,
    if_match: int | None,
    write: Callable[[ComplaintRecord], None],
    by: Principal,
    now: datetime,
) -> ComplaintRecord:
    def decide(complaint: ComplaintRecord, tx: Transaction) -> ComplaintRecord:
        if said.sent(complaint, by.label):
            return complaint
        check_revision(complaint, if_match)
        if complaint.resolved:
            raise ComplaintResolved(
                "This complaint is resolved; open it again to write about it.",
                detail_zh="该投诉已解决；如需继续沟通，请先重新打开。",
            )
        check_room(len(complaint.history))
        write(complaint)
        tx.replace("complaint", complaint)
        audit(tx, tenant_id, by, "complaint.message", f"complaint:{complaint_id}", now, {"text": said.text})
        return complaint

    return change(lambda: get_complaint(tenant_id, complaint_id, consistent=True), decide)


def _answered(complaint: ComplaintRecord, said: Said, by: str, by_now: Timing, now: datetime) -> None:
    photos = keep_photos(complaint.tenant_id, complaint.member_id, said.photos)
    details = {"photos": photos} if photos else {}
    complaint.note("replied", now, by, text=said.text, mark=said.mark(by), **details)
    complaint.keep_run(complaint.run.resume(now))
    time_complaint(complaint, by_now)
