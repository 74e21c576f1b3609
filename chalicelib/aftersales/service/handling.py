"""Use cases of cases that are open: read, decided by the team, worked off, escalated once."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from chalicelib.aftersales.model.cases import ENDED, Kind, Status, check_arrived, check_hand_on, move, needs_escalation
from chalicelib.aftersales.records import AfterSaleRecord, ClaimsRecord
from chalicelib.complaints.service.opening import ABOVE, assign
from chalicelib.db import Page, Refused, Transaction
from chalicelib.kernel.errors import Invalid, NotFound, Stale, Unavailable
from chalicelib.kernel.principal import SYSTEM, Principal
from chalicelib.tenants.records import StaffRecord
from chalicelib.tenants.service.audit import audit

TRIES = 5
Change = Callable[[Transaction, AfterSaleRecord], None]


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
    tenant_id: str,
    now: datetime,
    limit: int,
    cursor: dict[str, Any] | None,
    *,
    overdue: bool | None = None,
    **equal: str | None,
) -> Page[AfterSaleRecord]:
    """The tenant's cases: those in work first, newest first. ``equal`` narrows by status, kind, owner or order_id.

    Overdue means not ended at or after ``act_by``.
    """
    status, prefix = equal.get("status"), None
    if status or overdue:
        prefix = "done#" if status in ENDED else "open#"
    where: Any = None
    for name, value in equal.items():
        if value is not None:
            where = _and(where, getattr(AfterSaleRecord, name) == value)
    if overdue is True:
        where = _and(where, AfterSaleRecord.act_by <= now)
    if overdue is False:
        where = _and(where, (AfterSaleRecord.act_by > now) | AfterSaleRecord.act_by.does_not_exist())
    return AfterSaleRecord.page(
        AfterSaleRecord.of_tenant(tenant_id),
        index="gsi1", newest_first=True, begins_with=prefix, where=where, limit=limit, cursor=cursor,
    )  # fmt: skip


def withdraw(tenant_id: str, member_id: str, case_id: str, now: datetime) -> AfterSaleRecord:
    """The member thinks better of it: units that were not paid back can be claimed again. A second time it answers
    as the first.

    Raises NotFound, MoveRefused.
    """
    for _ in range(TRIES):
        case = get_own_case(tenant_id, member_id, case_id, consistent=True)
        if case.status == Status.WITHDRAWN:
            return case
        move(Kind(case.kind), Status(case.status), Status.WITHDRAWN)
        tx = Transaction()
        release_units(tx, case)
        case.move_to(Status.WITHDRAWN, now, f"member:{member_id}")
        if written(tx, case):
            return case
    raise busy()


def receive(
    tenant_id: str,
    case_id: str,
    arrived: Sequence[tuple[str, int, str]],
    note: str | None,
    if_match: int | None,
    by: Principal,
    now: datetime,
) -> AfterSaleRecord:
    """The goods are back: so many units of an offer, each line ``restock`` or ``write_off``; fewer may come.

    Raises NotFound, Stale, MoveRefused, MoreThanClaimed.
    """

    def change(tx: Transaction, case: AfterSaleRecord) -> None:
        check_arrived(case.units, arrived)
        case.arrived = [list(line) for line in arrived]
        case.received_at, case.received_by = now, by.label
        case.move_to(Status.RECEIVED, now, by.label, text=note)
        case.emit("aftersale.received", now, aftersale_id=case.id, order_id=case.order_id)

    return _by_staff(tenant_id, case_id, Status.RECEIVED, if_match, change, by, now)


def complete(
    tenant_id: str, case_id: str, note: str | None, if_match: int | None, by: Principal, now: datetime
) -> AfterSaleRecord:
    """Nothing is left to do. Raises NotFound, Stale, MoveRefused."""

    def change(tx: Transaction, case: AfterSaleRecord) -> None:
        case.move_to(Status.COMPLETED, now, by.label, text=note)

    return _by_staff(tenant_id, case_id, Status.COMPLETED, if_match, change, by, now)


def hand_on(
    tenant_id: str, case_id: str, owner: str, if_match: int | None, by: Principal, now: datetime
) -> AfterSaleRecord:
    """Gives a case that is in work another owner; the time to act stays. The present owner is left as he is.

    Raises NotFound, Stale, CaseEnded, HistoryFull, or Invalid for an owner who is not on the staff.
    """
    if StaffRecord.at(tenant_id, owner) is None:
        raise Invalid.at("/owner", f"Nobody on your staff has the id {owner}.", "该员工不存在。")
    for _ in range(TRIES):
        case = get_case(tenant_id, case_id, consistent=True)
        check_revision(case, if_match)
        if case.owner == owner:
            return case
        check_hand_on(Status(case.status), len(case.history))
        case.note("assigned", now, by.label, before=case.owner, after=owner)
        case.owner = owner
        tx = Transaction()
        audit(tx, tenant_id, by, "aftersale.assigned", f"aftersale:{case_id}", now, {"owner": owner})
        if written(tx, case):
            return case
    raise busy()


def _by_staff(
    tenant_id: str, case_id: str, to: Status, if_match: int | None, change: Change, by: Principal, now: datetime
) -> AfterSaleRecord:
    for _ in range(TRIES):
        case = get_case(tenant_id, case_id, consistent=True)
        check_revision(case, if_match)
        move(Kind(case.kind), Status(case.status), to)
        tx = Transaction()
        change(tx, case)
        audit(tx, tenant_id, by, f"aftersale.{to}", f"aftersale:{case_id}", now)
        if written(tx, case):
            return case
    raise busy()


def escalate(tenant_id: str, pk: str, sk: str, now: datetime) -> None:
    """Hands a case that waits too long to a manager or owner, once, however often and late this is asked."""
    for _ in range(TRIES):
        case = AfterSaleRecord.fetch(pk, sk, consistent=True)
        if case is None or not needs_escalation(Status(case.status), case.escalated_at, case.act_by, now):
            return
        before, case.owner = case.owner, assign(tenant_id, case.id, ABOVE, case.owner)
        case.escalated_at = now
        case.note("escalated", now, SYSTEM, before=before, after=case.owner)
        case.emit("aftersale.escalated", now, aftersale_id=case.id)
        if written(Transaction(), case):
            return
    raise busy()


def release_units(tx: Transaction, case: AfterSaleRecord) -> None:
    """Adds to a transaction that the case's units can be claimed again; those that were paid back never."""
    claims = ClaimsRecord.of(case.tenant_id, case.order_id)
    claims.free(case.id, case.refund_units or {})
    claims.write(tx)


def check_revision(case: AfterSaleRecord, if_match: int | None) -> None:
    """Raises Stale when ``if_match`` is not the revision of the case."""
    if if_match is not None and if_match != case.rev:
        raise Stale(f"The case is at revision {case.rev}, not {if_match}; read it again.")


def written(tx: Transaction, case: AfterSaleRecord) -> bool:
    """Commits with the case's next revision; False when another write came between."""
    case.file()
    tx.replace("case", case)
    try:
        tx.commit()
    except Refused:
        return False
    return True


def _and(where: Any, condition: Any) -> Any:
    return condition if where is None else where & condition


def _absent(case_id: str) -> NotFound:
    return NotFound(f"There is no after-sale case {case_id}.", detail_zh=f"没有售后单 {case_id}。")


def busy() -> Unavailable:
    return Unavailable("Others changed the case at the same time; please send it again.", retry_after=1)
