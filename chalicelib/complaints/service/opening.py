"""A complaint is opened: by a member, or by a low score. From its first moment it has all that it needs."""

from datetime import datetime

from chalicelib.complaints.model.cases import Category, Importance, Status, choose_owner, due_times, names_leader
from chalicelib.complaints.model.judging import judge
from chalicelib.complaints.records import ComplaintRecord
from chalicelib.complaints.service.rules import judging
from chalicelib.db import Refused, Transaction, change
from chalicelib.kernel.errors import IdempotencyMismatch, Invalid, NotFound
from chalicelib.kernel.ids import derived_id, new_id
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.reading import get_order
from chalicelib.settlement.commission.model import HeldFor
from chalicelib.settlement.commission.records import CommissionHolds
from chalicelib.tenants.records import StaffRecord

FIRST = ("service", "manager", "owner")
"""Roles that a new complaint goes to; the first that anybody has."""

ABOVE = ("manager", "owner")
"""Roles that an overdue complaint goes to."""


def open_complaint(
    tenant_id: str,
    member_id: str,
    text: str,
    now: datetime,
    *,
    category: Category | None = None,
    cause: str | None = None,
    order_id: str | None = None,
    key: str = "",
) -> ComplaintRecord:
    """A member's complaint, classified and given an owner; under one ``key`` there is one, however often it is sent.

    One about the leader of an order keeps the commission on it back, in the same write. Raises Invalid for an order
    that is not the member's, IdempotencyMismatch for another complaint under the same key.
    """
    order = _own_order(tenant_id, member_id, order_id) if order_id else None
    complaint_id = derived_id(tenant_id, "complaint", member_id, key) if key else new_id(now)

    def asked() -> ComplaintRecord:
        return prepare(tenant_id, complaint_id, member_id, text, now, category=category, cause=cause, order=order)

    def decide(holds: CommissionHolds | None, tx: Transaction) -> ComplaintRecord:
        complaint = asked()
        tx.create("complaint", complaint)
        if holds is not None:
            holds.hold(complaint_id, HeldFor.COMPLAINT, now)
            holds.write(tx)
        return complaint

    earned_on = order_id if cause and names_leader(cause) else None
    try:
        return change(
            lambda: CommissionHolds.of(tenant_id, earned_on) if earned_on else None, decide, refused=_opened_before
        )
    except _OpenedBefore as found:
        return _same(found.complaint, asked())


class _OpenedBefore(Exception):
    """This key has opened a complaint already."""

    def __init__(self, complaint: ComplaintRecord) -> None:
        super().__init__(complaint.id)
        self.complaint = complaint


def _opened_before(refused: Refused) -> None:
    if earlier := refused.item("complaint", ComplaintRecord):
        raise _OpenedBefore(earlier)


def _same(earlier: ComplaintRecord, asked: ComplaintRecord) -> ComplaintRecord:
    # What it is about counts as much as its words: one about the leader keeps their commission back.
    if any(getattr(earlier, name) != getattr(asked, name) for name in ("text", "order_id", "category", "cause")):
        raise IdempotencyMismatch(
            "You have sent this complaint already, in other words; open the page anew for another one.",
            detail_zh="这条投诉已经提交过，内容有所不同；如需另外投诉，请重新打开页面。",
        )
    return earlier


def _own_order(tenant_id: str, member_id: str, order_id: str) -> OrderRecord:
    try:
        order = get_order(tenant_id, order_id)
    except NotFound:
        order = None
    if order is None or order.member_id != member_id:
        raise Invalid.at("/order_id", "You have no such order.", "您没有该订单。")
    return order


def prepare(
    tenant_id: str,
    complaint_id: str,
    member_id: str,
    text: str,
    now: datetime,
    *,
    category: Category | None = None,
    cause: str | None = None,
    order: OrderRecord | None = None,
    score: int | None = None,
    invitation_id: str | None = None,
) -> ComplaintRecord:
    """A complaint complete in every part, for the caller's transaction. ``order`` is the one complained of, if any."""
    book, weighs = judging(tenant_id)
    weight = weighs(int(order.total_minor), order.currency) if order else Importance.LOW
    verdict = judge(text, book, category=category, cause=cause, weight=weight, score=score)
    complaint = ComplaintRecord(
        *ComplaintRecord.address(tenant_id, complaint_id),
        id=complaint_id, status=Status.OPEN.value, owner=assign(tenant_id, complaint_id, FIRST),
        category=verdict.category.value, cause=verdict.cause,
        urgency=verdict.urgency.value, importance=verdict.importance.value,
        member_id=member_id, text=text, opened_at=now,
        order_id=order.id if order else None, invitation_id=invitation_id, score=score,
    )  # fmt: skip
    complaint.note("opened", now, f"member:{member_id}")
    complaint.promise(due_times(now, complaint.priority))
    complaint.emit("complaint.opened", now, complaint_id=complaint_id)
    return complaint


def assign(tenant_id: str, complaint_id: str, ranks: tuple[str, ...], but_not: str | None = None) -> str:
    """The staff id of who gets the complaint: somebody of the first role in ``ranks`` that anybody has."""
    people = list(StaffRecord.every(StaffRecord.partition(tenant_id)))
    by_rank = [[person.id for person in people if rank in person.roles] for rank in ranks]
    owner = choose_owner(complaint_id, by_rank, but_not=but_not)
    if owner is None:
        raise LookupError("a tenant has no owner on its staff")
    return owner
