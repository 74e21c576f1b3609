"""Members hear once what became of their team, and when their order is ready."""

from datetime import timedelta

from infra.local.engine import Engine
from tests.builders import Shop, made
from tests.conftest import Clock, Drain, Sweep


def test_a_full_team_and_one_that_did_not_fill(
    shop: Shop, engine: Engine, clock: Clock, drain: Drain, sweep: Sweep
) -> None:
    campaign = shop.campaign(title="Pears", kind="team_buy", team={"size": 2, "hours": 1}, closes_in=timedelta(days=1))
    ann, bob, cy = (shop.member() for _ in range(3))
    first = made(shop.order(ann, campaign=campaign))
    made(shop.order(cy, campaign=campaign))
    drain()
    assert engine.mail() == []
    made(shop.order(bob, campaign=campaign, team_id=first["team_id"]))
    drain()
    clock.advance(hours=1, seconds=1)
    sweep(2)
    assert sorted((mail["to"], mail["subject"]) for mail in engine.mail()) == sorted(
        [
            (ann.email, "Your team is complete"),
            (bob.email, "Your team is complete"),
            (cy.email, "Your team did not fill"),
        ]
    )
    assert all("“Pears”" in mail["text"] for mail in engine.mail())


def test_an_order_that_lies_ready(shop: Shop, engine: Engine, clock: Clock, sweep: Sweep) -> None:
    """Who collects it hears where and with which code; whom it is brought to does not."""
    campaign = shop.campaign(title="Pears", closes_in=timedelta(hours=1), delivery={"fee": shop.money(300)})
    ann, bob = shop.member(), shop.member()
    order = made(shop.order(ann, campaign=campaign))
    home = {"name": "Bob", "phone": "+8613800000000", "address": "2 Garden Road"}
    made(shop.order(bob, campaign=campaign, delivery=home))
    clock.advance(hours=2)
    sweep(2)
    for step in ("purchasing", "received", "sorted", "at_pickup"):
        made(shop.brand.post(f"/v1/campaigns/{campaign['id']}/advance", {"to": step}), 200)
    sweep(2)
    (mail,) = engine.mail()
    assert (mail["to"], mail["subject"]) == (ann.email, "Your order is ready")
    assert order["pickup_code"] in mail["text"]
    assert "“Pears”" in mail["text"]
