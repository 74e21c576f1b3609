"""Gifts for points: defined, redeemed once, refused by name, handed over as every order is, and their points back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from chalicelib.db import metered
from chalicelib.kernel import clock as product_clock
from tests.builders import in_time, made
from tests.coupons.shops import batch, entered, shared
from tests.customer_care import CustomerCare
from tests.gifts.shops import asked, balance, book, gift, redeem, shown


def store(shop, path="/gifts", token=None):
    return made(shop.caller.get(shop.path + path, token=token), 200)


def error(reply):
    return reply.status, reply.json["code"]


# --- what a brand offers


def test_a_gift_stands_in_the_list_of_gifts_and_nowhere_among_what_is_sold(shop):
    bag = gift(shop, description="Linen", per_member_limit=2)
    assert (bag["points"], bag["quantity"], bag["redeemed"], bag["left"], bag["status"]) == (500, 5, 0, 5, "open")
    assert bag["worth"] == shop.money(1_000)
    [seen] = store(shop)["items"]
    assert (seen["id"], seen["title"], seen["points"], seen["left"]) == (bag["id"], "A linen bag", 500, 5)
    assert "worth" not in seen
    assert seen["pickup_points"][0]["id"] == shop.pickup_point_id

    assert store(shop, "/campaigns")["items"] == []
    assert [each["id"] for each in made(shop.brand.get("/v1/gifts"), 200)["items"]] == [bag["id"]]
    [campaign] = made(shop.brand.get("/v1/campaigns"), 200)["items"]
    assert (campaign["id"], campaign["gift_points"]) == (bag["id"], 500)


def test_one_that_is_coming_is_listed_and_not_to_be_had_yet(shop):
    book(shop, 500)
    opens = product_clock.now() + timedelta(days=1)
    bag = gift(shop, opens_at=in_time(opens))
    assert store(shop)["items"][0]["status"] == "scheduled"
    assert error(redeem(shop, bag)) == (409, "campaign_not_open")
    assert balance(shop) == 500


@pytest.mark.parametrize(
    ("fields", "code", "pointer"),
    [
        ({"points": 0}, "invalid", "/points"),
        ({"points": 1.5}, "invalid", "/points"),
        ({"quantity": 0}, "invalid", "/quantity"),
        ({"title": ""}, "invalid", "/title"),
        ({"pickup_point_ids": []}, "invalid", "/pickup_point_ids"),
        ({"sku_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A"}, "unknown_sku", "/sku_id"),
        ({"pickup_point_ids": ["01J9ZQ0W7N8RXC5B2M4T6V8Y0A"]}, "unknown_pickup_point", "/pickup_point_ids/0"),
        ({"per_member_limit": 6}, "limit_above_quantity", "/per_member_limit"),
        ({"closes_at": "2020-01-01T00:00:00Z"}, "time_in_past", "/closes_at"),
        ({"price": {"amount_minor": 1, "currency": "CNY"}}, "invalid", "/price"),
    ],
)
def test_what_makes_no_gift_is_refused_by_name(shop, fields, code, pointer):
    reply = asked(shop, **fields)
    assert (reply.status, reply.json["code"]) == (422, code)
    assert [each["pointer"] for each in reply.json["errors"]] == [pointer]
    assert store(shop)["items"] == []


def test_units_come_from_the_shelf_where_the_sku_says_so(shop):
    skus = [{"code": "BAG", "title": "One", "price": shop.money(1_500), "supply": "stock"}]
    sku_id = shop.product(skus=skus)["skus"][0]["id"]
    counted = {"delta": 3, "reason": "Counted"}
    made(shop.brand.post(f"/v1/skus/{sku_id}/adjustments", counted, headers={"Idempotency-Key": "counted"}))
    reply = asked(shop, sku_id=sku_id, quantity=4)
    assert error(reply) == (409, "insufficient_stock")
    bag = gift(shop, sku_id=sku_id, quantity=3)
    assert error(asked(shop, sku_id=sku_id, quantity=1)) == (409, "insufficient_stock")
    assert bag["left"] == 3


def test_it_is_changed_in_one_write_and_only_for_the_better(shop):
    book(shop, 2_000)
    bag = gift(shop, per_member_limit=1)
    first = made(redeem(shop, bag))
    changed = made(
        shop.brand.patch(
            f"/v1/gifts/{bag['id']}", {"title": "A bag", "points": 400, "quantity": 8, "per_member_limit": 3}
        ),
        200,
    )
    assert (changed["title"], changed["points"], changed["quantity"], changed["left"]) == ("A bag", 400, 8, 7)
    made(redeem(shop, bag))
    assert balance(shop) == 2_000 - 500 - 400
    assert made(shop.caller.get(f"{shop.path}/orders/{first['id']}", token=shop.shopper.token), 200)["discounts"][0][
        "reason"
    ].startswith("Gift for 500 points")

    for fields, code in (
        ({"quantity": 7}, "offers_only_rise"), ({"points": 0}, "invalid"), ({"sku_id": bag["sku_id"]}, "invalid"),
        ({"closes_at": in_time(product_clock.now() + timedelta(days=1))}, "closes_only_later"),
        ({"points": 100, "quantity": 2}, "offers_only_rise"),
    ):  # fmt: skip
        reply = shop.brand.patch(f"/v1/gifts/{bag['id']}", fields)
        assert reply.json["code"] == code, fields
    assert shown(shop, bag)["points"] == 400, "of a refused change nothing is done"
    stale = shop.brand.patch(f"/v1/gifts/{bag['id']}", {"points": 1}, headers={"If-Match": '"1"'})
    assert stale.status == 412


def test_a_campaign_is_no_gift_and_a_gift_is_not_copied(shop):
    for method, path in (("GET", "/v1/gifts/{}"), ("PATCH", "/v1/gifts/{}")):
        body = {"json": {"points": 5}} if method == "PATCH" else {}
        assert shop.brand.call(method, path.format(shop.campaign_id), **body).status == 404
    assert redeem(shop, {"id": shop.campaign_id}).status == 404
    bag = gift(shop)
    assert error(shop.brand.post(f"/v1/campaigns/{bag['id']}/copy", {})) == (409, "gift_not_copied")


def test_the_same_key_makes_one_gift(shop):
    closes_at = in_time(product_clock.now() + timedelta(days=3))
    first, second = (gift(shop, key="once", closes_at=closes_at) for _ in range(2))
    assert first == second
    other = asked(shop, key="once", closes_at=closes_at, points=600)
    assert error(other) == (422, "idempotency_mismatch")
    later = gift(shop, title="Later")
    assert [each["id"] for each in made(shop.brand.get("/v1/campaigns"), 200)["items"]] == [later["id"], first["id"]]


# --- redeeming


def test_the_same_key_answers_with_the_gift_also_when_nothing_of_it_is_on_sale_any_more(shop):
    goods = shop.product(title="Bags", skus=[{"code": "BAG", "title": "One", "price": shop.money(900)}])
    wanted = {"sku_id": goods["skus"][0]["id"], "closes_at": in_time(product_clock.now() + timedelta(days=7))}
    first = gift(shop, key="lost", **wanted)
    made(shop.brand.patch(f"/v1/products/{goods['id']}", {"status": "archived"}), 200)
    assert gift(shop, key="lost", **wanted)["id"] == first["id"]
    assert error(asked(shop, key="another", **wanted)) == (422, "unknown_sku")


def test_points_units_and_the_order_are_one_transaction(shop):
    book(shop, 1_200)
    bag = gift(shop)
    redeem(shop, {"id": shop.campaign_id})  # the first request of a process reads more
    with metered() as meter:
        order = made(redeem(shop, bag, quantity=2))
    assert meter.by_operation["TransactWriteItems"] == 1
    assert meter.by_operation["BatchGetItem"] <= 2
    assert (order["status"], order["is_gift"]) == ("placed", True)
    assert len(order["pickup_code"]) == 10
    assert (order["totals"]["goods"], order["totals"]["total"]) == (shop.money(2_000), shop.money(0))
    [discount] = order["discounts"]
    assert (discount["kind"], discount["reason"], discount["reason_zh"]) == (
        "points", "Gift for 1,000 points", "1000 积分兑换",
    )  # fmt: skip
    assert (balance(shop), shown(shop, bag)["redeemed"]) == (200, 2)
    entries = store(shop, "/me/points", shop.shopper.token)["items"]
    assert (entries[0]["delta"], entries[0]["order_id"]) == (-1_000, order["id"])


def test_the_same_key_redeems_once_and_answers_the_same_for_ever(shop, clock):
    book(shop, 1_000)
    bag = gift(shop, quantity=1)
    first = made(redeem(shop, bag, key="once"))
    again = redeem(shop, bag, key="once")
    assert (again.status, again.json) == (201, first)
    assert error(redeem(shop, bag, key="once", quantity=2)) == (422, "idempotency_mismatch")
    made(shop.brand.patch(f"/v1/gifts/{bag['id']}", {"points": 600}), 200)
    clock.advance(days=8)
    assert redeem(shop, bag, key="once").json == first
    assert (balance(shop), shown(shop, bag)["redeemed"]) == (500, 1)


def test_eight_requests_at_once_under_one_key_take_the_points_once(shop):
    book(shop, 5_000)
    bag = gift(shop)
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: redeem(shop, bag, key="once"), range(8)))
    assert len({reply.json["id"] for reply in replies if reply.status == 201}) == 1
    assert all(reply.status in (201, 503) for reply in replies)
    assert (balance(shop), shown(shop, bag)["redeemed"]) == (4_500, 1)


def test_points_for_one_are_not_spent_twice_at_once(shop):
    book(shop, 700)
    bag = gift(shop)
    with ThreadPoolExecutor(6) as pool:
        replies = list(pool.map(lambda n: redeem(shop, bag, key=f"key-{n}"), range(6)))
    assert [reply.status for reply in replies].count(201) == 1
    assert (balance(shop), shown(shop, bag)["redeemed"]) == (200, 1)


def test_too_few_points_are_refused_and_say_how_many_are_missing(shop):
    book(shop, 300)
    bag = gift(shop)
    reply = redeem(shop, bag)
    assert error(reply) == (409, "not_enough_points")
    assert (reply.json["points"], reply.json["missing"]) == (300, 200)
    assert reply.json["detail"] == "The gift costs 500 points, and you have 300; you need 200 more."
    book(shop, -400)
    assert redeem(shop, bag).json["missing"] == 500
    assert (balance(shop), shown(shop, bag)["left"]) == (-100, 5)


def test_the_last_one_goes_to_one_and_the_others_are_told_that_it_is_sold_out(shop):
    other = shop.member()
    book(shop, 500), book(shop, 500, other)
    bag = gift(shop, quantity=1)
    made(redeem(shop, bag))
    assert error(redeem(shop, bag, other)) == (409, "sold_out")
    assert balance(shop, other) == 500


def test_each_may_have_so_many(shop):
    book(shop, 5_000)
    bag = gift(shop, per_member_limit=2)
    made(redeem(shop, bag, quantity=2))
    assert error(redeem(shop, bag)) == (409, "limit_reached")
    assert error(redeem(shop, bag, quantity=3)) == (409, "limit_reached")
    assert balance(shop) == 4_000


def test_who_agreed_to_other_points_keeps_theirs(shop):
    book(shop, 5_000)
    bag = gift(shop)
    made(shop.brand.patch(f"/v1/gifts/{bag['id']}", {"points": 600}), 200)
    reply = redeem(shop, bag, quantity=2, expected_points=1_000)
    assert (error(reply), reply.json["points"]) == ((409, "gift_price_changed"), 1_200)
    assert balance(shop) == 5_000
    assert made(redeem(shop, bag, quantity=2, expected_points=1_200))["totals"]["total"]["amount_minor"] == 0


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"quantity": 0}, 422), ({"quantity": -1}, 422), ({"pickup_point_id": "x"}, 422),
        ({"pickup_point_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A"}, 422), ({"points": 1}, 422), ({"coupon_id": "x"}, 422),
        ({"expected_points": 0}, 422), ({"quantity": 10**12}, 422),
    ],
)  # fmt: skip
def test_what_redeems_nothing_is_refused(shop, fields, status):
    book(shop, 5_000)
    bag = gift(shop)
    assert redeem(shop, bag, **fields).status == status
    assert (balance(shop), shown(shop, bag)["left"]) == (5_000, 5)


def test_it_is_not_had_for_money_nor_lowered_by_anything(shop):
    book(shop, 5_000)
    batch(shop, codes=shared("FIVE"))
    coupon = entered(shop, "FIVE")["id"]
    bag = gift(shop)
    campaign = made(shop.brand.get(f"/v1/campaigns/{bag['id']}"), 200)
    for more in ({}, {"coupon_id": coupon}, {"points": 500}):
        reply = shop.order(campaign=campaign, **more)
        assert reply.json["code"] in ("only_for_points", "points_pay_nothing"), more
    lines = [{"offer_id": campaign["offers"][0]["offer_id"], "quantity": 1}]
    quote = shop.caller.post(
        f"{shop.path}/quotes", {"campaign_id": bag["id"], "lines": lines}, token=shop.shopper.token
    )
    assert error(quote) == (409, "only_for_points")
    terms = {"percent_off": "10"}
    promotion = {
        "title": "All", "kind": "timed_price", "terms": terms,
        "starts_at": in_time(product_clock.now()), "ends_at": in_time(product_clock.now() + timedelta(days=1)),
    }  # fmt: skip
    made(shop.brand.post(f"/v1/promotions/{made(shop.brand.post('/v1/promotions', promotion))['id']}/publish"), 200)
    assert [each["kind"] for each in made(redeem(shop, bag))["discounts"]] == ["points"]


def test_it_is_no_first_order_and_no_sale(shop, drain):
    book(shop, 500)
    made(redeem(shop, gift(shop)))
    batch(shop, codes=shared("FIRST"), purpose="new_member")
    drain()
    assert made(shop.brand.get(f"/v1/members/{shop.shopper.id}"), 200)["last_active_on"] is None
    coupon = entered(shop, "FIRST")["id"]
    assert made(shop.order(quantity=2, coupon_id=coupon))["totals"]["total"] == shop.money(1_300)


def test_what_it_is_worth_is_no_price_that_it_was_to_be_had_for(shop, drain, sweep):
    """Else a dearer list price would seem to be the dearer of two, and what is asked now that of the gift."""
    bag = gift(shop)
    sweep()
    drain()
    path = f"/v1/products/{bag['product_id']}/price-history"
    found = made(shop.brand.get(path), 200)["items"]
    assert [each["campaign_id"] for each in found] == [None], found


# --- what becomes of it


def test_cancelled_before_it_closes_its_points_and_the_unit_come_back_once(shop, drain):
    book(shop, 500)
    bag = gift(shop)
    order = made(redeem(shop, bag))
    edit = shop.caller.patch(
        f"{shop.path}/orders/{order['id']}",
        {"lines": [{"offer_id": order["lines"][0]["offer_id"], "quantity": 2}]},
        token=shop.shopper.token, headers={"Idempotency-Key": "edit"},
    )  # fmt: skip
    assert error(edit) == (409, "gift_not_editable")

    for _ in range(2):
        made(shop.caller.post(f"{shop.path}/orders/{order['id']}/cancel", token=shop.shopper.token), 200)
        drain()
    assert (balance(shop), shown(shop, bag)["left"]) == (500, 5)
    made(redeem(shop, bag))
    assert balance(shop) == 0
    entries = store(shop, "/me/points", shop.shopper.token)["items"]
    assert [(each["delta"], each["cause"]["type"], each["for_gift"]) for each in entries] == [
        (-500, "spending", True), (500, "spending_returned", True), (-500, "spending", True), (500, "staff", False),
    ]  # fmt: skip


def test_after_a_shortage_it_says_what_it_costs_by_then(shop, drain):
    book(shop, 1_500)
    order = made(redeem(shop, gift(shop), quantity=3))
    made(shop.brand.post(f"/v1/campaigns/{order['campaign_id']}/close"), 200)
    drain()
    short = {"lines": [{"offer_id": order["lines"][0]["offer_id"], "quantity": 2}], "reason": "Two are left"}
    path = f"/v1/orders/{order['id']}/adjustments"
    adjusted = made(shop.brand.post(path, short, headers={"Idempotency-Key": "short"}), 200)
    assert [(each["reason"], each["reason_zh"]) for each in adjusted["discounts"]] == [
        ("Gift for 1,000 points", "1000 积分兑换")
    ]
    drain()
    assert balance(shop) == 500


def test_a_gift_that_is_called_off_gives_everybody_their_points_back(shop, drain, sweep):
    other = shop.member()
    book(shop, 500), book(shop, 1_000, other)
    bag = gift(shop)
    made(redeem(shop, bag))
    made(redeem(shop, bag, other, quantity=2))
    made(shop.brand.post(f"/v1/campaigns/{bag['id']}/cancel", {}), 200)
    sweep()
    drain()
    assert (balance(shop), balance(shop, other)) == (500, 1_000)
    assert store(shop)["items"] == []


def test_it_is_bought_sorted_and_handed_over_by_its_code(care: CustomerCare):
    shop = care.shop
    book(shop, 1_000)
    bag = gift(shop)
    order = made(redeem(shop, bag, quantity=2))
    care.clock.advance(days=8)
    care.sweep()
    bought = made(shop.brand.get(f"/v1/campaigns/{bag['id']}/purchase-list"), 200)
    assert [(line["sku_id"], line["quantity"]) for line in bought["lines"]] == [(bag["sku_id"], 2)]
    care.hand_over(order)
    care.drain()
    assert made(care.store("GET", f"/orders/{order['id']}", shop.shopper), 200)["status"] == "picked_up"
    assert balance(shop) == 0, "a gift earns no points"
