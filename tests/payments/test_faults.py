"""Whatever fails while an order is paid and its money goes back: repeated, it has happened once.

Each use case is run once to learn its requests: to DynamoDB, to SQS, and to the payment provider. Then it is run for
each of them and each kind of fault, alone and in a series, and repeated as its caller (a client, a provider, a queue,
the stream, the sweep) would.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from pynamodb.exceptions import PynamoDBException

from chalicelib.db import Transaction, tenant_scope
from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.errors import Unavailable
from chalicelib.messaging import relay, sweep
from chalicelib.orders.refunds import service as refunds
from chalicelib.payments.events import consumer
from chalicelib.payments.model import State
from chalicelib.payments.providers import transport
from chalicelib.payments.records import PaymentRecord
from chalicelib.payments.service import reconciling, refunding, starting, webhooks
from chalicelib.payments.service.reading import of_order
from chalicelib.settings import settings
from infra.local import application
from infra.local.engine import Engine
from infra.local.pump import Pump
from infra.local.resources import Resources
from infra.local.sources import number_of
from tests.builders import Shop
from tests.conftest import Clock
from tests.faults import COMBINATIONS, KINDS, Faults, Killed, patched
from tests.payments.checkout import Checkout
from tests.payments.fake_stripe import Answer, FakeStripe

SERIES = 40
"""More failures in a row than all retries of one request."""

FIRST_LOOK = timedelta(minutes=6)


@dataclass
class EveryFault(Faults):
    """Also lets requests to the provider fail, in the order in which they come between the others."""

    def at_provider(self, ask: Callable[[], Answer]) -> Answer:
        """Sends a request to the provider, or lets it fail. A conflict is the same request still being carried out."""
        position = len(self.seen)
        self.seen.append("provider")
        if self.kind is None or not self.at <= position < self.at + self.times:
            return ask()
        self.hits += 1
        if self.kind == "connection_lost":
            raise transport.urllib3.exceptions.ProtocolError("lost")
        if self.kind in ("timed_out_after_landing", "killed"):
            ask()
            if self.kind == "killed":
                raise Killed
            raise transport.urllib3.exceptions.ReadTimeoutError(None, "", "timed out")  # type: ignore[arg-type]
        return Answer({"throttled": 429, "error_500": 500, "conflict": 409}[self.kind], b"{}")


class FaultyStripe:
    """Stripe behind a network that fails."""

    def __init__(self, side: FakeStripe, faults: EveryFault) -> None:
        self._side, self._faults = side, faults

    def request(self, *given: Any, **more: Any) -> Answer:
        return self._faults.at_provider(lambda: self._side.request(*given, **more))


@pytest.fixture
def faults(stripe_side: FakeStripe, record_property: Callable[[str, object], None]) -> Iterator[EveryFault]:
    """Nothing fails until the test arms it."""
    injected = EveryFault()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("time.sleep", lambda _: None)
        patch.setattr(transport, "_pool", lambda: FaultyStripe(stripe_side, injected))
        patched(injected, patch)
        yield injected
    record_property(COMBINATIONS, injected.combinations)


@dataclass
class Setup:
    """Orders that wait for a payment with Stripe, and the functions as AWS drives them."""

    shop: Shop
    campaign: Any
    stripe: FakeStripe
    pump: Pump

    def checkout(self) -> Checkout:
        return Checkout(self.shop, self.campaign, "stripe")

    def start(self, checkout: Checkout, key: str = "key") -> PaymentRecord:
        asked = starting.Request(checkout.tenant_id, self.shop.shopper.id, checkout.order["id"], key, "hash")
        return starting.start(asked, starting.Wish("", "", "https://shop.example"), product_clock.now())

    def started(self) -> tuple[Checkout, str]:
        checkout = self.checkout()
        return checkout, self.start(checkout).id

    def paid(self) -> tuple[Checkout, str]:
        """The payer has paid at Stripe, and the shop knows."""
        checkout = self.checkout()
        payment = self.start(checkout)
        self.stripe.pay(payment.id)
        reconciling.reconcile(payment, product_clock.now())
        return checkout, payment.id

    def request_refund(self, checkout: Checkout, amount_minor: int, cause: str) -> str:
        """Part of an order's money is to go back while its total stands; the refund's id."""
        order, tx = checkout.order_record(), Transaction()
        why = {"cause": cause, "reason": None, "by": "system"}
        refund = refunds.request(tx, order, amount_minor, now=product_clock.now(), stands=True, **why)
        assert refund is not None
        tx.replace("order", order)
        tx.commit()
        return refund.id

    def relay(self) -> bool:
        """Hands the changes that wait to the relay, for the queue of payments alone; False when there are none."""
        table = settings().tenant_table
        records = self.pump.engine.records(table, 100)
        if records and not relay({"Records": records}, [consumer])["batchItemFailures"]:
            self.pump.engine.taken(table, number_of(records[-1]))
        return bool(records)

    def work(self) -> None:
        """Works off the queue of payments; the other domains' messages stay where they are."""
        (queue,) = [each for each in self.pump.queues if each.function == "payments_worker"]
        while self.pump.take_queue(queue):
            pass

    def back(self, payment_id: str) -> int:
        return self.stripe.given_back(self.stripe.intent_of(payment_id)["id"])


