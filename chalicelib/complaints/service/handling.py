"""Use cases of complaints after their opening: read, changed, resolved, escalated once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.complaints.errors import ComplaintResolved
from chalicelib.complaints.model.cases import (
    Category,
    Importance,
    Status,
    Urgency,
    breaches,
    check_room,
    due_times,
)
from chalicelib.complaints.records import ComplaintRecord
from chalicelib.complaints.service.opening import ABOVE, assign
from chalicelib.db import Page, Transaction, change, check_revision
from chalicelib.kernel.errors import Invalid, NotFound
from chalicelib.kernel.principal import SYSTEM, Principal
from chalicelib.settlement.commission.records import CommissionHolds
from chalicelib.tenants.records import StaffRecord
from chalicelib.tenants.service.audit import audit


@dataclass(frozen=True, slots=True)
class ComplaintFilter:
    """Which complaints to list; None narrows nothing. Overdue means unresolved, and unanswered at or
    after ``first_response_due_at`` or simply at or after ``resolution_due_at``.
    """

    member_id: str | None = None
    status: str | None = None
    owner: str | None = None
    urgency: str | None = None
    category: str | None = None
    overdue: bool | None = None


@dataclass(frozen=True, slots=True)
class ComplaintChanges:
    """What the team sets; None stays as it is. ``owner`` is a staff id, ``note`` is for the team alone."""

    category: Category | None = None
    urgency: Urgency | None = None
    importance: Importance | None = None
    owner: str | None = None
    in_progress: bool = False
    note: str | None = None

    @property
    def fields(self) -> dict[str, str]:
        """The fields of a complaint that are set, with their values."""
        given = {
            "category": self.category, "urgency": self.urgency, "importance": self.importance, "owner": self.owner,
            "status": Status.IN_PROGRESS if self.in_progress else None,
        }  # fmt: skip
        return {name: str(value) for name, value in given.items() if value is not None}


def get_complaint(tenant_id: str, complaint_id: str, *, consistent: bool = False) -> ComplaintRecord:
    """The complaint. Raises NotFound."""
    found = ComplaintRecord.fetch(*ComplaintRecord.address(tenant_id, complaint_id), consistent=consistent)
    if found is None:
        raise NotFound("There is no such complaint.", detail_zh="没有该投诉。")
    return found


def get_own_complaint(tenant_id: str, member_id: str, complaint_id: str) -> ComplaintRecord:
    """The member's own complaint; another's looks absent. Raises NotFound."""
    found = get_complaint(tenant_id, complaint_id)
    if found.member_id != member_id:
        raise NotFound("There is no such complaint.", detail_zh="没有该投诉。")
    return found


def list_own_complaints(
    tenant_id: str, member_id: str, limit: int, cursor: dict[str, Any] | None
) -> Page[ComplaintRecord]:
    """A member's complaints, newest first."""
    partition = ComplaintRecord.of_member(tenant_id, member_id)
    return ComplaintRecord.page(partition, index="gsi2", newest_first=True, limit=limit, cursor=cursor)


def list_complaints(
    tenant_id: str, now: datetime, limit: int, cursor: dict[str, Any] | None, wanted: ComplaintFilter
) -> Page[ComplaintRecord]:
    """The tenant's complaints: those in work first, newest first. Those of one member are newest first."""
    partition, index, prefix = ComplaintRecord.of_tenant(tenant_id), "gsi1", None
    if wanted.member_id is not None:
        partition, index = ComplaintRecord.of_member(tenant_id, wanted.member_id), "gsi2"
    elif wanted.status == Status.RESOLVED:
        prefix = "done#"
    elif wanted.status or wanted.overdue:
        prefix = "open#"
    where: Any = None
    for name in ("status", "owner", "urgency", "category"):
        value = getattr(wanted, name)
        if value is not None:
            where = _and(where, getattr(ComplaintRecord, name) == value)
    if wanted.overdue is not None:
        where = _and(where, _overdue(now) if wanted.overdue else ~_overdue(now))
    return ComplaintRecord.page(
        partition, index=index, newest_first=True, begins_with=prefix, where=where, limit=limit, cursor=cursor
    )


def _overdue(now: datetime) -> Any:
    unanswered = ComplaintRecord.first_response_at.does_not_exist() & (ComplaintRecord.first_response_due_at <= now)
    passed = unanswered | (ComplaintRecord.resolution_due_at <= now)
    return (ComplaintRecord.status != Status.RESOLVED.value) & passed


def _and(where: Any, condition: Any) -> Any:
    return condition if where is None else where & condition


