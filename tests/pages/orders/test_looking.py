"""A member looks at their orders: what comes next stands first, the code is at hand when it counts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.db import metered
from tests.builders import made
from tests.orders.test_held_routes import HOME


def test_who_has_ordered_nothing_is_shown_where_to_begin(shopper):
    page = shopper.get("/orders")
    assert page.words(".empty") == "You have not ordered anything yet. See the group buys"
    assert shopper.get(page.link("See the group buys")).heading == "Group buys"


def test_the_list_says_of_each_order_what_comes_next(shop, shopper, order, online, pay):
    made(shop.order(campaign=online, payment_method="test"))

    held, placed = shopper.get("/orders").soup.select("main .card")

    assert "Not paid yet" in held.text
    assert "Please pay CN¥9.00 by" in held.text
    assert "Ordered" in placed.text
    assert "The group buy is open until" in placed.text
    assert "You pay CN¥27.00 when you collect it." in placed.text
    assert placed["href"] == shopper.at(f"/orders/{order['id']}")


def test_a_long_list_goes_on(shop, shopper):
    for _ in range(21):
        made(shop.order())
    page = shopper.get("/orders")
    assert len(page.soup.select("main .card")) == 20
    page = shopper.get(page.link("Show older orders"))
    assert len(page.soup.select("main .card")) == 1


def test_another_members_order_is_not_there(shop, new_visitor, order):
    theirs = shop.member()
    other = new_visitor(shop).signed_in(theirs)
    for path in ("", "/change", "/code.svg"):
        assert other.get(f"/orders/{order['id']}{path}").status == 404
    own = other.get(f"/orders/{made(shop.order(theirs))['id']}")
    sent = {"_csrf": own.soup.select_one("[name=_csrf]")["value"]}
    for path in ("cancel", "again", "change"):
        assert other.post(f"/orders/{order['id']}/{path}", sent).status == 404


def test_without_a_session_one_signs_in_and_is_back(visitor, order):
    page = visitor.get(f"/orders/{order['id']}")
    assert page.heading == "Sign in"
    assert page.soup.select_one("[name=next]")["value"] == visitor.at(f"/orders/{order['id']}")


def test_a_held_order_says_what_to_pay_until_when_and_where(shop, shopper, online, clock):
    order = made(shop.order(campaign=online, quantity=2, payment_method="test"))
    clock.advance(minutes=5)

    page = shopper.get(f"/orders/{order['id']}")

    assert page.heading == "Not paid yet"
    assert "Please pay CN¥18.00 by" in page.words()
    assert 0 < int(page.soup.select_one("[data-seconds]")["data-seconds"]) <= 600
    assert page.link("Pay now") == shopper.at(f"/orders/{order['id']}/pay")
    assert page.soup.select_one("#code") is None

    clock.advance(minutes=11)
    page = shopper.get(f"/orders/{order['id']}")
    assert page.heading == "The time to pay is over"
    assert "nothing is lost" in page.words()
    assert "Pay now" not in page.words()


def test_the_code_stands_first_when_the_goods_are_there(shop, shopper, order, clock, sweep):
    path = f"/orders/{order['id']}"
    assert shopper.get(path).soup.select_one("#code details .code") is not None

    clock.advance(days=8)
    sweep()
    assert "We write to you when it has arrived." in shopper.get(path).words()
    shop.arrived()
    sweep()

    page = shopper.get(path)
    assert page.heading == "Ready to collect"
    code = order["pickup_code"]
    assert page.words("#code .code") == f"{code[:3]} {code[3:6]} {code[6:]}"
    assert "It is kept for you until" in page.words()
    assert "You pay CN¥27.00 when you collect it." in page.words()
    drawing = shopper.get(page.soup.select_one("#code img")["src"])
    assert drawing.headers["content-type"] == "image/svg+xml"
    assert drawing.headers["cache-control"].startswith("private")
    assert drawing.headers["vary"] == "Cookie", "what a browser kept for one member is not for who signs in next"
    assert "#fff" in drawing.text


def test_of_a_part_the_rest_waits(shop, shopper, order, clock, sweep):
    clock.advance(days=8)
    sweep()
    shop.arrived()
    sweep()
    part = {"code": order["pickup_code"], "pickup_point_id": shop.pickup_point_id}
    one = part | {"lines": [{"offer_id": shop.offer_id, "quantity": 1}]}
    made(shop.brand.post(f"/v1/orders/{order['id']}/pickup", one, headers={"Idempotency-Key": "p1"}), 200)

    page = shopper.get(f"/orders/{order['id']}")
    assert page.heading == "A part is still to be collected"
    assert "Collected: 1, still to be collected: 2" in page.words()
    assert "Return, exchange or repair" in page.words()

    made(shop.brand.post(f"/v1/orders/{order['id']}/pickup", part, headers={"Idempotency-Key": "p2"}), 200)
    page = shopper.get(f"/orders/{order['id']}")
    assert page.heading == "Collected"
    assert page.soup.select_one("#code") is None
    assert "You have paid CN¥27.00" in page.words()
    clock.advance(days=16)
    page = shopper.get(f"/orders/{order['id']}")
    assert "Return, exchange or repair" not in page.words()
    assert page.link("My returns and exchanges").endswith("/after-sales")


def test_what_is_cut_stands_in_its_line_with_the_money_that_comes_back(shop, shopper, online, pay, clock, sweep):
    order = pay(made(shop.order(campaign=online, quantity=3, payment_method="test")))
    clock.advance(days=8)
    sweep()
    offer_id = online["offers"][0]["offer_id"]
    wanted = {"lines": [{"offer_id": offer_id, "quantity": 2}], "reason": "One was bruised"}
    made(shop.brand.post(f"/v1/orders/{order['id']}/adjustments", wanted, headers={"Idempotency-Key": "a1"}), 200)

    page = shopper.get(f"/orders/{order['id']}")

    assert "1 of what you ordered could not be supplied" in page.words()
    assert "On its way to you CN¥9.00" in page.words()
    assert "The shop could supply less than you ordered." in page.words(".timeline")
    assert "3 → 2" in page.words(".timeline")
    assert "One was bruised" in page.words(".timeline")


def test_what_is_brought_says_where_to(shop, shopper, online):
    order = made(shop.order(campaign=online, delivery=HOME))
    page = shopper.get(f"/orders/{order['id']}")
    assert HOME["address"] in page.words()
    assert "You pay CN¥15.00 when it is brought." in page.words()
    assert "Pay when it is brought" in page.words()
    assert "Where you collect it" not in page.words()


def test_a_team_says_how_far_it_is_and_when_it_can_no_longer_be_left(shop, shopper):
    campaign = shop.campaign(kind="team_buy", team={"size": 2, "hours": 24}, closes_in=timedelta(days=3))
    order = made(shop.order(campaign=campaign))
    page = shopper.get(f"/orders/{order['id']}")
    assert "Your team must fill in time." in page.words()
    assert "Your team: 1 of 2 have joined" in page.words()
    assert "Cancel the order" in page.words()

    made(shop.order(shop.member(), campaign=campaign, team_id=order["team_id"]))

    page = shopper.get(f"/orders/{order['id']}")
    assert "Your team is complete." in page.words()
    assert "Cancel the order" not in page.words()


def test_cancelling_says_what_comes_back_and_gives_it_back(shop, shopper, online, pay):
    order = pay(made(shop.order(campaign=online, quantity=2, payment_method="test")))
    page = shopper.get(f"/orders/{order['id']}")
    assert "CN¥18.00 comes back to you." in page.words()

    page = shopper.send(page, "Yes, cancel the order")

    assert page.words(".flash") == "Your order is cancelled."
    assert page.heading == "Cancelled"
    assert "On its way to you CN¥18.00" in page.words()
    assert "Cancel the order" not in page.words()


def test_a_cancellation_after_the_close_is_refused_on_the_orders_page(shopper, order, clock):
    page = shopper.get(f"/orders/{order['id']}")
    clock.advance(days=8)

    page = shopper.send(page, "Yes, cancel the order")

    assert page.status == 409
    assert "can no longer be cancelled" in page.words(".refusal")
    assert "Yes, cancel the order" not in page.words()


def test_a_neighbour_reads_it_in_chinese(shop, new_visitor, order):
    page = new_visitor(shop, language="zh").signed_in(shop.shopper).get(f"/orders/{order['id']}")
    assert page.heading == "已下单"
    assert "您可以修改或取消订单。取货时支付 ¥27.00。" in page.words().replace(" 取货时", "取货时")


@pytest.mark.parametrize(("path", "most"), [("", 3), ("/{id}", 6)])
def test_a_page_asks_the_database_for_little(shopper, order, path, most):
    """The list as often as its route of the API, the order as its routes for order, history and refunds, and once."""
    shopper.get("/orders")
    with metered() as meter:
        shopper.get(f"/orders{path.format(id=order['id'])}")
    assert meter.by_operation.total() <= most


def test_a_title_is_text(shop, shopper):
    campaign = shop.campaign(title="<b>Pears</b> & more")
    order = made(shop.order(campaign=campaign))
    for path in ("/orders", f"/orders/{order['id']}"):
        page = shopper.get(path)
        assert "<b>Pears</b> & more" in page.words()
