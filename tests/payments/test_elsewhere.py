"""Money that goes back at the provider without us, by a refund on its own pages or a dispute, reaches order, books and
people.
"""

from __future__ import annotations

import json
from typing import Any
from unittest import mock

import pytest

from chalicelib.db import tenant_scope
from chalicelib.kernel import clock as product_clock
from chalicelib.payments.errors import ProviderRefused, ProviderUnavailable
from chalicelib.payments.model import DisputeState
from chalicelib.payments.providers import hmac_signature
from chalicelib.payments.providers.test import TestProvider
from chalicelib.settlement.books.model import accounts
from chalicelib.settlement.books.service import balances
from infra.local.engine import Engine
from tests.builders import Shop, made
from tests.conftest import Clock, Drain, Sweep
from tests.letters import news
from tests.payments.checkout import Checkout
from tests.payments.fake_stripe import STRIPE, FakeStripe


@pytest.fixture
def paid(checkout: Checkout, drain: Drain) -> str:
    """Two units at 9.00 are paid; the payment's id."""
    payment_id: str = made(checkout.start())["id"]
    checkout.pay(payment_id)
    checkout.notify(payment_id)
    drain()
    return payment_id


def totals(checkout: Checkout) -> tuple[int, int, int]:
    shown = made(checkout.shop.brand.get(f"/v1/orders/{checkout.order['id']}"), 200)["totals"]
    return tuple(shown[name]["amount_minor"] for name in ("paid", "refunded", "due"))  # type: ignore[return-value]


def given_back_there(checkout: Checkout, payment_id: str, amount_minor: int) -> None:
    """Staff refund on the provider's page, and its message comes."""
    with tenant_scope(checkout.tenant_id):
        checkout.provider.give_back(payment_id, amount_minor)
    assert checkout.notify(payment_id, "refunded").status == 204


def disputed(checkout: Checkout, payment_id: str, state: DisputeState, amount_minor: int = 1_800, fee: int = 0) -> None:
    with tenant_scope(checkout.tenant_id):
        checkout.provider.dispute(payment_id, state, amount_minor, fee)
    assert checkout.notify(payment_id, "disputed").status == 204


def of_order(checkout: Checkout, part: str) -> list[Any]:
    return list(made(checkout.shop.brand.get(f"/v1/orders/{checkout.order['id']}/{part}"), 200)["items"])


def balance(checkout: Checkout, account: str) -> int:
    with tenant_scope(checkout.tenant_id):
        assert balances.proof(checkout.tenant_id).holds
        return balances.balance(checkout.tenant_id, account)


def dismiss(checkout: Checkout, payment_id: str, reason: str) -> Any:
    return checkout.shop.brand.post(f"/v1/payments/{payment_id}/dismiss", {"reason": reason, "note": "Seen to."})


def test_a_refund_made_there_reaches_the_order_the_books_and_a_person(
    checkout: Checkout, paid: str, drain: Drain, engine: Engine
) -> None:
    for _ in range(2):
        given_back_there(checkout, paid, 500) if not of_order(checkout, "refunds") else checkout.notify(
            paid, "refunded"
        )
        drain()

    (refund,) = of_order(checkout, "refunds")
    assert (refund["amount"]["amount_minor"], refund["status"], refund["origin"]) == (500, "succeeded", "provider")
    assert totals(checkout) == (1_800, 500, 0)
    assert of_order(checkout, "history")[-1]["type"] == "refunded_at_provider"
    assert checkout.look_at("refunded_at_provider") == [paid]
    assert (balance(checkout, "clearing:test"), balance(checkout, accounts.FUNDS)) == (1_300, 1_300)
    assert {mail["subject"] for mail in news(engine)} == {
        "You get money back",
        "Money was given back at the test provider",
    }

    made(dismiss(checkout, paid, "refunded_at_provider"), 200)

    assert checkout.look_at("refunded_at_provider") == []
    assert dismiss(checkout, paid, "differs").json["code"] == "nothing_to_dismiss"


