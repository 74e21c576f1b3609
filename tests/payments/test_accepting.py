"""Staff accept a payment that came in another amount than was asked: what really came is booked."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.campaigns.stock.model import MAX_STOCK_OPERATIONS
from chalicelib.db import tenant_scope
from chalicelib.payments.model import State
from chalicelib.settlement.books.service import balances
from tests.builders import Reply, Shop, made
from tests.conftest import Clock, Drain, Sweep
from tests.payments.checkout import Checkout
from tests.payments.fake_stripe import FakeStripe


def accept(checkout: Checkout, payment_id: str, key: str = "") -> Reply:
    """The owner, or who has that key, accepts the payment as it is."""
    options: dict[str, Any] = {"json": {"reason": "The payer rounded."}} | ({"token": key} if key else {})
    return checkout.shop.brand.call("POST", f"/v1/payments/{payment_id}/accept", **options)


def came(checkout: Checkout, amount_minor: int = 1_000, **fields: Any) -> str:
    """A payment of 18.00 was asked, and that is what the provider reports; the payment's id."""
    payment_id: str = made(checkout.start())["id"]
    checkout.change_charge(payment_id, amount_minor=amount_minor, **fields)
    checkout.pay(payment_id)
    checkout.notify(payment_id)
    return payment_id


def totals(checkout: Checkout) -> tuple[str, int, int, int]:
    """The order's state, and what of it is paid, refunded and due."""
    shown = made(checkout.shop.brand.get(f"/v1/orders/{checkout.order['id']}"), 200)
    paid, refunded, due = (shown["totals"][name]["amount_minor"] for name in ("paid", "refunded", "due"))
    return shown["status"], paid, refunded, due


def test_less_than_was_asked_places_the_order_and_the_rest_stays_due(checkout: Checkout, drain: Drain) -> None:
    payment_id = came(checkout, 1_000)
    assert checkout.look_at("differs") == [payment_id]

    accepted = made(accept(checkout, payment_id), 200)
    drain()

    assert (accepted["status"], accepted["applied"], accepted["differs"]) == ("succeeded", "captured", [])
    assert accepted["amount"]["amount_minor"] == 1_000
    assert accepted["accepted"]["asked"] == checkout.shop.money(1_800)
    assert accepted["accepted"]["reason"] == "The payer rounded."
    assert totals(checkout) == ("placed", 1_000, 0, 800)
    assert checkout.look_at("differs") == []
    with tenant_scope(checkout.tenant_id):
        assert balances.balance(checkout.tenant_id, "clearing:test") == 1_000
        assert balances.balance(checkout.tenant_id, "customer_funds") == 1_000
        assert balances.proof(checkout.tenant_id).holds


def test_what_came_beyond_the_total_goes_back(checkout: Checkout, drain: Drain) -> None:
    payment_id = came(checkout, 2_500)

    made(accept(checkout, payment_id), 200)
    drain()

    assert totals(checkout) == ("placed", 2_500, 700, 0)
    assert (checkout.given_back(payment_id), checkout.refund_states()) == (700, ["succeeded"])
    with tenant_scope(checkout.tenant_id):
        assert balances.balance(checkout.tenant_id, "customer_funds") == 1_800
        assert balances.proof(checkout.tenant_id).holds


def test_it_is_in_the_orders_history_and_in_the_audit_log(checkout: Checkout) -> None:
    payment_id = came(checkout)

    made(accept(checkout, payment_id), 200)

    history = made(checkout.shop.brand.get(f"/v1/orders/{checkout.order['id']}/history"), 200)["items"]
    (change,) = [each for each in history if each["type"] == "payment_accepted"]
    assert change["reason"] == "The payer rounded."
    assert (change["before"]["paid"], change["after"]["paid"]) == (checkout.shop.money(0), checkout.shop.money(1_000))
    (entry,) = made(checkout.shop.brand.get("/v1/audit?action=payment.accepted"), 200)["items"]
    assert (entry["target"], entry["changes"]["amount_minor"]) == (f"payment:{payment_id}", 1_000)


