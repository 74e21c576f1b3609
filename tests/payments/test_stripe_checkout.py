"""Stripe Checkout: a page of Stripe's own, opened as the official library opens it, and what becomes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
import stripe as official

from chalicelib.payments.errors import ProviderUnavailable
from chalicelib.payments.model import State
from chalicelib.payments.providers.port import Charge, Known, Return
from chalicelib.payments.providers.stripe import Stripe
from tests.builders import made
from tests.conftest import Clock, Drain, Sweep
from tests.payments.checkout import Checkout
from tests.payments.conftest import NOW, Counterpart
from tests.payments.fake_stripe import FakeStripe
from tests.payments.test_stripe import TERMS, intent, provider

__all__ = ["provider"]

KNOWN = Known(TERMS, "cs_test_1")
BACK = "https://shop.example/s/pears/orders/01J9ZQ0W7N8RXC5B2M4T6V8Y0B/pay?look=1"
CHARGE = Charge(
    TERMS, "Autumn pears", NOW + timedelta(minutes=15), "https://shop.example/v1/x", way="page", return_url=BACK
)


def session(**fields: Any) -> dict[str, Any]:
    metadata = {"payment_id": TERMS.payment_id, "order_id": TERMS.order_id, "merchant": TERMS.merchant}
    return {
        "id": "cs_test_1",
        "object": "checkout.session",
        "url": "https://checkout.stripe.com/c/pay/cs_test_1",
        "status": "open",
        "payment_intent": None,
        "amount_total": 1250,
        "currency": "cny",
        "metadata": metadata,
    } | fields


def test_a_session_is_opened_as_the_official_library_opens_it(provider: Stripe, counterpart: Counterpart) -> None:
    counterpart.will_answer(200, session())
    counterpart.will_answer(200, session())
    ids = {"payment_id": TERMS.payment_id, "order_id": TERMS.order_id, "merchant": TERMS.merchant}
    product = {"name": "Autumn pears"}
    price: Any = {"currency": "cny", "unit_amount": 1250, "product_data": product}

    opened = provider.create(CHARGE, NOW)
    official.StripeClient("sk_test_secret", base_addresses={"api": counterpart.url}).v1.checkout.sessions.create(
        {
            "mode": "payment",
            "client_reference_id": TERMS.payment_id,
            "line_items": [{"quantity": 1, "price_data": price}],
            "payment_intent_data": {"description": "Autumn pears", "metadata": ids},
            "success_url": BACK,
            "cancel_url": BACK,
            "expires_at": int((NOW + timedelta(minutes=46)).timestamp()),
            "metadata": ids,
        }
    )

    ours, theirs = counterpart.asked
    assert (ours.method, ours.path) == (theirs.method, theirs.path) == ("POST", "/v1/checkout/sessions")
    assert parse_qs(ours.body.decode()) == parse_qs(theirs.body.decode())
    assert ours.headers["idempotency-key"] == f"payment-{TERMS.payment_id}"
    assert (opened.reference, opened.client) == ("cs_test_1", {"page_url": session()["url"]})


def test_the_same_attempt_sends_the_same_form_whenever(provider: Stripe, counterpart: Counterpart) -> None:
    """Under one idempotency key Stripe takes one form."""
    counterpart.will_answer(200, session())
    counterpart.will_answer(200, session())

    provider.create(CHARGE, NOW)
    provider.create(CHARGE, NOW + timedelta(minutes=14))

    first, second = counterpart.asked
    assert first.body == second.body


@pytest.mark.parametrize(
    ("status", "intent_status", "state"),
    [
        ("open", None, State.PENDING),
        ("open", "requires_payment_method", State.PENDING),
        ("open", "requires_action", State.PENDING),
        ("complete", "succeeded", State.SUCCEEDED),
        ("complete", "processing", State.PENDING),
        ("complete", "requires_payment_method", State.FAILED),
        ("complete", None, State.PENDING),
        ("expired", None, State.CLOSED),
        ("expired", "canceled", State.CLOSED),
        ("expired", "requires_payment_method", State.CLOSED),
        ("expired", "processing", State.PENDING),
        ("expired", "succeeded", State.SUCCEEDED),
    ],
)
def test_what_a_session_means(
    provider: Stripe, counterpart: Counterpart, status: str, intent_status: str | None, state: State
) -> None:
    received = 1250 if intent_status == "succeeded" else 0
    tried = None if intent_status is None else intent(status=intent_status, amount_received=received)
    counterpart.will_answer(200, session(status=status, payment_intent=tried))

    report = provider.query(KNOWN, NOW)

    assert (report.state, report.terms) == (state, TERMS)
    assert counterpart.asked[0].path.startswith("/v1/checkout/sessions/cs_test_1?")


def test_refunds_show_on_the_charge_of_a_session(provider: Stripe, counterpart: Counterpart) -> None:
    charged = {"id": "ch_1", "amount_refunded": 300}
    paid = intent(status="succeeded", amount_received=1250, latest_charge=charged)
    counterpart.will_answer(200, session(status="complete", payment_intent=paid))

    assert provider.query(KNOWN, NOW).given_back


def test_a_session_that_was_paid_meanwhile_does_not_expire(provider: Stripe, counterpart: Counterpart) -> None:
    paid = intent(status="succeeded", amount_received=1250)
    counterpart.will_answer(400, {"error": {"code": "resource_already_exists"}})
    counterpart.will_answer(200, session(status="complete", payment_intent=paid))

    assert provider.close(KNOWN, NOW).state is State.SUCCEEDED
    assert counterpart.asked[0].path == "/v1/checkout/sessions/cs_test_1/expire"


def test_money_goes_back_by_the_intent_of_the_session(provider: Stripe, counterpart: Counterpart) -> None:
    paid = session(status="complete", payment_intent=intent(status="succeeded", amount_received=1250))
    counterpart.will_answer(200, paid)
    counterpart.will_answer(200, {"data": [], "has_more": False})
    counterpart.will_answer(200, paid)
    counterpart.will_answer(200, {"id": "re_1", "status": "succeeded"})

    provider.refund(KNOWN, Return("refund-1", 300, ""), NOW)

    assert parse_qs(counterpart.asked[-1].body.decode())["payment_intent"] == ["pi_1"]


def test_of_a_session_without_an_intent_no_refund_is_concluded(provider: Stripe, counterpart: Counterpart) -> None:
    """Without the intent's id Stripe would list the refunds of everybody."""
    counterpart.will_answer(200, session())
    counterpart.will_answer(404, {"error": {"code": "resource_missing"}})

    for _ in range(2):
        with pytest.raises(ProviderUnavailable):
            provider.refunded(KNOWN, "", NOW)
    assert [asked.path.partition("?")[0] for asked in counterpart.asked] == ["/v1/checkout/sessions/cs_test_1"] * 2


