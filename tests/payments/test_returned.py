"""Money that no order wanted goes back whole, and its owner sees it: in the order, its history, and a message."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.db import tenant_scope
from chalicelib.settlement.books.model import accounts
from chalicelib.settlement.books.service import balances
from infra.local.engine import Engine
from tests.builders import Shop, made
from tests.conftest import Clock, Drain, Sweep
from tests.letters import news
from tests.payments.checkout import Checkout


@pytest.fixture
def late(checkout: Checkout, drain: Drain) -> Checkout:
    """An order that was cancelled although it had been paid, of which the message came afterwards."""
    payment_id = made(checkout.start())["id"]
    checkout.pay(payment_id)
    checkout.cancel()
    checkout.notify(payment_id)
    drain()
    return checkout


@pytest.fixture
def twice(checkout: Checkout, drain: Drain) -> Checkout:
    """An order that was paid on two pages."""
    for payment_id in [made(checkout.start())["id"] for _ in range(2)]:
        checkout.pay(payment_id)
        checkout.notify(payment_id)
    drain()
    return checkout


def own(checkout: Checkout, part: str = "") -> Any:
    """The order, or a part of it, as its member sees it."""
    path = f"{checkout.shop.path}/orders/{checkout.order['id']}{part}"
    return made(checkout.shop.caller.get(path, token=checkout.shop.shopper.token), 200)


def amounts(checkout: Checkout) -> tuple[int, int, int]:
    totals = own(checkout)["totals"]
    paid, refunded, due = (totals[name]["amount_minor"] for name in ("paid", "refunded", "due"))
    return paid, refunded, due


def test_what_came_too_late_is_shown_as_paid_and_given_back(late: Checkout) -> None:
    (refund,) = own(late, "/refunds")["items"]
    kinds = [entry["type"] for entry in own(late, "/history")["items"]]

    assert amounts(late) == (1_800, 1_800, 0)
    assert (refund["cause"].partition(":")[0], refund["amount"]["amount_minor"]) == ("paid_too_late", 1_800)
    assert (refund["status"], refund["method"]) == ("succeeded", "test")
    assert kinds == ["placed", "cancelled", "payment_returned"]
    assert made(late.shop.brand.get(f"/v1/orders/{late.order['id']}"), 200)["totals"] == own(late)["totals"]


def test_what_was_paid_twice_is_shown_too_and_the_order_stands(twice: Checkout) -> None:
    (refund,) = own(twice, "/refunds")["items"]

    assert amounts(twice) == (3_600, 1_800, 0)
    assert own(twice)["status"] == "placed"
    assert (refund["cause"].partition(":")[0], refund["status"]) == ("paid_twice", "succeeded")
    assert own(twice, "/history")["items"][-1]["type"] == "payment_returned"


@pytest.mark.parametrize(
    ("name", "subject", "says"),
    [
        ("late", "Your payment came too late", "after your order had ended"),
        ("twice", "Your order was paid already", "came twice"),
    ],
)
def test_its_owner_is_told(name: str, subject: str, says: str, request: pytest.FixtureRequest, engine: Engine) -> None:
    checkout = request.getfixturevalue(name)

    told = [each["subject"] for each in news(engine)]
    mail = news(engine)[-1]
    assert told == (["Your order is cancelled", subject] if name == "late" else [subject])
    assert (mail["to"], mail["subject"]) == (checkout.shop.shopper.email, subject)
    assert "CN¥18.00" in mail["text"]
    assert says in mail["text"]


@pytest.mark.parametrize("name", ["late", "twice"])
def test_the_books_agree_with_what_the_member_is_shown(name: str, request: pytest.FixtureRequest) -> None:
    checkout = request.getfixturevalue(name)
    paid, refunded, _ = amounts(checkout)

    with tenant_scope(checkout.tenant_id):
        proof = balances.proof(checkout.tenant_id)
        assert balances.balance(checkout.tenant_id, accounts.FUNDS) == paid - refunded
        assert balances.balance(checkout.tenant_id, accounts.REFUNDS) == 0
    assert (proof.captured, proof.refunded, proof.held, proof.holds) == (paid, refunded, paid - refunded, True)


def test_what_came_after_the_hold_is_shown_at_the_order_that_expired(
    shop: Shop, clock: Clock, drain: Drain, sweep: Sweep
) -> None:
    """The provider let it be paid after it had been ended: such money is not lost either."""
    checkout = Checkout(shop, shop.campaign(payment_methods=["pickup", "test"], offers=[shop.offer(quantity=2)]))
    payment_id = made(checkout.start())["id"]
    clock.advance(minutes=20)
    sweep()
    made(shop.order(shop.member(), quantity=2, campaign=checkout.campaign))
    checkout.change_charge(payment_id, state="succeeded")
    checkout.notify(payment_id)
    drain()

    assert own(checkout)["status"] == "expired"
    assert amounts(checkout) == (1_800, 1_800, 0)
    assert checkout.given_back(payment_id) == 1_800
