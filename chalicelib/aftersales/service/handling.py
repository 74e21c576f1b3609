"""Use cases of cases that are open: read, decided by the team, worked off, escalated once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.aftersales.model.cases import (
    ENDED,
    Kind,
    Status,
    act_by,
    check_hand_on,
    check_move,
    needs_escalation,
)
from chalicelib.aftersales.records import AfterSaleRecord, ClaimsRecord
from chalicelib.complaints.service.opening import ABOVE, assign
from chalicelib.db import Page, Transaction, change, check_revision
from chalicelib.kernel.errors import Invalid, NotFound
from chalicelib.kernel.principal import SYSTEM, Principal
from chalicelib.settlement.commission.records import CommissionHolds
from chalicelib.tenants.records import StaffRecord
from chalicelib.tenants.service.audit import audit


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases to list; None narrows nothing. Overdue means not ended at or after ``act_by``."""

    member_id: str | None = None
    status: str | None = None
    kind: str | None = None
    owner: str | None = None
    order_id: str | None = None
    overdue: bool | None = None


def get_case(tenant_id: str, case_id: str, *, consistent: bool = False) -> AfterSaleRecord:
    """The case. Raises NotFound."""
    found = AfterSaleRecord.fetch(*AfterSaleRecord.address(tenant_id, case_id), consistent=consistent)
    if found is None:
        raise _absent(case_id)
    return found


def get_own_case(tenant_id: str, member_id: str, case_id: str, *, consistent: bool = False) -> AfterSaleRecord:
    """A member's own case; another's looks absent. Raises NotFound."""
    found = get_case(tenant_id, case_id, consistent=consistent)
    if found.member_id != member_id:
        raise _absent(case_id)
    return found


def list_own_cases(tenant_id: str, member_id: str, limit: int, cursor: dict[str, Any] | None) -> Page[AfterSaleRecord]:
    """A member's cases, newest first."""
    partition = AfterSaleRecord.of_member(tenant_id, member_id)
    return AfterSaleRecord.page(partition, index="gsi2", newest_first=True, limit=limit, cursor=cursor)


def list_cases(
    tenant_id: str, now: datetime, limit: int, cursor: dict[str, Any] | None, wanted: CaseFilter
) -> Page[AfterSaleRecord]:
    """The tenant's cases: those in work first, newest first. Those of one member are newest first."""
    partition, index, prefix = AfterSaleRecord.of_tenant(tenant_id), "gsi1", None
    if wanted.member_id is not None:
        partition, index = AfterSaleRecord.of_member(tenant_id, wanted.member_id), "gsi2"
    elif wanted.status or wanted.overdue:
        prefix = "done#" if wanted.status in ENDED else "open#"
    where: Any = None
    for name in ("status", "kind", "owner", "order_id"):
        value = getattr(wanted, name)
        if value is not None:
            where = _and(where, getattr(AfterSaleRecord, name) == value)
    if wanted.overdue is True:
        where = _and(where, AfterSaleRecord.act_by <= now)
    if wanted.overdue is False:
        where = _and(where, (AfterSaleRecord.act_by > now) | AfterSaleRecord.act_by.does_not_exist())
    return AfterSaleRecord.page(
        partition, index=index, newest_first=True, begins_with=prefix, where=where, limit=limit, cursor=cursor
    )


def withdraw(tenant_id: str, member_id: str, case_id: str, now: datetime) -> AfterSaleRecord:
    """The member withdraws the request: units that were not paid back can be claimed again. A second time it answers
    as the first.

    Raises NotFound, MoveRefused.
    """

    def decide(case: AfterSaleRecord, tx: Transaction) -> AfterSaleRecord:
        if case.status == Status.WITHDRAWN:
            return case
        release_units(tx, case)
        move_to(tx, case, Status.WITHDRAWN, now, f"member:{member_id}")
        tx.replace("case", case)
        return case

    return change(lambda: get_own_case(tenant_id, member_id, case_id, consistent=True), decide)


