"""Use cases of complaints after their opening: read, changed, resolved, escalated once."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.cases.service.keeping import Keeping
from chalicelib.cases.service.listing import condition, passed
from chalicelib.cases.service.owning import check_owner
from chalicelib.cases.service.timing import timing
from chalicelib.complaints.errors import ComplaintResolved, RemedyInvalid
from chalicelib.complaints.model.cases import Category, Importance, Status, Urgency, check_room
from chalicelib.complaints.model.remedies import Party, RemedyWanted
from chalicelib.complaints.records import ComplaintRecord
from chalicelib.complaints.service.causes import list_causes
from chalicelib.complaints.service.counting import count_for_supplier
from chalicelib.complaints.service.opening import time_complaint
from chalicelib.complaints.service.remedying import make_good, refused, supplier_of
from chalicelib.db import Page, Transaction, change, check_revision
from chalicelib.kernel.errors import IdempotencyMismatch, NotFound
from chalicelib.kernel.principal import Principal
from chalicelib.settlement.commission.model import HeldFor
from chalicelib.settlement.commission.records import CommissionHolds
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
    cause: str | None = None
    overdue: bool | None = None


@dataclass(frozen=True, slots=True)
class ComplaintChanges:
    """What the team sets; None stays as it is. ``owner`` is a staff id, ``note`` is for the team alone."""

    category: Category | None = None
    cause: str | None = None
    urgency: Urgency | None = None
    importance: Importance | None = None
    owner: str | None = None
    in_progress: bool = False
    note: str | None = None
    attributed_to: Party | None = None
    supplier_id: str | None = None

    @property
    def fields(self) -> dict[str, str]:
        """The fields of a complaint that are set, with their values."""
        given = {
            "category": self.category, "cause": self.cause, "urgency": self.urgency, "importance": self.importance,
            "owner": self.owner, "status": Status.IN_PROGRESS if self.in_progress else None,
            "attributed_to": self.attributed_to, "supplier_id": self.supplier_id,
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
    late = (ComplaintRecord.status != Status.RESOLVED.value) & passed(ComplaintRecord, now)
    where = condition(ComplaintRecord, wanted, ("status", "owner", "urgency", "category", "cause"), late)
    return ComplaintRecord.page(
        partition, index=index, newest_first=True, begins_with=prefix, where=where, limit=limit, cursor=cursor
    )


@dataclass(frozen=True, slots=True)
class ComplainedOf:
    """How many orders were complained of, each once; and by category and cause, each once for each cause of it."""

    orders: int
    by_cause: Mapping[tuple[str, str], int]


def orders_complained_of(tenant_id: str, since: datetime, until: datetime) -> ComplainedOf:
    """The orders that were complained of from one instant to another, which is not included."""
    found, by_cause = set[str](), defaultdict[tuple[str, str], set[str]](set)
    for each in ComplaintRecord.opened_within(tenant_id, since, until):
        if each.order_id is not None:
            found.add(each.order_id)
            by_cause[each.category, each.cause].add(each.order_id)
    return ComplainedOf(len(found), {cause: len(orders) for cause, orders in by_cause.items()})


def edit_complaint(
    tenant_id: str, complaint_id: str, changes: ComplaintChanges, if_match: int | None, by: Principal, now: datetime
) -> ComplaintRecord:
    """Sets what is given, and adds the note to the history.

    A new urgency or importance moves the due times, counted from the opening. The first change is the first response.
    A new cause brings its category along where none is given. Raises ComplaintResolved, HistoryFull, Stale,
    CauseUnknown, or Invalid for an owner who is not on the staff, or cannot serve.
    """
    if changes.owner is not None:
        check_owner(tenant_id, changes.owner)
    wanted = _with_cause(tenant_id, changes)
    by_now = timing(tenant_id)
    audited = changes.fields | ({"note": changes.note} if changes.note else {})

    def edit(complaint: ComplaintRecord, tx: Transaction) -> None:
        check_room(len(complaint.history))
        before, named_before = complaint.owner, complaint.earned_on
        named = wanted(complaint)
        if changes.attributed_to is not None or changes.supplier_id is not None:
            party = changes.attributed_to or (Party(complaint.attributed_to) if complaint.attributed_to else None)
            found = supplier_of(tenant_id, complaint.order_id, party, changes.supplier_id, "/supplier_id")
            named = replace(named, supplier_id=found)
            complaint.supplier_id = complaint.supplier_id if found else None
        _record_changes(complaint, named, by.label, now)
        _hold_for_leader(tx, complaint, named_before, now)
        time_complaint(complaint, by_now)
        if complaint.owner not in (before, by.person):
            complaint.emit("complaint.assigned", now, complaint_id=complaint_id)

    return _write(tenant_id, complaint_id, if_match, edit, "complaint.changed", by, now, audited)


def _with_cause(tenant_id: str, changes: ComplaintChanges) -> Callable[[ComplaintRecord], ComplaintChanges]:
    """The changes with the code of the cause that is named. One that the complaint has already may stay, whatever the
    list says by now.
    """
    said = changes.cause
    if said is None:
        return lambda complaint: changes
    causes, _ = list_causes(tenant_id)

    def wanted(complaint: ComplaintRecord) -> ComplaintChanges:
        if said == complaint.cause:
            return changes
        cause = causes.named(said)
        return replace(changes, cause=cause.code, category=changes.category or cause.category)

    return wanted


def _hold_for_leader(tx: Transaction, complaint: ComplaintRecord, before: str | None, now: datetime) -> None:
    """The leader's commission waits from when a complaint names them, and no more when it does not."""
    after = complaint.earned_on
    if after == before:
        return
    holds = CommissionHolds.of(complaint.tenant_id, str(after or before))
    if after is not None:
        complaint.named_at = now
        holds.hold(complaint.id, HeldFor.COMPLAINT, complaint.opened_at)
    else:
        holds.lift(complaint.id)
        complaint.emit("complaint.leader_cleared", now, complaint_id=complaint.id, earned_on=before)
    holds.write(tx)


