"""What makes a complaint good is given in the very write that resolves it: a refund of its order, a coupon, points.

An exchange waits for its after-sale, which follows from the same write, and a refund for the money to arrive. Where
that comes to nothing, the complaint is opened again, and its owner told.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from chalicelib.cases.service.timing import timing
from chalicelib.complaints.errors import RemedyImpossible, RemedyInvalid
from chalicelib.complaints.model.remedies import (
    Party,
    Remedy,
    RemedyKind,
    RemedyState,
    RemedyWanted,
    bears,
    cause_of,
    check_coupon,
    read_cause,
)
from chalicelib.complaints.records import ComplaintRecord
from chalicelib.complaints.service.reopening import open_again
from chalicelib.complaints.service.supplied import suppliers_of, unit_costs_of
from chalicelib.coupons.records import BatchRecord
from chalicelib.coupons.service.by_cause import add_named
from chalicelib.coupons.service.handing_out import check_open
from chalicelib.db import Refused, Transaction, change
from chalicelib.fulfilment.suppliers.service import get_supplier
from chalicelib.kernel.errors import DomainError, FieldError, NotFound
from chalicelib.kernel.ids import derived_id
from chalicelib.kernel.money import Money
from chalicelib.kernel.principal import SYSTEM, Principal
from chalicelib.loyalty.points.service import by_hand
from chalicelib.loyalty.points.service.setting import get_rules
from chalicelib.orders.bundles.model import by_goods
from chalicelib.orders.goodwill import service as goodwill
from chalicelib.orders.model import RefundStatus
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds.model import check_limit
from chalicelib.orders.refunds.records import RefundRecord
from chalicelib.orders.service.reading import get_order
from chalicelib.tenants.service.brand import get_tenant

FAILED = "complaint.remedy_failed"


def make_good(
    tx: Transaction, complaint: ComplaintRecord, wanted: RemedyWanted, outcome: str, by: Principal, now: datetime
) -> Remedy:
    """Adds a remedy to the transaction that resolves a complaint, and notes it on it. ``outcome`` is what the member is
    told, and so the reason of a refund or of points that come with no words of their own.

    Raises RemedyInvalid, RemedyImpossible, and what each kind is refused for: RefundTooLarge, NotInOrder,
    AboveGoodwillCap; CouponNotForComplaints, BatchPaused, TermsRefused, EnoughCoupons, OnlyForNewMembers.
    """
    number = len(complaint.remedies) + 1
    remedy = Remedy(
        number, wanted.kind, RemedyState.PENDING, by.label, wanted.cost_to, wanted.supplier_id, text=wanted.text
    )
    with _of_the_remedy():
        remedy = _GIVE[wanted.kind](tx, complaint, remedy, wanted, wanted.text or outcome, by, now)
    complaint.keep_remedy(remedy)
    return remedy


def _refund(
    tx: Transaction, complaint: ComplaintRecord, remedy: Remedy, wanted: RemedyWanted, reason: str, by: Principal,
    now: datetime,
) -> Remedy:  # fmt: skip
    order = _order(complaint)
    minor = wanted.amount_minor
    if wanted.amounts is not None:
        minor = sum(wanted.amounts.values())
    amount = Money(order.refundable_minor if minor is None else minor, wanted.currency or order.currency)
    check_limit(amount.amount_minor, Money(order.refundable_minor, order.currency), {}, {})
    gift = goodwill.Gift(amount, reason[:200], wanted.amounts)
    cause = cause_of(complaint.id, remedy.number)
    goodwill.add(
        tx, order, gift, cause=cause, by=by, now=now, borne_by=bears(wanted.cost_to, remedy.supplier_id)
    )  # fmt: skip
    return Remedy.from_json(remedy.as_json() | {"amount_minor": amount.amount_minor, "currency": order.currency})


def _exchange(
    tx: Transaction, complaint: ComplaintRecord, remedy: Remedy, wanted: RemedyWanted, reason: str, by: Principal,
    now: datetime,
) -> Remedy:  # fmt: skip
    order = _order(complaint)
    if order.picked_up_at is None:
        raise RemedyImpossible(
            "Nothing of this order was picked up yet, so nothing can be exchanged; choose another remedy.",
            detail_zh="该订单尚未取货，无法换货，请选择其他补偿方式。",
        )
    units, had = by_goods(order.lines, wanted.units), {line.offer_id: line.quantity for line in order.lines}
    if not units:
        raise RemedyInvalid.at("/lines", "Say which units are to be exchanged.", "请选择要换货的商品与数量。")
    for name, count in units.items():
        if count > had.get(name, 0):
            message = "The order has not so many of this offer; look at the order."
            raise RemedyInvalid.at("/lines", message, "数量超过订单中的商品数量，请核对订单。")
    known = unit_costs_of(order)
    costs = {
        line.offer_id: known[line.sku_id] for line in order.lines if line.offer_id in units and line.sku_id in known
    }
    made = Remedy.from_json(
        remedy.as_json()
        | {"units": units, "goods": wanted.goods, "unit_costs": costs, "currency": order.currency}
    )  # fmt: skip
    return replace(made, cost_minor=made.cost_of(units))


def _coupon(
    tx: Transaction, complaint: ComplaintRecord, remedy: Remedy, wanted: RemedyWanted, reason: str, by: Principal,
    now: datetime,
) -> Remedy:  # fmt: skip
    if wanted.batch_id is None:
        raise RemedyInvalid.at("/batch_id", "Choose which coupon the member gets.", "请选择要发放的优惠券。")
    batch = BatchRecord.fetch(*BatchRecord.address(complaint.tenant_id, wanted.batch_id))
    if batch is not None:
        check_coupon(batch.purpose, leads=by.has("manager"))
    cause = cause_of(complaint.id, remedy.number)
    coupon = add_named(tx, complaint.tenant_id, wanted.batch_id, complaint.member_id, cause, now)
    got = remedy.as_json() | {
        "batch_id": wanted.batch_id, "coupon_id": coupon.id, "currency": get_tenant(complaint.tenant_id).currency,
    }  # fmt: skip
    return Remedy.from_json(got).done()


def _points(
    tx: Transaction, complaint: ComplaintRecord, remedy: Remedy, wanted: RemedyWanted, reason: str, by: Principal,
    now: datetime,
) -> Remedy:  # fmt: skip
    cause_id = derived_id(complaint.tenant_id, cause_of(complaint.id, remedy.number))
    by_hand.add(
        tx, complaint.tenant_id, complaint.member_id, wanted.points, reason, cause_id, by, now, complaint.order_id
    )
    rules, _ = get_rules(complaint.tenant_id)
    worth = wanted.points * rules.spend.worth_minor // rules.spend.points if rules.spend else 0
    got = {"points": wanted.points, "cost_minor": worth, "currency": get_tenant(complaint.tenant_id).currency}
    return Remedy.from_json(remedy.as_json() | got).done()


def _apology(
    tx: Transaction, complaint: ComplaintRecord, remedy: Remedy, wanted: RemedyWanted, reason: str, by: Principal,
    now: datetime,
) -> Remedy:  # fmt: skip
    return remedy.done()


_GIVE: Mapping[RemedyKind, Callable[..., Remedy]] = {
    RemedyKind.REFUND: _refund,
    RemedyKind.EXCHANGE: _exchange,
    RemedyKind.COUPON: _coupon,
    RemedyKind.POINTS: _points,
    RemedyKind.APOLOGY: _apology,
}


def _order(complaint: ComplaintRecord) -> OrderRecord:
    if complaint.order_id is None:
        raise RemedyInvalid.at(
            "/kind", "This complaint is about no order; give points, a coupon or an apology instead.",
            "该投诉未关联订单，请改用积分、优惠券或致歉。",
        )  # fmt: skip
    return get_order(complaint.tenant_id, complaint.order_id, consistent=True)


@contextmanager
def _of_the_remedy() -> Iterator[None]:
    """What a remedy is refused for, said of the fields below ``/remedy``."""
    try:
        yield
    except DomainError as refusal:
        refusal.errors = tuple(
            FieldError(f"/remedy{each.pointer}", each.message, each.message_zh) for each in refusal.errors
        )
        raise


def refused(refusal: Refused) -> None:
    """What a refused transaction says of its remedy: BatchPaused, where the coupons were paused at that moment."""
    check_open(refusal)


def supplier_of(
    tenant_id: str, order_id: str | None, party: Party | None, supplier_id: str | None, pointer: str
) -> str | None:
    """The supplier that a complaint is attributed to, or that bears a remedy: the one that is named or, where all of
    the order is bought from one, that one. None for another party. Raises RemedyInvalid at ``pointer``.
    """
    if party is not Party.SUPPLIER:
        if supplier_id is not None:
            message = "Leave the supplier out, unless it is the supplier's doing."
            raise RemedyInvalid.at(pointer, message, "仅当责任方为供应商时填写供应商。")
        return None
    if supplier_id is not None:
        try:
            return str(get_supplier(tenant_id, supplier_id).id)
        except NotFound as absent:
            message = "There is no such supplier; choose from your suppliers."
            raise RemedyInvalid.at(pointer, message, "没有该供应商，请从列表中选择。") from absent
    found = set(suppliers_of(get_order(tenant_id, order_id)).values()) if order_id else set()
    if len(found) != 1:
        message = "Say which supplier: the order is not bought from just one."
        raise RemedyInvalid.at(pointer, message, "请选择供应商：该订单并非仅来自一家供应商。")
    return str(found.pop())


def follow_refund(tenant_id: str, order_id: str, refund_id: str, now: datetime) -> None:
    """Notes what became of a refund that a complaint was resolved with: arrived, or refused by its provider."""
    refund = RefundRecord.fetch(*RefundRecord.address(tenant_id, order_id, refund_id), consistent=True)
    named = read_cause(refund.cause) if refund else None
    if refund is None or named is None:
        return
    complaint_id, number = named
    states = {each.status for each in goodwill.refunds_of(tenant_id, order_id, refund.cause)}
    if RefundStatus.FAILED.value in states:
        message = "The payment provider refused the refund; pay it out another way, or try it again."
        come_to_nothing(tenant_id, complaint_id, number, message, "支付渠道拒绝退款，请改用其他方式退款或重试。", now)
    elif states == {RefundStatus.SUCCEEDED.value}:
        _note_done(tenant_id, complaint_id, number)


def _note_done(tenant_id: str, complaint_id: str, number: int) -> None:
    def decide(complaint: ComplaintRecord | None, tx: Transaction) -> None:
        remedy = remedy_of(complaint, number)
        if complaint is None or remedy is None or remedy.state is RemedyState.DONE:
            return
        complaint.keep_remedy(remedy.done())
        tx.replace("complaint", complaint)

    address = ComplaintRecord.address(tenant_id, complaint_id)
    change(lambda: ComplaintRecord.fetch(*address, consistent=True), decide)


def come_to_nothing(tenant_id: str, complaint_id: str, number: int, en: str, zh: str, now: datetime) -> None:
    """A remedy that was to follow cannot be had: it says why, and its complaint is open again, whose owner is told. A
    second time, or where the member has it by now, nothing changes.
    """
    by_now = timing(tenant_id)

    def decide(complaint: ComplaintRecord | None, tx: Transaction) -> None:
        remedy = remedy_of(complaint, number)
        if complaint is None or remedy is None or remedy.state is not RemedyState.PENDING:
            return
        complaint.keep_remedy(remedy.failed(en, zh))
        if complaint.resolved:
            open_again(complaint, by_now, SYSTEM, now, None, tx)
        complaint.note("remedy_failed", now, SYSTEM, field="remedy", after=remedy.kind.value)
        complaint.emit(FAILED, now, complaint_id=complaint_id, number=number)
        tx.replace("complaint", complaint)

    address = ComplaintRecord.address(tenant_id, complaint_id)
    change(lambda: ComplaintRecord.fetch(*address, consistent=True), decide)


def remedy_of(complaint: ComplaintRecord | None, number: int) -> Remedy | None:
    """A complaint's remedy by its number."""
    return next((each for each in complaint.remedies if each.number == number), None) if complaint else None
