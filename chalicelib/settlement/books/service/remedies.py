"""What it costs to make complaints good otherwise than with money is booked to who bears it, once, as it stands."""

from datetime import datetime
from functools import partial

from chalicelib.db import Transaction, change
from chalicelib.settlement.books.model.parties import Party
from chalicelib.settlement.books.model.remedies import LINE, RemedyCost, brought_up_to, suppliers
from chalicelib.settlement.books.records import OrderBook, RemedyBook
from chalicelib.settlement.books.service.orders import Happened, bring_up_to_date
from chalicelib.settlement.books.service.posting import Draft, add


def book_remedy(
    tenant_id: str, complaint_id: str, order_id: str | None, cost: RemedyCost, currency: str, now: datetime
) -> None:
    """Brings the books to what a remedy of a complaint costs by now. However often it is called, that is booked once;
    where it costs less than before, the rest is taken back.
    """
    if order_id is not None:
        bring_up_to_date(tenant_id, order_id, now, Happened(remedy=cost))
        return

    def decide(found: RemedyBook | None, tx: Transaction) -> None:
        book = found or RemedyBook(*RemedyBook.address(tenant_id, complaint_id), rev=0)
        before = book.remedies or {}
        after, moved = brought_up_to(before, cost)
        if not moved:
            return
        cause = f"{LINE}:{cost.name}:{int(book.journals)}"
        parties = tuple((Party.SUPPLIER, each) for each in suppliers(before, after))
        add(tx, tenant_id, Draft(cause, moved, currency, complaint_id, parties=parties), now)
        book.remedies, book.journals = after, int(book.journals) + 1
        if found is None:
            book.rev = 1
            tx.create("book", book)
        else:
            tx.replace("book", book)

    change(partial(RemedyBook.fetch, *RemedyBook.address(tenant_id, complaint_id), consistent=True), decide)


def taken_off(tenant_id: str, order_id: str) -> int | None:
    """What a complaint's coupon takes off an order that was handed over, as the books have it; None where none does."""
    book = OrderBook.fetch(*OrderBook.address(tenant_id, order_id), consistent=True)
    return int(book.coupon[1]) if book and book.coupon else None
