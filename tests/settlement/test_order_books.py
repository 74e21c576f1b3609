"""What is booked for an order, in the words of its customer's money."""

import itertools
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from chalicelib.db import metered, tenant_scope
from chalicelib.kernel import clock
from chalicelib.kernel.errors import Unavailable
from chalicelib.orders.handover.service import pickup
from chalicelib.settlement.books.service.orders import bring_up_to_date
from chalicelib.settlement.books.service.reading import standing
from chalicelib.settlement.campaigns.service import result as campaigns
from chalicelib.settlement.commission import service as releasing
from tests.settlement.store_books import StoreBooks


def test_money_paid_online_is_held_sold_at_the_handover_and_earns_commission(books: StoreBooks) -> None:
    """¥36.00: goods of ¥30.00 and delivery of ¥6.00. The provider keeps 0.6 % and ¥0.10; the leader earns 7.5 %."""
    order = books.order(3_000, delivery_minor=600)
    books.book_paid(order, books.pay(order, 3_600, fee=(60, 10)))
    assert books.balances() == {"clearing:test": 3_568, "customer_funds": 3_600, "provider_fees": 32}
    books.hand_over(order)
    books.book_changed(order)
    assert books.balances() == {
        "clearing:test": 3_568, "provider_fees": 32, "sales": 3_000, "delivery_income": 600,
        "commission_expense": 225, "commission_frozen:leader": 225,
    }  # fmt: skip
    assert books.proof().holds


def test_cash_at_the_pickup_point_is_with_its_leader(books: StoreBooks) -> None:
    order = books.order(1_250, method=None)
    books.book_changed(order)
    assert books.balances() == {}
    books.hand_over(order)
    books.book_changed(order)
    assert books.balances() == {
        "cash:leader:point": 1_250, "sales": 1_250, "commission_expense": 94, "commission_frozen:leader": 94,
    }  # fmt: skip


def test_an_unwanted_payment_came_in_for_its_order_and_is_owed_back(books: StoreBooks) -> None:
    order = books.order(1_000)
    wanted, late = books.pay(order, 1_000), books.pay(order, 1_000, applied="returned")
    books.book_paid(order, wanted)
    books.book_paid(order, late)
    books.book_refund(order, books.refund(order, 1_000))
    assert books.balances() == {"clearing:test": 2_000, "customer_funds": 1_000, "refunds_payable": 1_000}
    books.arrive(late, "R", 1_000)
    books.book_given_back(order, late, "R")
    assert books.balances() == {"clearing:test": 1_000, "customer_funds": 1_000}
    proof = books.proof()
    assert (proof.captured, proof.settled, proof.refunded, proof.held) == (2_000, 0, 1_000, 1_000)


def test_a_forfeited_deposit_is_the_brands(books: StoreBooks) -> None:
    order = books.order(10_000, paid=3_000, deposit_minor=3_000)
    books.book_paid(order, books.pay(order, 3_000))
    assert books.balances() == {"clearing:test": 3_000, "deposits": 3_000}
    books.change(order, forfeited_at=clock.now())
    books.book_changed(order)
    assert books.balances() == {"clearing:test": 3_000, "forfeited": 3_000}


def test_commission_is_frozen_until_the_window_ends_and_reversed_in_proportion_also_after_it(books: StoreBooks) -> None:
    order = books.order(1_000)
    payment = books.pay(order, 1_000)
    books.book_paid(order, payment)
    picked_up = books.hand_over(order).picked_up_at
    books.book_changed(order)
    ends = picked_up + timedelta(days=15)
    assert books.of_order(order).due_at == ends
    releasing.release(books.tenant_id, order.id, ends)  # at this instant a member may still ask
    assert books.balance(f"commission_payable:{books.store.leader_id}") == 0
    for _ in range(3):
        releasing.release(books.tenant_id, order.id, ends + timedelta(milliseconds=1))
    assert books.balance(f"commission_payable:{books.store.leader_id}") == 75
    books.book_refund(order, books.refund(order, 400, stands=True))
    assert books.balances() == {
        "clearing:test": 1_000, "sales": 1_000, "sales_returns": 400, "refunds_payable": 400,
        "commission_expense": 45, "commission_payable:leader": 45,
    }  # fmt: skip
    assert books.proof().holds


def test_a_pickup_point_that_is_handed_on_leaves_what_was_earned_with_who_earned_it(books: StoreBooks) -> None:
    """The message of the handover comes late: by then somebody else leads the point, at another rate."""
    order = books.order(1_000)
    books.book_paid(order, books.pay(order, 1_000))
    books.hand_over(order)
    after = clock.now() + timedelta(seconds=1)
    books.hand_on(books.store.member(1), after)
    books.book_changed(order)
    assert books.of_order(order).leader_id == books.store.leader_id
    later = books.order(1_000)
    books.book_paid(later, books.pay(later, 1_000))
    books.hand_over(later, after + timedelta(hours=1))
    books.book_changed(later)
    assert books.of_order(later).leader_id == books.store.member(1)


def test_cash_that_was_taken_with_a_part_is_with_who_led_then_however_late_it_is_told(books: StoreBooks) -> None:
    store, at = books.store, clock.now()
    order = store.place(books.campaign, 2)
    store.lock(books.campaign)
    store.bring(order, at)
    part = {order.lines[0].offer_id: 1}
    code, point = order.pickup_code, store.point_id
    pickup.hand_over(store.tenant_id, order.id, code, point, store.staff, "first", at, part)
    second = store.member(1)
    books.hand_on(second, at + timedelta(seconds=30))
    pickup.hand_over(
        store.tenant_id, order.id, code, point, store.staff, "last", at + timedelta(minutes=2), None
    )  # fmt: skip
    bring_up_to_date(store.tenant_id, order.id, at + timedelta(minutes=3))
    assert standing(store.tenant_id, store.leader_id).cash_minor == order.total_minor
    assert standing(store.tenant_id, second).cash_minor == 0