def test_one_reason_is_dismissed_and_none_that_nobody_has_seen(checkout: Checkout, paid: str, drain: Drain) -> None:
    given_back_there(checkout, paid, 500)
    disputed(checkout, paid, DisputeState.OPEN, 1_300)
    drain()

    first = made(dismiss(checkout, paid, "disputed"), 200)
    again = made(dismiss(checkout, paid, "disputed"), 200)

    assert first["dismissed"] == again["dismissed"]
    assert checkout.look_at("refunded_at_provider") == [paid]
    other = dismiss(checkout, paid, "not_asked")
    assert (other.status, other.json["code"], other.json["attention"]) == (
        409, "nothing_to_dismiss", "refunded_at_provider",
    )  # fmt: skip


def given(checkout: Checkout, *amounts: int) -> None:
    """Staff give back by goodwill, each time so much."""
    for number, minor in enumerate(amounts):
        body = {"amount": checkout.shop.money(minor), "reason": "For the long wait"}
        path = f"/v1/orders/{checkout.order['id']}/refunds"
        made(checkout.shop.brand.post(path, body, headers={"Idempotency-Key": f"gift-{number}"}))


def test_what_went_back_there_does_not_go_back_again(checkout: Checkout, paid: str, drain: Drain) -> None:
    given_back_there(checkout, paid, 500)
    checkout.cancel()
    drain()

    assert totals(checkout) == (1_800, 1_800, 0)
    assert checkout.given_back(paid) == 1_800
    assert balance(checkout, "clearing:test") == 0


def test_it_stands_for_a_refund_of_ours_that_was_declined(shop: Shop, stripe_side: FakeStripe, drain: Drain) -> None:
    checkout = Checkout(shop, method="stripe")
    payment_id = checkout.pay_with_stripe(stripe_side)
    stripe_side.declines = True
    checkout.cancel()
    drain()
    assert checkout.look_at("refund_failed") == [payment_id]

    stripe_side.give_back(payment_id, 1_800)
    assert checkout.deliver("stripe", *about(stripe_side, payment_id, "refund.created")).status == 204
    drain()

    assert checkout.refund_states() == ["succeeded"]
    assert totals(checkout) == (1_800, 1_800, 0)
    assert checkout.look_at("refund_failed") == []
    assert (balance(checkout, "clearing:stripe"), balance(checkout, accounts.REFUNDS)) == (0, 0)


def test_it_stands_for_the_declined_refund_of_its_amount_or_for_several(
    checkout: Checkout, paid: str, drain: Drain
) -> None:
    with mock.patch.object(TestProvider, "refund", side_effect=ProviderRefused("no")):
        given(checkout, 500, 700, 600)
        drain()
    assert checkout.refund_states() == ["failed"] * 3

    given_back_there(checkout, paid, 700)
    assert [each.amount_minor for each in checkout.refunds() if each.status == "succeeded"] == [700]

    given_back_there(checkout, paid, 1_100)
    drain()
    assert checkout.refund_states() == ["succeeded"] * 3
    assert (balance(checkout, "clearing:test"), balance(checkout, accounts.REFUNDS)) == (0, 0)


@pytest.mark.parametrize("message", ["early", "lost"])
def test_a_refund_that_is_declined_since_the_money_went_back_there_is_none(
    checkout: Checkout, paid: str, drain: Drain, message: str
) -> None:
    with tenant_scope(checkout.tenant_id):
        checkout.provider.give_back(paid, 1_800)
    checkout.cancel()
    if message == "early":
        checkout.notify(paid, "refunded")
    drain()

    assert (checkout.refund_states(), checkout.look_at("refund_failed")) == (["succeeded"], [])
    assert checkout.look_at("refunded_at_provider") == [paid]
    assert (balance(checkout, "clearing:test"), balance(checkout, accounts.REFUNDS)) == (0, 0)


def test_so_it_is_where_the_provider_lists_no_refunds_and_its_message_named_one(
    checkout: Checkout, paid: str, drain: Drain
) -> None:
    with tenant_scope(checkout.tenant_id):
        checkout.provider.give_back(paid, 1_800)
    checkout.cancel()
    checkout.notify(paid, "refunded")
    with mock.patch.object(TestProvider, "refunded", return_value=[]):
        drain()

    assert (checkout.refund_states(), checkout.look_at("refund_failed")) == (["succeeded"], [])


