"""Use cases of cases that are open: read, decided by the team, worked off, escalated once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.aftersales.model.cases import (
    ENDED,
    Kind,
    Status,
    check_hand_on,
    check_move,
    targets_of,
)
from chalicelib.aftersales.records import AfterSaleRecord, ClaimsRecord
from chalicelib.cases.model.clocks import Priority, Run, Step, steps_due
from chalicelib.cases.model.routing import ABOVE, FIRST, Wanted
from chalicelib.cases.service.owning import assign, check_owner, may_keep
from chalicelib.cases.service.timing import Timing, timing
from chalicelib.db import Page, Transaction, change, check_revision
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.principal import SYSTEM, Principal
from chalicelib.settlement.commission.records import CommissionHolds
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
        time_case(case, None, now)
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
        time_case(case, None, now)
        tx.replace("case", case)
        audit(tx, tenant_id, by, "aftersale.completed", f"aftersale:{case_id}", now)
        return case

    return change(lambda: get_case(tenant_id, case_id, consistent=True), decide)


def hand_on(
    tenant_id: str,
    case_id: str,
    owner: str | None,
    if_match: int | None,
    by: Principal,
    now: datetime,
    priority: Priority | None = None,
) -> AfterSaleRecord:
    """Gives a case that is in work another owner, or another priority, which moves its due times; None stays as it is.
    To name what is so already changes nothing.

    Raises NotFound, Stale, CaseEnded, HistoryFull, or Invalid for an owner who is not on the staff, or cannot serve.
    """
    if owner is not None:
        check_owner(tenant_id, owner)
    by_now = timing(tenant_id)

    def decide(case: AfterSaleRecord, tx: Transaction) -> AfterSaleRecord:
        check_revision(case, if_match)
        new_owner = owner if owner is not None and owner != case.owner else None
        new_priority = priority if priority is not None and priority != case.priority else None
        if new_owner is None and new_priority is None:
            return case
        check_hand_on(Status(case.status), len(case.history))
        if new_priority is not None:
            case.note("changed", now, by.label, before=case.priority.value, after=new_priority.value)
            case.stored_priority = new_priority.value
            time_case(case, by_now, now)
        if new_owner is not None:
            case.note("assigned", now, by.label, before=case.owner, after=new_owner)
            case.owner = new_owner
            if new_owner != by.person:
                case.emit("aftersale.assigned", now, aftersale_id=case.id)
        tx.replace("case", case)
        told = {name: value for name, value in (("owner", new_owner), ("priority", new_priority)) if value is not None}
        action = "aftersale.assigned" if new_owner is not None else "aftersale.changed"
        audit(tx, tenant_id, by, action, f"aftersale:{case_id}", now, told)
        return case

    return change(lambda: get_case(tenant_id, case_id, consistent=True), decide)


def escalate(tenant_id: str, pk: str, sk: str, now: datetime) -> None:
    """Takes the steps of a case's ladder that are due: its owner is warned before a due time, a manager or owner gets
    it when it has passed, and who waits for goods is reminded; each once, however often and late this is asked. One of
    before there were calendars gets its due times here.
    """
    by_now = timing(tenant_id)

    def decide(case: AfterSaleRecord | None, tx: Transaction) -> None:
        if case is None or case.ended:
            return
        before = _times(case)
        time_case(case, by_now, now)
        steps = steps_due(case.promises, case.steps, now)
        follow_up_at = case.follow_up_at if case.waiting_for else None
        if follow_up_at is not None and follow_up_at <= now and Step.FOLLOW_UP not in case.steps:
            steps.append(Step.FOLLOW_UP)
        for step in steps:
            _take(case, step, now)
        if steps or before != _times(case):
            tx.replace("case", case)

    change(lambda: AfterSaleRecord.fetch(pk, sk, consistent=True), decide)


def _take(case: AfterSaleRecord, step: Step, now: datetime) -> None:
    case.take(step.value)
    if step not in (Step.ANSWER_BREACHED, Step.SOLUTION_BREACHED):
        case.emit("aftersale.due_soon", now, aftersale_id=case.id, step=step.value)
        return
    before, case.owner = case.owner, assign(case.tenant_id, case.id, ABOVE, now, but_not=case.owner)
    case.escalated_at = now
    case.note("escalated", now, SYSTEM, before=before, after=case.owner)
    case.emit("aftersale.escalated", now, aftersale_id=case.id)


def hand_over(tenant_id: str, case_id: str, staff_id: str, now: datetime) -> None:
    """Gives a case in work to somebody on duty, if whoever has it can have it no more. A second time, or where they are
    back, it changes nothing.
    """

    def decide(case: AfterSaleRecord | None, tx: Transaction) -> None:
        if case is None or case.ended or case.owner != staff_id or may_keep(tenant_id, staff_id):
            return
        found = assign(tenant_id, case.id, FIRST, now, wanted=wanted_of(case), but_not=staff_id)
        if found == staff_id:
            return
        case.note("assigned", now, SYSTEM, before=staff_id, after=found)
        case.owner = found
        case.emit("aftersale.assigned", now, aftersale_id=case.id)
        tx.replace("case", case)

    address = AfterSaleRecord.address(tenant_id, case_id)
    change(lambda: AfterSaleRecord.fetch(*address, consistent=True), decide)


def open_cases(tenant_id: str, cursor: dict[str, Any] | None, limit: int) -> Page[AfterSaleRecord]:
    """The cases in work, in an order that their due times do not change."""
    partition = AfterSaleRecord.of_tenant(tenant_id)
    return AfterSaleRecord.page(partition, index="gsi1", begins_with="open#", limit=limit, cursor=cursor)


def retime(tenant_id: str, case_id: str, now: datetime) -> None:
    """Gives a case in work its due times by the brand's present calendar and rules."""
    by_now = timing(tenant_id)

    def decide(case: AfterSaleRecord | None, tx: Transaction) -> None:
        if case is None or case.ended:
            return
        before = _times(case)
        time_case(case, by_now, now)
        if before != _times(case):
            tx.replace("case", case)

    address = AfterSaleRecord.address(tenant_id, case_id)
    change(lambda: AfterSaleRecord.fetch(*address, consistent=True), decide)


