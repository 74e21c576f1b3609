"""A provider that cannot be asked has declined nothing: what may have gone back stays open, and goes back once."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib import settings
from chalicelib.payments.errors import ProviderRefused
from chalicelib.payments.model import RefundState, State
from chalicelib.payments.providers.port import Known, Return
from chalicelib.payments.providers.stripe import Stripe
from chalicelib.secret_versions import StoredSecret
from tests.builders import Shop, made
from tests.conftest import Clock, Drain, Sweep
from tests.payments.checkout import Checkout
from tests.payments.fake_stripe import STRIPE, FakeStripe

PATH = "/v1/payment-settings/stripe"


@pytest.fixture
def checkout(shop: Shop, stripe_side: FakeStripe) -> Checkout:
    return Checkout(shop, method="stripe")


@pytest.fixture
def paid(checkout: Checkout, stripe_side: FakeStripe, drain: Drain) -> str:
    """Two units at 9.00 are paid with Stripe; the payment's id."""
    payment_id = checkout.pay_with_stripe(stripe_side)
    drain()
    return payment_id


def later(clock: Clock, sweep: Sweep) -> None:
    clock.advance(minutes=6)
    sweep()


def back(checkout: Checkout, side: FakeStripe, payment_id: str) -> tuple[list[str], int]:
    """What the order knows of its refunds, and what went back at Stripe, in minor units."""
    return checkout.refund_states(), side.given_back(side.intent_of(payment_id)["id"])


@pytest.mark.parametrize("quantity", [1, 0])
def test_a_refund_whose_answer_was_lost_waits_for_keys_that_open(
    checkout: Checkout, paid: str, stripe_side: FakeStripe, clock: Clock, sweep: Sweep, drain: Drain, quantity: int
) -> None:
    """A part of the payment, or all of it."""
    stripe_side.loses = True
    checkout.edit(quantity) if quantity else checkout.cancel()
    drain()
    stripe_side.loses, stripe_side.revoked = False, True
    later(clock, sweep)

    owed = 1800 - 900 * quantity
    assert back(checkout, stripe_side, paid) == (["requested"], owed)
    assert checkout.look_at("not_asked") == [paid]
    shown = made(checkout.shop.brand.get(f"/v1/payments/{paid}"), 200)
    assert (shown["not_asked"], shown["refunds"][0]["status"]) == ("provider_keys_refused", "requested")
    assert checkout.retry(paid).json["code"] == "nothing_declined"

    stripe_side.revoked = False
    later(clock, sweep)

    assert back(checkout, stripe_side, paid) == (["succeeded"], owed)
    assert checkout.look_at("not_asked") == []
    assert made(checkout.shop.brand.get(f"/v1/payments/{paid}"), 200)["not_asked"] is None


def test_a_pending_refund_goes_on_after_its_account_was_removed(
    checkout: Checkout, paid: str, stripe_side: FakeStripe, clock: Clock, sweep: Sweep, drain: Drain
) -> None:
    stripe_side.slow = True
    checkout.edit(1)
    drain()
    assert checkout.shop.brand.delete(PATH).status == 204
    later(clock, sweep)
    assert back(checkout, stripe_side, paid) == (["requested"], 900)

    stripe_side.arrive()
    later(clock, sweep)

    assert back(checkout, stripe_side, paid) == (["succeeded"], 900)


