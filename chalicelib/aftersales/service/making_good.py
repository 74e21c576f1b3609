"""A complaint that was resolved with an exchange gets its after-sale: opened and granted once, linked both ways."""

import hashlib
from datetime import datetime

from chalicelib.aftersales.errors import MoveRefused
from chalicelib.aftersales.model.cases import GRANTED, Kind, Status
from chalicelib.aftersales.model.exchanges import without
from chalicelib.aftersales.records import AfterSaleRecord
from chalicelib.aftersales.service.deciding import decide
from chalicelib.aftersales.service.handling import get_case
from chalicelib.aftersales.service.opening import Wanted, claim
from chalicelib.aftersales.service.paying import Verdict
from chalicelib.complaints.model.remedies import Remedy, RemedyKind, RemedyState, cause_of
from chalicelib.complaints.records import ComplaintRecord
from chalicelib.complaints.service.costing import book_exchange
from chalicelib.complaints.service.remedying import come_to_nothing, remedy_of
from chalicelib.db import Transaction, change
from chalicelib.kernel.errors import DomainError, Unavailable
from chalicelib.kernel.ids import derived_id
from chalicelib.kernel.principal import Principal
from chalicelib.orders.service.reading import get_order


def exchange_for(tenant_id: str, complaint_id: str, now: datetime) -> None:
    """Opens what a complaint's exchanges wait for, in one write with the complaint, and grants it. However often and
    late this is asked, each has one after-sale; where the rules of after-sale refuse it, the remedy has failed, and the
    complaint is open again.
    """
    complaint = ComplaintRecord.fetch(*ComplaintRecord.address(tenant_id, complaint_id), consistent=True)
    for remedy in complaint.remedies if complaint else ():
        if remedy.kind is RemedyKind.EXCHANGE and remedy.state is not RemedyState.FAILED:
            _exchange(tenant_id, complaint_id, remedy, now)


def case_of(tenant_id: str, complaint_id: str, number: int) -> str:
    """The id of the after-sale that a complaint's remedy has."""
    return derived_id(tenant_id, "after-sale", cause_of(complaint_id, number))


def _exchange(tenant_id: str, complaint_id: str, remedy: Remedy, now: datetime) -> None:
    try:
        complaint = _open(tenant_id, complaint_id, remedy.number, now)
    except Unavailable:
        raise
    except DomainError as refusal:
        come_to_nothing(tenant_id, complaint_id, remedy.number, refusal.detail, refusal.detail_zh, now)
        return
    if complaint is not None:
        _grant(tenant_id, complaint, remedy, now)


def _open(tenant_id: str, complaint_id: str, number: int, now: datetime) -> ComplaintRecord | None:
    case_id = case_of(tenant_id, complaint_id, number)

    def decided(complaint: ComplaintRecord | None, tx: Transaction) -> ComplaintRecord | None:
        remedy = remedy_of(complaint, number)
        if complaint is None or remedy is None or remedy.state is not RemedyState.PENDING:
            return complaint
        order = get_order(tenant_id, complaint.order_id, consistent=True)
        wanted = Wanted(Kind.EXCHANGE, tuple(remedy.units.items()), str(complaint.outcome)[:500])
        case = claim(tx, order, wanted, case_id, now)
        case.history = [{**entry, "by": remedy.by} for entry in case.history]
        case.complaint_id, case.body_hash = complaint.id, _hash(case_id)
        tx.create("case", case)
        complaint.keep_remedy(remedy.done(aftersale_id=case_id))
        tx.replace("complaint", complaint)
        return complaint

    address = ComplaintRecord.address(tenant_id, complaint_id)
    return change(lambda: ComplaintRecord.fetch(*address, consistent=True), decided)


def _grant(tenant_id: str, complaint: ComplaintRecord, remedy: Remedy, now: datetime) -> None:
    """In the name of whoever decided on the remedy; a case that somebody has decided otherwise by now stays so."""
    case_id = case_of(tenant_id, complaint.id, remedy.number)
    case = AfterSaleRecord.fetch(*AfterSaleRecord.address(tenant_id, case_id), consistent=True)
    if case is None or case.status != Status.REQUESTED:
        return
    kind, _, who = remedy.by.partition(":")
    by = Principal("api_key" if kind == "api_key" else "staff", tenant_id, who)
    verdict = Verdict(approved=True, reason=case.reason, goods=remedy.goods)
    try:
        decide(tenant_id, case_id, verdict, case_id, _hash(case_id), None, by, now)
    except MoveRefused:
        return


def cost_exchange(tenant_id: str, case_id: str, now: datetime) -> None:
    """Books what the goods cost that a case gives to make a complaint good, by its units that are replaced as things
    stand; where others change these meanwhile, by what is so then.
    """
    booked: dict[str, int] | None = None
    while True:
        case = get_case(tenant_id, case_id, consistent=True)
        if case.complaint_id is None or case.kind != Kind.EXCHANGE:
            return
        units = without(case.units, case.not_replaced) if case.status in GRANTED else {}
        if units == booked:
            return
        book_exchange(tenant_id, case.complaint_id, case_id, units, now)
        booked = units


def _hash(case_id: str) -> str:
    return hashlib.sha256(case_id.encode()).hexdigest()