def test_accepted_again_it_stays_as_it_is(checkout: Checkout, drain: Drain) -> None:
    payment_id = came(checkout, 2_500)
    first = made(accept(checkout, payment_id), 200)
    drain()

    again = made(accept(checkout, payment_id), 200)

    assert (again["accepted"], again["amount"]) == (first["accepted"], first["amount"])
    assert (checkout.order_record().paid_minor, checkout.given_back(payment_id)) == (2_500, 700)


def test_the_member_is_answered_as_at_first_when_the_start_is_repeated(checkout: Checkout) -> None:
    first = made(checkout.start("key-1"))
    checkout.change_charge(first["id"], amount_minor=1_000)
    checkout.pay(first["id"])
    checkout.notify(first["id"])
    made(accept(checkout, first["id"]), 200)

    assert made(checkout.start("key-1")) == first


def test_one_that_agrees_is_not_accepted(checkout: Checkout) -> None:
    payment_id = made(checkout.start())["id"]
    assert accept(checkout, payment_id).json["code"] == "nothing_differs"

    checkout.pay(payment_id)
    checkout.notify(payment_id)

    refused = accept(checkout, payment_id)
    assert (refused.status, refused.json["code"]) == (409, "nothing_differs")


def test_one_that_agrees_by_now_pays_its_order_as_ever(checkout: Checkout) -> None:
    payment_id = came(checkout)
    checkout.change_charge(payment_id, amount_minor=1_800)

    assert accept(checkout, payment_id).json["code"] == "nothing_differs"
    assert (checkout.order_record().status, checkout.payment(payment_id).applied) == ("placed", "captured")


@pytest.mark.parametrize(
    ("fields", "differs"),
    [({"currency": "USD"}, ["amount", "currency"]), ({"order_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A"}, ["order", "amount"])],
)
def test_what_is_no_money_for_this_order_cannot_be_accepted(
    checkout: Checkout, fields: dict[str, Any], differs: list[str]
) -> None:
    """Another currency has no place in the books, and another order's money no place here."""
    payment_id = came(checkout, **fields)

    refused = accept(checkout, payment_id)

    assert (refused.status, refused.json["code"]) == (409, "not_acceptable")
    assert refused.json["differs"] == differs
    assert checkout.order_record().status == "held"


def test_before_the_money_has_come_there_is_none_to_accept(checkout: Checkout) -> None:
    payment_id = made(checkout.start())["id"]
    checkout.change_charge(payment_id, amount_minor=1_000)
    checkout.notify(payment_id)

    refused = accept(checkout, payment_id)

    assert (refused.status, refused.json["code"]) == (409, "nothing_came")


@pytest.mark.parametrize("part", [600, 200], ids=["whole", "in part"])
def test_money_that_staff_gave_back_at_the_provider_is_not_accepted(
    checkout: Checkout, drain: Drain, part: int
) -> None:
    """What came is reported as ever, and none of it may be booked: some of it is gone."""
    payment_id = came(checkout, 600)
    checkout.change_charge(payment_id, refunds={"made in the console": part})

    refused = accept(checkout, payment_id)
    drain()

    assert (refused.status, refused.json["code"]) == (409, "given_back")
    assert (checkout.order_record().status, checkout.order_record().paid_minor) == ("held", 0)
    assert checkout.look_at("differs") == [payment_id]
    with tenant_scope(checkout.tenant_id):
        assert balances.balance(checkout.tenant_id, "clearing:test") == 0


def test_with_stripe_too_the_present_word_on_refunds_counts(checkout: Checkout, stripe_side: FakeStripe) -> None:
    with_stripe = Checkout(checkout.shop, method="stripe")
    payment_id = made(with_stripe.start())["id"]
    stripe_side.pay(payment_id)
    stripe_side.intent_of(payment_id)["amount_received"] = 600
    assert with_stripe.deliver("stripe", *stripe_side.message(payment_id)).status == 204
    assert with_stripe.look_at("differs") == [payment_id]
    stripe_side.give_back(payment_id, 600)

    assert accept(with_stripe, payment_id).json["code"] == "given_back"
    assert with_stripe.order_record().paid_minor == 0


