"""Paying a held order, from its start to the last message about it."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.payments.model import State
from tests.builders import made
from tests.conftest import Clock, Drain, Sweep
from tests.payments.checkout import Checkout


def test_a_payment_is_started_once_for_each_key(checkout: Checkout) -> None:
    first, again = checkout.start("key-1"), checkout.start("key-1")

    payment = made(first)
    assert (payment["status"], payment["amount"]["amount_minor"]) == ("pending", 1800)
    assert payment["client"]["page_url"].endswith(f"/local/payments/{checkout.tenant_id}/{payment['id']}")
    assert (again.status, again.text) == (201, first.text)
    checkout.pay(payment["id"])
    checkout.notify(payment["id"])
    assert checkout.start("key-1").text == first.text, "the first answer again, whatever has become of it"


def test_the_same_key_with_another_body_is_refused(checkout: Checkout) -> None:
    made(checkout.start("key-1"))

    refused = checkout.start("key-1", {"way": "native"})

    assert (refused.status, refused.json["code"]) == (422, "idempotency_mismatch")


def test_a_lost_answer_of_the_provider_is_asked_for_again(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    from chalicelib.payments.errors import ProviderUnavailable
    from chalicelib.payments.providers.test import TestProvider

    create = TestProvider.create

    def lost(*given: Any) -> Any:
        create(*given)
        raise ProviderUnavailable("lost")

    monkeypatch.setattr(TestProvider, "create", lost)
    assert checkout.start("key-1").status == 503
    monkeypatch.setattr(TestProvider, "create", create)

    assert checkout.start("key-1").status == 201
    assert len(made(checkout.shop.caller.get(checkout.path, token=checkout.shop.shopper.token), 200)["items"]) == 1


def test_a_message_makes_the_shop_ask_and_the_order_is_paid(checkout: Checkout) -> None:
    payment_id = made(checkout.start())["id"]
    checkout.pay(payment_id)

    assert checkout.notify(payment_id).status == 204

    order = made(checkout.shop.brand.get(f"/v1/orders/{checkout.order['id']}"), 200)
    assert (order["status"], order["totals"]["paid"]["amount_minor"], order["totals"]["due"]["amount_minor"]) == (
        "placed",
        1800,
        0,
    )
    (shown,) = made(checkout.shop.brand.get(f"/v1/orders/{checkout.order['id']}/payments"), 200)["items"]
    assert (shown["status"], shown["applied"], shown["differs"]) == ("succeeded", "captured", [])


def test_a_message_is_a_reason_to_ask_and_no_answer(checkout: Checkout) -> None:
    payment_id = made(checkout.start())["id"]

    assert checkout.notify(payment_id, "succeeded").status == 204

    assert checkout.payment(payment_id).state is State.PENDING
    assert checkout.order_record().status == "held"


def test_a_paid_order_awaits_no_payment(checkout: Checkout) -> None:
    payment_id = made(checkout.start())["id"]
    checkout.pay(payment_id)
    checkout.notify(payment_id)

    refused = checkout.start()

    assert (refused.status, refused.json["code"], refused.json["order_status"]) == (409, "not_payable", "placed")


def test_nor_does_one_paid_at_pickup(checkout: Checkout) -> None:
    checkout.order = made(checkout.shop.order())

    assert checkout.start().json["code"] == "not_payable"


def test_nor_does_one_whose_hold_is_over(checkout: Checkout, clock: Clock) -> None:
    clock.advance(minutes=15)

    refused = checkout.start().json
    assert refused["code"] == "not_payable"
    assert refused["detail"] == (
        "The order was not paid in time and has expired; place it again while the campaign is open."
    )


def test_another_members_order_cannot_be_paid(checkout: Checkout) -> None:
    assert checkout.start(token=checkout.shop.member().token).status == 404


def test_a_payment_that_failed_can_be_tried_again(checkout: Checkout) -> None:
    payment_id = made(checkout.start())["id"]
    checkout.pay(payment_id, State.FAILED)
    checkout.notify(payment_id, "failed")

    assert checkout.payment(payment_id).state is State.FAILED
    assert checkout.start().status == 201


def test_two_attempts_are_paid_and_one_comes_back(checkout: Checkout, drain: Drain) -> None:
    first, second = (made(checkout.start())["id"] for _ in range(2))
    for payment_id in (first, second):
        checkout.pay(payment_id)
        checkout.notify(payment_id)
    drain()

    order = checkout.order_record()
    assert (order.paid_minor, order.refunded_minor, order.totals.due) == (3600, 1800, 0)
    assert (checkout.given_back(first), checkout.given_back(second)) == (0, 1800)
    assert [checkout.payment(each).applied for each in (first, second)] == ["captured", "returned"]


@pytest.mark.parametrize(
    ("differs", "fields"),
    [
        (["amount"], {"amount_minor": 1799}),
        (["currency"], {"currency": "USD"}),
        (["order"], {"order_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A"}),
    ],
)
def test_nothing_is_booked_where_a_word_contradicts(checkout: Checkout, differs: list[str], fields: Any) -> None:
    payment_id = made(checkout.start())["id"]
    checkout.change_charge(payment_id, **fields)
    checkout.pay(payment_id)

    checkout.notify(payment_id)

    assert checkout.order_record().status == "held"
    (shown,) = made(checkout.shop.brand.get(f"/v1/orders/{checkout.order['id']}/payments"), 200)["items"]
    assert (shown["status"], shown["differs"]) == ("pending", differs)


def test_with_no_message_at_all_the_reconciler_finds_out_within_ten_minutes(
    checkout: Checkout, clock: Clock, sweep: Sweep
) -> None:
    payment_id = made(checkout.start())["id"]
    checkout.pay(payment_id)

    clock.advance(minutes=10)
    sweep()

    assert checkout.payment(payment_id).state is State.SUCCEEDED
    assert checkout.order_record().status == "placed"
    assert checkout.payment(payment_id).due_at is None, "nothing is left to ask"


def test_it_asks_every_five_minutes_while_the_payer_takes_their_time(
    checkout: Checkout, clock: Clock, sweep: Sweep
) -> None:
    payment_id = made(checkout.start())["id"]
    clock.advance(minutes=6)
    sweep()
    assert checkout.payment(payment_id).state is State.PENDING

    checkout.pay(payment_id)
    clock.advance(minutes=6)
    sweep()

    assert checkout.order_record().status == "placed"


def test_what_nobody_paid_is_closed_at_the_provider(checkout: Checkout, clock: Clock, sweep: Sweep) -> None:
    payment_id = made(checkout.start())["id"]

    for _ in range(4):
        clock.advance(minutes=5)
        sweep()

    assert checkout.payment(payment_id).state is State.CLOSED
    checkout.pay(payment_id)
    checkout.notify(payment_id)
    assert checkout.payment(payment_id).state is State.CLOSED, "nobody could pay it any more"


def test_money_for_an_order_that_is_gone_comes_back(checkout: Checkout, drain: Drain) -> None:
    payment_id = made(checkout.start())["id"]
    checkout.pay(payment_id)
    checkout.cancel()

    checkout.notify(payment_id)
    drain()

    assert checkout.given_back(payment_id) == 1800
    assert checkout.payment(payment_id).applied == "returned"
    assert checkout.order_record().status == "cancelled"
