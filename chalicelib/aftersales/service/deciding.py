"""The team decides: granted or not, and what goes back. Money and case change in one write."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.aftersales.model.cases import Kind, Status
from chalicelib.aftersales.model.refunds import check_refunded_units
from chalicelib.aftersales.records import AfterSaleRecord
from chalicelib.aftersales.service.handling import get_case, move_to, release_units, time_case
from chalicelib.aftersales.service.paying import Outlook, Verdict, paid_for, pay_back, promise
from chalicelib.cases.service.timing import timing
from chalicelib.db import Transaction, change, check_revision
from chalicelib.kernel.errors import IdempotencyMismatch, Invalid
from chalicelib.kernel.principal import Principal
from chalicelib.orders.bundles.model import by_goods
from chalicelib.orders.refund_rules import service as refund_rules
from chalicelib.orders.refund_rules.model import ON_APPROVAL, Pays
from chalicelib.tenants.service.audit import audit


@dataclass(frozen=True, slots=True)
class Offered:
    """What a decision may pay back, in minor units: what paying back all units comes to, and at most in all."""

    all_units: Outlook
    most_minor: int


def offered(tenant_id: str, case_id: str) -> tuple[AfterSaleRecord, Offered]:
    """A case with what paying back all of its units comes to, and the most that can go back of what paid for them."""
    case = get_case(tenant_id, case_id)
    paid = paid_for(tenant_id, case.order_id)
    return case, Offered(paid.outlook(case.units), paid.order.refundable_minor)


def look_ahead(tenant_id: str, case_id: str, units: Mapping[str, int]) -> Outlook:
    """What paying back so many units of a case, by offer or part of a bundle, would come to. Raises NotFound,
    RefundBeyondCase.
    """
    case = get_case(tenant_id, case_id)
    goods = by_goods(case.lines, units)
    check_refunded_units(case.units, goods)
    return paid_for(tenant_id, case.order_id).outlook(goods)


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
    """Approves or rejects a case, once. What goes back on approval is requested in the same write, under the case's own
    cause; that of a case on an exchange order on the order that paid for the goods. Where nothing is left of that,
    nothing goes back. What goes back on receipt is noted, and paid for as the goods arrive.

    The same person with the same Idempotency-Key gets the decided case again. Rejected units can be claimed again.
    Raises NotFound, Stale, IdempotencyMismatch, MoveRefused, RefundBeyondCase, RefundTooLarge, or Invalid for a repair
    without its goods.
    """
    mark, by_now = mark_of(by, key), timing(tenant_id)
    to = Status.APPROVED if verdict.approved else Status.REJECTED

    def decided(case: AfterSaleRecord, tx: Transaction) -> AfterSaleRecord:
        if case.decision_key == mark:
            return decided_before(case, case.decision_hash, body_hash)
        check_revision(case, if_match)
        move_to(tx, case, to, now, by.label, text=verdict.reason)
        if verdict.approved:
            _grant(tx, case, verdict.of(case), by, now)
        else:
            release_units(tx, case)
        case.decided_at, case.decided_by, case.decision_reason = now, by.label, verdict.reason
        case.decision_key, case.decision_hash = mark, body_hash
        time_case(case, by_now, now)
        case.emit("aftersale.decided", now, aftersale_id=case.id, order_id=case.order_id)
        tx.replace("case", case)
        audit(tx, tenant_id, by, f"aftersale.{to}", f"aftersale:{case_id}", now, _told(case))
        return case

    return change(lambda: get_case(tenant_id, case_id, consistent=True), decided)


def _grant(tx: Transaction, case: AfterSaleRecord, verdict: Verdict, by: Principal, now: datetime) -> None:
    """Requests what goes back, or notes what will, and for which units."""
    unnamed = case.units if case.kind == Kind.RETURN else {}
    if case.kind == Kind.REPAIR and verdict.goods == "not_needed":
        message = "What is to be mended has to be brought; leave goods out."
        raise Invalid.at("/goods", message, "维修须收到商品，请勿填写此项。")
    case.goods, case.pays = verdict.goods, _pays(case, verdict)
    if case.pays_on_receipt:
        promise(case, verdict, unnamed, paid_for(case.tenant_id, case.order_id))
        return
    back = pay_back(tx, case, verdict, case.units, unnamed, cause=f"aftersale:{case.id}", by=by.label, now=now)
    if back.refund_id is not None:
        case.refund_id, case.refund_minor = back.refund_id, back.amount_minor
    case.promised_units = back.units
    case.note_besides(back.gifts_kept_minor, back.points)
    if back.units:
        case.refund_units = back.units


def _pays(case: AfterSaleRecord, verdict: Verdict) -> Pays:
    """When the money goes back: at once where no goods come, else as the decision or the brand's rules say."""
    if verdict.goods == "not_needed":
        return ON_APPROVAL
    return verdict.pays or refund_rules.pays_when(case.tenant_id)


def _told(case: AfterSaleRecord) -> dict[str, Any]:
    told = {"reason": case.decision_reason, "refund_minor": case.refund_minor, "goods": case.goods, "pays": case.pays}
    return {name: value for name, value in told.items() if value is not None or name in ("reason", "refund_minor")}


def mark_of(by: Principal, key: str) -> str:
    """What tells one person's Idempotency-Key from any other's on a case."""
    return hashlib.sha256(f"{by.label}\0{key}".encode()).hexdigest()[:32]


def decided_before(case: AfterSaleRecord, earlier_hash: str, body_hash: str) -> AfterSaleRecord:
    """The case, which this key decided before. Raises IdempotencyMismatch where that request had another body."""
    if earlier_hash != body_hash:
        message = "This Idempotency-Key already decided the case otherwise; a decision stands."
        raise IdempotencyMismatch(message, detail_zh="该幂等键已用于另一个处理结果。")
    return case