def test_an_order_that_wants_no_money_gives_it_back_whole(
    checkout: Checkout, drain: Drain, clock: Clock, sweep: Sweep
) -> None:
    payment_id = came(checkout)
    checkout.cancel()

    accepted = made(accept(checkout, payment_id), 200)
    drain()

    assert (accepted["applied"], checkout.payment(payment_id).state) == ("returned", State.SUCCEEDED)
    assert checkout.given_back(payment_id) == 1_000
    with tenant_scope(checkout.tenant_id):
        assert balances.balance(checkout.tenant_id, "clearing:test") == 0


def test_the_rest_is_paid_online_where_the_campaign_takes_nothing_at_pickup(shop: Any, drain: Drain) -> None:
    checkout = Checkout(shop, shop.campaign(payment_methods=["test"]))
    made(accept(checkout, came(checkout)), 200)

    rest = made(checkout.start())
    assert rest["amount"]["amount_minor"] == 800
    checkout.pay(rest["id"])
    checkout.notify(rest["id"])
    drain()

    assert totals(checkout) == ("placed", 1_800, 0, 0)


@pytest.mark.parametrize("scope", ["service", "analyst"])
def test_only_managers_accept(checkout: Checkout, scope: str) -> None:
    payment_id = came(checkout)
    key = made(checkout.shop.brand.post("/v1/api-keys", {"name": scope, "scopes": [scope]}))["secret"]

    assert accept(checkout, payment_id, key).status == 403


def test_a_reason_is_needed(checkout: Checkout) -> None:
    payment_id = came(checkout)

    assert checkout.shop.brand.post(f"/v1/payments/{payment_id}/accept", {}).status == 422


def test_the_largest_order_of_a_team_that_had_expired_is_accepted_in_one_write(
    shop: Shop, clock: Clock, sweep: Sweep
) -> None:
    """It takes every bucket of every offer and every limit anew, a newcomer's claim and a place in the team, and what
    came beyond its total goes back: the most that one payment writes.
    """
    checkout, newcomer = Checkout(shop), shop.member()
    sold = [shop.offer(quantity=20, per_member_limit=20, price=100, sku_id=sku(shop)) for _ in range(8)]
    rest = MAX_STOCK_OPERATIONS - 8 * 11 - 1
    sold.append(shop.offer(quantity=rest, per_member_limit=rest, price=100, sku_id=sku(shop)))
    campaign = shop.campaign(
        kind="team_buy", team={"size": 2}, offers=sold, payment_methods=["test"], peak_orders_per_second=1_250,
        audience={"new_members_only": True},
    )  # fmt: skip
    first = made(shop.order(starter := shop.member(), campaign=campaign, payment_method="test"))
    lines = [{"offer_id": each["offer_id"], "quantity": each["quantity"]} for each in campaign["offers"]]
    lines[0]["quantity"] -= 1
    terms = {"campaign": campaign, "lines": lines, "payment_method": "test", "team_id": first["team_id"]}
    checkout.order = first
    its_payment = made(checkout.start(token=starter.token))["id"]
    checkout.pay(its_payment)
    checkout.notify(its_payment)
    checkout.order = made(shop.order(newcomer, **terms))
    total = checkout.order["totals"]["total"]["amount_minor"]
    payment_id: str = made(checkout.start(token=newcomer.token))["id"]
    checkout.change_charge(payment_id, amount_minor=total + 500)
    checkout.pay(payment_id)
    checkout.notify(payment_id)
    clock.advance(minutes=20)
    sweep(2)
    assert checkout.order_record().status == "expired"

    made(accept(checkout, payment_id), 200)

    assert totals(checkout) == ("placed", total + 500, 500, 0)


def sku(shop: Shop) -> str:
    return str(shop.product()["skus"][0]["id"])