def _record_changes(complaint: ComplaintRecord, changes: ComplaintChanges, by: str, now: datetime) -> None:
    fields = {name: value for name, value in changes.fields.items() if getattr(complaint, name) != value}
    for name, value in fields.items():
        complaint.note(
            {"owner": "assigned", "status": value}.get(name, "changed"), now, by,
            field=name, before=getattr(complaint, name), after=value,
        )  # fmt: skip
        setattr(complaint, name, value)
    if changes.note is not None:
        complaint.note("note", now, by, text=changes.note)
    complaint.responded(now)


_UNTOLD = frozenset({"by", "number", "unit_costs"})
"""What of a remedy is not in the audit log."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a complaint, which the member is told, and what makes it good. Sent again by the same person under
    the same ``key``, it is the one that was taken; ``body_hash`` tells another one.
    """

    outcome: str
    remedy: RemedyWanted | None = None
    attributed_to: Party | None = None
    supplier_id: str | None = None
    key: str = ""
    body_hash: str = ""


def resolve_complaint(
    tenant_id: str, complaint_id: str, answer: Answer, if_match: int | None, by: Principal, now: datetime
) -> ComplaintRecord:
    """Closes a complaint with what came of it, and gives what makes it good in the same write.

    Raises NotFound, ComplaintResolved, Stale, IdempotencyMismatch, RemedyInvalid, and what ``make_good`` does.
    """
    mark = mark_of(by, answer.key) if answer.key else ""

    def decide(complaint: ComplaintRecord, tx: Transaction) -> ComplaintRecord:
        if earlier := complaint.resolution(mark):
            return _resolved_before(complaint, earlier, answer.body_hash)
        check_revision(complaint, if_match)
        _check_open(complaint)
        check_room(len(complaint.history), closing=True)
        remedy, named_before = _with_supplier(complaint, answer.remedy), complaint.earned_on
        party = answer.attributed_to or (remedy.cost_to if remedy and remedy.cost_to is not Party.BRAND else None)
        if party is not None:
            named = answer.supplier_id or (remedy.supplier_id if remedy and remedy.cost_to is party else None)
            _attribute(complaint, party, named)
            complaint.named_at = now if complaint.earned_on and not named_before else complaint.named_at
        told: dict[str, Any] = {"outcome": answer.outcome}
        if remedy is not None:
            given = make_good(tx, complaint, remedy, answer.outcome, by, now)
            told["remedy"] = {name: value for name, value in given.as_json().items() if name not in _UNTOLD}
        count_for_supplier(tx, complaint, now)
        complaint.status = Status.RESOLVED.value
        complaint.outcome, complaint.resolved_at = answer.outcome, now
        complaint.responded(now)
        complaint.keep_run(complaint.run.resume(now))
        complaint.note("resolved", now, by.label, **({"mark": mark, "body_hash": answer.body_hash} if mark else {}))
        earned_on = complaint.earned_on or named_before
        complaint.emit("complaint.resolved", now, complaint_id=complaint_id, earned_on=earned_on)
        if named_before is not None:
            holds = CommissionHolds.of(tenant_id, named_before)
            holds.lift(complaint_id)
            holds.write(tx)
        tx.replace("complaint", complaint)
        audit(tx, tenant_id, by, "complaint.resolved", f"complaint:{complaint_id}", now, told)
        return complaint

    return change(lambda: get_complaint(tenant_id, complaint_id, consistent=True), decide, refused=refused)