def _times(case: AfterSaleRecord) -> tuple[object, ...]:
    return case.act_by, case.first_response_due_at, case.resolution_due_at, case.answer_warn_at, case.solution_warn_at


def wanted_of(case: AfterSaleRecord) -> Wanted:
    """What a case asks of its owner."""
    return Wanted((str(case.kind),), case.pickup_point_id)


def time_case(case: AfterSaleRecord, by: Timing | None, now: datetime) -> None:
    """Sets when a case is due, by the brand's calendar and targets. Its decision is its first response; the time to
    finish it counts from there, and stands still while the member is to bring goods. None for one that has ended.
    """
    if case.ended or by is None:
        case.act_by, case.follow_up_at, case.waiting_for = None, None, None
        return
    target = by.target(targets_of(Kind(case.kind)), case.priority, case.tier)
    answer = by.answer(Run(case.opened_at), target, met=case.status != Status.REQUESTED)
    case.first_response_due_at, case.answer_warn_at = answer.due_at, answer.warn_at
    if case.status == Status.REQUESTED:
        case.act_by = answer.due_at
        return
    run = case.run.stop(case.since) if case.awaits_goods else case.run.resume(now)
    case.keep_run(run)
    solution = by.solution(run, target, met=False)
    case.resolution_due_at, case.solution_warn_at = solution.due_at, solution.warn_at
    case.follow_up_at = by.calendar.days_after(case.since, by.rules.follow_up_days) if run.waits else None
    case.act_by = case.follow_up_at or solution.due_at


def move_to(
    tx: Transaction, case: AfterSaleRecord, to: Status, now: datetime, by: str, text: str | None = None
) -> None:
    """Moves a case on; where it ends, the commission on its order waits for it no more. Raises MoveRefused."""
    check_move(Kind(case.kind), Status(case.status), to)
    case.move_to(to, now, by, text=text)
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
