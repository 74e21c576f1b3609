"""Use cases of enquiries for the team: listed, given, closed, escalated once, handed over."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.cases.model.clocks import Priority, Step, steps_due
from chalicelib.cases.model.routing import ABOVE, FIRST, Wanted
from chalicelib.cases.service.owning import assign, check_owner, may_keep
from chalicelib.db import Page, Transaction, change, check_revision
from chalicelib.enquiries.errors import EnquiryClosed
from chalicelib.enquiries.model.conversation import BREACHES, Status, Topic, check_room
from chalicelib.enquiries.records import EnquiryRecord
from chalicelib.enquiries.service.timing import by_now
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.principal import SYSTEM, Principal
from chalicelib.tenants.service.audit import audit


@dataclass(frozen=True, slots=True)
class EnquiryFilter:
    """Which enquiries to list; None narrows nothing. Overdue means that the team is late with its first answer or its
    end.
    """

    member_id: str | None = None
    status: str | None = None
    owner: str | None = None
    topic: str | None = None
    answered_by: str | None = None
    overdue: bool | None = None


@dataclass(frozen=True, slots=True)
class EnquiryChanges:
    """What the team sets; None stays as it is. ``owner`` is a staff id, ``note`` is for the team alone."""

    topic: Topic | None = None
    priority: Priority | None = None
    owner: str | None = None
    note: str | None = None

    @property
    def fields(self) -> dict[str, str]:
        """The attributes that are set, by the API's names."""
        given = {"topic": self.topic, "priority": self.priority, "owner": self.owner}
        return {name: str(value) for name, value in given.items() if value is not None}


def get_enquiry(tenant_id: str, enquiry_id: str, *, consistent: bool = False) -> EnquiryRecord:
    """The enquiry. Raises NotFound."""
    found = EnquiryRecord.fetch(*EnquiryRecord.address(tenant_id, enquiry_id), consistent=consistent)
    if found is None:
        raise NotFound("There is no such enquiry.", detail_zh="没有该咨询。")
    return found


def get_own_enquiry(tenant_id: str, member_id: str, enquiry_id: str, *, consistent: bool = False) -> EnquiryRecord:
    """The member's own enquiry; another's looks absent. Raises NotFound."""
    found = get_enquiry(tenant_id, enquiry_id, consistent=consistent)
    if found.member_id != member_id:
        raise NotFound("There is no such enquiry.", detail_zh="没有该咨询。")
    return found


def list_own_enquiries(
    tenant_id: str, member_id: str, limit: int, cursor: dict[str, Any] | None
) -> Page[EnquiryRecord]:
    """A member's enquiries: the open ones first, newest first."""
    partition = EnquiryRecord.of_member(tenant_id, member_id)
    return EnquiryRecord.page(partition, index="gsi2", newest_first=True, limit=limit, cursor=cursor)


def list_enquiries(
    tenant_id: str, now: datetime, limit: int, cursor: dict[str, Any] | None, wanted: EnquiryFilter
) -> Page[EnquiryRecord]:
    """The tenant's enquiries: those for the team, then those with an automatic answer, then the closed."""
    partition, index, prefix = EnquiryRecord.of_tenant(tenant_id), "gsi1", None
    if wanted.member_id is not None:
        partition, index = EnquiryRecord.of_member(tenant_id, wanted.member_id), "gsi2"
    elif wanted.status == Status.CLOSED:
        prefix = "done#"
    elif wanted.status == Status.ANSWERED:
        prefix = "faq#"
    elif wanted.status or wanted.overdue:
        prefix = "open#"
    where: Any = None
    for name in ("status", "owner", "topic", "answered_by"):
        value = getattr(wanted, name)
        if value is not None:
            where = _and(where, getattr(EnquiryRecord, name) == value)
    if wanted.overdue is not None:
        where = _and(where, _overdue(now) if wanted.overdue else ~_overdue(now))
    return EnquiryRecord.page(
        partition, index=index, newest_first=True, begins_with=prefix, where=where, limit=limit, cursor=cursor
    )


