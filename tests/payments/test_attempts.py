"""How often an order may be tried to be paid: five times a minute, and ten times an hour that came to nothing."""

from __future__ import annotations

import threading

import pytest

from chalicelib.payments.model import State
from tests.builders import made
from tests.conftest import Clock
from tests.payments.checkout import Checkout


def started(checkout: Checkout, *keys: str) -> list[str]:
    return [made(checkout.start(key))["id"] for key in keys]


@pytest.fixture
def five(checkout: Checkout) -> list[str]:
    """Five attempts within a minute."""
    return started(checkout, *"abcde")


def test_a_sixth_attempt_within_a_minute_is_refused_and_says_when_to_come_back(
    checkout: Checkout, five: list[str], clock: Clock
) -> None:
    refused = checkout.start("f")

    assert (refused.status, refused.json["code"]) == (429, "too_many_attempts")
    wait = int(refused.headers["Retry-After"])
    assert 1 <= wait <= 60
    assert f"in {wait} s" in refused.json["detail"]
    clock.advance(seconds=wait)
    assert checkout.start("f").status == 201


def test_the_refusal_is_worded_in_chinese_as_well(checkout: Checkout, five: list[str]) -> None:
    refused = checkout.shop.caller.call(
        "POST", checkout.path, json={}, token=checkout.shop.shopper.token,
        headers={"Idempotency-Key": "f", "Accept-Language": "zh"},
    )  # fmt: skip

    assert refused.json["title"] == "支付尝试次数过多"
    assert "秒后再试" in refused.json["detail"]


def test_the_same_key_again_never_counts(checkout: Checkout, clock: Clock) -> None:
    (first,) = started(checkout, "a")
    for _ in range(6):
        assert made(checkout.start("a"))["id"] == first
    started(checkout, *"bcde")

    assert checkout.start("f").status == 429
    assert made(checkout.start("a"))["id"] == first, "also while a new one is refused"


def test_ten_attempts_that_came_to_nothing_are_enough_for_an_hour(
    checkout: Checkout, five: list[str], clock: Clock
) -> None:
    clock.advance(minutes=1)
    declined = started(checkout, *"fghij")
    for payment_id in declined:
        checkout.pay(payment_id, State.FAILED)
        checkout.notify(payment_id, "failed")
    clock.advance(minutes=1)

    refused = checkout.start("k")

    assert (refused.status, refused.json["code"]) == (429, "too_many_attempts")
    assert 57 * 60 <= int(refused.headers["Retry-After"]) <= 58 * 60
    checkout.pay(five[0], State.CLOSED)
    checkout.notify(five[0], "closed")
    assert checkout.start("k").status == 201, "one that was closed has made room"


def test_attempts_at_once_are_counted_one_by_one(checkout: Checkout) -> None:
    _ = checkout.shop.shopper.token
    answers: list[int] = []

    def start(key: str) -> None:
        answers.append(checkout.start(key).status)

    threads = [threading.Thread(target=start, args=(key,)) for key in "abcdefgh"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [201] * 5 + [429] * 3
