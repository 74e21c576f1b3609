"""Goods of a case come back, in one part or several; each part is booked, and pays back what is owed for it, once."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.aftersales.errors import KeyOrRevisionNeeded
from chalicelib.aftersales.model.arrivals import (
    Arrived,
    Goods,
    Part,
    check_arrived,
    check_expected,
    units_of,
)
from chalicelib.aftersales.model.cases import Status
from chalicelib.aftersales.records import AfterSaleRecord
from chalicelib.aftersales.service.deciding import decided_before, mark_of
from chalicelib.aftersales.service.handling import get_case, move_to, time_case
from chalicelib.aftersales.service.paying import pay_for_part
from chalicelib.cases.model.clocks import Step
from chalicelib.cases.service.timing import timing
from chalicelib.db import Transaction, change, check_revision
from chalicelib.kernel.principal import Principal
from chalicelib.orders.bundles.model import meant
from chalicelib.tenants.service.audit import audit


def receive(
    tenant_id: str,
    case_id: str,
    lines: Sequence[Arrived],
    note: str | None,
    key: str,
    body_hash: str,
    if_match: int | None,
    by: Principal,
    now: datetime,
) -> AfterSaleRecord:
    """Goods are back: all that the case is about, or a part of it; more may come later. Where money goes back on
    receipt, that of the part is requested in the same write, under the part's own cause.

    The same person with the same Idempotency-Key ``key`` gets the case again. A further part needs a key, or the
    revision that was seen, since it may be the first one sent again. Raises NotFound, Stale, IdempotencyMismatch,
    KeyOrRevisionNeeded, MoveRefused, GoodsNotExpected, MoreThanClaimed, HistoryFull.
    """
    mark, by_now = mark_of(by, key) if key else "", timing(tenant_id)

    def decide(case: AfterSaleRecord, tx: Transaction) -> AfterSaleRecord:
        if earlier := next((part for part in case.parts if mark and part.key == mark), None):
            return decided_before(case, earlier.body_hash, body_hash)
        check_revision(case, if_match)
        _check_told_apart(case, key, if_match)
        came = _by_goods(case, lines)
        _move(tx, case, came, note, by.label, now)
        refund = pay_for_part(tx, case, units_of(came), by.label, now) if case.pays_on_receipt else None
        minor, refund_id = (refund.amount_minor, refund.refund_id) if refund else (0, None)
        part = Part(tuple(came), now, by.label, mark, body_hash, minor, refund_id)
        if refund is not None:
            case.refund_units = dict(Counter(case.refund_units or {}) + Counter(refund.units))
            case.refund_id = case.refund_id or refund_id
        case.parts = [*case.parts, part]
        time_case(case, by_now, now)
        number = len(case.parts)
        case.emit("aftersale.received", now, aftersale_id=case.id, order_id=case.order_id, part=number)
        tx.replace("case", case)
        told = {"units": units_of(came), "refund_minor": minor}
        audit(tx, tenant_id, by, "aftersale.received", f"aftersale:{case_id}", now, told)
        return case

    return change(lambda: get_case(tenant_id, case_id, consistent=True), decide)


def _by_goods(case: AfterSaleRecord, lines: Sequence[Arrived]) -> list[Arrived]:
    """What came by the ids of the case's lines, of a bundle by part."""
    return [
        replace(line, offer_id=goods, units=units)
        for line in lines
        for goods, units in meant(case.lines, line.offer_id, line.units).items()
    ]


def _check_told_apart(case: AfterSaleRecord, key: str, if_match: int | None) -> None:
    if case.parts and not key and if_match is None:
        raise KeyOrRevisionNeeded(
            "Goods of this case came before; send an Idempotency-Key, or If-Match with the revision that you have "
            "seen, so that one part is not booked twice.",
            detail_zh="该售后单此前已有收货；请附带 Idempotency-Key，或用 If-Match 注明所见版本，以免重复登记。",
        )


def _move(
    tx: Transaction, case: AfterSaleRecord, lines: Sequence[Arrived], note: str | None, by: str, now: datetime
) -> None:
    """The case is received from its first part on; until all is there, its member has as long as for the first."""
    goods = _goods(case)
    further = case.status == Status.RECEIVED
    if not further:
        move_to(tx, case, Status.RECEIVED, now, by, text=note)
    check_expected(goods, len(case.parts))
    check_arrived(case.units, lines, case.arrived)
    if further:
        case.note(Status.RECEIVED.value, now, by, text=note)
        case.since = now
    case.stored_steps = [step for step in case.steps if step != Step.FOLLOW_UP] or None


def _goods(case: AfterSaleRecord) -> Goods:
    return "not_needed" if case.goods == "not_needed" else "expected"
