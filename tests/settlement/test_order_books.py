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
from tests.settlement.office import Office


def test_money_paid_online_is_held_sold_at_the_handover_and_earns_commission(office: Office) -> None:
    """¥36.00: goods of ¥30.00 and delivery of ¥6.00. The provider keeps 0.6 % and ¥0.10; the leader earns 7.5 %."""
    order = office.order(3_000, delivery_minor=600)
    office.tell_paid(order, office.pay(order, 3_600, fee=(60, 10)))
    assert office.books() == {"clearing:test": 3_568, "customer_funds": 3_600, "provider_fees": 32}
    office.hand_over(order)
    office.tell_changed(order)
    assert office.books() == {
        "clearing:test": 3_568, "provider_fees": 32, "sales": 3_000, "delivery_income": 600,
        "commission_expense": 225, "commission_frozen:leader": 225,
    }  # fmt: skip
    assert office.proof().holds


def test_cash_at_the_pickup_point_is_with_its_leader(office: Office) -> None:
    order = office.order(1_250, method=None)
    office.tell_changed(order)
    assert office.books() == {}
    office.hand_over(order)
    office.tell_changed(order)
    assert office.books() == {
        "cash:leader:point": 1_250, "sales": 1_250, "commission_expense": 94, "commission_frozen:leader": 94,
    }  # fmt: skip


def test_an_unwanted_payment_is_owed_back_and_never_touches_its_order(office: Office) -> None:
    order = office.order(1_000)
    wanted, late = office.pay(order, 1_000), office.pay(order, 1_000, applied="returned")
    office.tell_paid(order, wanted)
    office.tell_paid(order, late)
    assert office.books() == {"clearing:test": 2_000, "customer_funds": 1_000, "refunds_payable": 1_000}
    office.arrive(late, "R", 1_000)
    office.tell_given_back(order, late, "R")
    assert office.books() == {"clearing:test": 1_000, "customer_funds": 1_000}
    proof = office.proof()
    assert (proof.captured, proof.settled, proof.refunded, proof.held) == (2_000, 0, 1_000, 1_000)


def test_a_forfeited_deposit_is_the_brands(office: Office) -> None:
    order = office.order(10_000, paid=3_000, deposit_minor=3_000)
    office.tell_paid(order, office.pay(order, 3_000))
    assert office.books() == {"clearing:test": 3_000, "deposits": 3_000}
    office.change(order, forfeited_at=clock.now())
    office.tell_changed(order)
    assert office.books() == {"clearing:test": 3_000, "forfeited": 3_000}


def test_commission_is_frozen_until_the_window_ends_and_reversed_in_proportion_also_after_it(office: Office) -> None:
    order = office.order(1_000)
    payment = office.pay(order, 1_000)
    office.tell_paid(order, payment)
    picked_up = office.hand_over(order).picked_up_at
    office.tell_changed(order)
    ends = picked_up + timedelta(days=15)
    assert office.book(order).due_at == ends
    releasing.release(office.tenant_id, order.id, ends - timedelta(seconds=1))
    assert office.balance(f"commission_payable:{office.stage.leader_id}") == 0
    for _ in range(3):
        releasing.release(office.tenant_id, order.id, ends)
    assert office.balance(f"commission_payable:{office.stage.leader_id}") == 75
    office.tell_refund(order, office.refund(order, 400, stands=True))
    assert office.books() == {
        "clearing:test": 1_000, "sales": 1_000, "sales_returns": 400, "refunds_payable": 400,
        "commission_expense": 45, "commission_payable:leader": 45,
    }  # fmt: skip
    assert office.proof().holds


def test_a_pickup_point_that_is_handed_on_leaves_what_was_earned_with_who_earned_it(office: Office) -> None:
    """The message of the handover comes late: by then somebody else leads the point, at another rate."""
    order = office.order(1_000)
    office.tell_paid(order, office.pay(order, 1_000))
    office.hand_over(order)
    after = clock.now() + timedelta(seconds=1)
    office.hand_on(office.stage.member(1), after)
    office.tell_changed(order)
    assert office.book(order).leader_id == office.stage.leader_id
    later = office.order(1_000)
    office.tell_paid(later, office.pay(later, 1_000))
    office.hand_over(later, after + timedelta(hours=1))
    office.tell_changed(later)
    assert office.book(later).leader_id == office.stage.member(1)


def test_cash_that_was_taken_with_a_part_is_with_who_led_then_however_late_it_is_told(office: Office) -> None:
    stage, at = office.stage, clock.now()
    order = stage.place(office.campaign, 2)
    stage.lock(office.campaign)
    part = {order.lines[0].offer_id: 1}
    code, point = order.pickup_code, stage.point_id
    pickup.hand_over(stage.tenant_id, order.id, code, point, stage.staff, "first", at, part)
    second = stage.member(1)
    office.hand_on(second, at + timedelta(seconds=30))
    pickup.hand_over(
        stage.tenant_id, order.id, code, point, stage.staff, "last", at + timedelta(minutes=2), None
    )  # fmt: skip
    bring_up_to_date(stage.tenant_id, order.id, at + timedelta(minutes=3))
    assert standing(stage.tenant_id, stage.leader_id).cash_minor == order.total_minor
    assert standing(stage.tenant_id, second).cash_minor == 0


