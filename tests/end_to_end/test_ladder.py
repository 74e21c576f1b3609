"""A price ladder over HTTP, from sign-up to the leader's statement; and a target that is missed, to the last refund.

Hand-computed: the first unit costs ¥10.00, from the fourth on each costs ¥9.00. Ann pays ¥20.00 online for two, Bob
will pay for two at the pickup: four are sold, so Ann gets ¥2.00 back and Bob owes ¥18.00. Their leader earns 7.5 %
of ¥18.00 twice, ¥2.70, and holds Bob's ¥18.00, so the leader owes the brand ¥15.30.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.builders import Shop, made
from tests.conftest import Served
from tests.end_to_end.steps import advance, hand_over, led_point, mine, nothing_left_behind, owed_to, pay


def ladder(shop: Shop) -> list[dict[str, Any]]:
    steps = [{"from_quantity": units, "price": shop.money(price)} for units, price in ((1, 1_000), (4, 900))]
    return [{"sku_id": shop.sku_id, "ladder": steps, "quantity": 20}]


def test_everybody_pays_the_price_that_all_orders_together_reached(server: Served, served_shop: Shop) -> None:
    shop = served_shop
    ann, bob = (shop.member() for _ in range(2))
    leader, point = led_point(shop)
    campaign = shop.campaign(
        kind="ladder", payment_methods=["pickup", "test"], pickup_point_ids=[point], offers=ladder(shop),
        closes_in=timedelta(hours=1),
    )  # fmt: skip
    path, page = f"/v1/campaigns/{campaign['id']}", f"{shop.path}/campaigns/{campaign['id']}"

    # Ann orders and pays the first price; the page says how many more make it cheaper for all.
    first = made(shop.order(ann, campaign=campaign, quantity=2, payment_method="test"))
    pay(shop, server, ann, first)
    (offer,) = made(server.get(page), 200)["offers"]
    assert (offer["current_price"], offer["to_next_step"]) == (
        shop.money(1_000),
        {"units": 2, "price": shop.money(900)},
    )
    second = made(shop.order(bob, campaign=campaign, quantity=2))
    assert made(server.get(page), 200)["offers"][0]["current_price"] == shop.money(900)

    # At the close that price is everybody's: Ann's difference is on its way at once, Bob owes less.
    server.advance(3600 + 60)
    server.advance(60)
    locked = made(shop.brand.get(path), 200)
    assert (locked["status"], locked["offers"][0]["final_price"]) == ("locked", shop.money(900))
    assert mine(shop, server, ann, first)["totals"]["refunded"] == shop.money(200)
    assert mine(shop, server, bob, second)["totals"]["due"] == shop.money(1_800)
    (refund,) = made(server.get(f"{shop.path}/orders/{first['id']}/refunds", token=ann.token), 200)["items"]
    assert (refund["cause"], refund["amount"], refund["status"]) == ("ladder", shop.money(200), "succeeded")

    # Both collect; when the time for after-sales is over, the leader's statement adds up.
    advance(shop, server, campaign)
    for order in (first, second):
        made(hand_over(server, leader, order), 200)
    advance(shop, server, campaign, "completed")
    assert owed_to(shop, server, leader) == shop.money(2 * 135 - 1_800)


def test_a_missed_target_pays_everybody_back(server: Served, served_shop: Shop) -> None:
    shop = served_shop
    ann, bob = shop.member(), shop.member()
    campaign = shop.campaign(
        kind="ladder", payment_methods=["pickup", "test"], offers=ladder(shop), closes_in=timedelta(hours=1),
        target={"measure": "quantity", "value": 5, "on_miss": "cancel"},
    )  # fmt: skip
    paid = made(shop.order(ann, campaign=campaign, quantity=2, payment_method="test"))
    pay(shop, server, ann, paid)
    unpaid = made(shop.order(bob, campaign=campaign, quantity=2))
    server.advance(3600 + 60)
    server.advance(10 * 60)
    told = made(shop.brand.get(f"/v1/campaigns/{campaign['id']}"), 200)
    assert [entry["type"] for entry in told["history"]][-3:] == ["cancelled", "refunding", "refunded"]
    assert told["offers"][0]["final_price"] is None
    assert mine(shop, server, ann, paid)["totals"]["refunded"] == shop.money(2_000)
    assert mine(shop, server, bob, unpaid)["status"] == "cancelled"
    nothing_left_behind(server)
