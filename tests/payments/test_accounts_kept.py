"""A store may change or remove its account at a provider: payments stay with the account that they went to."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from chalicelib.db import tenant_scope
from chalicelib.kernel import clock as product_clock
from chalicelib.payments.accounts import service as accounts
from chalicelib.payments.accounts.records import ProviderSettings
from chalicelib.payments.model import State
from chalicelib.payments.providers import hmac_signature
from tests.builders import Shop, made
from tests.conftest import Clock, Drain, Sweep
from tests.payments.checkout import Checkout
from tests.payments.fake_stripe import STRIPE, FakeStripe

PATH = "/v1/payment-settings/stripe"
OTHER = STRIPE | {
    "account_id": "acct_2Store",
    "secret_key": "sk_test_52OtherSecretOfManyLetters",
    "webhook_secret": "whsec_OtherSecretOfManyLetters",
}


@pytest.fixture
def checkout(shop: Shop, stripe_side: FakeStripe) -> Checkout:
    return Checkout(shop, method="stripe")


def switch(checkout: Checkout, **account: str) -> None:
    """The owner moves to another account."""
    made(checkout.shop.brand.put(PATH, OTHER | account), 200)


def remove(checkout: Checkout) -> None:
    made(checkout.shop.brand.delete(PATH), 204)


def kept(checkout: Checkout) -> list[ProviderSettings]:
    with tenant_scope(checkout.tenant_id):
        return list(ProviderSettings.every(ProviderSettings.kept_partition(checkout.tenant_id), consistent=True))


@pytest.mark.parametrize("change", [switch, remove])
def test_a_message_of_the_account_that_was_paid_is_believed(
    checkout: Checkout, stripe_side: FakeStripe, change: Callable[[Checkout], None]
) -> None:
    payment_id = made(checkout.start())["id"]
    change(checkout)
    stripe_side.pay(payment_id)

    assert checkout.deliver("stripe", *stripe_side.message(payment_id)).status == 204

    assert (checkout.order_record().status, checkout.payment(payment_id).applied) == ("placed", "captured")
    assert set(stripe_side.keys) == {STRIPE["secret_key"]}


def test_what_no_message_said_is_found_in_the_account_that_was_paid(
    checkout: Checkout, stripe_side: FakeStripe, clock: Clock, sweep: Sweep
) -> None:
    payment_id = made(checkout.start())["id"]
    switch(checkout)
    stripe_side.pay(payment_id)
    clock.advance(minutes=6)
    sweep()

    assert (checkout.order_record().status, checkout.payment(payment_id).state) == ("placed", State.SUCCEEDED)


@pytest.mark.parametrize("change", [switch, remove])
def test_money_goes_back_through_the_account_that_was_paid(
    checkout: Checkout, stripe_side: FakeStripe, drain: Drain, change: Callable[[Checkout], None]
) -> None:
    payment_id = checkout.pay_with_stripe(stripe_side)
    change(checkout)
    checkout.cancel()
    drain()

    assert checkout.refund_states() == ["succeeded"]
    assert stripe_side.given_back(stripe_side.intent_of(payment_id)["id"]) == 1800
    assert set(stripe_side.keys) == {STRIPE["secret_key"]}


def test_a_new_payment_goes_to_the_present_account_alone(checkout: Checkout, stripe_side: FakeStripe) -> None:
    made(checkout.start())
    switch(checkout)

    payment_id = made(checkout.start())["id"]

    assert checkout.payment(payment_id).merchant == "acct_2Store"
    assert stripe_side.keys == [STRIPE["secret_key"], OTHER["secret_key"]]
    remove(checkout)
    assert checkout.start().json["code"] == "provider_not_set_up"


def test_both_accounts_tell_of_their_payments(checkout: Checkout, stripe_side: FakeStripe) -> None:
    switch(checkout)
    payment_id = made(checkout.start())["id"]
    stripe_side.pay(payment_id)
    body = json.dumps(
        {"type": "payment_intent.succeeded", "data": {"object": stripe_side.intent_of(payment_id)}}
    ).encode()
    forged, right = (
        {"stripe-signature": hmac_signature.sign(secret.encode(), body, product_clock.now())}
        for secret in ("whsec_guessed", OTHER["webhook_secret"])
    )

    assert checkout.deliver("stripe", forged, body).status == 400
    assert checkout.deliver("stripe", right, body).status == 204
    assert checkout.order_record().status == "placed"


def test_new_keys_of_an_account_replace_its_earlier_ones(
    checkout: Checkout, stripe_side: FakeStripe, drain: Drain
) -> None:
    """Also where the account was left meanwhile, so no key is kept that its owner has replaced."""
    checkout.pay_with_stripe(stripe_side)
    made(checkout.shop.brand.put(PATH, STRIPE | {"secret_key": "sk_test_51SecondSecretOfLetters"}), 200)
    assert kept(checkout) == []
    switch(checkout)
    made(checkout.shop.brand.put(PATH, STRIPE | {"secret_key": "sk_test_51ThirdSecretOfLetters"}), 200)
    assert [each.merchant for each in kept(checkout)] == ["acct_2Store"]
    checkout.cancel()
    drain()

    assert set(stripe_side.keys) == {STRIPE["secret_key"], "sk_test_51ThirdSecretOfLetters"}
    assert checkout.refund_states() == ["succeeded"]


def test_a_kept_account_is_shown_to_nobody_and_deleted_after_400_days(checkout: Checkout, clock: Clock) -> None:
    at = clock.now()
    switch(checkout)
    remove(checkout)

    assert made(checkout.shop.brand.get("/v1/payment-settings"), 200)["items"] == []
    assert [each.merchant for each in kept(checkout)] == ["acct_1Store", "acct_2Store"]
    for each in kept(checkout):
        assert each.provider == "stripe"
        assert int(each.expires_at or 0) == int((at + timedelta(days=400)).timestamp())
        assert "SecretOfManyLetters" not in str(each.serialize())


def test_once_the_keys_are_gone_people_are_shown_what_waits_for_them(
    checkout: Checkout, stripe_side: FakeStripe, clock: Clock, sweep: Sweep, drain: Drain
) -> None:
    payment_id = checkout.pay_with_stripe(stripe_side)
    remove(checkout)
    forget(checkout)
    asked = stripe_side.calls
    checkout.cancel()
    drain()
    clock.advance(minutes=6)
    sweep()

    assert (stripe_side.calls, checkout.refund_states()) == (asked, ["requested"])
    assert checkout.look_at("not_asked") == [payment_id]
    made(checkout.shop.brand.put(PATH, STRIPE), 200)
    clock.advance(minutes=6)
    sweep()
    assert (checkout.refund_states(), checkout.look_at("not_asked")) == (["succeeded"], [])


def forget(checkout: Checkout) -> None:
    """DynamoDB deletes what has expired."""
    with tenant_scope(checkout.tenant_id):
        for each in kept(checkout):
            each.delete()


def test_accounts_are_tried_in_turn_and_those_that_do_not_open_left_out(checkout: Checkout) -> None:
    switch(checkout)
    switch(checkout, account_id="acct_3Store")

    with tenant_scope(checkout.tenant_id):
        (broken, _) = kept(checkout)
        broken.sealed = kept(checkout)[1].sealed[:-8] + "AAAAAAA="
        broken.save()
        found = [each.merchant for each in accounts.all_of(checkout.tenant_id, "stripe")]

    assert found == ["acct_3Store", "acct_2Store"]
