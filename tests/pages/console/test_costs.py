"""Costs at the console: booked, changed, removed, and found again."""

from __future__ import annotations

from tests.builders import made


def stored(shop):
    return made(shop.brand.get("/v1/costs"), 200)["items"]


def booked(desk, **typed):
    wanted = {"title": "Wages", "kind": "labour", "amount": "62", "from_on": "2017-03-01"} | typed
    return desk.send(desk.get("/costs/new"), "Book it", **wanted)


def test_a_cost_is_booked_changed_and_removed(desk, shop):
    assert "No cost is booked yet" in desk.get("/costs").words()
    page = booked(desk, to_on="2017-03-31", campaign_id=shop.campaign_id)
    [cost] = stored(shop)
    assert (cost["amount"], cost["to_on"], cost["campaign_id"]) == (shop.money(6_200), "2017-03-31", shop.campaign_id)
    assert shop.open_campaign["title"] in page.words(".data")

    desk.send(desk.get(f"/costs/{cost['id']}"), "Save", amount="70.50", campaign_id="")
    [cost] = stored(shop)
    assert (cost["amount"], cost["campaign_id"], cost["to_on"]) == (shop.money(7_050), None, "2017-03-31")

    desk.send(desk.get(f"/costs/{cost['id']}"), "Remove this cost")
    assert stored(shop) == []


def test_a_cost_of_one_day_needs_no_last_day(desk, shop):
    booked(desk)
    assert stored(shop)[0]["to_on"] == "2017-03-01"


def test_what_does_not_fit_stands_beside_its_field(desk, shop):
    page = booked(desk, amount="a lot")
    assert page.status == 422
    assert page.soup.select_one("#f-amount-fault")
    assert page.soup.select_one("#f-title")["value"] == "Wages"
    assert booked(desk, to_on="2017-02-28").soup.select_one("#f-to_on-fault")
    assert booked(desk, from_on="").soup.select_one("#f-from_on-fault")
    assert stored(shop) == []


def test_the_list_is_narrowed_by_days_and_kind(desk, shop):
    booked(desk, title="March", to_on="2017-03-31")
    booked(desk, title="Leaflets", kind="marketing", from_on="2017-04-01")
    assert "March" not in desk.get("/costs?from_on=2017-04-01").words(".data")
    assert "Leaflets" not in desk.get("/costs?kind=labour").words(".data")
    assert "Nothing fits" in desk.get("/costs?kind=goods").words()
    assert desk.get("/costs?from_on=2017-04-02&to_on=2017-04-01").soup.select_one(".refusal")


def test_an_analyst_only_looks(new_desk, shop):
    booked(new_desk(shop, "manager"))
    analyst = new_desk(shop, "analyst")
    assert "New cost" not in analyst.get("/costs").words()
    page = analyst.get(f"/costs/{stored(shop)[0]['id']}")
    assert not page.soup.select_one("form[action*='/costs/']")