@pytest.fixture
def setup(
    shop: Shop, stripe_side: FakeStripe, engine: Engine, _engine_process: tuple[Engine, Resources]
) -> Iterator[Setup]:
    campaign = shop.campaign(offers=[shop.offer(quantity=5000)], payment_methods=["stripe"])
    _ = shop.shopper
    with tenant_scope(shop.tenant_id):
        yield Setup(shop, campaign, stripe_side, Pump(application.load(), *_engine_process))


Case = tuple[Callable[[], Any], Callable[[], None]]
"""What is asked, and repeated after a failure; and what must be so in the end."""


once_and_in_a_row = pytest.mark.parametrize("times", [SERIES, pytest.param(1, marks=pytest.mark.verify)])
"""A single failure is mostly hidden by the layers below, which have tests of their own."""


def repeated(faults: EveryFault, ask: Callable[[], Any]) -> None:
    """Asks until it is answered; after a failure that reached the caller nothing fails more."""
    for _ in range(4):
        try:
            ask()
        except (PynamoDBException, Unavailable, Killed):
            faults.arm(None)
        else:
            return
    raise AssertionError("no answer")


def every_fault(faults: EveryFault, case: Callable[[], Case], times: int, wanted: str = "") -> int:
    """Every kind of fault at every request of a case (or those named ``wanted``); returns how many there were."""
    faults.arm(None)
    ask, check = case()
    faults.arm(None)
    ask()
    requests, count = list(faults.seen), 0
    check()
    for kind in KINDS:
        for at in (at for at, name in enumerate(requests) if wanted in name):
            faults.arm(None)
            ask, check = case()
            faults.arm(kind, at, times)
            repeated(faults, ask)
            faults.arm(None)
            ask()
            check()
            count += 1
    sys.stdout.write(f"{count} combinations of a fault and a request: {', '.join(requests)}\n")
    return count


@once_and_in_a_row
def test_starting(faults: EveryFault, setup: Setup, times: int) -> None:
    faults.of("pay")

    def case() -> Case:
        checkout = setup.checkout()

        def check() -> None:
            payment = setup.start(checkout)
            assert (payment.state, setup.stripe.intent_of(payment.id)["amount"]) == (State.PENDING, 1800)
            assert len(of_order(checkout.tenant_id, checkout.order["id"])) == 1

        return lambda: setup.start(checkout), check

    assert every_fault(faults, case, times) == 6 * 6
    assert len(setup.stripe.intents) == 37


