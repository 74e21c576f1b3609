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
from chalicelib.payments.service import reconciling, refunding, webhooks
from tests.builders import Shop, made
from tests.payments.checkout import Checkout

EVENTS = ("paid", "refunded", "closed")
ORDERS = list(permutations(EVENTS))


@pytest.fixture
def checkouts(shop: Shop) -> Iterator[Iterator[Checkout]]:
    """As many held orders as a test takes, in the scope of their tenant."""
    campaign = shop.campaign(offers=[shop.offer(quantity=2000)], payment_methods=["test"])

    def opened() -> Iterator[Checkout]:
        while True:
            yield Checkout(shop, campaign)

    with tenant_scope(shop.tenant_id):
        yield opened()


def delivered(checkout: Checkout, payment_id: str, event: str) -> None:
    """One delivery: ``paid`` as the provider's message, ``closed`` as the reconciler's look at its first due time,
    ``refunded`` as the queue's message about every refund that there is.
    """
    now = clock.now()
    if event == "paid":
        webhooks.take(checkout.tenant_id, "test", *checkout.provider.message(payment_id, "succeeded", now), now)
    elif event == "closed":
        reconciling.reconcile_due(checkout.tenant_id, payment_id, now + timedelta(minutes=6))
    else:
        for refund_id in checkout.refund_ids():
            refunding.refund(checkout.tenant_id, checkout.order["id"], refund_id, now)
        refunding.carry_out(checkout.payment(payment_id), now)


@pytest.mark.parametrize("happens_at", [1, 3])
def test_a_paid_order_is_paid_once_whichever_message_comes_when(checkouts: Iterator[Checkout], happens_at: int) -> None:
    """The payer pays before the nth message, or after all: the order is paid, once."""
    for order in ORDERS:
        checkout = next(checkouts)
        payment_id = made(checkout.start())["id"]
        for position, event in enumerate((*order, "paid")):
            if position == happens_at:
                checkout.pay(payment_id)
            for _ in range(3):
                delivered(checkout, payment_id, event)

        payment, stored = checkout.payment(payment_id), checkout.order_record()
        assert (payment.state, payment.applied, payment.left_minor) == (State.SUCCEEDED, "captured", 1800)
        assert (stored.status, stored.paid_minor, checkout.given_back(payment_id)) == ("placed", 1800, 0)


@pytest.mark.parametrize("cancelled_at", [0, 2])
def test_money_of_a_cancelled_order_goes_back_once_whichever_message_comes_when(
    checkouts: Iterator[Checkout], cancelled_at: int
) -> None:
    """The order is cancelled before the nth message: its refund, or money that nobody wanted, it is all back."""
    for order in ORDERS:
        checkout = next(checkouts)
        payment_id = made(checkout.start())["id"]
        checkout.pay(payment_id)
        for position, event in enumerate((*order, "paid", "refunded")):
            if position == cancelled_at:
                checkout.cancel()
            for _ in range(3):
                delivered(checkout, payment_id, event)

        payment = checkout.payment(payment_id)
        assert (checkout.order_record().status, checkout.given_back(payment_id)) == ("cancelled", 1800)
        assert (payment.state, payment.left_minor) == (State.SUCCEEDED, 0)
        assert set(checkout.refund_states()) <= {"succeeded"}


def test_what_was_closed_unpaid_stays_so_whichever_message_comes_when(checkouts: Iterator[Checkout]) -> None:
    for order in ORDERS:
        checkout = next(checkouts)
        payment_id = made(checkout.start())["id"]
        checkout.cancel()
        delivered(checkout, payment_id, "closed")
        checkout.pay(payment_id)
        for event in order * 3:
            delivered(checkout, payment_id, event)

        assert checkout.payment(payment_id).state is State.CLOSED
        assert (checkout.order_record().status, checkout.given_back(payment_id)) == ("cancelled", 0)


def test_a_crowd_of_messages_at_once_has_one_effect(checkouts: Iterator[Checkout]) -> None:
    """Deliveries and the reconciler meet the cancellation: paid once and back once, or never wanted and back once."""
    checkout = next(checkouts)
    payment_id = made(checkout.start())["id"]
    checkout.pay(payment_id)

    def deliver(n: int) -> None:
        with tenant_scope(checkout.tenant_id):
            if n == 4:
                checkout.cancel()
            else:
                delivered(checkout, payment_id, "closed" if n % 4 == 3 else "paid")

    with ThreadPoolExecutor(8) as pool:
        for _ in pool.map(deliver, range(9)):
            pass
    delivered(checkout, payment_id, "refunded")

    assert (checkout.order_record().status, checkout.given_back(payment_id)) == ("cancelled", 1800)
    assert (checkout.payment(payment_id).state, checkout.payment(payment_id).left_minor) == (State.SUCCEEDED, 0)
