"""Journeys at the console: a ready one is used, read, changed step by step, published, held and ended."""

from __future__ import annotations

from chalicelib.journeys.service import results
from tests.builders import made
from tests.journeys.some import agreed, go_quiet, journey
from tests.journeys.test_arms import all_of, both_arms


def stored(shop):
    (only,) = made(shop.brand.get("/v1/journeys"), 200)["items"]
    return made(shop.brand.get(f"/v1/journeys/{only['id']}"), 200)


def used(desk, name="Win back", **typed):
    return desk.send(desk.get("/journeys/new"), f"Use it : {name}", **typed)


def test_winning_back_takes_three_presses(noon, desk, shop):
    assert "There are no journeys yet" in desk.get("/journeys").words()
    assert "dormant after 30 days without an order, and churned after 90." in desk.get("/journeys/new").words()
    page = used(desk, quiet_days="30")
    assert (page.heading, page.words(".badge")) == ("Win back", "Draft")
    assert "Somebody has not ordered for 30 days 20 % of them are left alone" in page.words()
    draft = stored(shop)["definition"]
    kinds = [each["kind"] for each in draft["steps"]]
    assert kinds == ["wait", "coupon", "message", "wait", "condition", "message"]
    assert {*draft["steps"][2]["texts"]} == {"zh", "en"}
    batch = made(shop.brand.get(f"/v1/coupon-batches/{draft['steps'][1]['batch_id']}"), 200)
    assert (batch["percent_off"], batch["valid"]["days"], batch["purpose"]) == ("10", 14, "win_back")
    assert batch["title"] == "Welcome back · 回归礼"

    page = desk.send(page, "Publish it")
    assert page.words(".badge") == "Running"
    assert "No verdict yet: it is due on" in page.words(".note")

    go_quiet(shop, *(agreed(shop) for _ in range(5)))
    page = desk.get(page.path)
    treated, control = (row.select("td")[1].get_text(strip=True) for row in page.soup.select(".data tbody tr"))
    assert int(treated) + int(control) == 5


def test_what_its_coupons_give_is_asked_for_and_refused_beside_the_field(desk, shop):
    page = used(desk, percent_off="200")
    assert page.status == 422
    assert page.soup.select_one("#f-win_back-percent_off-fault")
    assert not page.soup.select_one("#f-birthday-percent_off-fault")
    page = used(desk, "Birthday", percent_off="15", valid_days="7")
    batch = made(shop.brand.get("/v1/coupon-batches"), 200)["items"][0]
    assert (batch["percent_off"], batch["valid"]["days"]) == ("15", 7)


def test_who_is_won_back_has_churned_by_the_brands_own_days(desk, shop):
    made(shop.brand.put("/v1/member-classes", {"new_days": 20, "dormant_days": 40, "churned_days": 75}), 200)
    assert "Somebody has not ordered for 75 days" in used(desk).words()
    api = made(shop.brand.post("/v1/journeys/ready-made", {"name": "win_back"}))
    assert api["definition"]["trigger"]["days"] == 75


def test_all_six_are_drafts_that_can_be_published(desk, shop):
    names = ["Welcome new members", "A first order", "Care after pickup", "Wake up", "Win back", "Birthday"]
    for name in names:
        page = desk.send(used(desk, name), "Publish it")
        assert page.words(".badge") == "Running", name
    assert len(made(shop.brand.get("/v1/journeys?status=running"), 200)["items"]) == 6


def test_one_of_ones_own_is_put_together_step_by_step(desk, shop):
    page = desk.get("/journeys/blank")
    page = desk.send(page, "Save", title="Birthdays", trigger="quiet", days="")
    assert page.status == 200  # a draft may lack something
    assert "Nothing happens yet" in page.words()
    refused = desk.send(page, "Publish it")
    assert "Say after how many quiet days it begins." in refused.words(".refusal")
    page = desk.send(desk.get(page.link("Change the rules")), "Save", days="45", control_share="10%", cap_most="3",
                     cap_days="7", quiet_from="21:00", quiet_to="09:00")  # fmt: skip
    assert "3 messages in 7 days" in page.words()
    assert "21:00–09:00" in page.words()

    page = desk.send(desk.get(page.link("A message")), "Save the step", texts__en__subject="Hi {nme}",
                     texts__en__text="Come")  # fmt: skip
    assert page.status == 422
    assert "There is no {nme}" in page.words(".fault")
    page = desk.send(page, "Save the step", texts__en__subject="Hi {name}")
    page = desk.send(desk.get(page.link("A wait")), "Save the step", days="2", until="10:00")
    page = desk.send(desk.get(page.link("Only some go on")), "Save the step", who="not has_ordered")
    page = desk.send(desk.get(page.link("A notice to your team")), "Save the step", text="Call them")
    page = desk.send(desk.get(f"{page.path}/steps/new?kind=points"), "Save the step", points="20")
    assert [each["kind"] for each in stored(shop)["definition"]["steps"]] == [
        "message", "wait", "condition", "staff_notice", "points",
    ]  # fmt: skip
    page = desk.send(page, "Earlier 5")
    page = desk.send(page, "Take out 5")
    page = desk.send(desk.get(f"{page.path}/steps/1"), "Save the step", days="5", until="")
    found = stored(shop)["definition"]
    assert [each["kind"] for each in found["steps"]] == ["message", "wait", "condition", "points"]
    assert (found["steps"][1]["days"], found["control_share"], found["quiet_hours"]["from"]) == (5, "10", "21:00")


