"""Members are told of the rest that is due online after staff accepted less than was asked."""

from __future__ import annotations

from datetime import timedelta

from infra.local.engine import Engine
from tests.builders import Shop, made
from tests.conftest import Clock, Drain, Sweep
from tests.letters import news
from tests.payments.checkout import Checkout
from tests.payments.test_accepting import accept, came


def test_the_member_hears_until_when_the_rest_is_to_be_paid_online(shop: Shop, engine: Engine, drain: Drain) -> None:
    """Once, with the order's receipt; where less than the rest comes and is accepted in its turn, its receipt says what
    is left.
    """
    checkout = Checkout(shop, shop.campaign(title="Pears", payment_methods=["test"]))
    made(accept(checkout, came(checkout)), 200)
    drain()
    made(accept(checkout, came(checkout, 300)), 200)
    drain()

    asked, received = [mail for mail in engine.mail() if mail["to"] == shop.shopper.email]
    until = checkout.order_record().balance_due_at
    assert until is not None
    assert (asked["to"], asked["subject"]) == (shop.shopper.email, "A part of your order is not paid yet")
    local = until + timedelta(hours=8)
    at = f"{local:%a} {local.day} {local:%b %Y, %H:%M}"
    assert f"please pay the missing CN¥8.00 in our store until {at}. Your pickup code: " in asked["text"]
    assert received["subject"] == "We have your payment"
    assert "your CN¥3.00 for your order of “Pears” has arrived. CN¥5.00 is still to be paid online." in received["text"]


def test_nobody_is_asked_for_a_rest_that_is_paid_at_pickup_or_for_none(
    checkout: Checkout, shop: Shop, engine: Engine, drain: Drain
) -> None:
    made(accept(checkout, came(checkout)), 200)
    paid_in_full = Checkout(shop, shop.campaign(payment_methods=["test"]))
    made(accept(paid_in_full, came(paid_in_full, 2_000)), 200)
    drain()

    assert {mail["subject"] for mail in news(engine)} == {"Your money is on its way to you"}


def test_for_the_rest_of_a_pre_order_its_member_is_asked_at_the_close_as_everybody_is(
    shop: Shop, engine: Engine, drain: Drain, clock: Clock, sweep: Sweep
) -> None:
    offer = shop.offer(price=900) | {"deposit": shop.money(200)}
    terms = {"balance": {"hours_after_close": 48, "on_default": "refund"}, "payment_methods": ["test"]}
    checkout = Checkout(shop, shop.campaign(kind="pre_order", offers=[offer], closes_in=timedelta(hours=1), **terms))
    made(accept(checkout, came(checkout, 700)), 200)
    drain()
    assert news(engine) == []

    clock.advance(hours=2)
    sweep(3)

    (asked,) = news(engine)
    assert "CN¥11.00" in asked["text"]
