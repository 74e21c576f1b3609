"""An exchange whose goods cannot be had becomes a refund; what was to replace them ends in the same write."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from chalicelib.aftersales.model.cases import Kind, Status
from chalicelib.aftersales.model.exchanges import (
    RefundedInstead,
    check_instead,
    check_outstanding,
    check_there,
    still_replaced,
    without,
)
from chalicelib.aftersales.records import AfterSaleRecord
from chalicelib.aftersales.service.deciding import decided_before, mark_of
from chalicelib.aftersales.service.exchanging import exchange
from chalicelib.aftersales.service.handling import get_case
from chalicelib.aftersales.service.paying import PaidBack, Verdict, pay_back
from chalicelib.db import ReadAgain, Transaction, change, check_revision
from chalicelib.kernel.principal import Principal
from chalicelib.orders.adjustments import service as adjusting
from chalicelib.orders.model import Status as OrderStatus
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.reading import get_order
from chalicelib.tenants.service.audit import audit

_LIVE = frozenset({OrderStatus.PLACED, OrderStatus.READY})


def refund_instead(
    tenant_id: str,
    case_id: str,
    verdict: Verdict,
    key: str,
    body_hash: str,
    if_match: int | None,
    by: Principal,
    now: datetime,
) -> AfterSaleRecord:
    """Pays back units of an approved exchange that were not handed over yet, and takes them out of the order that was
    to replace them, once for each Idempotency-Key ``key``. Without units or an amount named, all of them.

    The order is cancelled where it has no other units; what was taken from the shelf for it is free again. The same
    person with the same key gets the case again. Raises NotFound, Stale, IdempotencyMismatch, NotAnExchange,
    MoveRefused, NothingOutstanding, RefundBeyondCase, RefundTooLarge; and GoodsNotArrived where money goes back on
    receipt, unless the verdict says that the goods stay with the member.
    """
    mark = mark_of(by, key)
    expected = if_match

    def decide(case: AfterSaleRecord, tx: Transaction) -> AfterSaleRecord:
        nonlocal expected
        if earlier := next((each for each in case.instead if each.key == mark), None):
            return decided_before(case, earlier.body_hash, body_hash)
        check_revision(case, expected)
        check_instead(Kind(case.kind), Status(case.status))
        waiting = without(case.units, case.not_replaced)
        check_outstanding(waiting, case.exchange_order_id)
        if case.exchange_order_id is None:
            # The message of the decision, when it comes, finds the order placed: no goods can follow the money.
            exchange(tenant_id, case_id, now)
            # That was a write of our own: whoever expects a revision expects the next one now.
            expected = None if expected is None else expected + 1
            raise ReadAgain
        back = _refund(tx, case, waiting, verdict.of(case), by, now)
        _note(case, back, verdict.reason or "", mark, body_hash, by, now)
        tx.replace("case", case)
        told = {"reason": verdict.reason, "refund_minor": back.amount_minor, "units": back.units}
        audit(tx, tenant_id, by, "aftersale.refunded_instead", f"aftersale:{case_id}", now, told)
        return case

    return change(lambda: get_case(tenant_id, case_id, consistent=True), decide)


def _refund(
    tx: Transaction, case: AfterSaleRecord, waiting: Mapping[str, int], verdict: Verdict, by: Principal, now: datetime
) -> PaidBack:
    """Requests the refund, and takes its units out of the exchange order."""
    order = get_order(case.tenant_id, case.exchange_order_id, consistent=True)
    outstanding = without(waiting, order.picked_units)
    check_outstanding(outstanding, order.id)
    number = len(case.instead) + 1
    cause = f"aftersale:{case.id}:instead" + (f":{number}" if number > 1 else "")
    back = pay_back(tx, case, verdict, outstanding, outstanding, cause=cause, by=by.label, now=now)
    if case.pays_on_receipt and verdict.goods == "expected":
        swapped = Counter(order.picked_units) + Counter(case.refund_units or {})
        check_there(case.arrived, swapped + Counter(back.units))
    ordered = {line.offer_id: line.quantity for line in order.lines} if order.status in _LIVE else {}
    if lowered := still_replaced(ordered, order.picked_units, outstanding, back.units):
        adjusting.lower(tx, order, lowered, cause=cause, reason=verdict.reason, by=by.label, now=now)
    else:
        tx.check("order", OrderRecord, order.pk, order.sk, OrderRecord.rev == order.rev)
    return back


def _note(
    case: AfterSaleRecord,
    back: PaidBack,
    reason: str,
    mark: str,
    body_hash: str,
    by: Principal,
    now: datetime,
) -> None:
    """Notes it on the case and in its history, and lets the member know."""
    refunded = RefundedInstead(mark, body_hash, now, by.label, reason, back.amount_minor, back.refund_id)
    case.instead = [*case.instead, refunded]
    case.refund_units = dict(Counter(case.refund_units or {}) + Counter(back.units))
    case.instead_units = dict(Counter(case.instead_units or {}) + Counter(back.units))
    case.note("refunded_instead", now, by.label, text=reason)
    case.emit("aftersale.decided", now, aftersale_id=case.id, order_id=case.order_id)
