"""Orders at the console: found, read, changed for a member, handed over, paid back, and placed for a caller."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import made
from tests.orders.test_held_routes import HOME, paid

LOOK = "See what it comes to"


@pytest.fixture
def order(shop):
    """Three units at 9.00 of an open group buy, paid when they are collected."""
    return made(shop.order(quantity=3))


@pytest.fixture
def ready(shop, clock, sweep):
    """Three units that wait at their pickup point."""
    campaign = shop.campaign(closes_in=timedelta(hours=1))
    placed = made(shop.order(campaign=campaign, quantity=3))
    clock.advance(hours=2)
    sweep()
    shop.arrived(campaign["id"])
    return placed


@pytest.fixture
def online(shop):
    """Two units paid online, of an open group buy."""
    placed = made(shop.order(campaign=shop.campaign(payment_methods=["test"]), quantity=2, payment_method="test"))
    paid(shop, placed)
    return placed


def at(order, what=""):
    return f"/orders/{order['id']}{what}"


def units(order, number):
    return {f"units__{order['lines'][0]['offer_id']}": number}


def now(shop, order):
    return made(shop.brand.get(f"/v1/orders/{order['id']}"), 200)


def named(shop, name):
    """The shopper tells their name."""
    path = f"{shop.path}/me"
    made(shop.caller.call("PATCH", path, json={"profile": {"name": name}}, token=shop.shopper.token), 200)


# --- the list ---


def test_a_list_without_orders_says_what_to_do(desk, new_desk, shop):
    page = desk.get("/orders")
    assert page.link("Order for a caller") == "/console/orders/new"
    assert "There are no orders yet." in page.words(".empty")
    assert not new_desk(shop, "analyst").get("/orders").soup.select_one('a[href$="/orders/new"]')


def test_an_order_is_found_by_its_group_buy_its_state_and_what_somebody_remembers(desk, shop, order):
    other = shop.campaign(title="Apples")
    made(shop.order(campaign=other))
    named(shop, "Ada Lovelace")
    assert len(desk.get("/orders").soup.select("tbody tr")) == 2

    page = desk.get(f"/orders?campaign_id={other['id']}&status=placed&payment=")

    (row,) = page.soup.select("tbody tr")
    assert "Apples" in row.get_text()
    assert len(desk.get("/orders?q=Lovelace").soup.select("tbody tr")) == 2
    assert len(desk.get(f"/orders?q={order['id']}").soup.select("tbody tr")) == 1
    assert "No order is like that." in desk.get("/orders?status=cancelled").words(".empty")


def test_a_filter_that_cannot_be_is_said_and_kept(desk, order):
    page = desk.get("/orders?from_on=2026-05-02&to_on=2026-05-01&q=Ada")
    assert page.status == 422
    assert "2026-05-01, is before the first" in page.words(".refusal")
    assert page.soup.select_one('input[name="q"]')["value"] == "Ada"


def test_the_list_goes_on_page_by_page(desk, shop, monkeypatch):
    from chalicelib.pages.console.orders.routes import looking

    monkeypatch.setattr(looking, "AT_A_TIME", 2)
    placed = [made(shop.order())["id"] for _ in range(3)]
    page = desk.get("/orders")
    seen = [each["href"].rpartition("/")[2] for each in page.soup.select("tbody td:first-child a")]
    rest = desk.get(page.link("Show more"))
    seen += [each["href"].rpartition("/")[2] for each in rest.soup.select("tbody td:first-child a")]
    assert seen == placed[::-1]
    assert "Show more" not in rest.text


def test_an_analyst_sees_no_names_and_no_codes_and_changes_nothing(new_desk, shop, desk, order):
    named(shop, "Ada Lovelace")
    assert "Ada Lovelace" in desk.get("/orders").text
    analyst = new_desk(shop, "analyst")
    for path in ("/orders", at(order)):
        assert "Ada Lovelace" not in analyst.get(path).text
    assert order["pickup_code"] in desk.get(at(order)).text
    page = analyst.get(at(order))
    assert order["pickup_code"] not in page.text
    assert not page.soup.select('form[method="post"]')
    assert analyst.get(at(order, "/change")).status == 403


# --- before the close ---


def test_an_order_is_changed_for_its_member_after_a_look_at_what_it_comes_to(desk, shop, order):
    page = desk.send(desk.get(at(order, "/change")), LOOK, **units(order, 5))
    assert page.heading == "Make this change?"
    assert "Total so far CN¥27.00 New total CN¥45.00" in page.words("dl")
    page = desk.send(desk.send(page, "Choose anew"), LOOK)
    assert "Total so far CN¥27.00 New total CN¥45.00" in page.words("dl"), "what was typed is kept"
    assert now(shop, order)["lines"][0]["quantity"] == 3

    page = desk.send(page, "Yes, make this change")

    assert page.words(".flash") == "The order is changed, and the member is told."
    assert now(shop, order)["lines"][0]["quantity"] == 5
    assert "The order was changed · you" in page.words(".timeline")


def test_a_change_to_nothing_or_of_nothing_is_refused_with_the_input_kept(desk, shop, order):
    page = desk.send(desk.get(at(order, "/change")), LOOK)
    assert page.words(".fault") == "You have not changed anything yet."
    page = desk.send(desk.get(at(order, "/change")), LOOK, **units(order, 0))
    assert page.words(".fault") == "Nothing would be left; cancel the order instead."
    assert page.soup.select_one(f"#f-units-{order['lines'][0]['offer_id']}")["value"] == "0"
    page = desk.send(desk.send(desk.get(at(order, "/change")), LOOK, **units(order, 99)), "Yes, make this change")
    assert page.status == 409
    assert page.soup.select_one(f"#f-units-{order['lines'][0]['offer_id']}")["value"] == "99"


def test_who_was_slower_is_told_and_can_send_again(desk, shop, order):
    slow = desk.send(desk.get(at(order, "/change")), LOOK, **units(order, 4))
    desk.send(desk.send(desk.get(at(order, "/change")), LOOK, **units(order, 2)), "Yes, make this change")

    page = desk.send(slow, "Yes, make this change")

    assert page.status == 412
    assert "The order has changed meanwhile." in page.words(".refusal")
    assert now(shop, order)["lines"][0]["quantity"] == 2
    page = desk.send(desk.send(page, LOOK), "Yes, make this change")
    assert now(shop, order)["lines"][0]["quantity"] == 4


def test_more_of_what_was_paid_online_waits_for_its_payment(desk, shop, online):
    page = desk.send(desk.get(at(online, "/change")), LOOK, **units(online, 3))
    assert "The member pays online now CN¥9.00" in page.words("dl")
    page = desk.send(page, "Yes, make this change")
    assert page.words(".flash").startswith("The change is made as soon as the member has paid")
    assert now(shop, online)["pending"]["amount"]["amount_minor"] == 900


def test_an_order_is_cancelled_for_its_member_and_its_money_goes_back(desk, shop, online):
    page = desk.get(at(online))
    assert "CN¥18.00 goes back to the member." in page.words("#acts")

    page = desk.send(page, "Yes, cancel the order")

    assert page.words(".flash") == "The order is cancelled, and the member is told."
    assert now(shop, online)["status"] == "cancelled"
    assert "Yes, cancel the order" not in page.text


# --- after the lock ---


def test_units_are_taken_out_after_a_look_at_what_comes_back(desk, shop, ready):
    desk.send(desk.get(at(ready)), "Hand over only these", code=ready["pickup_code"], **units(ready, 1))
    page = desk.send(desk.get(at(ready, "/adjust")), "See what goes back", reason="Bruised", **units(ready, 2))
    page = desk.send(desk.send(page, "Choose anew"), "See what goes back")
    assert "Goes back to the member CN¥9.00" in page.words("dl")
    assert now(shop, ready)["lines"][0]["quantity"] == 3

    page = desk.send(page, "Yes, take them out")

    assert page.words(".flash") == "The units are taken out, and the member is told."
    assert now(shop, ready)["lines"][0]["quantity"] == 2
    assert "Bruised" in page.words(".timeline")
    page = desk.send(page, "I have paid out CN¥9.00 in cash")
    refund = made(shop.brand.get(f"/v1/orders/{ready['id']}/refunds"), 200)["items"][0]
    assert refund["status"] == "succeeded"
    assert "I have paid out" not in page.text


def test_a_look_at_an_adjustment_says_what_the_adjustment_does(desk, shop, ready):
    desk.send(desk.get(at(ready)), "Hand over only these", code=ready["pickup_code"], **units(ready, 1))
    desk.send(desk.get(at(ready, "/adjust")), "See what goes back", reason="Bruised", **units(ready, 1))
    assert now(shop, ready)["totals"]["refunded"]["amount_minor"] == 0
    page = desk.send(desk.get(at(ready, "/adjust")), "See what goes back", reason="Bruised", **units(ready, 0))
    assert page.status == 409
    assert page.soup.select_one('input[name="reason"]')["value"] == "Bruised"


def test_taking_out_needs_a_reason(desk, shop, ready):
    page = desk.send(desk.get(at(ready, "/adjust")), "See what goes back", **units(ready, 2))
    assert page.status == 422
    assert page.soup.select_one("#f-reason-fault")
    assert now(shop, ready)["lines"][0]["quantity"] == 3


def test_an_order_is_handed_over_against_its_code(desk, shop, ready):
    page = desk.send(desk.get(at(ready)), "Hand over all of it", code="AAAAAAAAAA")
    assert page.status == 409
    assert page.soup.select_one("#f-code")["value"] == "AAAAAAAAAA"
    assert "Take CN¥27.00 in cash first." in page.words("#handover")

    page = desk.send(page, "Hand over all of it", code=ready["pickup_code"].lower())

    assert page.words(".flash") == "It is handed over."
    assert now(shop, ready)["status"] == "picked_up"
    assert not page.soup.select_one("#handover")


def test_a_part_is_handed_over_once_however_often_the_button_is_pressed(desk, shop, ready):
    page = desk.get(at(ready))
    for _ in range(2):
        answer = desk.send(page, "Hand over only these", code=ready["pickup_code"], **units(ready, 1))
    assert "A part is handed over" in answer.words(".flash")
    assert now(shop, ready)["picked"][0]["quantity"] == 1


def test_an_order_moves_to_another_pickup_point_and_back(desk, shop, clock, sweep):
    near, far = shop.pickup_point(name="East gate"), shop.pickup_point(name="West gate")
    campaign = shop.campaign(closes_in=timedelta(hours=1), pickup_point_ids=[near["id"], far["id"]])
    order = made(shop.order(campaign=campaign))
    clock.advance(hours=2)
    sweep()
    page = desk.send(desk.get(at(order, "/move")), "Move the order", reason="Rain")
    assert page.words("#place-fault") == "It is there already: choose another place."
    assert page.soup.select_one('input[name="reason"]')["value"] == "Rain"

    page = desk.send(page, "Move the order", place=far["id"])

    assert now(shop, order)["pickup_point_id"] == far["id"]
    assert "West gate" in page.words(".timeline")
    desk.send(desk.get(at(order, "/move")), "Move the order", place=near["id"], reason="Dry again")
    assert now(shop, order)["pickup_point_id"] == near["id"]


def test_what_cannot_be_done_any_more_leads_back_to_the_order(desk, ready, order):
    assert "This cannot be done with the order any more." in desk.get(at(ready, "/change")).words(".flash")
    assert desk.get(at(order, "/adjust")).path == f"/console{at(order)}"
    assert desk.get(at(order, "/goodwill")).path == f"/console{at(order)}"


# --- goodwill ---


def test_money_is_given_back_from_the_page_of_the_order(desk, new_desk, shop, online):
    page = desk.send(desk.get(at(online)), "Look at it once more", amount="2.50", reason="")
    assert (page.status, page.words("#f-reason-fault")) == (422, page.words(".fault"))
    page = desk.send(desk.get(at(online)), "Look at it once more", amount="2.50", reason="A long wait")
    assert page.heading == "Give this back?"
    desk.send(page, "Yes, give it back")
    assert now(shop, online)["totals"]["refunded"]["amount_minor"] == 250
    assert not new_desk(shop, "analyst").get(at(online)).soup.select("#give-back")


def test_money_is_given_back_after_a_second_look(desk, shop, online):
    page = desk.send(desk.get(at(online, "/goodwill")), "Look at it once more", amount="2.50", reason="A long wait")
    assert (page.heading, page.words(".price")) == ("Give this back?", "CN¥2.50")
    page = desk.send(desk.send(page, "Choose anew"), "Look at it once more")
    assert (page.heading, page.words(".price")) == ("Give this back?", "CN¥2.50"), "what was typed is kept"
    assert now(shop, online)["totals"]["refunded"]["amount_minor"] == 0

    page = desk.send(page, "Yes, give it back")

    assert page.words(".flash") == "The money goes back, and the member is told."
    assert now(shop, online)["totals"]["refunded"]["amount_minor"] == 250
    assert "Money was given back by goodwill · you" in page.words(".timeline")


@pytest.mark.parametrize("amount", ["two", "2,50", "0"])
def test_what_is_no_amount_is_said_beside_it(desk, online, amount):
    page = desk.send(desk.get(at(online, "/goodwill")), "Look at it once more", amount=amount, reason="A long wait")
    assert page.status == 422
    assert page.soup.select_one("#f-amount")["value"] == amount
    assert page.soup.select_one("#f-amount-fault") or page.soup.select_one(".refusal")


def test_service_gives_back_up_to_its_cap(new_desk, shop, online):
    service = new_desk(shop, "service")
    page = service.get(at(online, "/goodwill"))
    assert "CN¥50.00" in page.words("dl")
    page = service.send(page, "Look at it once more", amount="60", reason="Sorry")
    page = service.send(page, "Yes, give it back")
    assert page.status == 403
    assert page.soup.select_one("#f-amount")["value"] == "60"
    assert now(shop, online)["totals"]["refunded"]["amount_minor"] == 0


def test_single_goods_are_paid_back_by_their_own_amounts(desk, shop, online):
    line = {f"amounts__{online['lines'][0]['offer_id']}": "1"}
    page = desk.send(desk.get(at(online, "/goodwill")), "Look at it once more", reason="Soft", **line)
    desk.send(page, "Yes, give it back")
    assert now(shop, online)["totals"]["refunded"]["amount_minor"] == 100


# --- for a caller ---


def test_an_order_for_a_member_who_calls_is_placed_once(desk, shop):
    named(shop, "Ada Lovelace")
    assert shop.campaign_id
    page = desk.get("/orders/new?q=Lovelace")
    page = desk.get(page.link("Ada Lovelace"))
    assert page.heading == shop.open_campaign["title"]
    page = desk.send(page, LOOK, **{f"units__{shop.offer_id}": 2, "note": "Called at noon"})
    page = desk.send(desk.send(page, "Choose anew"), LOOK)
    assert "CN¥18.00" in page.words("main")

    for _ in range(2):
        placed = desk.send(page, "Place the order")

    assert placed.words(".flash") == "The order is placed, and the member is told."
    (only,) = made(shop.brand.get("/v1/orders"), 200)["items"]
    assert (only["member_id"], only["totals"]["total"]["amount_minor"]) == (shop.shopper.id, 1800)
    assert "Called at noon" in placed.words(".timeline")


def test_somebody_new_becomes_a_member_by_their_order(desk, shop):
    assert shop.campaign_id
    page = desk.get(desk.get("/orders/new?q=Nobody").link("Somebody new"))
    page = desk.send(page, LOOK, **{f"units__{shop.offer_id}": 1})
    assert page.status == 422
    assert page.soup.select_one("#f-phone-fault")
    page = desk.send(page, LOOK, phone="13800138000", name="Grace")
    assert "who becomes a member by it" in page.words("main")

    desk.send(page, "Place the order")

    (only,) = made(shop.brand.get("/v1/orders"), 200)["items"]
    assert only["member_name"] == "Grace"
    page = desk.get(desk.get("/orders/new").link("Somebody new"))
    page = desk.send(page, LOOK, phone="13800138000", **{f"units__{shop.offer_id}": 1})
    assert "This is the number of Grace , who is a member already" in page.words("main")


def test_more_than_is_left_is_said_beside_the_goods(desk, shop):
    assert shop.campaign_id
    page = desk.get(f"/orders/new?member_id={shop.shopper.id}")
    page = desk.send(page, LOOK, **{f"units__{shop.offer_id}": 51})
    page = desk.send(page, "Place the order")
    assert page.status == 409
    assert page.soup.select_one(f"#f-units-{shop.offer_id}")["value"] == "51"
    assert made(shop.brand.get("/v1/orders"), 200)["items"] == []


def test_of_several_group_buys_one_is_chosen_and_those_paid_online_are_left_out(desk, shop):
    for title in ("Pears", "Apples"):
        shop.campaign(title=title)
    shop.campaign(title="Online", payment_methods=["test"])
    page = desk.get(f"/orders/new?member_id={shop.shopper.id}")
    assert page.heading == "Which group buy?"
    assert "Online" not in page.words("main")
    assert desk.get(page.link("Pears")).heading == "Pears"


def test_a_caller_is_asked_for_from_the_page_of_a_group_buy(desk, shop):
    pears, _ = shop.campaign(title="Pears"), shop.campaign(title="Apples")
    page = desk.get(desk.get(f"/campaigns/{pears['id']}").link("Order for a caller"))
    assert page.heading == "Who calls?"
    assert page.soup.select_one(".filters [name=campaign_id]")["value"] == pears["id"]
    assert desk.get(page.link("Somebody new")).heading == "Pears"
    named(shop, "Ada Lovelace")
    page = desk.get(f"/orders/new?campaign_id={pears['id']}&q=Ada")
    assert desk.get(page.link("Ada Lovelace")).heading == "Pears"
    online = shop.campaign(payment_methods=["test"])
    assert "Order for a caller" not in desk.get(f"/campaigns/{online['id']}").words()


def test_a_caller_collects_where_their_last_order_was_unless_another_is_chosen(desk, shop):
    points = [shop.pickup_point()["id"] for _ in range(2)]
    campaign = shop.campaign(pickup_point_ids=points)
    path = f"/orders/new?campaign_id={campaign['id']}&member_id={shop.shopper.id}"
    assert not desk.get(path).soup.select("[name=place][checked]")
    made(shop.order(campaign=campaign, pickup_point_id=points[1]))
    (chosen,) = desk.get(path).soup.select("[name=place][checked]")
    assert chosen["value"] == points[1]
    assert not desk.get(f"/orders/new?campaign_id={campaign['id']}&new=1").soup.select("[name=place][checked]")


def test_an_order_for_a_caller_is_brought_to_the_door(desk, shop):
    campaign = shop.campaign(delivery={"fee": shop.money(600)})
    page = desk.get(f"/orders/new?member_id={shop.shopper.id}")
    sent = {f"units__{campaign['offers'][0]['offer_id']}": 1, "deliver": "true"}
    page = desk.send(page, LOOK, **sent, delivery__name=HOME["name"], delivery__phone="x", delivery__address="3 Lilac")
    assert page.soup.select_one("#f-delivery-phone-fault")
    page = desk.send(page, LOOK, delivery__phone=HOME["phone"])
    assert "Delivery CN¥6.00" in page.words("main")
    desk.send(page, "Place the order")
    (only,) = made(shop.brand.get("/v1/orders"), 200)["items"]
    assert only["delivery"]["name"] == HOME["name"]


# --- words ---


def test_the_pages_of_orders_speak_chinese(desk, new_desk, shop, order):
    chinese = new_desk(shop, language="zh")
    assert chinese.get("/orders").heading == "订单"
    page = chinese.get(at(order))
    assert "动态记录" in page.words("main")
    assert "代会员修改" in page.words("#acts")
