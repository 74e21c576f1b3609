"""Three facts (paid, refunded, closed), told in every order and three times each: one state in the end."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import permutations

import pytest

from chalicelib.db import tenant_scope
from chalicelib.kernel import clock
from chalicelib.payments.model import State
from chalicelib.payments.service import refunding, settling, webhooks
from tests.builders import Shop, made
from tests.payments.till import Till

EVENTS = ("paid", "refunded", "closed")
ORDERS = list(permutations(EVENTS))


@pytest.fixture
def tills(shop: Shop) -> Iterator[Iterator[Till]]:
    """As many held orders as a test takes, in the scope of their tenant."""
    campaign = shop.campaign(offers=[shop.offer(quantity=2000)], payment_methods=["test"])

    def opened() -> Iterator[Till]:
        while True:
            yield Till(shop, campaign)

    with tenant_scope(shop.tenant_id):
        yield opened()


def delivered(till: Till, payment_id: str, event: str) -> None:
    """One delivery: ``paid`` as the provider's message, ``closed`` as the reconciler's look at its first due time,
    ``refunded`` as the queue's message about every refund that there is.
    """
    now = clock.now()
    if event == "paid":
        webhooks.take(till.tenant_id, "test", *till.provider.message(payment_id, "succeeded", now), now)
    elif event == "closed":
        settling.reconcile(till.tenant_id, payment_id, now + timedelta(minutes=6))
    else:
        for refund_id in till.refund_ids():
            refunding.refund(till.tenant_id, till.order["id"], refund_id, now)
        refunding.carry_out(till.payment(payment_id), now)


@pytest.mark.parametrize("happens_at", [1, 3])
def test_a_payer_who_pays_is_believed_once_whatever_is_told_when(tills: Iterator[Till], happens_at: int) -> None:
    """The payer pays before the nth fact is told, or after all: the order is paid, once."""
    for order in ORDERS:
        till = next(tills)
        payment_id = made(till.start())["id"]
        for position, event in enumerate((*order, "paid")):
            if position == happens_at:
                till.press(payment_id)
            for _ in range(3):
                delivered(till, payment_id, event)

        payment, stored = till.payment(payment_id), till.order_record()
        assert (payment.state, payment.applied, payment.left_minor) == (State.SUCCEEDED, "captured", 1800)
        assert (stored.status, stored.paid_minor, till.given_back(payment_id)) == ("placed", 1800, 0)


@pytest.mark.parametrize("cancelled_at", [0, 2])
def test_money_of_a_cancelled_order_is_back_once_whatever_is_told_when(
    tills: Iterator[Till], cancelled_at: int
) -> None:
    """The order is cancelled before the nth fact is told: its refund, or money that nobody wanted, it is all back."""
    for order in ORDERS:
        till = next(tills)
        payment_id = made(till.start())["id"]
        till.press(payment_id)
        for position, event in enumerate((*order, "paid", "refunded")):
            if position == cancelled_at:
                till.cancel()
            for _ in range(3):
                delivered(till, payment_id, event)

        payment = till.payment(payment_id)
        assert (till.order_record().status, till.given_back(payment_id)) == ("cancelled", 1800)
        assert (payment.state, payment.left_minor) == (State.SUCCEEDED, 0)
        assert set(till.refund_states()) <= {"succeeded"}


def test_what_was_closed_unpaid_stays_so_whatever_is_told_when(tills: Iterator[Till]) -> None:
    for order in ORDERS:
        till = next(tills)
        payment_id = made(till.start())["id"]
        till.cancel()
        delivered(till, payment_id, "closed")
        till.press(payment_id)
        for event in order * 3:
            delivered(till, payment_id, event)

        assert till.payment(payment_id).state is State.CLOSED
        assert (till.order_record().status, till.given_back(payment_id)) == ("cancelled", 0)


def test_a_crowd_of_messages_at_once_has_one_effect(tills: Iterator[Till]) -> None:
    """Deliveries and the reconciler meet the cancellation: paid once and back once, or never wanted and back once."""
    till = next(tills)
    payment_id = made(till.start())["id"]
    till.press(payment_id)

    def deliver(n: int) -> None:
        with tenant_scope(till.tenant_id):
            if n == 4:
                till.cancel()
            else:
                delivered(till, payment_id, "closed" if n % 4 == 3 else "paid")

    with ThreadPoolExecutor(8) as pool:
        for _ in pool.map(deliver, range(9)):
            pass
    delivered(till, payment_id, "refunded")

    assert (till.order_record().status, till.given_back(payment_id)) == ("cancelled", 1800)
    assert (till.payment(payment_id).state, till.payment(payment_id).left_minor) == (State.SUCCEEDED, 0)
