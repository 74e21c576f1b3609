"""Members are told once what became of their team, and when their order is ready."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.kernel.clock import parse_instant
from infra.local.engine import Engine
from tests.builders import Shop, made
from tests.conftest import Clock, Drain, Sweep
from tests.letters import news
from tests.orders.test_held_routes import paid
from tests.payments.checkout import Checkout


def test_a_full_team_and_one_that_did_not_fill(
    shop: Shop, engine: Engine, clock: Clock, drain: Drain, sweep: Sweep
) -> None:
    campaign = shop.campaign(title="Pears", kind="team_buy", team={"size": 2, "hours": 1}, closes_in=timedelta(days=1))
    ann, bob, cy = (shop.member() for _ in range(3))
    first = made(shop.order(ann, campaign=campaign))
    made(shop.order(cy, campaign=campaign))
    drain()
    assert news(engine) == []
    made(shop.order(bob, campaign=campaign, team_id=first["team_id"]))
    drain()
    clock.advance(hours=1, seconds=1)
    sweep(2)
    assert sorted((mail["to"], mail["subject"]) for mail in news(engine)) == sorted(
        [
            (ann.email, "Your team is complete"),
            (bob.email, "Your team is complete"),
            (cy.email, "Your team did not fill"),
        ]
    )
    assert all("“Pears”" in mail["text"] for mail in news(engine))


def test_a_team_that_did_not_fill_promises_money_to_whoever_has_paid(
    shop: Shop, engine: Engine, clock: Clock, sweep: Sweep
) -> None:
    team = {"size": 3, "hours": 1}
    terms = {"kind": "team_buy", "team": team, "payment_methods": ["pickup", "test"]}
    campaign = shop.campaign(title="Pears", closes_in=timedelta(days=1), **terms)
    checkout = Checkout(shop, campaign)
    payment = made(checkout.start())["id"]
    checkout.pay(payment)
    assert checkout.notify(payment).status == 204
    unpaid = shop.member()
    made(shop.order(unpaid, campaign=campaign, team_id=checkout.order["team_id"]))
    sweep(1)
    clock.advance(hours=1, seconds=1)
    sweep(2)
    told = {mail["to"]: mail["text"] for mail in news(engine) if "did not fill" in mail["subject"]}
    ends = "did not fill in time, and your order is cancelled."
    assert f"{ends} What you paid comes back the way you paid. You need not" in told[shop.shopper.email]
    assert f"{ends} There is nothing to pay. You need not" in told[unpaid.email]


def test_an_order_that_lies_ready(shop: Shop, engine: Engine, clock: Clock, sweep: Sweep) -> None:
    """Who collects it is told where, when that is open, with which code, what to pay and until when it is kept; to whom
    it is brought, that it will be.
    """
    point = shop.pickup_point(name="Gate 1", opening_hours="daily 9–18")
    terms = {"pickup_point_ids": [point["id"]], "delivery": {"fee": shop.money(300)}}
    campaign = shop.campaign(title="Pears", closes_in=timedelta(hours=1), **terms)
    ann, bob = shop.member(), shop.member()
    order = made(shop.order(ann, campaign=campaign))
    home = {"name": "Bob", "phone": "+8613800000000", "address": "2 Garden Road"}
    made(shop.order(bob, campaign=campaign, delivery=home))
    clock.advance(hours=2)
    sweep(2)
    for step in ("purchasing", "received", "sorted", "at_pickup"):
        made(shop.brand.post(f"/v1/campaigns/{campaign['id']}/advance", {"to": step, "everything_arrived": True}), 200)
    sweep(2)
    told = {mail["to"]: mail for mail in news(engine)}
    assert {to: mail["subject"] for to, mail in told.items()} == {
        ann.email: "Your order is ready",
        bob.email: "Your order will be brought to you",
    }
    until = clock.now() + timedelta(hours=72 + 8)
    ready = told[ann.email]["text"]
    assert "of “Pears” is ready at Gate 1, 1 Garden Road. Open: daily 9–18. " in ready
    assert f"Your pickup code: {order['pickup_code']}. " in ready
    assert (
        f"You pay CN¥9.00 when you collect it. It is kept for you until {until:%a} {until.day} {until:%b %Y}, " in ready
    )
    assert "will be brought to 2 Garden Road. You pay CN¥12.00 when it is brought." in told[bob.email]["text"]


def test_what_becomes_of_money_that_nobody_asked_back(
    shop: Shop, engine: Engine, clock: Clock, drain: Drain, sweep: Sweep
) -> None:
    """A campaign misses its target: who paid is told that it comes back, as who has cancelled was."""
    wanted = {"measure": "quantity", "value": 5, "on_miss": "cancel"}
    terms = {"target": wanted, "payment_methods": ["pickup", "test"], "closes_in": timedelta(hours=1)}
    campaign = shop.campaign(title="Pears", **terms)
    kept, cancelled = Checkout(shop, campaign), Checkout(shop, campaign)
    for checkout in (kept, cancelled):
        payment = made(checkout.start())["id"]
        checkout.pay(payment)
        assert checkout.notify(payment).status == 204
    own = f"{shop.path}/orders/{cancelled.order['id']}"
    made(shop.caller.call("POST", f"{own}/cancel", token=shop.shopper.token), 200)
    unpaid = shop.member()
    made(shop.order(unpaid, campaign=campaign))
    drain()
    (own_word,) = news(engine)
    assert own_word["subject"] == "Your order is cancelled"
    assert "cancelled as you asked. CN¥18.00 comes back the way you paid." in own_word["text"]
    clock.advance(hours=2)
    sweep(3)
    told = {mail["to"]: mail for mail in news(engine)[1:] if not mail["to"].startswith("owner@")}
    assert told.keys() == {shop.shopper.email, unpaid.email}
    assert {mail["subject"] for mail in told.values()} == {"“Pears” does not take place"}
    assert "too little was ordered of “Pears”" in told[shop.shopper.email]["text"]
    assert "Your CN¥18.00 comes back the way you paid." in told[shop.shopper.email]["text"]
    assert "You have nothing to pay." in told[unpaid.email]["text"]


def test_a_campaign_that_the_brand_cancels_did_not_miss_its_target(
    shop: Shop, engine: Engine, clock: Clock, drain: Drain
) -> None:
    campaign = shop.campaign(title="Pears")
    ann = shop.member()
    made(shop.caller.call("PATCH", f"{shop.path}/me", json={"locale": "zh"}, token=ann.token), 200)
    made(shop.order(ann, campaign=campaign))
    made(shop.brand.post(f"/v1/campaigns/{campaign['id']}/cancel", {"reason": "frost"}), 200)
    for _ in range(4):
        drain()
    (mail,) = news(engine)
    assert (mail["to"], mail["subject"]) == (ann.email, "“Pears”已取消")
    assert "无需付款" in mail["text"]


def at_pickup(shop: Shop, campaign: dict[str, Any], sweep: Sweep, clock: Clock) -> None:
    clock.advance(hours=2)
    sweep(2)
    for step in ("purchasing", "received", "sorted", "at_pickup"):
        made(shop.brand.post(f"/v1/campaigns/{campaign['id']}/advance", {"to": step, "everything_arrived": True}), 200)
    sweep(2)


def test_who_pays_at_the_pickup_point_hears_that_the_time_to_collect_is_over(
    shop: Shop, engine: Engine, clock: Clock, sweep: Sweep
) -> None:
    campaign = shop.campaign(title="Pears", closes_in=timedelta(hours=1))
    ann = shop.member()
    made(shop.order(ann, campaign=campaign))
    at_pickup(shop, campaign, sweep, clock)
    clock.advance(hours=49)
    sweep(2)
    clock.advance(days=12)
    sweep(3)
    ready, reminded, mail = news(engine)
    assert ready["subject"] == "Your order is ready"
    assert reminded["subject"].startswith("Please collect your order by ")
    assert "After that your order ends." in reminded["text"]
    assert (mail["to"], mail["subject"]) == (ann.email, "Your order has ended")
    assert "was not collected in time and has ended. You have nothing to pay." in mail["text"]


@pytest.mark.parametrize(
    ("left", "subject", "said"),
    [
        (1, "Part of your order does not come", "One × 1 and pay CN¥9.00. No pears this week"),
        (
            0,
            "Your order does not come",
            "nothing of your order of “Pears” can be handed over, and you have nothing to pay",
        ),
    ],
)
def test_who_has_paid_nothing_hears_of_what_does_not_come(
    shop: Shop, engine: Engine, clock: Clock, sweep: Sweep, left: int, subject: str, said: str
) -> None:
    campaign = shop.campaign(title="Pears", closes_in=timedelta(hours=1))
    ann = shop.member()
    order = made(shop.order(ann, campaign=campaign, quantity=2))
    clock.advance(hours=2)
    sweep(2)
    lower = {"lines": [{"offer_id": order["lines"][0]["offer_id"], "quantity": left}], "reason": "No pears this week"}
    made(shop.brand.post(f"/v1/orders/{order['id']}/adjustments", lower, headers={"Idempotency-Key": "less"}), 200)
    sweep(2)
    (mail,) = news(engine)
    assert (mail["to"], mail["subject"]) == (ann.email, subject)
    assert said in mail["text"]


def test_where_all_of_a_paid_order_does_not_come_nobody_speaks_of_a_part(
    shop: Shop, engine: Engine, clock: Clock, sweep: Sweep
) -> None:
    campaign = shop.campaign(title="Pears", payment_methods=["pickup", "test"], closes_in=timedelta(hours=1))
    checkout = Checkout(shop, campaign)
    payment = made(checkout.start())["id"]
    checkout.pay(payment)
    assert checkout.notify(payment).status == 204
    clock.advance(hours=2)
    sweep(2)
    lower = {"lines": [{"offer_id": checkout.order["lines"][0]["offer_id"], "quantity": 0}], "reason": "Frost."}
    path = f"/v1/orders/{checkout.order['id']}/adjustments"
    made(shop.brand.post(path, lower, headers={"Idempotency-Key": "none"}), 200)
    sweep(2)
    (mail,) = news(engine)
    assert mail["subject"] == "Your order does not come"
    assert (
        "nothing of your order of “Pears” can be handed over. CN¥18.00 comes back the way you paid, "
        "and you need not do anything. Frost." in mail["text"]
    )


def test_who_owes_a_balance_hears_until_when_and_of_its_end(
    shop: Shop, engine: Engine, clock: Clock, sweep: Sweep
) -> None:
    terms = {"balance": {"hours_after_close": 48, "on_default": "forfeit"}, "payment_methods": ["test"]}
    offer = shop.offer(price=900) | {"deposit": shop.money(200)}
    campaign = shop.campaign(title="Pears", kind="pre_order", offers=[offer], closes_in=timedelta(hours=1), **terms)
    ann = shop.member()
    paid(shop, made(shop.order(ann, campaign=campaign, payment_method="test")))
    clock.advance(hours=2)
    sweep(3)
    (asked,) = news(engine)
    assert (asked["to"], asked["subject"]) == (ann.email, "The balance of your order is due")
    order = made(shop.caller.call("GET", f"{shop.path}/orders", token=ann.token), 200)["items"][0]
    local = parse_instant(order["balance_due_at"]) + timedelta(hours=8)
    at = f"{local:%a} {local.day} {local:%b %Y, %H:%M}"
    assert f"CN¥7.00 for your order in our store until {at}." in asked["text"]
    clock.set(parse_instant(order["balance_due_at"]) - timedelta(hours=23))
    sweep(2)
    (reminded,) = news(engine)[1:]
    assert reminded["subject"] == f"Please pay by {at}"
    assert "what you paid stays with us, as its rules say." in reminded["text"]
    clock.advance(hours=48)
    sweep(3)
    (ended,) = news(engine)[2:]
    assert ended["subject"] == "Your order is forfeited"
    assert "was not paid in full in time" in ended["text"]
    assert "collected" not in ended["text"]
