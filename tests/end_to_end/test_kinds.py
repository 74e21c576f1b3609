"""A pre-order, a flash sale, and a campaign that recurs, over HTTP: from sign-up to the leader's statement."""

from __future__ import annotations

from datetime import timedelta

from chalicelib.kernel import clock
from tests.builders import Shop, made
from tests.conftest import Served
from tests.end_to_end.steps import DAY, advance, hand_over, led_point, mine, owed_to, pay


def test_a_pre_order_is_paid_in_two_parts(server: Served, served_shop: Shop) -> None:
    """Two at ¥20.00: a deposit of ¥10.00, a balance of ¥30.00, and ¥3.00 for the leader. Bob's ¥5.00 come back."""
    shop = served_shop
    ann, bob = shop.member(), shop.member()
    leader, point = led_point(shop)
    campaign = shop.campaign(
        kind="pre_order", payment_methods=["test"], pickup_point_ids=[point], closes_in=timedelta(hours=1),
        offers=[shop.offer(price=2_000, deposit=shop.money(500))],
    )  # fmt: skip
    order = made(shop.order(ann, campaign=campaign, quantity=2, payment_method="test"))
    pay(shop, server, ann, order)
    assert mine(shop, server, ann, order)["totals"]["due"] == shop.money(3_000)
    late = made(shop.order(bob, campaign=campaign, payment_method="test"))
    pay(shop, server, bob, late)

    server.advance(3600 + 60)
    assert made(shop.brand.get(f"/v1/campaigns/{campaign['id']}"), 200)["status"] == "locked"
    assert pay(shop, server, ann, order, part="balance")["amount"] == shop.money(3_000)
    assert mine(shop, server, ann, order)["totals"]["due"] == shop.money(0)

    server.advance(3 * DAY)
    server.advance(60)
    assert mine(shop, server, bob, late)["totals"]["refunded"] == shop.money(500)
    advance(shop, server, campaign)
    made(hand_over(server, leader, order), 200)
    assert hand_over(server, leader, late).status == 409
    assert owed_to(shop, server, leader) == shop.money(300)


def test_a_flash_sale_gives_one_to_each_and_ends_when_all_are_gone(server: Served, served_shop: Shop) -> None:
    """Three at ¥8.00: one paid in cash, one online, one paid online and never collected. ¥1.20 earned, ¥8.00 held."""
    shop = served_shop
    ann, bob, cy, dee = (shop.member() for _ in range(4))
    leader, point = led_point(shop)
    campaign = shop.campaign(
        kind="flash_sale", payment_methods=["pickup", "test"], pickup_point_ids=[point],
        closes_in=timedelta(hours=1), offers=[shop.offer(price=800, quantity=3)],
    )  # fmt: skip
    assert shop.order(ann, campaign=campaign, quantity=2).json["code"] == "limit_reached"
    cash = made(shop.order(ann, campaign=campaign))
    assert shop.order(ann, campaign=campaign).json["code"] == "limit_reached"
    online, forgotten = (made(shop.order(who, campaign=campaign, payment_method="test")) for who in (bob, cy))
    assert shop.order(dee, campaign=campaign).json["code"] == "sold_out"
    pay(shop, server, bob, online)
    pay(shop, server, cy, forgotten)

    server.advance(3600 + 60)
    advance(shop, server, campaign)
    made(hand_over(server, leader, cash), 200)
    made(hand_over(server, leader, online), 200)
    server.advance(3 * DAY + 60)
    assert mine(shop, server, cy, forgotten)["totals"]["refunded"] == shop.money(800)
    advance(shop, server, campaign, "completed")
    assert owed_to(shop, server, leader) == shop.money(2 * 60 - 800)


def test_a_campaign_recurs_by_itself(server: Served, served_shop: Shop) -> None:
    shop = served_shop
    tomorrow = (clock.now() + timedelta(days=1)).date().isoformat()
    rule = {"every": "day", "opens": "20:00", "open_minutes": 720, "starts_on": tomorrow}
    sent = {"title": "Every evening", "offers": [shop.offer(quantity=5)], "pickup_point_ids": [shop.pickup_point_id]}
    series = made(shop.brand.post("/v1/campaign-series", {**sent, "rule": rule, "hours_ahead": 24}))
    openings = [each["opens_at"] for each in series["upcoming"]]
    for _ in range(6):
        server.advance(12 * 3600)
    campaigns = [each for each in shop.brand.get("/v1/campaigns").json["items"] if each["series_id"] == series["id"]]
    found = sorted(each["opens_at"] for each in campaigns)
    assert len(found) >= 2
    assert found == openings[: len(found)]
    assert {entry["type"] for entry in shop.brand.get(f"/v1/campaign-series/{series['id']}").json["history"]} == {
        "created", "made",
    }  # fmt: skip