def test_it_is_paused_resumed_changed_and_ended(desk, shop):
    page = desk.send(used(desk, "Welcome new members"), "Publish it")
    page = desk.send(page, "Pause it")
    assert page.words(".badge") == "Paused"
    page = desk.send(page, "Resume it")
    page = desk.send(page, "Take out 1")
    assert "You look at changes that are not published" in page.words()
    page = desk.send(page, "Publish the changes")
    assert stored(shop)["version"] == 2
    page = desk.send(desk.get(page.link("End it …")), "End it")
    assert page.words(".badge") == "Ended"
    assert "Add a step" not in page.words()


def test_without_a_control_group_no_row_speaks_of_one(desk, shop):
    page = desk.send(used(desk, control_share="0"), "Publish it")
    assert [row.select_one("td").get_text(strip=True) for row in page.soup.select(".data tbody tr")] == [
        "In the journey"
    ]  # fmt: skip
    page = desk.send(used(desk, control_share="50"), "Publish it")
    assert len(page.soup.select(".data tbody tr")) == 2  # though nobody has entered


def test_the_list_of_members_keeps_the_group_while_one_goes_through_it(noon, desk, shop):
    page = desk.send(used(desk, control_share="50", quiet_days="30"), "Publish it")
    go_quiet(shop, *all_of(both_arms(shop, stored(shop), each=21)))
    everybody = desk.get(page.link("Who is in it"))
    treated = desk.get(f"{everybody.path}?arm=treated")
    assert treated.soup.select_one("select[name=arm] option[selected]")["value"] == "treated"
    more = desk.get(treated.link("Show more"))
    assert more.soup.select_one("select[name=arm] option[selected]")["value"] == "treated"
    assert {badge.get_text(strip=True) for badge in more.soup.select(".badge")} == {"Inside"}
    filters = more.soup.select_one("form.filters")
    assert {each["name"] for each in filters.select("select")} == {"state", "arm"}
    nobody = desk.get(f"{everybody.path}?arm=treated&state=control")
    assert "Nobody is like that yet." in nobody.words()
    assert nobody.link("Show all") == everybody.path


def test_where_nobody_was_found_so_far_one_looks_on(noon, desk, shop, monkeypatch):
    real = results.list_ways
    monkeypatch.setattr(results, "list_ways", lambda *asked: real(*asked[:4], 1, asked[5]))  # two of each part
    monkeypatch.setattr(results, "_MOST_REQUESTS", 0)
    of = journey(shop)
    go_quiet(shop, *(agreed(shop) for _ in range(9)))
    page = desk.get(f"/journeys/{of['id']}/members?state=left")
    assert "Nobody is like that so far. There are earlier entries" in page.words()
    while "There are earlier entries" in page.words():
        page = desk.get(page.link("Show more"))
    assert "Nobody is like that yet." in page.words()


def test_who_is_compared_is_said_where_more_have_entered(noon, new_desk, shop, clock, sweep):
    of = journey(shop, again_after_days=1, steps=[{"kind": "points", "points": 5}])
    members = [agreed(shop) for _ in range(3)]
    said = []
    for _ in range(2):
        go_quiet(shop, *members)
        sweep()
        said.append(new_desk(shop).get(f"/journeys/{of['id']}").words())
        clock.advance(days=2)
    assert "In all they entered" not in said[0]
    assert "In all they entered 6 times: each member counts once" in said[1]


def test_why_a_message_was_held_back_is_said_beside_its_step(noon, desk, shop, sweep):
    of = journey(shop)
    go_quiet(shop, shop.member(), agreed(shop))
    sweep(2)
    shown = desk.get(f"/journeys/{of['id']}").words(".sequence")
    assert "2 came here, 1 told, 1 held back: does not agree to news (1)" in shown


def test_who_only_looks_changes_nothing(desk, new_desk, shop):
    page = used(desk, "Welcome new members")
    analyst = new_desk(shop, "analyst")
    seen = analyst.get(page.path)
    assert seen.heading == "Welcome new members"
    assert "Publish it" not in seen.text
    assert analyst.get("/journeys/new").status == 403


def test_one_that_begins_with_a_segment_asks_for_it_and_gives_a_tag(desk, shop):
    made(shop.brand.post("/v1/tags", {"tag": "vip"}))
    chosen = made(shop.brand.post("/v1/segments", {"title": "Regulars", "kind": "list"}))["id"]
    page = desk.send(desk.get("/journeys/blank"), "Save", title="For regulars", trigger="segment_entered")
    refused = desk.send(page, "Publish it")
    assert "Say which segment is entered." in refused.words(".refusal")
    refused = desk.send(desk.get(page.link("Change the rules")), "Save", segment_id="01J9ZQ0W7N8RXC5B2M4T6V8Y0A")
    assert refused.status == 422
    assert "There is no such segment" in refused.words("#f-segment_id-fault")
    page = desk.send(refused, "Save", segment_id=chosen)
    assert "Somebody comes into the segment Regulars" in page.words()

    page = desk.send(desk.get(page.link("A tag")), "Save the step", tag="vip")
    page = desk.send(desk.get(page.link("Only some go on")), "Save the step", who="not segment", segment_id=chosen)
    assert "Tag: vip" in page.words()
    assert "Goes on: who is not in the segment Regulars" in page.words()
    steps = stored(shop)["definition"]["steps"]
    assert [(each["kind"], each["tag"], each["segment_id"]) for each in steps] == [
        ("tag", "vip", None), ("condition", None, chosen),
    ]  # fmt: skip
    page = desk.send(page, "Publish it")
    assert page.words(".badge") == "Running"
    refused = shop.brand.delete(f"/v1/segments/{chosen}")
    assert (refused.status, "the journey 'For regulars'" in refused.json["detail"]) == (409, True)
