"""Pickup points in the console: where, when, and who leads."""

from __future__ import annotations

from tests.builders import made


def points(shop):
    return shop.brand.get("/v1/pickup-points").json["items"]


def test_the_first_one_is_added_and_handed_to_a_member(desk, shop):
    leader = shop.shopper
    desk.get("/pickup-points").link("Add a pickup point")
    page = desk.send(
        desk.get("/pickup-points/new"), "Add it", name="East gate", address="1 Garden Road",
        opening_hours="daily 17:00-20:00", commission_bps="7.5",
    )  # fmt: skip
    assert page.heading == "Who leads East gate?"
    found = desk.get(f"{page.path}?q={leader.email}")
    done = desk.send(found, "Let them lead it")
    assert done.words(".flash") == "They lead it from now on."
    (point,) = points(shop)
    assert (point["leader_id"], point["commission_bps"]) == (leader.id, 750)
    assert leader.email in desk.get("/pickup-points").words("table")


def test_nobody_may_lead_it(desk, shop):
    point = made(shop.brand.post("/v1/pickup-points", {"name": "A", "address": "B", "leader_id": shop.shopper.id}))
    desk.send(desk.get(f"/pickup-points/{point['id']}/leader"), "Let nobody lead it")
    assert points(shop)[0]["leader_id"] is None


def test_what_is_refused_stands_beside_its_field_with_what_was_typed(desk, shop):
    page = desk.send(desk.get("/pickup-points/new"), "Add it", name="East gate", address="B", commission_bps="a lot")
    assert page.status == 422
    assert page.words("#f-commission_bps-fault").startswith("Write a percentage")
    assert page.soup.select_one("#f-name")["value"] == "East gate"
    again = desk.send(page, "Add it", name="", commission_bps="")
    assert again.words("#f-name-fault")
    assert points(shop) == []


def test_who_was_slower_sees_what_the_other_left_and_can_send_again(desk, shop):
    point = made(shop.brand.post("/v1/pickup-points", {"name": "Gate", "address": "B"}))
    page = desk.get(f"/pickup-points/{point['id']}")
    made(shop.brand.patch(f"/v1/pickup-points/{point['id']}", {"address": "Theirs"}), 200)
    refused = desk.send(page, "Save", address="Mine")
    assert refused.status == 412
    assert "Theirs" in refused.words(".refusal")
    desk.send(refused, "Save")
    assert points(shop)[0]["address"] == "Mine"


def test_who_only_looks_finds_no_buttons(new_desk, shop):
    point = made(shop.brand.post("/v1/pickup-points", {"name": "Gate", "address": "B"}))
    desk = new_desk(shop, "editor")
    assert not desk.get(f"/pickup-points/{point['id']}").soup.select("main form")
    assert desk.get(f"/pickup-points/{point['id']}/leader").status == 403


def test_an_analyst_is_not_told_who_leads(new_desk, shop):
    made(shop.brand.post("/v1/pickup-points", {"name": "Gate", "address": "B", "leader_id": shop.shopper.id}))
    assert shop.shopper.email not in new_desk(shop, "analyst").get("/pickup-points").text
    assert shop.shopper.email in new_desk(shop, "service").get("/pickup-points").text


def test_a_long_list_goes_on(desk, shop):
    for n in range(21):
        made(shop.brand.post("/v1/pickup-points", {"name": f"Gate {n}", "address": "B"}))
    page = desk.get("/pickup-points")
    assert "Gate 0" not in page.words("table").split("B")
    more = desk.get(page.link("Show more"))
    assert len(more.soup.select("tbody tr")) == 1


def test_an_empty_list_says_what_to_do_in_both_languages(desk, new_desk, shop):
    assert "Add the first one" in desk.get("/pickup-points").words(".empty")
    assert "添加第一个自提点" in new_desk(shop, language="zh").get("/pickup-points").words(".empty")
