"""What a payment costs in requests and capacity units, with Stripe; the provider's own requests are counted beside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from chalicelib.db import tenant_scope
from chalicelib.db.meter import metered
from chalicelib.kernel import clock
from chalicelib.payments.records import PaymentRecord
from chalicelib.payments.service import refunding, starting, webhooks
from tests.builders import Shop, made
from tests.payments.checkout import Checkout
from tests.payments.fake_stripe import FakeStripe


@dataclass(frozen=True)
class Cost:
    """Read requests and transactions, units read, written to the table and to its indexes; requests to the provider.
    Units of batches are not reported.
    """

    reads: int
    transactions: int
    read_units: float
    write_units: float
    index_units: float
    provider: int


@pytest.fixture
def checkout(shop: Shop, stripe_side: FakeStripe) -> Checkout:
    return Checkout(shop, method="stripe")


def test_starting_paying_and_refunding(checkout: Checkout, stripe_side: FakeStripe) -> None:
    def cost(ask: Callable[[], object]) -> Cost:
        calls = stripe_side.calls
        with metered() as m:
            ask()
        calls = stripe_side.calls - calls
        return Cost(m.reads, m.writes, m.read_units, m.write_units, m.index_write_units, calls)

    def start() -> PaymentRecord:
        asked = starting.Request(checkout.tenant_id, checkout.shop.shopper.id, checkout.order["id"], "key", "hash")
        return starting.start(asked, starting.Wish("", "", "https://shop.example"), clock.now())

    def notify() -> None:
        webhooks.take(checkout.tenant_id, "stripe", *stripe_side.message(payment_id), clock.now())

    def refund() -> None:
        refunding.refund(checkout.tenant_id, checkout.order["id"], refund_id, clock.now())

    with tenant_scope(checkout.tenant_id):
        # The payment is created and counted, its order held to what it was, the provider's answer added: four items.
        assert cost(start) == Cost(3, 2, 2.0, 8.0, 3.0, 1)
        payment_id = start().id
        assert cost(start) == Cost(2, 0, 1.0, 0.0, 0.0, 0), "the first answer again"

        # The payment, its order and the stock bucket of its line, in one transaction.
        stripe_side.pay(payment_id)
        assert cost(notify) == Cost(3, 1, 3.0, 6.0, 5.0, 1)
        assert cost(notify) == Cost(2, 0, 2.0, 0.0, 0.0, 0), "the message comes again"

        # Reserved on the payment, then booked on it and on the refund; Stripe is asked if it is there, then for it.
        checkout.cancel()
        (refund_id,) = checkout.refund_ids()
        assert cost(refund) == Cost(5, 2, 3.5, 6.0, 4.0, 2)
        assert cost(refund) == Cost(1, 0, 1.0, 0.0, 0.0, 0), "the event comes again"


def test_a_payment_with_its_clients_secret_fits_into_a_kilobyte(checkout: Checkout, stripe_side: FakeStripe) -> None:
    payment = checkout.payment(str(made(checkout.start())["id"]))

    size = sum(len(name) + len(str(next(iter(value.values())))) for name, value in payment.serialize().items())
    assert size < 1024
