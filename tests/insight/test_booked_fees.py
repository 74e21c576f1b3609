"""What the books say of an order reaches the figures of its day."""

from __future__ import annotations

from datetime import date

from chalicelib.insight.activity.service.own_orders import record_orders
from chalicelib.insight.earnings.events import insight
from chalicelib.insight.earnings.model.figures import By, Earned, summed
from chalicelib.insight.earnings.service.days import earned_days
from chalicelib.kernel import clock
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.messaging import Message
from chalicelib.settlement.books.records import OrderBook
from tests.settlement.conftest import books
from tests.settlement.store_books import StoreBooks

__all__ = ["books"]


def today() -> date:
    return local_date(clock.now(), zone("Asia/Shanghai"))


def earned(books: StoreBooks) -> Earned:
    days = earned_days(books.tenant_id, By.DAY, today(), today()).days
    return summed(cell.earned for cells in days.values() for cell in cells.values())


def tell(books: StoreBooks, order_id: str) -> None:
    """Hands on what the order's book has emitted."""
    book = OrderBook.fetch(*OrderBook.address(books.tenant_id, order_id), consistent=True)
    assert book is not None
    now = clock.now()
    [event] = [each for each in book.outbox if each["t"] == "order.costs_booked"]
    insight.handle(Message("one", event["t"], books.tenant_id, now, event["d"]), now)


def test_fees_and_commission_count_from_the_moment_at_which_they_are_booked(noon: None, books: StoreBooks) -> None:
    order = books.order(1_000)
    record_orders(books.tenant_id, [order.id])
    assert earned(books).fees_minor == 0
    assert earned(books).commission_minor == 75  # promised: 7.5 % of 10.00

    books.book_paid(order, books.pay(order, 1_000, fee=(60, 5)))
    assert earned(books).fees_minor == 0
    tell(books, order.id)
    assert earned(books).fees_minor == 11  # 0.6 % and 0.05

    books.hand_over(order)
    books.book_changed(order)
    tell(books, order.id)
    assert (earned(books).commission_minor, earned(books).fees_minor) == (75, 11)
