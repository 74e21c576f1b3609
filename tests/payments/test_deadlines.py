"""Whoever has paid in time keeps what they paid for: a deadline asks the provider before it takes anything away."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chalicelib.payments.model import State
from tests.builders import Shop, made
from tests.conftest import Clock, Drain, Sweep
from tests.payments.checkout import Checkout
from tests.payments.due_payments import EVERY, Awaited, Till, held, held_until_the_close, last_of_a_team, unreachable
from tests.payments.fake_stripe import STRIPE, FakeStripe

Waiting = Callable[[Till], Awaited]


@pytest.fixture
def till(shop: Shop, clock: Clock, drain: Drain, sweep: Sweep) -> Till:
    return Till(shop, clock, drain, sweep)


@pytest.fixture(params=EVERY, ids=lambda each: each.__name__)
def awaited(request: pytest.FixtureRequest, till: Till) -> Awaited:
    """An order whose deadline is near: each of the four kinds."""
    wait: Waiting = request.param
    return wait(till)


@pytest.mark.parametrize("message", ["late", "lost"])
def test_paid_in_time_is_kept_however_late_the_message(awaited: Awaited, message: str) -> None:
    payment_id = awaited.start()
    awaited.checkout.pay(payment_id)

    awaited.at_the_deadline()
    if message == "late":
        awaited.checkout.notify(payment_id)
        awaited.till.drain()

    assert awaited.kept(awaited.order)
    assert awaited.order.paid_minor == awaited.paid_minor
    assert awaited.checkout.payment(payment_id).applied == "captured"


def test_after_an_outage_of_an_hour_it_is_kept_too(awaited: Awaited) -> None:
    payment_id = awaited.start()
    awaited.checkout.pay(payment_id)

    awaited.at_the_deadline(hours=1)

    assert awaited.kept(awaited.order)
    assert awaited.checkout.payment(payment_id).applied == "captured"


def test_what_was_not_paid_is_closed_at_the_provider_and_taken_away(awaited: Awaited) -> None:
    payment_id = awaited.start()

    awaited.at_the_deadline()
    awaited.checkout.pay(payment_id)
    awaited.checkout.notify(payment_id)

    assert awaited.lost(awaited.order)
    assert awaited.checkout.payment(payment_id).state is State.CLOSED


@pytest.mark.parametrize("paid", [True, False])
def test_while_the_provider_cannot_be_reached_nothing_is_taken_away(awaited: Awaited, paid: bool) -> None:
    payment_id = awaited.start()
    if paid:
        awaited.checkout.pay(payment_id)
    with unreachable():
        awaited.at_the_deadline()
        awaited.at_the_deadline(hours=2)
        assert not awaited.lost(awaited.order)
        assert not awaited.kept(awaited.order)
        assert awaited.shown["awaiting_provider_since"] is not None
        assert awaited.checkout.look_at("not_asked") == [payment_id]

    awaited.at_the_deadline(hours=3)

    assert awaited.kept(awaited.order) if paid else awaited.lost(awaited.order)
    assert awaited.shown["awaiting_provider_since"] is None
    assert awaited.checkout.look_at("not_asked") == []


def test_a_close_waits_as_long_as_the_deadline_does(till: Till) -> None:
    awaited = held_until_the_close(till)
    payment_id = awaited.start()
    awaited.checkout.pay(payment_id)
    with unreachable():
        awaited.at_the_deadline(hours=2)
        assert made(till.shop.brand.get(f"/v1/campaigns/{awaited.checkout.campaign['id']}"), 200)["status"] == "closing"

    awaited.at_the_deadline(hours=3)

    assert awaited.kept(awaited.order)
    assert made(till.shop.brand.get(f"/v1/campaigns/{awaited.checkout.campaign['id']}"), 200)["status"] == "locked"


def test_the_last_unit_is_not_sold_to_the_next_while_nobody_knows(till: Till) -> None:
    campaign = till.shop.campaign(payment_methods=["pickup", "test"], offers=[till.shop.offer(quantity=2)])
    awaited = held(till, campaign)
    awaited.checkout.pay(awaited.start())
    with unreachable():
        awaited.at_the_deadline()
        assert till.shop.order(till.shop.member(), campaign=campaign).json["code"] == "sold_out"

    awaited.at_the_deadline(minutes=30)

    assert awaited.kept(awaited.order)
    assert till.shop.order(till.shop.member(), campaign=campaign).json["code"] == "sold_out"


def test_a_team_whose_campaign_closes_early_is_asked_about_too(till: Till) -> None:
    """It has two minutes left when its campaign reaches its cap; its last place was paid, and nobody knows."""
    awaited = last_of_a_team(till, caps={"orders": 2})
    awaited.checkout.pay(awaited.start())
    with unreachable():
        made(till.shop.order(till.shop.member(), quantity=3, campaign=awaited.checkout.campaign))
        till.sweep(times=2)
        assert awaited.order.status == "held"

    awaited.at_the_deadline()
    till.sweep(times=2)

    assert awaited.kept(awaited.order)
    assert made(till.shop.brand.get(f"/v1/campaigns/{awaited.checkout.campaign['id']}"), 200)["status"] == "locked"


def test_mended_keys_have_the_deadline_looked_at_at_once(
    shop: Shop, stripe_side: FakeStripe, clock: Clock, sweep: Sweep, drain: Drain
) -> None:
    checkout = Checkout(shop, method="stripe")
    payment_id = made(checkout.start())["id"]
    stripe_side.revoked = True
    clock.advance(minutes=40)
    sweep(times=3)
    assert checkout.order_record().status == "held"
    assert checkout.look_at("not_asked") == [payment_id]

    stripe_side.revoked = False
    made(shop.brand.put("/v1/payment-settings/stripe", STRIPE), 200)
    drain()

    assert checkout.order_record().status == "expired"
    assert checkout.payment(payment_id).state is State.CLOSED
