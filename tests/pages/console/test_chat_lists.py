"""The list of the chat group on a page: pasted, looked at, placed, and pasted again."""

from __future__ import annotations

import pytest

from tests.builders import made
from tests.pages.site import fields

LIST = "1. Ada, pears 2\n2. Nobody Known, pears 1\n3. 13800138000 pears 3"


@pytest.fixture
def campaign(shop):
    sku = shop.product(title="Pears")["skus"][0]["id"]
    made(shop.caller.call("PATCH", f"{shop.path}/me", json={"profile": {"name": "Ada"}}, token=shop.shopper.token), 200)
    return shop.campaign(offers=[shop.offer(sku_id=sku)])


def look(desk, campaign, text=LIST):
    return desk.send(desk.get(f"/campaigns/{campaign['id']}/chat-list"), "Read it", text=text)


def orders(shop, campaign):
    return made(shop.brand.get(f"/v1/orders?campaign_id={campaign['id']}"), 200)["items"]


def test_what_is_sure_is_ticked_and_placed_and_the_grown_list_places_the_rest(desk, shop, campaign):
    page = look(desk, campaign)
    assert page.heading == "Is this right?"
    sent = fields(page.form("Order what is ticked"))
    assert (sent["entries.0.take"], sent["entries.1.take"], sent["entries.2.take"]) == ("true", "false", "true")
    assert "No member has this name." in page.words()

    page = desk.send(page, "Order what is ticked")
    assert page.heading == "2 orders stand"
    assert sorted(each["lines"][0]["quantity"] for each in orders(shop, campaign)) == [2, 3]

    page = desk.send(page, "Look at the rest of the list")
    assert "2 lines were ordered before" in page.words()
    chosen = {"entries__0__take": "true", "entries__0__phone": "+8613900139000"}
    assert desk.send(page, "Order what is ticked", **chosen).heading == "1 order stands"
    assert len(orders(shop, campaign)) == 3


def test_what_is_refused_is_said_of_its_line(desk, shop, campaign):
    page = look(desk, campaign, "1. Ada, pears 2")
    page = desk.send(page, "Order what is ticked", entries__0__lines__0__quantity="900")
    assert page.heading == "0 orders stand"
    assert "Ada" in page.words()
    assert page.soup.select_one(".fault")


def test_a_number_that_is_none_is_refused_beside_its_line_and_orders_nothing(desk, shop, campaign):
    wrong = {"entries__0__take": "false", "entries__2__lines__0__quantity": "a few"}
    page = desk.send(look(desk, campaign), "Order what is ticked", **wrong)
    assert page.status == 422
    assert [len(each.select(".filters + .fault")) for each in page.soup.select("fieldset")] == [0, 0, 1]
    assert orders(shop, campaign) == []


def test_an_empty_list_and_nothing_ticked_are_told_of(desk, campaign):
    assert look(desk, campaign, " ").words(".fault") == "Paste the list of your group here."
    page = look(desk, campaign)
    seen = desk.send(page, "Order what is ticked", entries__0__take="false", entries__2__take="false")
    assert (seen.status, seen.heading) == (422, "Is this right?")


def test_only_who_serves_members_pastes(shop, new_desk, campaign):
    path = f"/campaigns/{campaign['id']}/chat-list"
    assert [new_desk(shop, role).get(path).status for role in ("service", "manager", "editor")] == [200, 200, 403]


def test_the_way_there_is_on_the_page_of_the_group_buy(shop, new_desk, campaign):
    path = f"/console/campaigns/{campaign['id']}"
    assert new_desk(shop).get(path).link("Orders from the chat group") == f"{path}/chat-list"
    assert "Orders from the chat group" not in new_desk(shop, "editor").get(path).words()


def test_a_long_list_comes_in_parts_of_what_one_form_can_hold(desk, shop, campaign):
    page = look(
        desk, campaign, "\n".join(f"{n}. Name{n}x{'abc'[n % 3]}, pears 1, plums 2, figs 3" for n in range(1, 61))
    )
    assert len(fields(page.form("Order what is ticked"))) <= 600
    assert "follow when these are ordered" in page.words()
