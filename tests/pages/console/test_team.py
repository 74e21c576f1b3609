"""The team in the console: who joins, what they may do, and how they leave."""

from __future__ import annotations


def people(shop):
    return shop.brand.get("/v1/staff").json["items"]


def added(desk, **roles):
    return desk.send(desk.get("/staff/new"), "Add them to the team", email="robin@team.example", name="Robin", **roles)


def test_somebody_joins_with_roles(desk, shop):
    page = added(desk, roles__editor="true", roles__planner="true")
    assert page.heading == "Robin"
    robin = next(each for each in people(shop) if each["name"] == "Robin")
    assert sorted(robin["roles"]) == ["editor", "planner"]
    assert "robin@team.example" in desk.get("/staff").words("table")


def test_somebody_joins_from_the_list_with_the_one_role_that_is_chosen(desk, shop):
    page = desk.get("/staff")
    roles = page.form("Add them to the team").select('input[name="role"]')
    assert "owner" not in [each["value"] for each in roles]
    assert not [each for each in roles if each.has_attr("checked")], "nobody gets a role that nobody chose"

    refused = desk.send(page, "Add them to the team", email="nowhere", role="editor")
    assert (refused.status, refused.heading) == (422, "Your team")
    assert refused.soup.select_one('input[name="role"][checked]')["value"] == "editor"
    joined = desk.send(refused, "Add them to the team", email="robin@team.example", name="Robin")

    assert joined.heading == "Robin"
    assert next(each for each in people(shop) if each["name"] == "Robin")["roles"] == ["editor"]


def test_from_the_list_nobody_joins_without_a_role(desk, shop):
    refused = desk.send(desk.get("/staff"), "Add them to the team", email="robin@team.example")
    assert refused.words("#roles-fault") == "Choose one."
    assert refused.soup.select_one("#f-email")["value"] == "robin@team.example"
    assert len(people(shop)) == 1 + 1  # the owner who signed up, and the one at the desk


def test_the_wrong_person_is_taken_back_by_one_press(desk, shop):
    joined = added(desk, roles__editor="true")
    left = desk.send(joined, "Take it back")
    assert left.words(".flash") == "They are no longer on your team."
    assert "Robin" not in [each["name"] for each in people(shop)]


def test_who_has_been_on_the_team_leaves_by_two_presses(desk):
    robin = added(desk, roles__editor="true").path.partition("?")[0]
    page = desk.get(robin)
    assert page.heading == "Robin"
    assert "Take it back" not in page.words()
    assert page.soup.select_one("details form[action$='/remove']")


def test_without_a_role_nobody_joins(desk, shop):
    page = added(desk)
    assert page.status == 422
    assert page.words("#roles-fault") == "Tick at least one."
    assert page.soup.select_one("#f-email")["value"] == "robin@team.example"
    assert len(people(shop)) == 1 + 1  # the owner who signed up, and the one at the desk


def test_roles_change_and_who_was_slower_is_told(desk, shop):
    page = added(desk, roles__editor="true")
    robin = page.path.partition("?")[0].rpartition("/")[2]
    shop.brand.patch(f"/v1/staff/{robin}", {"name": "Robin Lee"})
    refused = desk.send(page, "Save", roles__service="true")
    assert refused.status == 412
    assert "Robin Lee" in refused.words(".refusal")
    desk.send(refused, "Save")
    assert sorted(shop.brand.get(f"/v1/staff/{robin}").json["roles"]) == ["editor", "service"]


def test_somebody_is_signed_out_and_leaves(desk, shop, new_desk):
    page = added(desk, roles__editor="true")
    out = desk.send(page, "Sign them out everywhere")
    assert out.words(".flash") == "They are signed out everywhere."
    left = desk.send(out, "Yes, take them off the team")
    assert left.words(".flash") == "They are no longer on your team."
    assert "robin@team.example" not in left.text


def test_the_last_owner_stays(desk, shop):
    owners = [each for each in people(shop) if each["roles"] == ["owner"]]
    first = next(each for each in owners if each["email"].startswith("owner@"))
    other = next(each for each in owners if each is not first)
    assert shop.brand.call("DELETE", f"/v1/staff/{first['id']}").status == 204
    refused = desk.send(desk.get(f"/staff/{other['id']}"), "Yes, take them off the team")
    assert refused.status == 409
    assert refused.words(".refusal")


def test_who_is_no_owner_reads_and_an_analyst_sees_no_addresses(new_desk, shop):
    manager = new_desk(shop, "manager")
    assert manager.get("/staff/new").status == 403
    assert f"owner@{shop.slug}.example" in manager.get("/staff").text
    analyst = new_desk(shop, "analyst")
    assert f"owner@{shop.slug}.example" not in analyst.get("/staff").text
    assert not analyst.get("/staff").soup.select("main form")


def test_the_roles_are_explained_in_chinese(new_desk, shop):
    assert "查看数据和账目，看不到姓名和电话。" in new_desk(shop, language="zh").get("/staff/new").words()