def edit_complaint(
    tenant_id: str, complaint_id: str, changes: ComplaintChanges, if_match: int | None, by: Principal, now: datetime
) -> ComplaintRecord:
    """Sets what is given, and adds the note to the history.

    A new urgency or importance moves the due times, counted from the opening. The first change is the first response.
    Raises ComplaintResolved, HistoryFull, Stale, or Invalid for an owner who is not on the staff.
    """
    owner = changes.owner
    if owner is not None and StaffRecord.at(tenant_id, owner) is None:
        raise Invalid.at("/owner", "Nobody on your staff has this id.", "员工中没有此编号。")
    audited = changes.fields | ({"note": changes.note} if changes.note else {})

    def edit(complaint: ComplaintRecord, tx: Transaction) -> None:
        check_room(len(complaint.history))
        before = complaint.owner
        _record_changes(complaint, changes, by.label, now)
        if complaint.owner not in (before, by.person):
            complaint.emit("complaint.assigned", now, complaint_id=complaint_id)

    return _write(tenant_id, complaint_id, if_match, edit, "complaint.changed", by, now, audited)


def _record_changes(complaint: ComplaintRecord, changes: ComplaintChanges, by: str, now: datetime) -> None:
    fields = {name: value for name, value in changes.fields.items() if getattr(complaint, name) != value}
    for name, value in fields.items():
        complaint.note(
            {"owner": "assigned", "status": value}.get(name, "changed"), now, by,
            field=name, before=getattr(complaint, name), after=value,
        )  # fmt: skip
        setattr(complaint, name, value)
    complaint.promise(due_times(complaint.opened_at, complaint.priority))
    if changes.note is not None:
        complaint.note("note", now, by, text=changes.note)
    complaint.responded(now)


def resolve_complaint(
    tenant_id: str,
    complaint_id: str,
    outcome: str,
    remedy: str | None,
    if_match: int | None,
    by: Principal,
    now: datetime,
) -> ComplaintRecord:
    """Closes a complaint with what came of it and, if any, the remedy given. Raises ComplaintResolved or Stale."""

    def resolve(complaint: ComplaintRecord, tx: Transaction) -> None:
        check_room(len(complaint.history), closing=True)
        complaint.status = Status.RESOLVED.value
        complaint.outcome, complaint.remedy, complaint.resolved_at = outcome, remedy, now
        complaint.responded(now)
        complaint.note("resolved", now, by.label)
        earned_on = complaint.earned_on
        complaint.emit("complaint.resolved", now, complaint_id=complaint_id, earned_on=earned_on)
        if earned_on is not None:
            holds = CommissionHolds.of(tenant_id, earned_on)
            holds.lift(complaint_id)
            holds.write(tx)

    return _write(tenant_id, complaint_id, if_match, resolve, "complaint.resolved", by, now, {"outcome": outcome})


def _write(
    tenant_id: str,
    complaint_id: str,
    if_match: int | None,
    apply: Callable[[ComplaintRecord, Transaction], None],
    action: str,
    by: Principal,
    now: datetime,
    audited: Mapping[str, Any],
) -> ComplaintRecord:
    def decide(complaint: ComplaintRecord, tx: Transaction) -> ComplaintRecord:
        check_revision(complaint, if_match)
        if complaint.resolved:
            raise ComplaintResolved(
                "This complaint is resolved; the member may open another.", detail_zh="该投诉已解决；顾客可另行提交。"
            )
        apply(complaint, tx)
        tx.replace("complaint", complaint)
        audit(tx, tenant_id, by, action, f"complaint:{complaint_id}", now, audited)
        return complaint

    return change(lambda: get_complaint(tenant_id, complaint_id, consistent=True), decide)


def escalate(tenant_id: str, pk: str, sk: str, now: datetime) -> None:
    """Hands a complaint that passed a due time to a manager or owner: once for its first response and once for its
    resolution, however often and late this is asked; where both have passed by now, once for both.

    A complaint that was answered, resolved, escalated, or given more time in the meantime is left alone.
    """

    def decide(complaint: ComplaintRecord | None, tx: Transaction) -> None:
        passed = breaches(complaint.watches, now) if complaint is not None else []
        if complaint is None or not passed:
            return
        before, complaint.owner = complaint.owner, assign(tenant_id, complaint.id, ABOVE, complaint.owner)
        for breach in passed:
            complaint.escalated(breach, now)
            complaint.note("escalated", now, SYSTEM, field=breach.value, before=before, after=complaint.owner)
        complaint.emit("complaint.escalated", now, complaint_id=complaint.id, breach=passed[-1].value)
        tx.replace("complaint", complaint)

    change(lambda: ComplaintRecord.fetch(pk, sk, consistent=True), decide)
