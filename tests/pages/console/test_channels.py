"""Channels at the console: each with a link that leads to the shop or to one group buy."""

from __future__ import annotations

from tests.builders import made


def stored(shop):
    return made(shop.brand.get("/v1/channels"), 200)["items"][0]


def added(desk, **typed):
    wanted = {"title": "Garden estate", "kind": "notice_board"} | typed
    return desk.send(desk.get("/channels/new"), "Add it and get its link", **wanted)


def test_a_channel_gets_a_link_that_leads_to_the_shop_or_to_a_group_buy(desk, shop, visitor):
    assert "There is no channel yet" in desk.get("/channels").words()
    page = added(desk, cost="¥120")
    assert stored(shop)["cost"] == shop.money(12_000)
    url = page.words("#link")
    assert url == stored(shop)["url"]
    linked = desk.get(f"/channels?campaign={shop.campaign_id}").words(".data .code")
    assert linked == f"{url}?c={shop.campaign_id}"
    assert visitor.get(linked.removeprefix("http://127.0.0.1:8000")).heading == shop.open_campaign["title"]


def test_what_is_no_amount_stands_beside_the_cost(desk, shop):
    page = added(desk, cost="a lot")
    assert page.status == 422
    assert page.soup.select_one("#f-cost-fault")
    assert page.soup.select_one("#f-title")["value"] == "Garden estate"
    page = added(desk, cost="12.345")
    assert page.soup.select_one("#f-cost-fault")


def test_a_channel_is_changed_archived_and_counted_again(desk, shop):
    page = added(desk, cost="5")
    page = desk.send(page, "Save", title="Garden estate 2", cost="")
    assert (stored(shop)["title"], stored(shop)["cost"]) == ("Garden estate 2", None)
    page = desk.send(page, "Archive it")
    assert stored(shop)["archived"] is True
    assert "Archived" in desk.get("/channels").words(".data")
    desk.send(page, "Count it again")
    assert stored(shop)["archived"] is False


def test_who_changes_what_a_colleague_has_changed_is_told_and_may_send_again(desk, shop):
    page = added(desk)
    made(shop.brand.patch(f"/v1/channels/{stored(shop)['id']}", {"title": "Renamed"}), 200)
    page = desk.send(page, "Save", title="Mine")
    assert page.status == 412
    assert page.words(".refusal strong") == "Somebody was faster"
    assert (page.heading, page.soup.select_one("#f-title")["value"]) == ("Renamed", "Mine")
    assert desk.send(page, "Save").heading == "Mine"


def test_an_editor_may_and_an_analyst_only_looks(new_desk, shop):
    path = added(new_desk(shop, "editor")).path
    analyst = new_desk(shop, "analyst")
    assert analyst.get(path).words("#link") == stored(shop)["url"]
    assert not analyst.get(path).soup.select("main form")
    assert analyst.get("/channels/new").status == 403