def about(side: FakeStripe, payment_id: str, kind: str) -> tuple[dict[str, str], bytes]:
    """A signed event that names the PaymentIntent alone, as those of disputes and of the dashboard's refunds do."""
    thing = {"id": "thing_1", "payment_intent": side.intent_of(payment_id)["id"], "metadata": {}}
    body = json.dumps({"type": kind, "data": {"object": thing}}).encode()
    signed = hmac_signature.sign(STRIPE["webhook_secret"].encode(), body, product_clock.now())
    return {"stripe-signature": signed}, body


def test_money_given_back_before_we_heard_that_it_came_is_not_booked_as_paid(checkout: Checkout) -> None:
    payment_id = made(checkout.start())["id"]
    checkout.pay(payment_id)
    with tenant_scope(checkout.tenant_id):
        checkout.provider.give_back(payment_id, 1_800)

    checkout.notify(payment_id)

    assert checkout.order_record().status == "held"
    assert checkout.look_at("differs") == [payment_id]
    assert made(checkout.shop.brand.get(f"/v1/payments/{payment_id}"), 200)["differs"] == ["given_back"]
    made(dismiss(checkout, payment_id, "differs"), 200)
    assert checkout.look_at("differs") == []


def test_while_a_payment_is_disputed_no_refund_goes_out_and_when_it_is_won_it_does(
    checkout: Checkout, paid: str, drain: Drain, engine: Engine
) -> None:
    disputed(checkout, paid, DisputeState.OPEN)
    checkout.cancel()
    drain()
    assert (checkout.given_back(paid), checkout.refund_states()) == (0, ["requested"])
    assert checkout.look_at("disputed") == [paid]

    disputed(checkout, paid, DisputeState.WON, fee=1_500)
    drain()

    assert (checkout.given_back(paid), checkout.refund_states()) == (1_800, ["succeeded"])
    assert checkout.look_at("disputed") == []
    assert (balance(checkout, accounts.FEES), balance(checkout, accounts.REFUNDS)) == (1_500, 0)
    assert [mail["subject"] for mail in news(engine)] == [
        "A payment is disputed", "Your order is cancelled", "A dispute is won",
    ]  # fmt: skip


def test_a_lost_dispute_has_paid_the_member_back_once(checkout: Checkout, paid: str, drain: Drain) -> None:
    disputed(checkout, paid, DisputeState.OPEN)
    drain()
    disputed(checkout, paid, DisputeState.LOST, fee=1_500)
    drain()

    (refund,) = of_order(checkout, "refunds")
    assert (refund["amount"]["amount_minor"], refund["origin"], refund["status"]) == (1_800, "provider", "succeeded")
    assert totals(checkout) == (1_800, 1_800, 0)
    assert [each["type"] for each in of_order(checkout, "history")][-2:] == ["dispute_open", "dispute_lost"]
    assert checkout.look_at("disputed") == [paid]
    assert (balance(checkout, "clearing:test"), balance(checkout, accounts.FEES)) == (-1_500, 1_500)

    checkout.cancel()
    drain()

    assert checkout.given_back(paid) == 0
    assert totals(checkout) == (1_800, 1_800, 0)


def test_a_dispute_that_is_lost_after_the_refund_costs_the_brand_twice_and_the_books_say_so(
    checkout: Checkout, paid: str, drain: Drain
) -> None:
    checkout.cancel()
    drain()
    disputed(checkout, paid, DisputeState.LOST)
    drain()

    assert totals(checkout) == (1_800, 1_800, 0)
    assert balance(checkout, accounts.UNRECOVERED) == 1_800
    assert balance(checkout, "clearing:test") == -1_800


def test_a_refund_that_waited_for_a_dispute_is_not_sent_after_it_was_lost(
    checkout: Checkout, paid: str, drain: Drain
) -> None:
    disputed(checkout, paid, DisputeState.OPEN)
    checkout.cancel()
    drain()
    disputed(checkout, paid, DisputeState.LOST)
    drain()

    assert (checkout.given_back(paid), checkout.refund_states()) == (0, ["succeeded"])
    assert (balance(checkout, accounts.UNRECOVERED), balance(checkout, accounts.REFUNDS)) == (0, 0)