def complete(
    tenant_id: str, case_id: str, note: str | None, if_match: int | None, by: Principal, now: datetime
) -> AfterSaleRecord:
    """Nothing is left to do. Units of a return that neither came nor were paid back can be claimed again, as long as
    their window is open. Raises NotFound, Stale, MoveRefused.
    """

    def decide(case: AfterSaleRecord, tx: Transaction) -> AfterSaleRecord:
        check_revision(case, if_match)
        if case.kind == Kind.RETURN and case.still_expected:
            _keep_what_came(tx, case)
        move_to(tx, case, Status.COMPLETED, now, by.label, text=note)
        tx.replace("case", case)
        audit(tx, tenant_id, by, "aftersale.completed", f"aftersale:{case_id}", now)
        return case

    return change(lambda: get_case(tenant_id, case_id, consistent=True), decide)


def hand_on(
    tenant_id: str, case_id: str, owner: str, if_match: int | None, by: Principal, now: datetime
) -> AfterSaleRecord:
    """Gives a case that is in work another owner; the time to act stays. To name the present owner changes nothing.

    Raises NotFound, Stale, CaseEnded, HistoryFull, or Invalid for an owner who is not on the staff.
    """
    if StaffRecord.at(tenant_id, owner) is None:
        raise Invalid.at("/owner", "Nobody on your staff has this id.", "该员工不存在。")

    def decide(case: AfterSaleRecord, tx: Transaction) -> AfterSaleRecord:
        check_revision(case, if_match)
        if case.owner == owner:
            return case
        check_hand_on(Status(case.status), len(case.history))
        case.note("assigned", now, by.label, before=case.owner, after=owner)
        case.owner = owner
        if owner != by.person:
            case.emit("aftersale.assigned", now, aftersale_id=case.id)
        tx.replace("case", case)
        audit(tx, tenant_id, by, "aftersale.assigned", f"aftersale:{case_id}", now, {"owner": owner})
        return case

    return change(lambda: get_case(tenant_id, case_id, consistent=True), decide)


def escalate(tenant_id: str, pk: str, sk: str, now: datetime) -> None:
    """Hands a case that waits too long to a manager or owner, once, however often and late this is asked."""

    def decide(case: AfterSaleRecord | None, tx: Transaction) -> None:
        if case is None or not needs_escalation(Status(case.status), case.escalated_at, case.act_by, now):
            return
        before, case.owner = case.owner, assign(tenant_id, case.id, ABOVE, case.owner)
        case.escalated_at = now
        case.note("escalated", now, SYSTEM, before=before, after=case.owner)
        case.emit("aftersale.escalated", now, aftersale_id=case.id)
        tx.replace("case", case)

    change(lambda: AfterSaleRecord.fetch(pk, sk, consistent=True), decide)


def move_to(
    tx: Transaction, case: AfterSaleRecord, to: Status, now: datetime, by: str, text: str | None = None
) -> None:
    """Moves a case on, with until when its owner has to act next; where it ends, the commission on its order waits for
    it no more. Raises MoveRefused.
    """
    check_move(Kind(case.kind), Status(case.status), to)
    case.move_to(to, now, by, act_by(Kind(case.kind), to, now), text=text)
    if case.ended:
        holds = CommissionHolds.of(case.tenant_id, case.earned_on)
        holds.lift(case.id)
        holds.write(tx)


def release_units(tx: Transaction, case: AfterSaleRecord) -> None:
    """Adds to a transaction that the case's units can be claimed again; those that were paid back never."""
    claims = ClaimsRecord.of(case.tenant_id, case.order_id)
    claims.free(case.id, case.refund_units or {})
    claims.write(tx)


def _keep_what_came(tx: Transaction, case: AfterSaleRecord) -> None:
    """Adds that a case holds no more units than came, or were paid back."""
    came, paid_back = case.arrived, case.refund_units or {}
    kept = {offer_id: max(came.get(offer_id, 0), paid_back.get(offer_id, 0)) for offer_id in case.units}
    claims = ClaimsRecord.of(case.tenant_id, case.order_id)
    claims.free(case.id, {offer_id: units for offer_id, units in kept.items() if units})
    claims.write(tx)


def _and(where: Any, condition: Any) -> Any:
    return condition if where is None else where & condition


def _absent(case_id: str) -> NotFound:
    return NotFound("There is no such after-sale case.", detail_zh="没有该售后单。")