def mark_of(by: Principal, key: str) -> str:
    """What tells one person's Idempotency-Key from any other's on a complaint."""
    return hashlib.sha256(f"{by.label}\0{key}".encode()).hexdigest()[:32]


def _resolved_before(complaint: ComplaintRecord, earlier: Mapping[str, Any], body_hash: str) -> ComplaintRecord:
    if earlier["body_hash"] != body_hash:
        raise IdempotencyMismatch(
            "This Idempotency-Key already resolved the complaint otherwise; use a new key for another answer.",
            detail_zh="该幂等键已用于另一个处理结果，请使用新的键。",
        )
    return complaint


def _with_supplier(complaint: ComplaintRecord, remedy: RemedyWanted | None) -> RemedyWanted | None:
    """A remedy with the supplier that bears it; a leader can bear only what was paid back of an order."""
    if remedy is None:
        return None
    if remedy.cost_to is Party.LEADER and complaint.order_id is None:
        raise RemedyInvalid.at(
            "/remedy/cost_to", "This complaint is about no order, so no leader bears its cost.",
            "该投诉未关联订单，无法由团长承担费用。",
        )  # fmt: skip
    supplier_id = supplier_of(
        complaint.tenant_id, complaint.order_id, remedy.cost_to, remedy.supplier_id, "/remedy/supplier_id"
    )
    return replace(remedy, supplier_id=supplier_id)


def _attribute(complaint: ComplaintRecord, party: Party, supplier_id: str | None) -> None:
    """Names the party; of a supplier, which."""
    complaint.supplier_id = supplier_of(
        complaint.tenant_id, complaint.order_id, party, supplier_id, "/supplier_id"
    )  # fmt: skip
    complaint.attributed_to = party.value


def _check_open(complaint: ComplaintRecord) -> None:
    if complaint.resolved:
        raise ComplaintResolved(
            "This complaint is resolved; the member may open another.", detail_zh="该投诉已解决；顾客可另行提交。"
        )


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
        _check_open(complaint)
        apply(complaint, tx)
        tx.replace("complaint", complaint)
        audit(tx, tenant_id, by, action, f"complaint:{complaint_id}", now, audited)
        return complaint

    return change(lambda: get_complaint(tenant_id, complaint_id, consistent=True), decide)


def _timer(tenant_id: str) -> Callable[[ComplaintRecord], None]:
    by_now = timing(tenant_id)
    return lambda complaint: time_complaint(complaint, by_now)


KEPT = Keeping(ComplaintRecord, _timer)
