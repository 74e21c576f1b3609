"""What complaints cost beyond money given back is booked to who bears it.

Points cost what they pay by the brand's rules when they are given; an exchange what its goods cost, once it is granted;
a coupon what it takes off the order that it was used for, once that is handed over and as long as its goods stay.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from chalicelib.complaints.model.remedies import Remedy, RemedyKind, RemedyState, cause_of, read_cause
from chalicelib.complaints.records import ComplaintRecord
from chalicelib.complaints.service.remedying import remedy_of
from chalicelib.db import Transaction, change
from chalicelib.settlement.books.model.remedies import RemedyCost
from chalicelib.settlement.books.service.remedies import book_remedy, taken_off
from chalicelib.tenants.service.brand import get_tenant


def book_points(tenant_id: str, complaint_id: str, now: datetime) -> None:
    """Books what the points of a complaint are worth, once for each remedy."""
    complaint = _read(tenant_id, complaint_id)
    for remedy in complaint.remedies if complaint else ():
        if complaint and remedy.kind is RemedyKind.POINTS and remedy.state is RemedyState.DONE:
            _book(complaint, remedy, remedy.cost_minor or 0, now)


def book_exchange(
    tenant_id: str, complaint_id: str, aftersale_id: str, units: Mapping[str, int], now: datetime
) -> None:
    """Books what the goods of an exchange cost, of which so many units are given by now."""
    complaint = _read(tenant_id, complaint_id)
    for remedy in complaint.remedies if complaint else ():
        if complaint and remedy.aftersale_id == aftersale_id:
            _book(complaint, remedy, remedy.cost_of(units), now)
            _note(tenant_id, complaint_id, remedy.number, remedy.cost_of(units))


def book_coupon(tenant_id: str, cause: str, order_id: str, now: datetime) -> None:
    """Books what a coupon costs that a complaint had given, by what it takes off the order that it was used for as
    things stand; where that changes meanwhile, by what is so then.
    """
    named = read_cause(cause)
    complaint = _read(tenant_id, named[0]) if named else None
    remedy = remedy_of(complaint, named[1]) if named else None
    if complaint is None or remedy is None or remedy.kind is not RemedyKind.COUPON:
        return
    booked: int | None = None
    while (amount_minor := taken_off(tenant_id, order_id)) not in (None, booked):
        booked = amount_minor or 0
        _book(complaint, remedy, booked, now)
        _note(tenant_id, complaint.id, remedy.number, booked)


def _read(tenant_id: str, complaint_id: str) -> ComplaintRecord | None:
    return ComplaintRecord.fetch(*ComplaintRecord.address(tenant_id, complaint_id), consistent=True)


def _book(complaint: ComplaintRecord, remedy: Remedy, amount_minor: int, now: datetime) -> None:
    name = cause_of(complaint.id, remedy.number).partition(":")[2]
    cost = RemedyCost(name, amount_minor, remedy.borne_by, goods=remedy.kind is RemedyKind.EXCHANGE)
    currency = get_tenant(complaint.tenant_id).currency
    book_remedy(complaint.tenant_id, complaint.id, complaint.order_id, cost, currency, now)


def _note(tenant_id: str, complaint_id: str, number: int, amount_minor: int) -> None:
    """Shows on the complaint what a remedy has cost."""

    def decide(complaint: ComplaintRecord | None, tx: Transaction) -> None:
        remedy = remedy_of(complaint, number)
        if complaint is None or remedy is None or remedy.cost_minor == amount_minor:
            return
        complaint.keep_remedy(replace(remedy, cost_minor=amount_minor))
        tx.replace("complaint", complaint)

    change(lambda: _read(tenant_id, complaint_id), decide)