def test_a_zero_price_exchange_books_and_earns_nothing(office: Office) -> None:
    order = office.order(0, paid=0, origin="01J9ZQ0W7N8RXC5B2M4T6V8Y0A")
    office.hand_over(order)
    office.tell_changed(order)
    assert office.books() == {}


def test_messages_in_any_order_and_number_come_to_the_same_books(office: Office) -> None:
    """Paid ¥36.00, ¥10.00 short, handed over, ¥5.00 returned, both refunds arrived."""
    ends, shuffled = set(), _shuffled(6)
    for messages in shuffled:
        order = office.order(3_000, delivery_minor=600)
        payment = office.pay(order, 3_600)
        office.change(order, stored_lines=[[*order.stored_lines[0][:3], 2_000, 0]])
        short = office.refund(order, 1_000)
        office.hand_over(order)
        back = office.refund(order, 500, stands=True)
        office.arrive(payment, short, 1_000)
        office.arrive(payment, back, 500)
        steps = [
            lambda o=order, p=payment: office.tell_paid(o, p),
            lambda o=order, r=short: office.tell_refund(o, r),
            lambda o=order, r=back: office.tell_refund(o, r),
            lambda o=order: office.tell_changed(o),
            lambda o=order, p=payment, r=short: office.tell_given_back(o, p, r),
            lambda o=order, p=payment, r=back: office.tell_given_back(o, p, r),
        ]
        for step in messages:
            steps[step]()
        book = office.book(order)
        ends.add((book.position, book.earned, int(book.received_minor), int(book.refunded_minor)))
    assert len(ends) == 1
    times = len(shuffled)
    assert office.books() == {account: amount * times for account, amount in _EACH.items()}
    proof = office.proof()
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


@pytest.mark.parametrize("told", ["paid", "handed over", "refund", "release"])
def test_a_journal_costs_so_many_requests(office: Office, told: str) -> None:
    """A payment or refund: its record, order and book, one write. A handover: campaign and pickup point as well."""
    order = office.order(1_000)
    payment = office.pay(order, 1_000)
    if told != "paid":
        office.tell_paid(order, payment)
    if told in ("handed over", "release"):
        office.hand_over(order)
    if told == "release":
        office.tell_changed(order)
    refund = office.refund(order, 100) if told == "refund" else ""
    end = clock.now() + timedelta(days=16)
    with metered() as cost:
        {
            "paid": lambda: office.tell_paid(order, payment),
            "handed over": lambda: office.tell_changed(order),
            "refund": lambda: office.tell_refund(order, refund),
            "release": lambda: releasing.release(office.tenant_id, order.id, end),
        }[told]()
    assert (cost.reads, cost.writes) == ((1, 1) if told == "release" else (2, 1))


def test_an_order_of_no_price_counts_as_ended_and_no_longer_when_it_is_given_back(office: Office) -> None:
    free, given_back = office.order(0, paid=0), office.order(1_000)
    payment = office.pay(given_back, 1_000)
    office.tell_paid(given_back, payment)
    for order in (free, given_back):
        office.hand_over(order)
        for _ in range(2):
            office.tell_changed(order)
    assert campaigns.result(office.tenant_id, office.campaign.id).recognised == 2
    refund = office.refund(given_back, 1_000, stands=True)
    office.change(given_back, status="refunded")
    office.tell_refund(given_back, refund)
    assert campaigns.result(office.tenant_id, office.campaign.id).recognised == 1


def test_many_workers_with_the_same_messages_book_once(office: Office) -> None:
    order = office.order(1_000)
    payment = office.pay(order, 1_000)
    office.hand_over(order)
    refund = office.refund(order, 400, stands=True)

    def work() -> None:
        with tenant_scope(office.tenant_id):
            for deliver in (
                lambda: office.tell_paid(order, payment),
                lambda: office.tell_changed(order),
                lambda: office.tell_refund(order, refund),
            ):
                _until_done(deliver)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert office.books() == {
        "clearing:test": 1_000, "sales": 1_000, "sales_returns": 400, "refunds_payable": 400,
        "commission_expense": 45, "commission_frozen:leader": 45,
    }  # fmt: skip
    assert office.proof().holds


def _until_done(deliver: Callable[[], None]) -> None:
    """Delivers a message again and again, as its queue does."""
    while True:
        try:
            return deliver()
        except Unavailable:
            continue
