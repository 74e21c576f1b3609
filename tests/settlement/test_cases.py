"""While a campaign's orders have after-sale cases that have not ended, the campaign is not settled."""

from __future__ import annotations

import itertools

import pytest

from chalicelib.settlement.books.service import orders as order_books
from chalicelib.settlement.campaigns.service import result as campaigns
from chalicelib.settlement.campaigns.service.cases import follow
from tests.faults import KINDS, Faults, faults
from tests.orders.test_faults import _without_pauses, repeated, requests_of
from tests.settlement.store_books import StoreBooks

__all__ = ["_without_pauses", "faults"]


def open_cases(books: StoreBooks) -> int:
    return campaigns.outstanding(books.tenant_id, books.campaign.id).get("cases", 0)


def test_a_case_is_outstanding_until_it_ends(books: StoreBooks) -> None:
    order = books.order(1_000)
    follow(books.tenant_id, order.id, "case-1", ended=False)
    follow(books.tenant_id, order.id, "case-2", ended=False)
    assert open_cases(books) == 2
    follow(books.tenant_id, order.id, "case-1", ended=True)
    assert open_cases(books) == 1
    follow(books.tenant_id, order.id, "case-2", ended=True)
    assert "cases" not in campaigns.outstanding(books.tenant_id, books.campaign.id)


@pytest.mark.parametrize("messages", list(itertools.permutations((False, True, False, True))))
def test_a_case_counts_once_in_whichever_order_messages_come(books: StoreBooks, messages: tuple[bool, ...]) -> None:
    order = books.order(1_000)
    for ended in messages:
        follow(books.tenant_id, order.id, "case-1", ended=ended)
    assert open_cases(books) == 0


def test_the_orders_books_stay_as_they_are(books: StoreBooks) -> None:
    order = books.order(1_000)
    books.book_paid(order, books.pay(order, 1_000))
    follow(books.tenant_id, order.id, "case-1", ended=False)
    books.hand_over(order)
    books.book_changed(order)
    assert books.of_order(order).cases == {"case-1": False}
    assert open_cases(books) == 1
    assert books.balance("sales") == 1_000
    assert books.proof().holds


def test_it_is_counted_once_whatever_fails(books: StoreBooks, faults: Faults) -> None:
    faults.of("books")
    orders = [books.order(1_000) for _ in range(13)]
    requests = requests_of(faults, lambda: follow(books.tenant_id, orders[0].id, "case", ended=False))
    assert requests == 2
    runs = 1
    for kind in KINDS:
        for at in range(requests):
            faults.arm(kind, at)
            repeated(faults, lambda n=runs: follow(books.tenant_id, orders[n].id, "case", ended=False))  # type: ignore[misc]
            faults.arm(None)
            follow(books.tenant_id, orders[runs].id, "case", ended=False)
            runs += 1
    assert open_cases(books) == runs == 13
    assert not order_books.read(books.tenant_id, orders[0].id).is_new
