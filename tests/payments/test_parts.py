"""Orders that are paid in several payments, and refunds that go back through several of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from importlib import import_module
from typing import Any

import pytest

from chalicelib.messaging.message import Message
from chalicelib.messaging.publish import publish_all
from chalicelib.payments.errors import ProviderRefused
from chalicelib.payments.model import RefundState
from chalicelib.payments.providers.port import Known, Return
from chalicelib.payments.providers.test import TestProvider
from tests.builders import Shop, made
from tests.conftest import Drain
from tests.payments.checkout import Checkout

Emitted = Callable[[str], list[Any]]


@pytest.fixture
def edited(checkout: Checkout, drain: Drain) -> list[str]:
    """An order of two units at 9.00 is paid, then made three: the ids of both of its payments, 18.00 and 9.00."""
    first = paid(checkout)
    checkout.edit(3)
    second = paid(checkout)
    drain()
    return [first, second]


def paid(checkout: Checkout) -> str:
    """What the order wants now is paid, and the message delivered; the payment's id."""
    payment_id: str = made(checkout.start())["id"]
    checkout.pay(payment_id)
    assert checkout.notify(payment_id).status == 204
    return payment_id


def declining(monkeypatch: pytest.MonkeyPatch, *payments: str) -> list[str]:
    """The provider declines to give money back through these payments; the refund ids that it declined."""
    refund, seen = TestProvider.refund, []

    def answer(self: TestProvider, known: Known, back: Return, now: Any) -> RefundState:
        if known.terms.payment_id in payments:
            seen.append(back.refund_id)
            raise ProviderRefused("declined", extra={"provider_code": "insufficient_funds"})
        return refund(self, known, back, now)

    monkeypatch.setattr(TestProvider, "refund", answer)
    return seen


def look_at(checkout: Checkout, state: str) -> list[Any]:
    found: list[Any] = made(checkout.shop.brand.get(f"/v1/payments?state={state}"), 200)["items"]
    return found


def test_the_difference_to_a_dearer_basket_is_paid_by_itself(checkout: Checkout, edited: list[str]) -> None:
    order = checkout.order_record()

    assert [checkout.payment(each).amount_minor for each in edited] == [1800, 900]
    assert (order.quantity, order.paid_minor, order.totals.due) == (3, 2700, 0)
    assert checkout.start().json["code"] == "not_payable"


def test_a_refund_of_everything_goes_back_through_both_payments(
    checkout: Checkout, edited: list[str], drain: Drain
) -> None:
    checkout.cancel()
    drain()

    assert [checkout.given_back(each) for each in edited] == [1800, 900]
    assert checkout.refund_states() == ["succeeded"]
    assert [checkout.payment(each).left_minor for each in edited] == [0, 0]


def test_an_attempt_at_an_amount_that_is_no_longer_wanted_comes_back_whole(checkout: Checkout, drain: Drain) -> None:
    """The difference was 9.00 when the attempt began; the member then took the third unit back."""
    paid(checkout)
    checkout.edit(3)
    late = made(checkout.start())["id"]
    checkout.edit(2)
    checkout.pay(late)

    checkout.notify(late)
    drain()

    assert (checkout.payment(late).applied, checkout.given_back(late)) == ("returned", 900)
    order = checkout.order_record()
    assert (order.quantity, order.paid_minor, order.refunded_minor) == (2, 2700, 900)
    assert [each["id"] for each in look_at(checkout, "returned")] == [late]


def test_a_deposit_and_its_balance_are_two_payments(shop: Shop) -> None:
    """Two units at 9.00, of which 3.33 each are the deposit: 6.66 now, 11.34 later."""
    offer = shop.offer() | {"deposit": shop.money(333)}
    balance = {"hours_after_close": 24, "on_default": "refund"}
    campaign = shop.campaign(kind="pre_order", offers=[offer], payment_methods=["test"], balance=balance)
    checkout = Checkout(shop, campaign)

    first, second = paid(checkout), paid(checkout)

    assert [checkout.payment(each).amount_minor for each in (first, second)] == [666, 1134]
    assert (checkout.order_record().paid_minor, checkout.order_record().totals.due) == (1800, 0)


def test_of_a_refund_in_parts_one_may_be_declined_and_is_shown_and_tried_again(
    checkout: Checkout, edited: list[str], drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = edited
    with monkeypatch.context() as patch:
        declined = declining(patch, first)
        checkout.cancel()
        drain()

    assert checkout.refund_states() == ["failed"]
    assert (checkout.given_back(first), checkout.given_back(second)) == (0, 900)
    (shown,) = look_at(checkout, "refund_failed")
    assert (shown["id"], [part["status"] for part in shown["refunds"]]) == (first, ["failed"])

    again = made(checkout.shop.brand.post(f"/v1/payments/{first}/refunds/retry"), 200)

    assert [(part["status"], part["tried_again"]) for part in again["refunds"]] == [("succeeded", 1)]
    assert [checkout.given_back(each) for each in edited] == [1800, 900]
    assert checkout.refund_states() == ["succeeded"]
    assert look_at(checkout, "refund_failed") == []
    assert len(declined) == 1, "the provider is not asked again by itself"
    assert checkout.shop.brand.post(f"/v1/payments/{first}/refunds/retry").json["code"] == "nothing_declined"


def test_money_that_no_order_wanted_and_the_provider_declined_is_shown_too(
    checkout: Checkout, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment_id = made(checkout.start())["id"]
    checkout.pay(payment_id)
    checkout.cancel()
    with monkeypatch.context() as patch:
        declining(patch, payment_id)
        checkout.notify(payment_id)
        drain()

    assert [each["id"] for each in look_at(checkout, "refund_failed")] == [payment_id]
    made(checkout.shop.brand.post(f"/v1/payments/{payment_id}/refunds/retry"), 200)
    assert checkout.given_back(payment_id) == 1800
    assert [each["id"] for each in look_at(checkout, "returned")] == [payment_id]
    assert made(checkout.shop.brand.get(f"/v1/payments/{payment_id}"), 200)["applied"] == "returned"


@pytest.fixture
def emitted(monkeypatch: pytest.MonkeyPatch) -> Emitted:
    """What the relay publishes from now on: the data of each event of a type, once, however many queues want it."""
    seen: dict[str, dict[str, Any]] = {}

    def publish(queue: str, messages: Sequence[Message], together: Collection[str]) -> list[int]:
        for message in messages:
            seen.setdefault(message.type, {})[message.id] = message.data
        return publish_all(queue, messages, together)

    # The package has a function of the same name.
    monkeypatch.setattr(import_module("chalicelib.messaging.relay"), "publish_all", publish)
    return lambda event_type: list(seen.get(event_type, {}).values())


def test_each_move_emits_an_event(emitted: Emitted, checkout: Checkout, edited: list[str], drain: Drain) -> None:
    first, second = edited
    checkout.cancel()
    drain()

    (refund_id,) = checkout.refund_ids()
    back = {"order_id": checkout.order["id"], "refund_id": refund_id}
    assert emitted("payment.succeeded") == [{"payment_id": each, "order_id": checkout.order["id"]} for each in edited]
    assert sorted(emitted("payment.given_back"), key=lambda each: -each["amount_minor"]) == [
        {"payment_id": first, "amount_minor": 1800, **back},
        {"payment_id": second, "amount_minor": 900, **back},
    ]
    assert emitted("refund.succeeded") == [back]
