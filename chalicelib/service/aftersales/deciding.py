"""The team decides: granted or not, and what goes back. Money and case change in one write."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.db import Refused, Transaction
from chalicelib.kernel.errors import IdempotencyMismatch, Invalid, Unavailable
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refund_rules import spread
from chalicelib.orders.service import refunds
from chalicelib.orders.service.listing import get_order
from chalicelib.service.aftersales.model import Kind, Status, Worth, check_refunded_units, move
from chalicelib.service.aftersales.records import AfterSaleRecord, ClaimsRecord
from chalicelib.service.aftersales.service import check_revision, get_case, release_units
from chalicelib.tenants.audit import audit
from chalicelib.web.principal import Principal

_TRIES = 5


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided. ``amount_minor`` goes back as it is, ``units`` (by offer id) at what they were paid with.

    With neither, an approved return pays back all its units; exchanges and repairs pay back nothing.
    """

    approved: bool
    reason: str | None = None
    amount_minor: int | None = None
    currency: str | None = None
    units: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Offered:
    """What a decision may pay back, in minor units: for each line of the case, and at most in all."""

    worth: Mapping[str, int]
    most_minor: int


def offered(tenant_id: str, case_id: str) -> tuple[AfterSaleRecord, Offered]:
    """A case with what paying back all of its units comes to, and the most that can still be paid back of its order."""
    case = get_case(tenant_id, case_id)
    order = get_order(tenant_id, case.order_id)
    worth = _worth(order, ClaimsRecord.of(tenant_id, case.order_id), case.units)
    return case, Offered(worth, order.refundable_minor)


def decide(
    tenant_id: str,
    case_id: str,
    verdict: Verdict,
    key: str,
    body_hash: str,
    if_match: int | None,
    by: Principal,
    now: datetime,
) -> AfterSaleRecord:
    """Approves or rejects a case, once. The refund is requested in the same write, under the case's own cause.

    The same person with the same Idempotency-Key gets the decided case again. Rejected units can be claimed again.
    Raises NotFound, Stale, IdempotencyMismatch, MoveRefused, RefundBeyondCase, RefundTooLarge.
    """
    mark = hashlib.sha256(f"{by.label}\0{key}".encode()).hexdigest()[:32]
    for _ in range(_TRIES):
        case = get_case(tenant_id, case_id, consistent=True)
        if case.decision_key == mark:
            return _same(case, body_hash)
        check_revision(case, if_match)
        to = Status.APPROVED if verdict.approved else Status.REJECTED
        move(Kind(case.kind), Status(case.status), to)
        tx = Transaction()
        if verdict.approved:
            _grant(tx, case, verdict, by, now)
        else:
            release_units(tx, case)
        case.decided_at, case.decided_by, case.decision_reason = now, by.label, verdict.reason
        case.decision_key, case.decision_hash = mark, body_hash
        case.move_to(to, now, by.label, text=verdict.reason)
        case.file()
        case.emit("aftersale.decided", now, aftersale_id=case.id, order_id=case.order_id)
        tx.replace("case", case)
        audit(tx, tenant_id, by, f"aftersale.{to}", f"aftersale:{case_id}", now, _told(case))
        try:
            tx.commit()
        except Refused:
            continue
        return case
    raise Unavailable("The case or its order is being changed by others; please send it again.", retry_after=1)


def _grant(tx: Transaction, case: AfterSaleRecord, verdict: Verdict, by: Principal, now: datetime) -> None:
    """Requests what goes back, and notes for which units."""
    order = get_order(case.tenant_id, case.order_id, consistent=True)
    claims = ClaimsRecord.of(case.tenant_id, case.order_id)
    units = dict(verdict.units or {})
    if verdict.amount_minor is not None:
        _check_currency(order, verdict)
        amount, parts = verdict.amount_minor, _over_lines(order, claims, case, verdict.amount_minor)
        units = case.units if case.kind == Kind.RETURN else {}
    else:
        if verdict.units is None and case.kind == Kind.RETURN:
            units = case.units
        check_refunded_units(case.units, units)
        parts = _worth(order, claims, units)
        amount = sum(parts.values())
    refund = refunds.request(
        tx, order, amount, cause=f"aftersale:{case.id}", reason=verdict.reason, by=by.label, now=now,
        stands=True, lines=parts,
    )  # fmt: skip
    if refund is not None:
        tx.replace("order", order)
        case.refund_id, case.refund_minor = refund.id, amount
    if units:
        claims.settle(units)
        case.refund_units = units
    claims.write(tx)


def _worth(order: OrderRecord, claims: ClaimsRecord, units: Mapping[str, int]) -> dict[str, int]:
    """What units of the order's lines pay back."""
    shares, rests = refunds.line_shares(order), refunds.line_rests(order)
    quantities = {line.offer_id: line.quantity for line in order.lines}
    return {
        offer_id: Worth(
            quantities[offer_id], shares[offer_id], rests[offer_id], int(claims.settled.get(offer_id, 0))
        ).of(count)
        for offer_id, count in units.items()
        if count
    }


def _over_lines(
    order: OrderRecord, claims: ClaimsRecord, case: AfterSaleRecord, amount_minor: int
) -> dict[str, int] | None:
    """How a plain amount falls on the order: on the case's own lines while they bear it, else (None) on all of them."""
    rests = refunds.line_rests(order)
    mine = {offer_id: rests[offer_id] for offer_id in case.units}
    return spread(amount_minor, mine) if amount_minor <= sum(mine.values()) else None


def _check_currency(order: OrderRecord, verdict: Verdict) -> None:
    if verdict.currency != order.currency:
        raise Invalid.at("/refund/amount/currency", f"The order was paid in {order.currency}.", "币种与订单不一致。")


def _told(case: AfterSaleRecord) -> dict[str, Any]:
    return {"reason": case.decision_reason, "refund_minor": case.refund_minor}


def _same(case: AfterSaleRecord, body_hash: str) -> AfterSaleRecord:
    if case.decision_hash != body_hash:
        message = "This Idempotency-Key already decided the case otherwise; a decision stands."
        raise IdempotencyMismatch(message, detail_zh="该幂等键已用于另一个处理结果。")
    return case
