"""What the team and the member write to each other in an enquiry, and the member's word whether an answer helped.

While it waits for its member an enquiry's clock stands still; their message resumes it. One that was answered
automatically is for a person from the member's no, or from their next message on: the clock of the first response runs
from there, since until then nobody was needed.
"""

from datetime import datetime

from chalicelib.cases.model.clocks import Run
from chalicelib.cases.service.keeping import give_to_another
from chalicelib.cases.service.owning import may_keep
from chalicelib.db import Transaction, change, check_revision
from chalicelib.enquiries.errors import NothingToJudge
from chalicelib.enquiries.model.conversation import Said, Status, Unsure, check_messages, check_reopening, check_room
from chalicelib.enquiries.records import EnquiryRecord
from chalicelib.enquiries.service.handling import (
    KEPT,
    check_not_closed,
    end,
    get_enquiry,
    get_own_enquiry,
)
from chalicelib.enquiries.service.timing import By, by_now
from chalicelib.kernel.principal import Principal
from chalicelib.tenants.service.audit import audit


def write_to_member(
    tenant_id: str, enquiry_id: str, said: Said, if_match: int | None, by: Principal, now: datetime, *, waits: bool
) -> EnquiryRecord:
    """The team answers. With ``waits`` the enquiry waits for the member from now on, and closes by itself where they
    stay silent. Raises NotFound, Stale, EnquiryClosed, ConversationFull or IdempotencyMismatch.
    """
    by_rules = by_now(tenant_id)

    def decide(enquiry: EnquiryRecord, tx: Transaction) -> EnquiryRecord:
        if said.sent(enquiry.history, by.label):
            return enquiry
        check_revision(enquiry, if_match)
        check_not_closed(enquiry)
        check_room(len(enquiry.history))
        if enquiry.status == Status.ANSWERED:
            _needs_person(enquiry, now)
            _owned_by_somebody_there(enquiry, now)
        enquiry.responded(now)
        enquiry.judged(now)
        enquiry.status = Status.IN_PROGRESS.value
        enquiry.note("told", now, by.label, text=said.text, mark=said.mark(by.label), waits=waits)
        enquiry.keep_run(enquiry.run.stop(now) if waits else enquiry.run.resume(now))
        by_rules.time(enquiry)
        enquiry.emit("enquiry.told", now, enquiry_id=enquiry_id, entry=len(enquiry.history) - 1)
        tx.replace("enquiry", enquiry)
        audit(tx, tenant_id, by, "enquiry.message", f"enquiry:{enquiry_id}", now, {"text": said.text})
        return enquiry

    return change(lambda: get_enquiry(tenant_id, enquiry_id, consistent=True), decide)


def write_to_store(tenant_id: str, member_id: str, enquiry_id: str, said: Said, now: datetime) -> EnquiryRecord:
    """The member writes in their own enquiry. Where it waited for that, its clock runs on; after an automatic answer it
    goes to a person; where it was closed, at most 14 days ago, it is opened again.

    Raises NotFound, EnquiryClosed, ConversationFull or IdempotencyMismatch.
    """
    by, by_rules = f"member:{member_id}", by_now(tenant_id)

    def decide(enquiry: EnquiryRecord, tx: Transaction) -> EnquiryRecord:
        if said.sent(enquiry.history, by):
            return enquiry
        check_messages(enquiry.messages_of_member)
        check_room(len(enquiry.history))
        if enquiry.closed:
            _open_again(enquiry, by_rules, by, now)
        elif enquiry.status == Status.ANSWERED:
            _needs_person(enquiry, now)
            enquiry.note("handed_over", now, by, field=Unsure.MORE.value)
        enquiry.note("replied", now, by, text=said.text, mark=said.mark(by))
        enquiry.keep_run(enquiry.run.resume(now))
        _owned_by_somebody_there(enquiry, now)
        by_rules.time(enquiry)
        enquiry.emit("enquiry.replied", now, enquiry_id=enquiry_id, entry=len(enquiry.history) - 1)
        tx.replace("enquiry", enquiry)
        return enquiry

    return change(lambda: get_own_enquiry(tenant_id, member_id, enquiry_id, consistent=True), decide)


def judge_answer(tenant_id: str, member_id: str, enquiry_id: str, helped: bool, now: datetime) -> EnquiryRecord:
    """The member says whether the automatic answer helped: yes closes the enquiry, no hands it to a person. The same
    word a second time changes nothing. Raises NotFound, or NothingToJudge where no such answer waits for it.
    """
    by, by_rules = f"member:{member_id}", by_now(tenant_id)

    def decide(enquiry: EnquiryRecord, tx: Transaction) -> EnquiryRecord:
        if enquiry.helped is helped:
            return enquiry
        if enquiry.status != Status.ANSWERED:
            raise NothingToJudge(
                "No automatic answer waits for your word; write a message instead.",
                detail_zh="当前没有待评价的自动回复，请直接留言。",
            )
        enquiry.helped = helped
        if helped:
            enquiry.note("helped", now, by)
            end(enquiry, "helped", by, now)
        else:
            _needs_person(enquiry, now)
            enquiry.note("handed_over", now, by, field=Unsure.NOT_HELPED.value)
            _owned_by_somebody_there(enquiry, now)
            enquiry.emit("enquiry.handed_over", now, enquiry_id=enquiry_id)
        by_rules.time(enquiry)
        tx.replace("enquiry", enquiry)
        return enquiry

    return change(lambda: get_own_enquiry(tenant_id, member_id, enquiry_id, consistent=True), decide)


def close_own(tenant_id: str, member_id: str, enquiry_id: str, now: datetime) -> EnquiryRecord:
    """The member closes their enquiry; one that is closed stays as it is. Raises NotFound."""

    def decide(enquiry: EnquiryRecord, tx: Transaction) -> EnquiryRecord:
        if not enquiry.closed:
            end(enquiry, "member", f"member:{member_id}", now)
            tx.replace("enquiry", enquiry)
        return enquiry

    return change(lambda: get_own_enquiry(tenant_id, member_id, enquiry_id, consistent=True), decide)


def _needs_person(enquiry: EnquiryRecord, now: datetime) -> None:
    """From now on somebody of the team is needed: the clock begins."""
    enquiry.status, enquiry.asked_at = Status.OPEN.value, now
    enquiry.begin_run(Run(now))


def _owned_by_somebody_there(enquiry: EnquiryRecord, now: datetime) -> None:
    if not may_keep(enquiry.tenant_id, enquiry.owner):
        give_to_another(KEPT, enquiry, now)


def _open_again(enquiry: EnquiryRecord, by_rules: By, by: str, now: datetime) -> None:
    check_reopening(enquiry.closed_at, now)
    closed_at = enquiry.closed_at
    if enquiry.first_response_at is None:
        _needs_person(enquiry, now)
    else:
        enquiry.status = Status.IN_PROGRESS.value
        enquiry.begin_run(enquiry.run.again(closed_at, now, by_rules.timing.calendar))
    enquiry.closed_at, enquiry.closed_by = None, None
    enquiry.note("reopened", now, by)
    if enquiry.automatic is not None and enquiry.status == Status.OPEN:
        enquiry.note("handed_over", now, by, field=Unsure.MORE.value)