def _overdue(now: datetime) -> Any:
    unanswered = EnquiryRecord.first_response_at.does_not_exist() & (EnquiryRecord.first_response_due_at <= now)
    passed = unanswered | (EnquiryRecord.waiting_for.does_not_exist() & (EnquiryRecord.resolution_due_at <= now))
    return EnquiryRecord.status.is_in(Status.OPEN.value, Status.IN_PROGRESS.value) & passed


def _and(where: Any, condition: Any) -> Any:
    return condition if where is None else where & condition


def edit_enquiry(
    tenant_id: str, enquiry_id: str, changes: EnquiryChanges, if_match: int | None, by: Principal, now: datetime
) -> EnquiryRecord:
    """Sets what is given, and adds the note. It is no answer: the member sees nothing of it.

    Raises EnquiryClosed, ConversationFull, Stale, or Invalid for an owner who is not on the staff, or cannot serve.
    """
    if changes.owner is not None:
        check_owner(tenant_id, changes.owner)
    by_rules = by_now(tenant_id)
    audited = changes.fields | ({"note": changes.note} if changes.note else {})

    def edit(enquiry: EnquiryRecord) -> None:
        check_room(len(enquiry.history))
        before = enquiry.owner
        _record_changes(enquiry, changes, by.label, now)
        by_rules.time(enquiry)
        if enquiry.owner not in (before, by.person):
            enquiry.emit("enquiry.assigned", now, enquiry_id=enquiry_id)

    return _write(tenant_id, enquiry_id, if_match, edit, "enquiry.changed", by, now, audited)


def _record_changes(enquiry: EnquiryRecord, changes: EnquiryChanges, by: str, now: datetime) -> None:
    for name, value in changes.fields.items():
        attribute = "priority_name" if name == "priority" else name
        before = getattr(enquiry, attribute)
        if before != value:
            enquiry.note("assigned" if name == "owner" else "changed", now, by, field=name, before=before, after=value)
            setattr(enquiry, attribute, value)
    if changes.note is not None:
        enquiry.note("note", now, by, text=changes.note)


def close_enquiry(tenant_id: str, enquiry_id: str, if_match: int | None, by: Principal, now: datetime) -> EnquiryRecord:
    """The team closes an enquiry, and the member is told. Raises NotFound, EnquiryClosed or Stale."""

    def close(enquiry: EnquiryRecord) -> None:
        end(enquiry, "team", by.label, now)

    return _write(tenant_id, enquiry_id, if_match, close, "enquiry.closed", by, now, {})


def end(enquiry: EnquiryRecord, closed_by: str, by: str, now: datetime) -> None:
    """Closes it: ``closed_by`` is ``team``, ``member``, ``helped`` or ``time``."""
    enquiry.keep_run(enquiry.run.resume(now))
    enquiry.status, enquiry.closed_at, enquiry.closed_by = Status.CLOSED.value, now, closed_by
    enquiry.note("closed", now, by)
    enquiry.emit("enquiry.closed", now, enquiry_id=enquiry.id, closed_by=closed_by)


def _write(
    tenant_id: str,
    enquiry_id: str,
    if_match: int | None,
    apply: Callable[[EnquiryRecord], None],
    action: str,
    by: Principal,
    now: datetime,
    audited: Mapping[str, Any],
) -> EnquiryRecord:
    def decide(enquiry: EnquiryRecord, tx: Transaction) -> EnquiryRecord:
        check_revision(enquiry, if_match)
        check_not_closed(enquiry)
        apply(enquiry)
        tx.replace("enquiry", enquiry)
        audit(tx, tenant_id, by, action, f"enquiry:{enquiry_id}", now, audited)
        return enquiry

    return change(lambda: get_enquiry(tenant_id, enquiry_id, consistent=True), decide)


def check_not_closed(enquiry: EnquiryRecord) -> None:
    """Raises EnquiryClosed for the team: only the member opens it again."""
    if enquiry.closed:
        raise EnquiryClosed(
            "This enquiry is closed; a message of the member opens it again.",
            detail_zh="该咨询已关闭；会员再次留言即可重新打开。",
        )