def test_amounts_travel_as_stripe_counts_them(provider: Stripe, counterpart: Counterpart) -> None:
    counterpart.will_answer(200, session(currency="isk"))
    counterpart.will_answer(200, session(currency="isk", amount_total=125_000))
    terms = replace(TERMS, currency="ISK")

    provider.create(replace(CHARGE, terms=terms), NOW)

    assert parse_qs(counterpart.asked[0].body.decode())["line_items[0][price_data][unit_amount]"] == ["125000"]
    assert provider.query(Known(terms, "cs_test_1"), NOW).terms == terms


# --- an order that is paid there ----------------------------------------------------------------------------------


@pytest.fixture
def checkout(stripe_side: FakeStripe, shop: Any) -> Checkout:
    return Checkout(shop, method="stripe")


def test_an_order_is_paid_on_stripes_page(checkout: Checkout, stripe_side: FakeStripe) -> None:
    payment = made(checkout.start(body={"way": "page"}))
    (opened,) = stripe_side.sessions.values()
    assert payment["client"] == {"page_url": opened["url"]}
    assert opened["success_url"].endswith(f"/s/{checkout.shop.slug}/orders/{checkout.order['id']}/pay?look=1")

    stripe_side.pay(payment["id"])
    assert checkout.deliver("stripe", *stripe_side.message(payment["id"])).status == 204

    assert checkout.order_record().status == "placed"


def test_what_was_paid_on_stripes_page_goes_back_the_same_way(
    checkout: Checkout, stripe_side: FakeStripe, drain: Drain
) -> None:
    payment_id = made(checkout.start(body={"way": "page"}))["id"]
    stripe_side.pay(payment_id)
    checkout.deliver("stripe", *stripe_side.message(payment_id))

    checkout.cancel()
    drain()

    assert [each["amount"] for each in stripe_side.refunds.values()] == [1800]
    assert checkout.refund_states() == ["succeeded"]


def test_a_session_that_outlives_the_hold_is_ended_with_it(
    checkout: Checkout, stripe_side: FakeStripe, clock: Clock, sweep: Sweep
) -> None:
    """Nobody pays for an order whose units were given to others."""
    payment_id = made(checkout.start(body={"way": "page"}))["id"]

    clock.advance(minutes=16)
    sweep(times=2)
    stripe_side.pay(payment_id)

    (opened,) = stripe_side.sessions.values()
    assert (opened["status"], stripe_side.intents) == ("expired", {})
    assert checkout.order_record().status == "expired"
    assert checkout.payment(payment_id).state is State.CLOSED