def replace_the_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another payment secret, and the one before is gone."""
    stored, another = settings._stored, StoredSecret("another payment secret", "")
    monkeypatch.setattr(settings, "_stored", lambda name: another if name == "PAYMENT_SECRET" else stored(name))


def test_a_refund_waits_for_the_secret_that_seals_the_keys(
    checkout: Checkout, paid: str, stripe_side: FakeStripe, clock: Clock, sweep: Sweep, drain: Drain, monkeypatch: Any
) -> None:
    """The payment secret was replaced: the owner pastes the keys again, and what waited goes on."""
    replace_the_secret(monkeypatch)
    checkout.edit(1)
    drain()
    later(clock, sweep)

    assert back(checkout, stripe_side, paid) == (["requested"], 0)
    shown = made(checkout.shop.brand.get(f"/v1/payments/{paid}"), 200)
    assert (checkout.look_at("not_asked"), shown["not_asked"]) == ([paid], "provider_not_set_up")
    assert checkout.start().status == 409

    made(checkout.shop.brand.put(PATH, STRIPE), 200)
    later(clock, sweep)

    assert back(checkout, stripe_side, paid) == (["succeeded"], 900)


def test_what_opened_a_payment_is_empty_once_it_cannot_be_opened(checkout: Checkout, monkeypatch: Any) -> None:
    first = made(checkout.start("key-1"))
    replace_the_secret(monkeypatch)

    (shown,) = made(checkout.shop.caller.get(checkout.path, token=checkout.shop.shopper.token), 200)["items"]

    assert (shown["id"], shown["client"]) == (first["id"], {})
    assert made(checkout.start("key-1"))["client"] == {}


def declined_though_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stripe makes the refund, and its refusal of a later request is all that is answered."""
    refund = Stripe.refund

    def answer(self: Stripe, known: Known, wanted: Return, now: Any) -> RefundState:
        refund(self, known, wanted, now)
        raise ProviderRefused("declined", extra={"provider_code": "resource_missing"})

    monkeypatch.setattr(Stripe, "refund", answer)


@pytest.mark.parametrize("slow", [False, True])
def test_what_was_carried_out_after_all_is_booked_and_not_tried_again(
    checkout: Checkout,
    paid: str,
    stripe_side: FakeStripe,
    clock: Clock,
    sweep: Sweep,
    drain: Drain,
    monkeypatch: pytest.MonkeyPatch,
    slow: bool,
) -> None:
    stripe_side.slow = slow
    with monkeypatch.context() as patch:
        declined_though_made(patch)
        checkout.edit(1)
        drain()
    assert back(checkout, stripe_side, paid) == (["failed"], 900)

    (part,) = made(checkout.retry(paid), 200)["refunds"]

    assert (part["status"], part["tried_again"]) == ("pending" if slow else "succeeded", 0)
    stripe_side.arrive()
    later(clock, sweep)
    assert back(checkout, stripe_side, paid) == (["succeeded"], 900)


def test_every_attempt_is_asked_about_before_a_new_one(
    checkout: Checkout, paid: str, stripe_side: FakeStripe, clock: Clock, sweep: Sweep, drain: Drain
) -> None:
    """Stripe takes attempt after attempt, and each fails on its way; the last arrives."""
    stripe_side.slow = True
    checkout.edit(1)
    drain()
    for tries in (1, 2, 3):
        *_, last = stripe_side.refunds.values()
        last["status"] = "failed"
        later(clock, sweep)
        (part,) = made(checkout.retry(paid), 200)["refunds"]
        assert (part["status"], part["tried_again"]) == ("pending", tries)
        assert len(stripe_side.refunds) == tries + 1

    *_, last = stripe_side.refunds.values()
    last["status"] = "succeeded"
    later(clock, sweep)
    assert checkout.refund_states() == ["succeeded"]


def test_nothing_is_tried_again_while_the_provider_cannot_be_asked(
    checkout: Checkout, paid: str, stripe_side: FakeStripe, drain: Drain
) -> None:
    stripe_side.declines = True
    checkout.edit(1)
    drain()
    stripe_side.declines, stripe_side.revoked = False, True

    refused = checkout.retry(paid)

    assert (refused.status, refused.json["code"]) == (409, "provider_keys_refused")
    assert back(checkout, stripe_side, paid) == (["failed"], 0)
    stripe_side.revoked = False
    made(checkout.retry(paid), 200)
    assert back(checkout, stripe_side, paid) == (["succeeded"], 900)


def test_a_payment_is_shown_once_its_time_is_up_and_nobody_could_ask(
    checkout: Checkout, stripe_side: FakeStripe, clock: Clock, sweep: Sweep
) -> None:
    """Held for a quarter of an hour; the payer paid, and the key was revoked before any message came."""
    payment_id = made(checkout.start())["id"]
    stripe_side.pay(payment_id)
    stripe_side.revoked = True
    later(clock, sweep)
    assert checkout.look_at("not_asked") == [], "the payer has time left"

    for _ in range(3):
        later(clock, sweep)
    assert checkout.look_at("not_asked") == [payment_id]

    stripe_side.revoked = False
    later(clock, sweep)
    assert checkout.look_at("not_asked") == []
    assert checkout.payment(payment_id).state is State.SUCCEEDED
