"""The checks of I14 and I15 hold for what the product does, and find what was planted against them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.aftersales.model.cases import Kind
from chalicelib.aftersales.records import AfterSaleRecord
from chalicelib.aftersales.service.opening import Wanted, open_case
from chalicelib.complaints.service.opening import open_complaint
from chalicelib.db import Transaction
from chalicelib.kernel import clock
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds.records import RefundRecord
from chalicelib.settlement.commission import service as releasing
from infra.local.engine import Engine
from tests.invariants.checks_money import check_money
from tests.invariants.snapshot import Snapshot
from tests.orders.store import BODY_HASH
from tests.settlement.store_books import StoreBooks


@pytest.fixture
def check(books: StoreBooks, engine: Engine) -> Callable[[OrderRecord], None]:
    """Checks an order as it is stored."""

    def checked(order: OrderRecord) -> None:
        campaigns = {books.campaign.id: books.campaign}
        check_money(Snapshot(engine), books.tenant_id, [books.again(order)], campaigns)

    return checked


@pytest.fixture
def sold(books: StoreBooks) -> OrderRecord:
    """An order of 10.00 that was paid online, handed over, and half given back; the refund has arrived."""
    order = books.order(1_000)
    payment = books.pay(order, 1_000)
    books.book_paid(order, payment)
    books.hand_over(order)
    books.book_changed(order)
    refund = books.refund(order, 500, stands=True)
    books.book_refund(order, refund)
    books.arrive(payment, refund, 500)
    books.book_given_back(order, payment, refund)
    write(refund_of(order), status="succeeded")
    return books.again(order)


def refund_of(order: OrderRecord) -> RefundRecord:
    (found,) = RefundRecord.every(order.pk, begins_with="refund#", consistent=True)
    return found


def write(record: Any, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(record, name, value)
    tx = Transaction()
    tx.replace("record", record)
    tx.commit()


def asked(books: StoreBooks, order: OrderRecord) -> AfterSaleRecord:
    wanted = Wanted(Kind.RETURN, ((order.lines[0].offer_id, 1),), "Bruised")
    return open_case(books.tenant_id, order.member_id, order.id, wanted, "case", BODY_HASH, clock.now())


def test_what_the_product_does_holds(
    books: StoreBooks, sold: OrderRecord, check: Callable[[OrderRecord], None]
) -> None:
    check(sold)
    releasing.release(books.tenant_id, sold.id, clock.now() + timedelta(days=16))
    assert books.of_order(sold).released
    check(sold)


def test_a_case_that_is_open_holds_the_commission_and_the_check_finds_where_it_does_not(
    books: StoreBooks, sold: OrderRecord, check: Callable[[OrderRecord], None]
) -> None:
    asked(books, sold)
    late = clock.now() + timedelta(days=16)
    releasing.release(books.tenant_id, sold.id, late)
    assert not books.of_order(sold).released
    check(sold)
    write(books.of_order(sold), released=True, released_at=late)
    with pytest.raises(AssertionError, match="was open"):
        check(sold)


def test_a_complaint_about_the_leader_is_found(
    books: StoreBooks, sold: OrderRecord, check: Callable[[OrderRecord], None]
) -> None:
    open_complaint(books.tenant_id, sold.member_id, "Rude", clock.now(), cause="leader", order_id=sold.id)
    write(books.of_order(sold), released=True, released_at=clock.now() + timedelta(days=59))
    with pytest.raises(AssertionError, match="complained of its leader"):
        check(sold)
    write(books.of_order(sold), released_at=clock.now() + timedelta(days=61))
    check(sold)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"released": True}, "nothing says since when"),
        ({"released": True, "released_at": clock.now() + timedelta(days=14)}, "could come back until"),
    ],
)
def test_commission_that_is_payable_too_early_is_found(
    books: StoreBooks, sold: OrderRecord, check: Callable[[OrderRecord], None], fields: dict[str, Any], says: str
) -> None:
    write(books.of_order(sold), **fields)
    with pytest.raises(AssertionError, match=says):
        check(sold)


@pytest.mark.parametrize(
    ("plant", "says"),
    [
        (lambda books, order: write(books.again(order), paid_minor=1_001), "is shown"),
        (lambda books, order: write(books.again(order), refunded_minor=499, returned_minor=499), "is shown"),
        (lambda books, order: write(refund_of(order), amount_minor=499), "are listed"),
        (lambda books, order: write(refund_of(order), status="requested"), "arrived by the books"),
        (lambda books, order: books.refund(order, 100, stands=True), "is shown"),
        (lambda books, order: write(books.again(order), returned_minor=400), "as due"),
    ],
)
def test_money_that_is_shown_and_not_booked_is_found(
    books: StoreBooks, sold: OrderRecord, check: Callable[[OrderRecord], None], plant: Any, says: str
) -> None:
    check(sold)
    plant(books, sold)
    with pytest.raises(AssertionError, match=says):
        check(sold)


def test_a_case_that_is_opened_while_the_commission_is_released_is_not_overlooked(
    books: StoreBooks, sold: OrderRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the reading and the write; no message of the case has come."""
    read = releasing._read
    opened: list[AfterSaleRecord] = []

    def read_then_opened(tenant_id: str, order_id: str) -> Any:
        found = read(tenant_id, order_id)
        if not opened:
            opened.append(asked(books, sold))
        return found

    monkeypatch.setattr(releasing, "_read", read_then_opened)
    releasing.release(books.tenant_id, sold.id, clock.now() + timedelta(days=16))
    book = books.of_order(sold)
    assert (book.released, book.waits_for, book.due_at) == (False, ["after_sale"], None)
