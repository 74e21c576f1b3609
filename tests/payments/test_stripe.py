"""Stripe: what is sent, what its answers mean, and which of its messages are believed."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
import stripe as official

from chalicelib.payments.errors import (
    CurrencyNotTaken,
    KeysRefused,
    ProviderRefused,
    ProviderUnavailable,
    WebhookRefused,
)
from chalicelib.payments.model import RefundState, State, Terms
from chalicelib.payments.providers import hmac_signature, stripe, stripe_amounts, transport
from chalicelib.payments.providers.port import Charge, Known, Return
from chalicelib.payments.providers.stripe import Stripe
from tests.payments.conftest import NOW, Counterpart

SECRET = "whsec_this-is-the-right-one"
TERMS = Terms("01J9ZQ0W7N8RXC5B2M4T6V8Y0A", "01J9ZQ0W7N8RXC5B2M4T6V8Y0B", 1250, "CNY", "acct_store")
KNOWN = Known(TERMS, "pi_1")
ACCOUNT = Stripe("acct_store", "pk_test_1", "sk_test_secret", SECRET)
BODY = json.dumps(
    {
        "id": "evt_1",
        "type": "payment_intent.succeeded",
        "data": {"object": {"id": "pi_1", "metadata": {"payment_id": TERMS.payment_id}}},
    }
).encode()


@pytest.fixture
def provider(counterpart: Counterpart, monkeypatch: pytest.MonkeyPatch) -> Stripe:
    monkeypatch.setattr(stripe, "API", counterpart.url)
    return ACCOUNT


def intent(**fields: Any) -> dict[str, Any]:
    metadata = {"payment_id": TERMS.payment_id, "order_id": TERMS.order_id, "merchant": TERMS.merchant}
    return {
        "id": "pi_1",
        "status": "requires_payment_method",
        "client_secret": "pi_1_secret_x",
        "amount": 1250,
        "amount_received": 0,
        "currency": "cny",
        "metadata": metadata,
    } | fields


def charge() -> Charge:
    return Charge(TERMS, "Autumn pears", NOW + timedelta(minutes=15), "https://shop.example/v1/webhooks/stripe/x")


def test_a_payment_is_opened_under_our_own_id(provider: Stripe, counterpart: Counterpart) -> None:
    counterpart.will_answer(200, intent())

    opened = provider.create(charge(), NOW)

    (asked,) = counterpart.asked
    form = {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
    assert (asked.method, asked.path) == ("POST", "/v1/payment_intents")
    assert asked.headers["idempotency-key"] == f"payment-{TERMS.payment_id}"
    assert asked.headers["authorization"] == "Bearer sk_test_secret"
    assert (form["amount"], form["currency"], form["metadata[order_id]"]) == ("1250", "cny", TERMS.order_id)
    assert opened.reference == "pi_1"
    assert opened.client == {"client_secret": "pi_1_secret_x", "publishable_key": "pk_test_1"}


def test_a_lost_answer_is_asked_for_again_under_the_same_key(provider: Stripe, counterpart: Counterpart) -> None:
    counterpart.will_answer(500)
    counterpart.will_answer(200, intent())

    provider.create(charge(), NOW)

    first, second = counterpart.asked
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]
    assert first.body == second.body


def test_a_provider_that_stays_away_is_named(provider: Stripe, counterpart: Counterpart) -> None:
    for _ in range(transport.TRIES):
        counterpart.will_answer(503)

    with pytest.raises(ProviderUnavailable):
        provider.query(KNOWN, NOW)


def test_a_request_that_is_still_being_carried_out_is_asked_for_again_later(
    provider: Stripe, counterpart: Counterpart
) -> None:
    counterpart.will_answer(409, {"error": {"code": "idempotency_key_in_use"}})

    with pytest.raises(ProviderUnavailable):
        provider.create(charge(), NOW)


def test_nobody_listening_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stripe, "API", "http://127.0.0.1:9")

    with pytest.raises(ProviderUnavailable):
        ACCOUNT.query(KNOWN, NOW)


def test_a_provider_that_never_answers_is_left_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        monkeypatch.setattr(stripe, "API", f"http://127.0.0.1:{deaf.getsockname()[1]}")
        monkeypatch.setattr(transport, "READ_SECONDS", 0.05)
        transport._pool.cache_clear()
        try:
            with pytest.raises(ProviderUnavailable):
                ACCOUNT.create(charge(), NOW)
        finally:
            transport._pool.cache_clear()


def test_the_worst_case_leaves_the_api_time_to_answer() -> None:
    assert transport.TRIES * (transport.CONNECT_SECONDS + transport.READ_SECONDS) < 20


def test_a_refusal_carries_the_providers_code_and_no_secret(provider: Stripe, counterpart: Counterpart) -> None:
    counterpart.will_answer(402, {"error": {"code": "amount_too_small", "message": "sk_test_secret"}})

    with pytest.raises(ProviderRefused) as refused:
        provider.create(charge(), NOW)
    assert refused.value.extra == {"provider_code": "amount_too_small"}
    assert "sk_test" not in refused.value.detail


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("succeeded", State.SUCCEEDED),
        ("canceled", State.CLOSED),
        ("processing", State.PENDING),
        ("requires_action", State.PENDING),
        ("requires_payment_method", State.PENDING),
    ],
)
def test_what_a_status_means(provider: Stripe, counterpart: Counterpart, status: str, state: State) -> None:
    counterpart.will_answer(200, intent(status=status, amount_received=1250 if status == "succeeded" else 0))

    report = provider.query(KNOWN, NOW)

    assert (report.state, report.terms) == (state, TERMS)


def test_of_a_payment_that_succeeded_the_amount_received_counts(provider: Stripe, counterpart: Counterpart) -> None:
    counterpart.will_answer(200, intent(status="succeeded", amount_received=1249))

    assert provider.query(KNOWN, NOW).terms.amount_minor == 1249


@pytest.mark.parametrize(("refunded", "given_back"), [(0, False), (1, True), (1250, True)])
def test_refunds_show_on_the_charge_and_leave_the_amount_received(
    provider: Stripe, counterpart: Counterpart, refunded: int, given_back: bool
) -> None:
    charged = {"id": "ch_1", "amount_refunded": refunded}
    counterpart.will_answer(200, intent(status="succeeded", amount_received=1250, latest_charge=charged))

    report = provider.query(KNOWN, NOW)

    assert (report.terms.amount_minor, report.given_back) == (1250, given_back)
    assert parse_qs(counterpart.asked[0].path.partition("?")[2]) == {"expand[]": ["latest_charge"]}


def test_a_payment_that_was_never_charged_gave_nothing_back(provider: Stripe, counterpart: Counterpart) -> None:
    counterpart.will_answer(200, intent(latest_charge=None))

    assert not provider.query(KNOWN, NOW).given_back


def test_what_was_paid_meanwhile_cannot_be_closed(provider: Stripe, counterpart: Counterpart) -> None:
    counterpart.will_answer(400, {"error": {"code": "payment_intent_unexpected_state"}})
    counterpart.will_answer(200, intent(status="succeeded", amount_received=1250))

    assert provider.close(KNOWN, NOW).state is State.SUCCEEDED


def test_a_refund_is_made_under_its_own_id(provider: Stripe, counterpart: Counterpart) -> None:
    counterpart.will_answer(200, {"data": []})
    counterpart.will_answer(200, {"id": "re_1", "status": "pending"})

    state = provider.refund(KNOWN, Return("refund-1", 300, ""), NOW)

    _, asked = counterpart.asked
    form = parse_qs(asked.body.decode())
    assert state is RefundState.PENDING
    assert asked.headers["idempotency-key"] == "refund-refund-1"
    assert (form["amount"], form["metadata[refund_id]"]) == (["300"], ["refund-1"])


def test_a_refund_that_exists_is_found_also_when_its_key_is_forgotten(
    provider: Stripe, counterpart: Counterpart
) -> None:
    made = [{"metadata": {"refund_id": "other"}, "status": "failed"}, {"metadata": {"refund_id": "refund-1"}}]
    made[1]["status"] = "succeeded"
    counterpart.will_answer(200, {"data": made})

    assert provider.refund(KNOWN, Return("refund-1", 300, ""), NOW) is RefundState.SUCCEEDED
    assert len(counterpart.asked) == 1


def test_a_refund_is_looked_for_on_every_page(provider: Stripe, counterpart: Counterpart) -> None:
    page = [{"id": f"re_{n}", "metadata": {}, "status": "succeeded"} for n in range(100)]
    found = {"id": "re_100", "metadata": {"refund_id": "refund-1"}, "status": "pending"}
    counterpart.will_answer(200, {"data": page, "has_more": True})
    counterpart.will_answer(200, {"data": [found], "has_more": False})

    assert provider.refund_state(KNOWN, "refund-1", NOW) is RefundState.PENDING
    assert counterpart.asked[1].path.endswith("starting_after=re_99")


def test_a_refund_that_stripe_does_not_have_is_none(provider: Stripe, counterpart: Counterpart) -> None:
    counterpart.will_answer(200, {"data": [], "has_more": False})

    assert provider.refund_state(KNOWN, "refund-1", NOW) is None


def test_a_refused_look_up_is_no_word_on_the_refund(provider: Stripe, counterpart: Counterpart) -> None:
    counterpart.will_answer(404, {"error": {"code": "resource_missing"}})

    with pytest.raises(ProviderUnavailable):
        provider.refund(KNOWN, Return("refund-1", 300, ""), NOW)
    assert len(counterpart.asked) == 1


@pytest.mark.parametrize("status", [401, 403])
def test_keys_that_are_not_accepted_have_their_own_word(
    provider: Stripe, counterpart: Counterpart, status: int
) -> None:
    counterpart.will_answer(200, {"data": []})
    counterpart.will_answer(status, {"error": {"type": "invalid_request_error"}})

    with pytest.raises(KeysRefused) as refused:
        provider.refund(KNOWN, Return("refund-1", 300, ""), NOW)
    assert refused.value.extra == {"provider_code": "invalid_request_error"}


def test_a_currency_with_three_decimals_is_not_taken(provider: Stripe, counterpart: Counterpart) -> None:
    with pytest.raises(CurrencyNotTaken, match="KWD"):
        provider.create(replace(charge(), terms=replace(TERMS, currency="KWD")), NOW)
    assert counterpart.asked == []


# --- messages ---------------------------------------------------------------------------------------------------


def signed(body: bytes = BODY, secret: str = SECRET, age: float = 0) -> dict[str, str]:
    return {"stripe-signature": hmac_signature.sign(secret.encode(), body, NOW - timedelta(seconds=age))}


def test_a_message_of_the_official_library_is_believed() -> None:
    t = int(NOW.timestamp())
    official_signature = official.WebhookSignature._compute_signature(f"{t}.{BODY.decode()}", SECRET)

    notice = ACCOUNT.verify({"stripe-signature": f"t={t},v1={official_signature}"}, BODY, NOW)

    assert notice is not None
    assert (notice.payment_id, notice.event) == (TERMS.payment_id, "payment_intent.succeeded")


def test_the_official_library_believes_ours() -> None:
    header = signed()["stripe-signature"]

    assert official.WebhookSignature.verify_header(BODY.decode(), header, SECRET, tolerance=None)


def test_one_right_signature_among_several_is_enough() -> None:
    t, right = signed()["stripe-signature"].split(",")
    old = signed(secret="whsec_old")["stripe-signature"].split(",")[1]

    assert ACCOUNT.verify({"stripe-signature": f"{t},{old},{right},v0=abc"}, BODY, NOW)


@pytest.mark.parametrize("age", [-300, 0, 300])
def test_the_window_includes_its_ends(age: float) -> None:
    assert ACCOUNT.verify(signed(age=age), BODY, NOW)


def test_a_message_about_something_else_is_of_no_interest() -> None:
    body = json.dumps({"type": "customer.created", "data": {"object": {"id": "cus_1"}}}).encode()

    assert ACCOUNT.verify(signed(body), body, NOW) is None


def _renamed(scheme: str) -> dict[str, str]:
    return {"stripe-signature": signed()["stripe-signature"].replace("v1=", f"{scheme}=")}


def _restamped() -> dict[str, str]:
    t, right = signed(age=400)["stripe-signature"].split(",")
    return {"stripe-signature": f"t={int(t[2:]) + 400},{right}"}


def _twice_stamped() -> dict[str, str]:
    return {"stripe-signature": f"t={int(NOW.timestamp()) - 1},{signed()['stripe-signature']}"}


FORGED: dict[str, Callable[[], tuple[dict[str, str], bytes]]] = {
    "wrong secret": lambda: (signed(secret="whsec_guess"), BODY),
    "another store's secret": lambda: (signed(secret="whsec_of-another-store"), BODY),
    "stale": lambda: (signed(age=301), BODY),
    "from the future": lambda: (signed(age=-301), BODY),
    "one byte of the body changed": lambda: (signed(), BODY.replace(b"pi_1", b"pi_2")),
    "body cut": lambda: (signed(), BODY[:-1]),
    "body longer": lambda: (signed(), BODY + b" "),
    "no signature header": lambda: ({}, BODY),
    "empty signature header": lambda: ({"stripe-signature": ""}, BODY),
    "signature cut": lambda: ({"stripe-signature": signed()["stripe-signature"][:-1]}, BODY),
    "no time": lambda: ({"stripe-signature": signed()["stripe-signature"].split(",")[1]}, BODY),
    "old signature under a new time": lambda: (_restamped(), BODY),
    "two times": lambda: (_twice_stamped(), BODY),
    "another algorithm": lambda: (_renamed("v0"), BODY),
    "an unknown algorithm": lambda: (_renamed("v2"), BODY),
    "not hexadecimal": lambda: ({"stripe-signature": f"t={int(NOW.timestamp())},v1=ü"}, BODY),
    "time that is no number": lambda: ({"stripe-signature": "t=١٢,v1=00"}, BODY),
    "signed, but no event": lambda: (signed(b"[]"), b"[]"),
    "signed, but not JSON": lambda: (signed(b"{"), b"{"),
    "signed for a connected account": lambda: (signed(OTHER_ACCOUNT), OTHER_ACCOUNT),
}
OTHER_ACCOUNT = json.dumps(json.loads(BODY) | {"account": "acct_other"}).encode()


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_message_is_refused(name: str) -> None:
    headers, body = FORGED[name]()

    with pytest.raises(WebhookRefused):
        ACCOUNT.verify(headers, body, NOW)


@pytest.mark.parametrize(
    ("currency", "at_stripe"), [("ISK", 125_000), ("UGX", 125_000), ("JPY", 1_250), ("HUF", 1_250)]
)
def test_amounts_travel_as_stripe_counts_them(
    provider: Stripe, counterpart: Counterpart, currency: str, at_stripe: int
) -> None:
    """ISK and UGX have no decimals, and two at Stripe: 1,250 krónur are not twelve and a half."""
    terms = replace(TERMS, currency=currency)
    counterpart.will_answer(200, intent(amount=at_stripe, currency=currency.lower()))
    counterpart.will_answer(
        200, intent(status="succeeded", amount_received=at_stripe, amount=at_stripe, currency=currency.lower())
    )
    counterpart.will_answer(200, {"data": [], "has_more": False})
    counterpart.will_answer(200, {"id": "re_1", "status": "succeeded"})
    counterpart.will_answer(200, {"data": [{"id": "re_1", "status": "succeeded", "amount": at_stripe}]})

    provider.create(replace(charge(), terms=terms), NOW)
    report = provider.query(Known(terms, "pi_1"), NOW)
    provider.refund(Known(terms, "pi_1"), Return(TERMS.payment_id, 1_250, ""), NOW)
    refunded = provider.refunded(Known(terms, "pi_1"), "re_1", NOW)

    sent = [parse_qs(asked.body.decode()) for asked in counterpart.asked if asked.method == "POST"]
    assert [form["amount"] for form in sent] == [[str(at_stripe)]] * 2
    assert (report.terms.amount_minor, report.terms.currency) == (1_250, currency)
    assert [each.amount_minor for each in refunded] == [1_250]


def test_no_amount_is_taken_that_stripe_would_round() -> None:
    """Ariary are counted whole at Stripe, and to two digits by ISO 4217."""
    with pytest.raises(CurrencyNotTaken, match="MGA"):
        stripe_amounts.check_currency("MGA")
