"""Paying a held order, from its start to the last message about it."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.payments.model import State
from tests.builders import made
from tests.conftest import Clock, Drain, Sweep
from tests.payments.till import Till


def test_a_payment_is_started_once_for_each_key(till: Till) -> None:
    first, again = till.start("key-1"), till.start("key-1")

    payment = made(first)
    assert (payment["status"], payment["amount"]["amount_minor"]) == ("pending", 1800)
    assert payment["client"]["page_url"].endswith(f"/local/payments/{till.tenant_id}/{payment['id']}")
    assert (again.status, again.text) == (201, first.text)
    till.press(payment["id"])
    till.tell(payment["id"])
    assert till.start("key-1").text == first.text, "the first answer again, whatever has become of it"


def test_the_same_key_with_another_body_is_refused(till: Till) -> None:
    made(till.start("key-1"))

    refused = till.start("key-1", {"way": "native"})

    assert (refused.status, refused.json["code"]) == (422, "idempotency_mismatch")


def test_a_lost_answer_of_the_provider_is_asked_for_again(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    from chalicelib.payments.errors import ProviderUnavailable
    from chalicelib.payments.providers.test import TestProvider

    create = TestProvider.create

    def lost(*given: Any) -> Any:
        create(*given)
        raise ProviderUnavailable("lost")

    monkeypatch.setattr(TestProvider, "create", lost)
    assert till.start("key-1").status == 503
    monkeypatch.setattr(TestProvider, "create", create)

    assert till.start("key-1").status == 201
    assert len(made(till.shop.caller.get(till.path, token=till.shop.shopper.token), 200)["items"]) == 1


def test_a_message_makes_the_shop_ask_and_the_order_is_paid(till: Till) -> None:
    payment_id = made(till.start())["id"]
    till.press(payment_id)

    assert till.tell(payment_id).status == 204

    order = made(till.shop.brand.get(f"/v1/orders/{till.order['id']}"), 200)
    assert (order["status"], order["totals"]["paid"]["amount_minor"], order["totals"]["due"]["amount_minor"]) == (
        "placed",
        1800,
        0,
    )
    (shown,) = made(till.shop.brand.get(f"/v1/orders/{till.order['id']}/payments"), 200)["items"]
    assert (shown["status"], shown["applied"], shown["differs"]) == ("succeeded", "captured", [])


def test_a_message_is_a_reason_to_ask_and_no_answer(till: Till) -> None:
    payment_id = made(till.start())["id"]

    assert till.tell(payment_id, "succeeded").status == 204

    assert till.payment(payment_id).state is State.PENDING
    assert till.order_record().status == "held"


def test_a_paid_order_awaits_no_payment(till: Till) -> None:
    payment_id = made(till.start())["id"]
    till.press(payment_id)
    till.tell(payment_id)

    refused = till.start()

    assert (refused.status, refused.json["code"], refused.json["order_status"]) == (409, "not_payable", "placed")


def test_nor_does_one_paid_at_pickup(till: Till) -> None:
    till.order = made(till.shop.order())

    assert till.start().json["code"] == "not_payable"


def test_nor_does_one_whose_hold_is_over(till: Till, clock: Clock) -> None:
    clock.advance(minutes=15)

    refused = till.start().json
    assert refused["code"] == "not_payable"
    assert refused["detail"] == (
        "The order was not paid in time and has expired; place it again while the campaign is open."
    )


def test_another_members_order_cannot_be_paid(till: Till) -> None:
    assert till.start(token=till.shop.member().token).status == 404


def test_a_payment_that_failed_can_be_tried_again(till: Till) -> None:
    payment_id = made(till.start())["id"]
    till.press(payment_id, State.FAILED)
    till.tell(payment_id, "failed")

    assert till.payment(payment_id).state is State.FAILED
    assert till.start().status == 201


def test_two_attempts_are_paid_and_one_comes_back(till: Till, drain: Drain) -> None:
    first, second = (made(till.start())["id"] for _ in range(2))
    for payment_id in (first, second):
        till.press(payment_id)
        till.tell(payment_id)
    drain()

    assert till.order_record().paid_minor == 1800
    assert (till.given_back(first), till.given_back(second)) == (0, 1800)
    assert [till.payment(each).applied for each in (first, second)] == ["captured", "returned"]


@pytest.mark.parametrize(
    ("differs", "fields"),
    [
        (["amount"], {"amount_minor": 1799}),
        (["currency"], {"currency": "USD"}),
        (["order"], {"order_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A"}),
    ],
)
def test_a_word_that_contradicts_our_books_is_not_booked(till: Till, differs: list[str], fields: Any) -> None:
    payment_id = made(till.start())["id"]
    till.change_charge(payment_id, **fields)
    till.press(payment_id)

    till.tell(payment_id)

    assert till.order_record().status == "held"
    (shown,) = made(till.shop.brand.get(f"/v1/orders/{till.order['id']}/payments"), 200)["items"]
    assert (shown["status"], shown["differs"]) == ("pending", differs)


def test_with_no_message_at_all_the_reconciler_settles_it_within_ten_minutes(
    till: Till, clock: Clock, sweep: Sweep
) -> None:
    payment_id = made(till.start())["id"]
    till.press(payment_id)

    clock.advance(minutes=10)
    sweep()

    assert till.payment(payment_id).state is State.SUCCEEDED
    assert till.order_record().status == "placed"
    assert till.payment(payment_id).due_at is None, "nothing is left to ask"


def test_it_asks_every_five_minutes_while_the_payer_takes_his_time(till: Till, clock: Clock, sweep: Sweep) -> None:
    payment_id = made(till.start())["id"]
    clock.advance(minutes=6)
    sweep()
    assert till.payment(payment_id).state is State.PENDING

    till.press(payment_id)
    clock.advance(minutes=6)
    sweep()

    assert till.order_record().status == "placed"


def test_what_nobody_paid_is_closed_at_the_provider(till: Till, clock: Clock, sweep: Sweep) -> None:
    payment_id = made(till.start())["id"]

    for _ in range(4):
        clock.advance(minutes=5)
        sweep()

    assert till.payment(payment_id).state is State.CLOSED
    till.press(payment_id)
    till.tell(payment_id)
    assert till.payment(payment_id).state is State.CLOSED, "nobody could pay it any more"


def test_money_for_an_order_that_is_gone_comes_back(till: Till, drain: Drain) -> None:
    payment_id = made(till.start())["id"]
    till.press(payment_id)
    till.cancel()

    till.tell(payment_id)
    drain()

    assert till.given_back(payment_id) == 1800
    assert till.payment(payment_id).applied == "returned"
    assert till.order_record().status == "cancelled"