def escalate(tenant_id: str, pk: str, sk: str, now: datetime) -> None:
    """Takes what is due of an enquiry: its owner is warned before a due time, a manager or owner gets it when it has
    passed, and one that has waited for its member for as many days as the brand says is closed. Each once in a run,
    however often and late this is asked.
    """
    by_rules = by_now(tenant_id)

    def decide(enquiry: EnquiryRecord | None, tx: Transaction) -> None:
        if enquiry is None or enquiry.closed:
            return
        before = _times(enquiry)
        by_rules.time(enquiry)
        close_at = enquiry.follow_up_at if enquiry.waiting_for else None
        if close_at is not None and close_at <= now:
            end(enquiry, "time", SYSTEM, now)
            tx.replace("enquiry", enquiry)
            return
        steps = steps_due(enquiry.promises, enquiry.steps, now)
        if steps:
            _take(enquiry, steps, now)
        if steps or before != _times(enquiry):
            tx.replace("enquiry", enquiry)

    change(lambda: EnquiryRecord.fetch(pk, sk, consistent=True), decide)


def _times(enquiry: EnquiryRecord) -> tuple[object, ...]:
    return enquiry.promises, enquiry.follow_up_at, enquiry.answer_warn_at, enquiry.solution_warn_at


def _take(enquiry: EnquiryRecord, steps: list[Step], now: datetime) -> None:
    passed = [BREACHES[step] for step in steps if step in BREACHES]
    before = enquiry.owner
    if passed:
        enquiry.owner = assign(enquiry.tenant_id, enquiry.id, ABOVE, now, but_not=before)
    for breach in passed:
        enquiry.escalated(breach, now)
        enquiry.note("escalated", now, SYSTEM, field=breach.value, before=before, after=enquiry.owner)
    for step in steps:
        enquiry.take(step.value)
        if step not in BREACHES:
            enquiry.emit("enquiry.due_soon", now, enquiry_id=enquiry.id, step=step.value)
    if passed:
        enquiry.emit("enquiry.escalated", now, enquiry_id=enquiry.id, breach=passed[-1].value)


def hand_over(tenant_id: str, enquiry_id: str, staff_id: str, now: datetime) -> None:
    """Gives an open enquiry to somebody on duty, if whoever has it can have it no more. A second time, or where they
    are back, it changes nothing.
    """

    def decide(enquiry: EnquiryRecord | None, tx: Transaction) -> None:
        if enquiry is None or enquiry.closed or enquiry.owner != staff_id or may_keep(tenant_id, staff_id):
            return
        if give_to_somebody_there(enquiry, now):
            enquiry.emit("enquiry.assigned", now, enquiry_id=enquiry_id)
            tx.replace("enquiry", enquiry)

    address = EnquiryRecord.address(tenant_id, enquiry_id)
    change(lambda: EnquiryRecord.fetch(*address, consistent=True), decide)


def give_to_somebody_there(enquiry: EnquiryRecord, now: datetime) -> bool:
    """Gives it to another of the team if there is one, and notes that."""
    before = enquiry.owner
    about = Wanted((enquiry.topic,))
    found = assign(enquiry.tenant_id, enquiry.id, FIRST, now, wanted=about, but_not=before)
    if found == before:
        return False
    enquiry.note("assigned", now, SYSTEM, field="owner", before=before, after=found)
    enquiry.owner = found
    return True


def open_enquiries(tenant_id: str, cursor: dict[str, Any] | None, limit: int) -> Page[EnquiryRecord]:
    """The enquiries that the team has to see to, in an order that their due times do not change."""
    partition = EnquiryRecord.of_tenant(tenant_id)
    return EnquiryRecord.page(partition, index="gsi1", begins_with="open#", limit=limit, cursor=cursor)


def retime(tenant_id: str, enquiry_id: str) -> None:
    """Gives an open enquiry its due times by the brand's present calendar and rules."""
    by_rules = by_now(tenant_id)

    def decide(enquiry: EnquiryRecord | None, tx: Transaction) -> None:
        if enquiry is None or not enquiry.with_team:
            return
        before = _times(enquiry)
        by_rules.time(enquiry)
        if before != _times(enquiry):
            tx.replace("enquiry", enquiry)

    address = EnquiryRecord.address(tenant_id, enquiry_id)
    change(lambda: EnquiryRecord.fetch(*address, consistent=True), decide)
