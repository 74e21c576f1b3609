"""Team buy over HTTP, from sign-up to the leader's statement: one team fills and is collected, one fails.

Hand-computed: a unit costs ¥9.90. Ann paid online, Bob at the pickup point; their leader earns 7.5 % of each, ¥0.7425,
so ¥0.74 an order and ¥1.48 in all, and holds Bob's ¥9.90, so the leader owes the brand ¥8.42. Cy gets ¥9.90 back.
"""

from __future__ import annotations

from datetime import timedelta

from tests.builders import Shop, made
from tests.conftest import Served
from tests.end_to_end.steps import advance, hand_over, led_point, mine, owed_to, pay


def test_from_a_team_of_two_to_the_leaders_statement(server: Served, served_shop: Shop) -> None:
    shop = served_shop
    ann, bob, cy = (shop.member() for _ in range(3))
    leader, point = led_point(shop)
    campaign = shop.campaign(
        kind="team_buy", team={"size": 2, "hours": 24}, payment_methods=["pickup", "test"], pickup_point_ids=[point],
        offers=[shop.offer(price=990)], closes_in=timedelta(hours=30),
    )  # fmt: skip
    path = f"/v1/campaigns/{campaign['id']}"

    # Ann starts a team and pays; anyone can see that it waits for one more. Cy starts one that nobody joins.
    first = made(shop.order(ann, campaign=campaign, payment_method="test"))
    assert first["status"] == "held"
    pay(shop, server, ann, first)
    (team,) = made(server.get(f"{shop.path}/campaigns/{campaign['id']}/teams"), 200)["items"]
    assert (team["id"], team["joined"], team["places_left"]) == (first["team_id"], 1, 1)
    lonely = made(shop.order(cy, campaign=campaign, payment_method="test"))
    pay(shop, server, cy, lonely)

    # Bob joins Ann's and will pay at the pickup. It has filled: nobody takes it apart any more.
    second = made(shop.order(bob, campaign=campaign, team_id=team["id"]))
    assert made(server.get(f"{shop.path}/teams/{team['id']}"), 200)["status"] == "filled"
    assert server.post(f"{shop.path}/orders/{first['id']}/cancel", token=ann.token).json["code"] == "team_filled"

    # A day later Cy's team has failed, and the provider has paid Cy back.
    server.advance(24 * 3600 + 1)
    assert mine(shop, server, cy, lonely)["status"] == "cancelled"
    (refund,) = made(server.get(f"{shop.path}/orders/{lonely['id']}/refunds", token=cy.token), 200)["items"]
    assert (refund["cause"], refund["amount"], refund["status"]) == ("team", shop.money(990), "succeeded")

    # The campaign closes and locks; two are bought, and on their way become ready at the pickup point.
    server.advance(6 * 3600)
    server.advance(60)
    assert made(shop.brand.get(path), 200)["status"] == "locked"
    assert [line["quantity"] for line in made(shop.brand.get(f"{path}/purchase-list"), 200)["lines"]] == [2]
    advance(shop, server, campaign)

    # Their leader sees both, collects ¥9.90 from Bob and nothing from Ann, and hands over.
    waiting = made(server.get(f"{shop.path}/leader/orders?status=ready", token=leader.token), 200)["items"]
    assert {order["id"]: order["due"] for order in waiting} == {
        first["id"]: shop.money(0), second["id"]: shop.money(990),
    }  # fmt: skip
    for order in (first, second):
        made(hand_over(server, leader, order), 200)

    # When the time for after-sales is over, what the leader earned is payable, and the statement says what they owe.
    assert owed_to(shop, server, leader) == shop.money(2 * 74 - 990)