def test_a_lost_dispute_stands_for_every_refund_that_waited_for_it(checkout: Checkout, paid: str, drain: Drain) -> None:
    disputed(checkout, paid, DisputeState.OPEN)
    given(checkout, 500, 700)
    drain()

    disputed(checkout, paid, DisputeState.LOST)
    drain()

    assert (checkout.given_back(paid), totals(checkout)) == (0, (1_800, 1_800, 0))
    assert checkout.refund_states() == ["succeeded"] * 3
    assert (balance(checkout, accounts.UNRECOVERED), balance(checkout, accounts.REFUNDS)) == (0, 0)


def test_a_refund_that_was_made_though_its_answer_was_lost_does_not_hide_what_a_dispute_cost(
    checkout: Checkout, paid: str, drain: Drain
) -> None:
    refund = TestProvider.refund

    def made_and_not_answered(*asked: Any) -> None:
        refund(*asked)
        raise ProviderUnavailable("The answer was lost.")

    with mock.patch.object(TestProvider, "refund", made_and_not_answered):
        checkout.cancel()
        drain()
    disputed(checkout, paid, DisputeState.LOST)
    drain()

    assert checkout.refund_states() == ["succeeded"]
    assert (balance(checkout, accounts.UNRECOVERED), balance(checkout, "clearing:test")) == (1_800, -1_800)


def test_a_refund_of_which_payments_have_not_heard_yet_is_not_sent_after_a_lost_dispute_either(
    checkout: Checkout, paid: str, drain: Drain
) -> None:
    checkout.cancel()
    disputed(checkout, paid, DisputeState.LOST)
    drain()

    assert (checkout.given_back(paid), checkout.refund_states()) == (0, ["succeeded"])
    assert (balance(checkout, accounts.UNRECOVERED), balance(checkout, accounts.REFUNDS)) == (0, 0)


def test_the_end_of_a_dispute_is_found_without_a_message(
    checkout: Checkout, paid: str, clock: Clock, sweep: Sweep
) -> None:
    disputed(checkout, paid, DisputeState.OPEN)
    with tenant_scope(checkout.tenant_id):
        checkout.provider.dispute(paid, DisputeState.LOST, 1_800)

    clock.advance(minutes=6)
    sweep()

    assert totals(checkout) == (1_800, 1_800, 0)


def test_dismissing_lets_a_deadline_go_on_without_the_provider(
    checkout: Checkout, clock: Clock, sweep: Sweep, drain: Drain
) -> None:
    from tests.payments.due_payments import unreachable

    payment_id = made(checkout.start())["id"]
    with unreachable():
        clock.advance(minutes=20)
        sweep(times=2)
        assert checkout.order_record().status == "held"
        made(dismiss(checkout, payment_id, "not_asked"), 200)
        drain()

    assert checkout.order_record().status == "expired"


def test_stripes_dispute_is_asked_about_and_an_inquiry_is_none(
    shop: Shop, stripe_side: FakeStripe, drain: Drain
) -> None:
    checkout = Checkout(shop, method="stripe")
    payment_id = checkout.pay_with_stripe(stripe_side)
    drain()
    stripe_side.dispute(payment_id, "warning_needs_response", 1_800)
    assert checkout.deliver("stripe", *about(stripe_side, payment_id, "charge.dispute.created")).status == 204
    assert checkout.look_at("disputed") == []

    stripe_side.dispute(payment_id, "lost", 1_800, 1_500)
    assert checkout.deliver("stripe", *about(stripe_side, payment_id, "charge.dispute.closed")).status == 204
    drain()

    assert totals(checkout) == (1_800, 1_800, 0)
    assert (balance(checkout, accounts.FEES), checkout.look_at("disputed")) == (1_500, [payment_id])


def test_an_event_about_a_payment_that_is_none_of_ours_is_of_no_interest(shop: Shop, stripe_side: FakeStripe) -> None:
    checkout = Checkout(shop, method="stripe")
    body = json.dumps({"type": "charge.refunded", "data": {"object": {"payment_intent": "pi_0"}}}).encode()
    signed = hmac_signature.sign(STRIPE["webhook_secret"].encode(), body, product_clock.now())
    assert checkout.deliver("stripe", {"stripe-signature": signed}, body).status == 204
