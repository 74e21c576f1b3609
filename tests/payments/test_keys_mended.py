"""What waits for an account's keys is asked about at once when its owner has put them right."""

from __future__ import annotations

import pytest

from chalicelib.db import Transaction, tenant_scope
from chalicelib.db.meter import metered
from chalicelib.kernel import clock as product_clock
from chalicelib.payments.records import WaitingRecord
from chalicelib.payments.service import waiting
from tests.builders import Shop, made
from tests.conftest import Clock, Drain, Sweep
from tests.payments.checkout import Checkout
from tests.payments.fake_stripe import STRIPE, FakeStripe

PATH = "/v1/payment-settings/stripe"
ACCOUNT = STRIPE["account_id"]


@pytest.fixture
def checkout(shop: Shop, stripe_side: FakeStripe) -> Checkout:
    return Checkout(shop, method="stripe")


def waits(checkout: Checkout, account: str = ACCOUNT) -> list[str]:
    """The payments in the list of those that wait for an account's keys."""
    with tenant_scope(checkout.tenant_id):
        partition = WaitingRecord.partition(checkout.tenant_id, "stripe", account)
        return [each.payment_id for each in WaitingRecord.every(partition, consistent=True)]


def refused_for_days(checkout: Checkout, side: FakeStripe, clock: Clock, sweep: Sweep, drain: Drain) -> str:
    """A refund waits, since Stripe has not accepted the keys for days; the payment's id."""
    payment_id = checkout.pay_with_stripe(side)
    drain()
    side.revoked = True
    checkout.edit(1)
    drain()
    with tenant_scope(checkout.tenant_id):
        payment, tx = checkout.payment(payment_id), Transaction()
        payment.tries = 400
        tx.replace("payment", payment)
        tx.commit()
    clock.advance(minutes=6)
    sweep()
    due_at = checkout.payment(payment_id).due_at
    assert due_at is not None
    assert (due_at - product_clock.now()).total_seconds() > 5 * 3600, "asked about every six hours by now"
    return payment_id


def test_a_refund_that_waited_for_days_goes_back_at_once(
    checkout: Checkout, stripe_side: FakeStripe, clock: Clock, sweep: Sweep, drain: Drain
) -> None:
    payment_id = refused_for_days(checkout, stripe_side, clock, sweep, drain)
    assert waits(checkout) == [payment_id]
    stripe_side.revoked = False
    assert checkout.refund_states() == ["requested"]

    made(checkout.shop.brand.put(PATH, STRIPE), 200)
    clock.advance(minutes=1)
    sweep()

    assert checkout.refund_states() == ["succeeded"]
    assert (waits(checkout), checkout.look_at("not_asked")) == ([], [])


def test_a_payment_whose_payer_paid_meanwhile_pays_its_order_at_once(
    checkout: Checkout, stripe_side: FakeStripe, clock: Clock, sweep: Sweep
) -> None:
    payment_id = made(checkout.start())["id"]
    stripe_side.pay(payment_id)
    stripe_side.revoked = True
    clock.advance(minutes=6)
    sweep()
    assert waits(checkout) == [payment_id]

    stripe_side.revoked = False
    made(checkout.shop.brand.put(PATH, STRIPE), 200)
    sweep()

    assert checkout.order_record().status == "placed"
    assert waits(checkout) == []


def test_keys_that_are_still_wrong_leave_it_waiting(
    checkout: Checkout, stripe_side: FakeStripe, clock: Clock, sweep: Sweep, drain: Drain
) -> None:
    payment_id = refused_for_days(checkout, stripe_side, clock, sweep, drain)

    made(checkout.shop.brand.put(PATH, STRIPE), 200)
    drain()

    assert (checkout.refund_states(), waits(checkout)) == (["requested"], [payment_id])


def test_another_account_asks_about_nothing_of_it(
    checkout: Checkout, stripe_side: FakeStripe, clock: Clock, sweep: Sweep, drain: Drain
) -> None:
    refused_for_days(checkout, stripe_side, clock, sweep, drain)
    calls = stripe_side.calls

    made(checkout.shop.brand.put(PATH, STRIPE | {"account_id": "acct_1Other"}), 200)
    drain()

    assert stripe_side.calls == calls


def test_a_provider_that_is_away_waits_for_no_keys(checkout: Checkout, stripe_side: FakeStripe, drain: Drain) -> None:
    checkout.pay_with_stripe(stripe_side)
    drain()
    stripe_side.loses = True
    checkout.edit(1)
    drain()

    assert checkout.refund_states() == ["requested"]
    assert waits(checkout) == []


def test_new_keys_cost_as_much_as_waits_for_them_and_nothing_for_all_other_payments(
    checkout: Checkout, stripe_side: FakeStripe, drain: Drain
) -> None:
    for _ in range(3):
        Checkout(checkout.shop, checkout.campaign, "stripe").pay_with_stripe(stripe_side)
    drain()

    with tenant_scope(checkout.tenant_id), metered() as meter:
        waiting.ask_now(checkout.tenant_id, "stripe", ACCOUNT, product_clock.now())

    assert (meter.reads, meter.writes) == (1, 0)
