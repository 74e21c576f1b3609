"""Recurring group buys at the console: made of one that is there, held, changed and ended."""

from __future__ import annotations

from datetime import timedelta

from chalicelib.kernel import clock
from tests.builders import made


def stored(shop):
    return made(shop.brand.get("/v1/campaign-series"), 200)["items"][0]


def recurring(desk, shop, **typed):
    ahead = (clock.now() + timedelta(days=3)).date().isoformat()
    page = desk.get(f"/campaign-series/new?campaign={shop.campaign_id}")
    wanted = {"rule__every": "day", "rule__opens": "20:00", "rule__starts_on": ahead, "open_hours": "36"} | typed
    return desk.send(page, "Make it recurring", title="Every evening", **wanted)


def test_a_group_buy_is_made_recurring_with_its_goods_and_terms(desk, shop):
    assert "Nothing recurs yet" in desk.get("/campaign-series").words()
    assert "Make a group buy first" in desk.get("/campaign-series/new").words()
    chosen = shop.open_campaign["title"]
    assert desk.get(desk.get("/campaign-series/new").link(chosen)).heading == "When does it recur?"
    page = recurring(desk, shop)
    assert page.heading == "Every evening"
    made_up = stored(shop)
    assert made_up["rule"]["open_minutes"] == 36 * 60
    assert made_up["template"]["offers"][0]["price"] == shop.money(900)
    assert made_up["template"]["pickup_point_ids"] == [shop.pickup_point_id]
    assert len(page.soup.select(".data tbody tr")) == len(made_up["upcoming"])
    assert "20:00" in page.words(".data")
    assert "20:00" in desk.get("/campaign-series").words(".data")


def test_what_a_rule_is_refused_for_stands_beside_its_field(desk, shop):
    page = recurring(desk, shop, open_hours="some")
    assert page.status == 422
    assert page.soup.select_one("#f-open_hours-fault")
    assert page.soup.select_one("#f-title")["value"] == "Every evening"
    page = recurring(desk, shop, rule__interval="0")
    assert page.soup.select_one("#f-rule-interval-fault")


def test_it_is_paused_resumed_changed_and_ended(desk, shop):
    page = recurring(desk, shop)
    page = desk.send(page, "Pause it")
    assert page.words(".badge") == "Paused"
    assert "None is planned" in page.words()
    page = desk.send(page, "Resume it")
    assert page.words(".badge") == "Running"
    form = desk.get(page.link("Change the rule"))
    assert form.soup.select_one("#f-open_hours")["value"] == "36"
    desk.send(form, "Save the rule", open_hours="1.5", rule__opens="18:30")
    assert (stored(shop)["rule"]["open_minutes"], stored(shop)["rule"]["opens"]) == (90, "18:30")
    page = desk.get(desk.get(page.path).link("End it …"))
    page = desk.send(page, "End it")
    assert page.words(".badge") == "Ended"
    assert stored(shop)["status"] == "ended"


def test_the_next_ones_take_goods_and_prices_from_another_group_buy(desk, shop):
    page = recurring(desk, shop)
    cheaper = shop.campaign(title="Cheaper", offers=[shop.offer(price=700)], publish=False)
    page = desk.get(page.link("Take other goods and prices"))
    page = desk.send(page, f"Take these {cheaper['title']}")
    assert stored(shop)["template"]["offers"][0]["price"] == shop.money(700)
    assert stored(shop)["title"] == "Every evening"
    assert "CN¥7.00" in page.words()


def test_who_only_looks_cannot_make_or_end_one(desk, new_desk, shop):
    path = recurring(desk, shop).path
    analyst = new_desk(shop, "analyst")
    assert not analyst.get(path).soup.select("main form")
    assert analyst.get("/campaign-series/new").status == 403