def test_a_zero_price_exchange_books_and_earns_nothing(books: StoreBooks) -> None:
    order = books.order(0, paid=0, origin="01J9ZQ0W7N8RXC5B2M4T6V8Y0A")
    books.hand_over(order)
    books.book_changed(order)
    assert books.balances() == {}


def test_messages_in_any_order_and_number_come_to_the_same_books(books: StoreBooks) -> None:
    """Paid ¥36.00, ¥10.00 short, handed over, ¥5.00 returned, both refunds arrived."""
    ends, shuffled = set(), _shuffled(6)
    for messages in shuffled:
        order = books.order(3_000, delivery_minor=600)
        payment = books.pay(order, 3_600)
        books.change(order, stored_lines=[[*order.stored_lines[0][:3], 2_000, 0]])
        short = books.refund(order, 1_000)
        books.hand_over(order)
        back = books.refund(order, 500, stands=True)
        books.arrive(payment, short, 1_000)
        books.arrive(payment, back, 500)
        steps = [
            lambda o=order, p=payment: books.book_paid(o, p),
            lambda o=order, r=short: books.book_refund(o, r),
            lambda o=order, r=back: books.book_refund(o, r),
            lambda o=order: books.book_changed(o),
            lambda o=order, p=payment, r=short: books.book_given_back(o, p, r),
            lambda o=order, p=payment, r=back: books.book_given_back(o, p, r),
        ]
        for step in messages:
            steps[step]()
        book = books.of_order(order)
        ends.add((book.position, book.earned, int(book.received_minor), int(book.refunded_minor)))
    assert len(ends) == 1
    times = len(shuffled)
    assert books.balances() == {account: amount * times for account, amount in _EACH.items()}
    proof = books.proof()
    assert proof.holds
    assert (proof.captured, proof.refunded, proof.held) == (3_600 * times, 1_500 * times, 0)


_EACH = {
    "clearing:test": 2_100, "sales": 2_000, "delivery_income": 600, "sales_returns": 500,
    "commission_expense": 113, "commission_frozen:leader": 113,
}  # fmt: skip


def _shuffled(count: int) -> list[list[int]]:
    """A spread of the orders that messages can come in; in every other one, each comes twice. That every order leads
    to the same is shown of the rules, in ``test_position``.
    """
    orders = list(itertools.permutations(range(count)))[:: 720 // 6]
    return [list(order) + (list(reversed(order)) if n % 2 else []) for n, order in enumerate(orders)]


@pytest.mark.parametrize("step", ["paid", "handed over", "refund", "release"])
def test_a_journal_costs_so_many_requests(books: StoreBooks, step: str) -> None:
    """A payment or refund: its record, order and book, one write. A handover: campaign and pickup point as well."""
    order = books.order(1_000)
    payment = books.pay(order, 1_000)
    if step != "paid":
        books.book_paid(order, payment)
    if step in ("handed over", "release"):
        books.hand_over(order)
    if step == "release":
        books.book_changed(order)
    refund = books.refund(order, 100) if step == "refund" else ""
    end = clock.now() + timedelta(days=16)
    with metered() as cost:
        {
            "paid": lambda: books.book_paid(order, payment),
            "handed over": lambda: books.book_changed(order),
            "refund": lambda: books.book_refund(order, refund),
            "release": lambda: releasing.release(books.tenant_id, order.id, end),
        }[step]()
    assert (cost.reads, cost.writes) == ((1, 1) if step == "release" else (2, 1))


def test_an_order_of_no_price_counts_as_ended_and_no_longer_when_it_is_given_back(books: StoreBooks) -> None:
    free, given_back = books.order(0, paid=0), books.order(1_000)
    payment = books.pay(given_back, 1_000)
    books.book_paid(given_back, payment)
    for order in (free, given_back):
        books.hand_over(order)
        for _ in range(2):
            books.book_changed(order)
    assert campaigns.result(books.tenant_id, books.campaign.id).recognised == 2
    refund = books.refund(given_back, 1_000, stands=True)
    books.change(given_back, status="refunded")
    books.book_refund(given_back, refund)
    assert campaigns.result(books.tenant_id, books.campaign.id).recognised == 1


def test_many_workers_with_the_same_messages_book_once(books: StoreBooks) -> None:
    order = books.order(1_000)
    payment = books.pay(order, 1_000)
    books.hand_over(order)
    refund = books.refund(order, 400, stands=True)

    def work() -> None:
        with tenant_scope(books.tenant_id):
            for deliver in (
                lambda: books.book_paid(order, payment),
                lambda: books.book_changed(order),
                lambda: books.book_refund(order, refund),
            ):
                _until_done(deliver)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert books.balances() == {
        "clearing:test": 1_000, "sales": 1_000, "sales_returns": 400, "refunds_payable": 400,
        "commission_expense": 45, "commission_frozen:leader": 45,
    }  # fmt: skip
    assert books.proof().holds


def _until_done(deliver: Callable[[], None]) -> None:
    """Delivers a message again and again, as its queue does."""
    while True:
        try:
            return deliver()
        except Unavailable:
            continue
