"""The console's first page: what is on, what waits, and for whom."""

from __future__ import annotations

from datetime import timedelta

from tests.builders import made


def tiles(page):
    return {" ".join(each.get_text(" ").split()): each["href"] for each in page.soup.select("a.tile")}


def complained(shop):
    order = made(shop.order())
    sent = {"text": "The eggs were broken.", "category": "quality", "order_id": order["id"]}
    return made(shop.caller.call("POST", f"{shop.path}/complaints", json=sent, token=shop.shopper.token))


def test_who_just_signed_up_is_led_to_the_next_step_instead_of_zeros(desk):
    page = desk.get("")
    assert page.link("See what is still to do").endswith("/console/brand/setup")
    assert f"/s/{desk.slug}" in page.words()
    assert not tiles(page)
    assert "Orders of today" not in page.words()


def test_a_campaign_that_takes_orders_says_how_far_it_is(desk, shop, drain):
    campaign = shop.campaign(closes_in=timedelta(hours=5), title="Pears")
    made(shop.order(campaign=campaign, quantity=2))
    drain()
    seen = desk.get("").words()
    assert "Pears" in seen
    assert "1 order " in seen
    assert "hours left" in seen


def test_a_campaign_that_is_closed_says_what_comes_next(desk, shop, clock, sweep, drain):
    campaign = shop.campaign(closes_in=timedelta(hours=1))
    made(shop.order(campaign=campaign))
    clock.advance(hours=2)
    sweep()
    drain()
    page = desk.get("")
    assert page.link("Order the goods from your suppliers").endswith(f"/console/supply/{campaign['id']}")


def test_what_is_late_is_told_apart_and_leads_to_the_list(new_desk, shop, clock):
    complained(shop)
    assert tiles(new_desk(shop).get(""))["1 Complaints in work"].endswith("/console/complaints")
    clock.advance(days=30)
    assert tiles(new_desk(shop).get(""))["1 Complaints that are late"].endswith("/console/complaints?overdue=true")


def test_enquiries_that_wait_for_the_team_are_told_and_those_that_are_late(new_desk, shop, clock):
    asked = {"json": {"text": "Is it new?"}, "token": shop.shopper.token, "headers": {"Idempotency-Key": "1"}}
    made(shop.caller.call("POST", f"{shop.path}/enquiries", **asked))
    assert tiles(new_desk(shop).get(""))["1 Enquiries to be answered"].endswith("/console/enquiries")
    clock.advance(days=3)
    assert tiles(new_desk(shop).get(""))["1 Enquiries that are late"].endswith("/console/enquiries?overdue=true")


def test_each_role_sees_what_it_may_ask_for(shop, new_desk):
    complained(shop)
    assert "Complaints" in new_desk(shop, "service").get("").words()
    analyst = new_desk(shop, "analyst").get("").words()
    assert "Complaints" not in analyst
    assert "Orders of today" in analyst
    planner = new_desk(shop, "planner").get("")
    assert planner.status == 200
    assert "Orders of today" not in planner.words()
    technical = new_desk(shop, "technical").get("").words()
    assert "Pears" not in technical
    assert "Orders of today" not in technical


def test_an_order_is_looked_for_from_the_first_page_by_who_may_see_whose_it_is(desk, new_desk, shop):
    assert not desk.get("").soup.select("form.filters"), "there are none yet"
    order = made(shop.order())
    form = desk.get("").soup.select_one("form.filters")
    assert [each["name"] for each in form.select("input")] == ["q"]
    found = desk.get(f"{form['action'].removeprefix('/console')}?q={order['id']}")
    assert len(found.soup.select("tbody tr")) == 1
    for role in ("analyst", "technical"):
        assert not new_desk(shop, role).get("").soup.select("form.filters")


def test_nothing_that_waits_is_said_too(desk, shop):
    shop.campaign()
    assert "Nothing waits for you." in desk.get("").words()
    desk.language = "zh"
    assert "没有待处理的事项。" in desk.get("").words()
