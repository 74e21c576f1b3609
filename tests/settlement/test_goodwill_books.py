"""Goodwill in the books: of a pre-order, of one that was partly refunded, of one that was forfeited."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chalicelib.kernel import clock
from chalicelib.kernel.money import Money
from chalicelib.orders.errors import RefundTooLarge
from chalicelib.orders.goodwill.service import Gift, give
from chalicelib.orders.records import OrderRecord
from chalicelib.settlement.commission import service as releasing
from infra.local.engine import Engine
from tests.invariants.checks_money import check_money
from tests.invariants.snapshot import Snapshot
from tests.orders.store import BODY_HASH
from tests.settlement.store_books import StoreBooks

Giving = Callable[[OrderRecord, int], None]


@pytest.fixture
def gives(books: StoreBooks) -> Giving:
    """Gives back of an order by goodwill, and books it."""

    def given(order: OrderRecord, amount: int) -> None:
        gift = Gift(Money(amount, "CNY"), "Sorry")
        key = f"{order.id}-{amount}"
        for refund in give(books.tenant_id, order.id, gift, key, BODY_HASH, books.store.staff, clock.now()):
            books.book_refund(order, refund.id)

    return given


def test_of_a_pre_order_the_balance_stays_what_it_was(books: StoreBooks, engine: Engine, gives: Giving) -> None:
    """¥100.00 with a deposit of ¥30.00; ¥5.00 of it are given back: ¥70.00 are still due, and make the sale whole."""
    order = books.order(10_000, paid=3_000, deposit_minor=3_000)
    books.book_paid(order, books.pay(order, 3_000))
    gives(order, 500)
    assert books.again(order).totals.due == 7_000
    assert books.balances() == {"clearing:test": 3_000, "deposits": 2_500, "refunds_payable": 500}

    books.hand_over(order)
    books.book_changed(order)
    assert books.balances() == {
        "clearing:test": 3_000, "cash:leader:point": 7_000, "sales": 10_000, "sales_returns": 500,
        "refunds_payable": 500, "commission_expense": 750, "commission_frozen:leader": 750,
    }  # fmt: skip
    assert books.proof().holds
    check_money(Snapshot(engine), books.tenant_id, [books.again(order)], {books.campaign.id: books.campaign})


def test_of_a_partly_refunded_order_what_is_left_is_the_limit(books: StoreBooks, engine: Engine, gives: Giving) -> None:
    order = books.order(1_000)
    books.book_paid(order, books.pay(order, 1_000))
    books.hand_over(order)
    books.book_changed(order)
    books.book_refund(order, books.refund(order, 600, stands=True))
    with pytest.raises(RefundTooLarge):
        gives(order, 401)
    gives(order, 400)
    assert books.again(order).refundable_minor == 0
    # Of 10.00 the 6.00 came back: 4.00 earn 0.30, whatever was given.
    assert books.balances() == {
        "clearing:test": 1_000, "sales": 1_000, "sales_returns": 1_000, "refunds_payable": 1_000,
        "commission_expense": 30, "commission_frozen:leader": 30,
    }  # fmt: skip
    check_money(Snapshot(engine), books.tenant_id, [books.again(order)], {books.campaign.id: books.campaign})


def test_of_a_forfeited_order_something_may_be_given_back(books: StoreBooks, engine: Engine, gives: Giving) -> None:
    order = books.order(10_000, paid=3_000, deposit_minor=3_000)
    books.book_paid(order, books.pay(order, 3_000))
    books.change(order, forfeited_at=clock.now(), status="cancelled")
    books.book_changed(order)
    gives(order, 1_000)
    assert books.balances() == {
        "clearing:test": 3_000, "forfeited": 3_000, "sales_returns": 1_000, "refunds_payable": 1_000,
    }  # fmt: skip
    assert books.proof().holds
    check_money(Snapshot(engine), books.tenant_id, [books.again(order)], {books.campaign.id: books.campaign})


def test_commission_that_is_payable_stays_when_something_is_given(books: StoreBooks, gives: Giving) -> None:
    order = books.order(1_000)
    books.book_paid(order, books.pay(order, 1_000))
    books.hand_over(order)
    books.book_changed(order)
    found = books.of_order(order)
    assert found.releases_at is not None
    releasing.release(books.tenant_id, order.id, found.releases_at.replace(year=found.releases_at.year + 1))
    gives(order, 1_000)
    assert books.balance(f"commission_payable:{books.store.leader_id}") == 75
