"""Gifts for points in the shop and at the console: looked at, redeemed, defined, changed; and what is in the way."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.kernel import clock as product_clock
from tests.builders import in_time, made
from tests.gifts.shops import balance, book, gift, redeem, shown


def typed(shop, **fields):
    """What is typed for five bags of 500 points each."""
    closes_at = (product_clock.now() + timedelta(days=7)).strftime("%Y-%m-%dT%H:%M")
    usual = {"title": "A linen bag", "points": "500", "sku_id": shop.sku_id, "quantity": "5", "closes_at": closes_at}
    return usual | {f"places__{shop.pickup_point_id}": "true"} | fields


# --- in the shop


def test_a_neighbour_redeems_points_and_has_the_code(shop, shopper):
    book(shop, 700)
    gift(shop, description="Strong")
    page = shopper.get(shopper.get("/points").link("Gifts for points"))
    assert "You have 700 points" in page.words()
    assert "A linen bag 500 points" in page.words(".card")
    assert "5 left" in page.words(".card")

    page = shopper.get(page.link("Look at it"))
    assert "Strong" in page.words()
    page = shopper.send(page, "Redeem 500 points")
    assert page.words(".flash") == "The gift is yours. You find its pickup code below."
    [order] = made(shop.caller.get(f"{shop.path}/orders", token=shop.shopper.token), 200)["items"]
    assert order["pickup_code"] in page.words().replace(" ", "")
    assert "500" in page.words()
    assert balance(shop) == 200
    ledger = shopper.get("/points").words()
    assert "Redeemed for a gift" in ledger
    assert "Used for an order" not in ledger


def test_several_at_once_and_no_more_than_points_and_limit_allow(shop, shopper):
    book(shop, 1_600)
    bag = gift(shop, per_member_limit=2)
    page = shopper.get(f"/gifts/{bag['id']}")
    assert "At most 2 with your points." in page.words("#f-quantity-hint")
    page = shopper.send(page, "Redeem my points", quantity="3")
    assert page.status == 409
    assert page.soup.select_one("#f-quantity")["value"] == "3"
    shopper.send(page, "Redeem my points", quantity="2")
    assert balance(shop) == 600
    page = shopper.get(f"/gifts/{bag['id']}")
    assert "Each may have 2, and you have them." in page.words()
    assert not page.soup.select("form#redeem")


@pytest.mark.parametrize("place", ["chat", "poster", "poster.svg", "link.svg", "notice"])
def test_nothing_that_is_shared_names_a_price_in_money_for_it(shop, shopper, place):
    bag = gift(shop)
    assert shopper.get(f"/campaigns/{bag['id']}/{place}").status == 404


@pytest.mark.parametrize("quantity", ["0", "-1", "x", "1.5", "", "9" * 7])
def test_a_number_that_is_none_redeems_nothing(shop, shopper, quantity):
    book(shop, 1_600)
    bag = gift(shop)
    page = shopper.send(shopper.get(f"/gifts/{bag['id']}"), "Redeem my points", quantity=quantity)
    if not quantity:
        assert balance(shop) == 1_100, "one, where nothing is typed"
        return
    assert page.status in (409, 422)
    assert balance(shop) == 1_600


def test_what_changed_meanwhile_is_said_before_anything_is_taken(shop, shopper):
    other = shop.member()
    book(shop, 2_000)
    book(shop, 2_000, other)
    bag = gift(shop, quantity=2)
    page = shopper.get(f"/gifts/{bag['id']}")
    made(shop.brand.patch(f"/v1/gifts/{bag['id']}", {"points": 600}), 200)
    page = shopper.send(page, "Redeem my points", quantity="1")
    assert page.status == 409
    assert "The gift costs 600 points now" in page.words(".refusal")
    made(redeem(shop, bag, other, quantity=2))
    page = shopper.send(page, "Redeem my points", quantity="1")
    assert page.status == 409
    assert "All of them are taken." in page.words()
    assert balance(shop) == 2_000


def test_two_taps_redeem_one(shop, shopper):
    book(shop, 1_000)
    page = shopper.get(f"/gifts/{gift(shop)['id']}")
    first, second = (shopper.send(page, "Redeem my points", follow=False) for _ in range(2))
    assert first.headers["location"] == second.headers["location"]
    assert balance(shop) == 500


def test_who_has_too_few_points_reads_how_many_are_missing(shop, shopper, new_visitor):
    book(shop, 120)
    bag = gift(shop)
    assert "You need 380 points more." in shopper.get("/gifts").words(".card")
    page = shopper.get(f"/gifts/{bag['id']}")
    assert "You need 380 points more." in page.words(".note")
    assert not page.soup.select("form#redeem")
    zh = new_visitor(shop, language="zh").signed_in(shop.shopper)
    assert "还差 380 积分。" in zh.get(f"/gifts/{bag['id']}").words(".note")


def test_a_visitor_sees_them_and_signs_in_to_redeem(shop, visitor):
    bag = gift(shop)
    gift(shop, title="Soon", opens_at=in_time(product_clock.now() + timedelta(days=1)))
    page = visitor.get("/gifts")
    assert "A linen bag" in page.words()
    assert "Coming soon" in page.words()
    answer = visitor.get(f"/gifts/{bag['id']}", follow=False)
    assert (answer.status, "sign-in" in answer.headers["location"]) == (303, True)


def test_a_gift_is_no_group_buy_in_the_shop(shop, shopper):
    assert "There are no gifts at the moment." in shopper.get("/gifts").words()
    bag = gift(shop)
    assert "A linen bag" not in shopper.get("").words()
    assert shopper.get(f"/campaigns/{bag['id']}").heading == "A linen bag"
    assert shopper.get(f"/gifts/{shop.campaign_id}").status == 404
    shopper.cookies["basket"] = f"{made(shop.brand.get('/v1/campaigns/' + bag['id']), 200)['offers'][0]['offer_id']}.1"
    page = shopper.get(f"/campaigns/{bag['id']}/checkout")
    assert "This is a gift for points" in page.words()


def test_its_order_says_that_it_is_a_gift_and_is_cancelled_not_changed(shop, shopper, drain):
    book(shop, 500)
    order = made(redeem(shop, gift(shop)))
    page = shopper.get(f"/orders/{order['id']}")
    assert "Gift for 500 points" in page.words()
    assert "Change the order" not in page.words()
    assert shopper.get(f"/orders/{order['id']}/change", follow=False).status == 303
    shopper.send(page, "Yes, cancel the order")
    drain()
    assert balance(shop) == 500


# --- at the console


def test_the_team_offers_a_gift_and_changes_it(shop, desk):
    page = desk.get("/gifts")
    assert "There are no gifts yet." in page.words()
    page = desk.send(desk.get("/gifts/new"), "Offer the gift", **typed(shop, per_member_limit="2"))
    assert page.words(".flash") == "The gift is on show. Members can redeem their points for it."
    assert page.heading == "A linen bag"
    book(shop, 1_000)
    [bag] = made(shop.brand.get("/v1/gifts"), 200)["items"]
    made(redeem(shop, bag))
    assert "A linen bag" in desk.get("/gifts").words("table")
    assert "1 of 5" in desk.get("/gifts").words("table")
    for path, at in (("/gifts", "table"), ("/campaigns", "table .badge"), (f"/campaigns/{bag['id']}", ".badge")):
        assert "Can be redeemed" in desk.get(path).words(at), path

    page = desk.send(desk.get(f"/gifts/{bag['id']}"), "Save", points="400", quantity="8", title="A bag")
    assert page.words(".flash") == "The gift is changed."
    now = shown(shop, bag)
    assert (now["title"], now["points"], now["quantity"], now["per_member_limit"]) == ("A bag", 400, 8, 2)
    assert now["closes_at"] == bag["closes_at"]


def test_two_taps_offer_one_gift(shop, desk):
    page, fields = desk.get("/gifts/new"), typed(shop)
    first, second = (desk.send(page, "Offer the gift", follow=False, **fields) for _ in range(2))
    assert first.headers["location"] == second.headers["location"]
    assert len(made(shop.brand.get("/v1/gifts"), 200)["items"]) == 1


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"points": "many"}, "points"), ({"points": ""}, "points"), ({"quantity": "-3"}, "quantity"),
        ({"sku_id": ""}, "sku_id"), ({"title": " "}, "title"), ({"closes_at": "soon"}, "closes_at"),
        ({"closes_at": ""}, "closes_at"), ({"per_member_limit": "6"}, "per_member_limit"),
        ({"arrives_on": "2020-01-01"}, "arrives_on"),
    ],
)  # fmt: skip
def test_what_makes_no_gift_is_marked_and_the_rest_kept(shop, desk, fields, at):
    page = desk.send(desk.get("/gifts/new"), "Offer the gift", **typed(shop, **fields))
    assert page.status == 422
    assert page.soup.select_one(f"#f-{at}")["aria-invalid"] == "true"
    if at != "title":
        assert page.soup.select_one("#f-title")["value"] == "A linen bag"
    assert made(shop.brand.get("/v1/gifts"), 200)["items"] == []


def test_no_pickup_point_is_said_beside_them(shop, desk):
    page = desk.send(
        desk.get("/gifts/new"), "Offer the gift", **typed(shop, **{f"places__{shop.pickup_point_id}": "false"})
    )
    assert page.status == 422
    assert page.soup.select_one(".card.wrong .fault")


def test_fewer_of_it_is_refused_beside_the_field(shop, desk):
    bag = gift(shop)
    page = desk.send(desk.get(f"/gifts/{bag['id']}"), "Save", quantity="2")
    assert page.status == 409
    assert page.soup.select_one("#f-quantity")["value"] == "2"
    assert shown(shop, bag)["quantity"] == 5


def test_who_only_looks_changes_nothing(shop, new_desk):
    bag = gift(shop)
    page = new_desk(shop, "analyst").get(f"/gifts/{bag['id']}")
    assert page.status == 200
    assert not page.soup.select("main form")
    assert new_desk(shop, "analyst").get("/gifts/new").status == 403