@once_and_in_a_row
def test_taking_what_a_message_says(faults: EveryFault, setup: Setup, times: int) -> None:
    faults.of("pay")

    def case() -> Case:
        checkout, payment_id = setup.started()
        setup.stripe.pay(payment_id)
        message = setup.stripe.message(payment_id)

        def check() -> None:
            order, payment = checkout.order_record(), checkout.payment(payment_id)
            assert (order.status, order.paid_minor) == ("placed", 1800)
            assert (payment.state, payment.applied, setup.back(payment_id)) == (State.SUCCEEDED, "captured", 0)

        return lambda: webhooks.take(checkout.tenant_id, "stripe", *message, product_clock.now()), check

    assert every_fault(faults, case, times)


@pytest.mark.verify
@pytest.mark.parametrize("times", [SERIES, 1])
def test_reconciling_money_that_no_order_wants(faults: EveryFault, setup: Setup, times: int) -> None:
    """No message came, the order was cancelled: the reconciler finds the money and gives it back."""
    faults.of("pay")

    def case() -> Case:
        checkout, payment_id = setup.started()
        setup.stripe.pay(payment_id)
        checkout.cancel()
        looks = iter(range(1, 100))

        def check() -> None:
            payment = checkout.payment(payment_id)
            assert (payment.state, payment.applied, setup.back(payment_id)) == (State.SUCCEEDED, "returned", 1800)
            assert payment.due_at is None, "nothing is left to ask"

        def look() -> None:
            reconciling.reconcile_due(checkout.tenant_id, payment_id, product_clock.now() + FIRST_LOOK * next(looks))

        return look, check

    assert every_fault(faults, case, times)


@once_and_in_a_row
def test_refunding(faults: EveryFault, setup: Setup, times: int) -> None:
    """The queue delivers the refund until it is handled; what the provider did not answer is asked again later.

    All are refunds of one payment, of 0.10 each, so that none may take another's place either.
    """
    faults.of("refund")
    checkout, payment_id = setup.paid()
    causes, looks = itertools.count(1), itertools.count(1)

    def case() -> Case:
        cause = next(causes)
        refund_id = setup.request_refund(checkout, 10, f"case-{cause}")

        def check() -> None:
            assert setup.back(payment_id) == 10 * cause
            assert [each.status for each in checkout.refunds() if each.id == refund_id] == ["succeeded"]

        def deliver() -> None:
            refunding.refund(checkout.tenant_id, checkout.order["id"], refund_id, product_clock.now())
            reconciling.reconcile_due(checkout.tenant_id, payment_id, product_clock.now() + FIRST_LOOK * next(looks))

        return deliver, check

    assert every_fault(faults, case, times) == 60


@once_and_in_a_row
def test_sending_a_refund_to_the_queue(faults: EveryFault, setup: Setup, times: int) -> None:
    """The stream hands on again what the queue did not take."""
    faults.of("refund")

    def case() -> Case:
        checkout, payment_id = setup.paid()
        while setup.relay():
            pass
        checkout.cancel()

        def send() -> None:
            while setup.relay():
                if faults.hits:
                    faults.arm(None)

        def check() -> None:
            setup.work()
            assert setup.back(payment_id) == 1800
            assert checkout.refund_states() == ["succeeded"]

        return send, check

    assert every_fault(faults, case, times, "SendMessage")


@once_and_in_a_row
def test_sending_to_the_queue_that_a_payment_is_due(faults: EveryFault, setup: Setup, clock: Clock, times: int) -> None:
    """The sweep sends again what is still due."""
    faults.of("pay")

    def case() -> Case:
        checkout, payment_id = setup.started()
        setup.stripe.pay(payment_id)
        clock.advance(minutes=6)

        def sweep_due() -> None:
            try:
                sweep(clock.now())
            except ExceptionGroup as failed:
                raise Unavailable("The queue is away.") from failed

        def check() -> None:
            setup.work()
            assert checkout.order_record().status == "placed"

        return sweep_due, check

    assert every_fault(faults, case, times, "SendMessage")
