"""Coupons at the console: made step by step, handed out by code or granted, changed, paused and watched."""

from __future__ import annotations

import pytest

from tests.builders import made
from tests.coupons.shops import batch, entered, own, shared, shown, stored, take


def listed(shop):
    return made(shop.brand.get("/v1/coupon-batches"), 200)["items"]


def begun(desk, kind):
    """The form of a kind, reached from the list as somebody would."""
    page = desk.get("/coupons")
    assert page.soup.select_one('a.button[href$="/coupons/new"]')
    (way,) = desk.get("/coupons/new").soup.select(f'a.way[href$="kind={kind}"]')
    return desk.get(way["href"].removeprefix("/console"))


def test_an_amount_off_by_one_code_is_made_step_by_step(desk, shop):
    assert "There are no coupons yet" in desk.get("/coupons").words()
    page = desk.send(
        begun(desk, "amount"), "Make the coupons", title="Mid-autumn", purpose="holiday", value="10", minimum="¥50",
        category="eggs", last_on="2030-11-30", mode="shared", code="moon 2030", total="100", budget="1,000",
    )  # fmt: skip
    (found,) = listed(shop)
    assert page.words(".flash") == "The coupons are ready. Here you see what comes of them."
    assert (found["title"], found["value"], found["minimum"]) == ("Mid-autumn", shop.money(1_000), shop.money(5_000))
    assert found["valid"]["until_at"] == "2030-11-30T16:00:00Z"
    assert (found["scope"]["categories"], found["limits"]["total"]) == (["eggs"], 100)
    assert (found["budget"], found["codes"]["code"]) == (shop.money(100_000), "MOON-2030")
    for said in ("An amount off", "CN¥10.00 off", "MOON-2030", "eggs", "CN¥50.00"):
        assert said in page.words("main")
    assert "Mid-autumn" in desk.get("/coupons").words(".data")


@pytest.mark.parametrize(
    ("kind", "typed", "terms"),
    [
        ("percent", {"percent_off": "12.5 %", "at_most": "30"}, {"percent_off": "12.5"}),
        ("delivery", {}, {"value": None, "worth": "free delivery"}),
        ("product", {}, {"worth": "one unit: free"}),
    ],
)
def test_every_other_kind_is_made(desk, shop, kind, typed, terms):
    product = {"product_id": shop.product()["id"]} if kind == "product" else {}
    desk.send(begun(desk, kind), "Make the coupons", title="x", purpose="loyal", days="7", **typed, **product)
    (found,) = listed(shop)
    assert {name: found[name] for name in terms} == terms
    assert (found["kind"], found["valid"]["days"], found["codes"]) == (kind, 7, None)


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_is_kept(desk, shop):
    page = desk.send(
        begun(desk, "amount"), "Make the coupons", title="Kept", purpose="holiday", value="10", last_on="2020-01-01",
        mode="shared", code="ab", budget="a lot",
    )  # fmt: skip
    assert page.status == 422
    assert page.soup.select_one("#f-budget-fault")
    page = desk.send(page, "Make the coupons", budget="100", code="ab")
    assert page.soup.select_one("#f-code-fault")
    page = desk.send(page, "Make the coupons", code="MOON")
    assert page.soup.select_one("#f-last_on-fault")
    assert page.soup.select_one("#f-title")["value"] == "Kept"
    page = desk.send(page, "Make the coupons", last_on="")
    assert page.status == 200
    assert [each["title"] for each in listed(shop)] == ["Kept"]


def test_single_codes_are_drawn_and_handed_out_as_a_table(desk, shop, drain):
    page = desk.send(
        begun(desk, "amount"), "Make the coupons", title="x", purpose="holiday", value="5", mode="single", count="3"
    )
    assert "The codes are being drawn" in page.words(".note")
    drain()
    page = desk.get(page.path.removeprefix("/console"))
    assert not page.soup.select(".note")
    (link,) = page.soup.select('a[href$="format=csv"]')
    table = desk.get(link["href"].removeprefix("/console"))
    assert table.text.splitlines()[0].lstrip("\ufeff") == "No.,Code"
    assert len(table.text.splitlines()) == 4


def test_members_are_granted_a_coupon_by_name_address_or_number(desk, shop, drain):
    given, other = batch(shop), shop.member("other@people.example")
    page = desk.get(f"/coupons/{given['id']}")
    page = desk.send(page, "Give them a coupon", members=f"{shop.shopper.email}\r\n\r\n other@people.example ")
    assert page.words(".flash").startswith("The members get their coupons")
    drain()
    assert (len(own(shop)), len(own(shop, other))) == (1, 1)
    longer = shop.member("other@people.example.org")
    desk.send(page, "Give them a coupon", members="Other@people.example.org")
    drain()
    assert len(own(shop, longer)) == 1
    page = desk.send(page, "Give them a coupon", members="other@people")
    assert "more than one member" in page.words("#f-members-fault")
    page = desk.send(page, "Give them a coupon", members="nobody@people.example")
    assert page.status == 422
    assert "nobody@people.example" in page.words("#f-members-fault")
    assert desk.send(page, "Give them a coupon", members=" ").soup.select_one("#f-members-fault")


def test_a_members_page_shows_theirs(desk, shop):
    batch(shop, codes=shared("MOON"), title="Mid-autumn")
    take(stored(shop, entered(shop, "MOON")), held=True)
    said = desk.get(f"/members/{shop.shopper.id}").words("main")
    for each in ("Mid-autumn", "CN¥5.00 off", "In an unpaid order"):
        assert each in said


def test_cost_and_effect_stand_at_the_head(desk, shop):
    given = batch(shop, codes=shared("MOON"), budget=shop.money(10_000), limits={"total": 50})
    take(stored(shop, entered(shop, "MOON")), 450)
    said = desk.get(f"/coupons/{given['id']}").words(".tiles")
    for each in ("1 handed out", "1 in orders, of 50 at most", "CN¥4.50 taken off, of a budget of CN¥100.00"):
        assert each in said


def test_it_is_changed_paused_and_resumed(desk, shop):
    given = batch(shop, codes=shared("MOON"))
    page = desk.get(f"/coupons/{given['id']}")
    page = desk.send(page, "Save", title="Moon", total="5", budget="50")
    after = shown(shop, given)
    assert (after["title"], after["limits"]["total"], after["budget"]) == ("Moon", 5, shop.money(5_000))
    page = desk.send(page, "Pause it")
    assert shown(shop, given)["status"] == "paused"
    assert "Give them a coupon" not in page.text
    desk.send(page, "Resume it")
    assert shown(shop, given)["status"] == "active"


def test_who_changes_what_a_colleague_has_changed_is_told(desk, shop):
    given = batch(shop)
    page = desk.get(f"/coupons/{given['id']}")
    made(shop.brand.patch(f"/v1/coupon-batches/{given['id']}", {"title": "Renamed"}), 200)
    page = desk.send(page, "Save", title="Mine")
    assert (page.status, page.words(".refusal strong")) == (412, "Somebody was faster")
    assert desk.send(page, "Save").heading == "Mine"


def test_a_planner_makes_them_and_an_analyst_only_looks(new_desk, shop):
    given = batch(shop)
    assert new_desk(shop, "planner").get(f"/coupons/{given['id']}").soup.select("form")
    analyst = new_desk(shop, "analyst")
    assert not analyst.get(f"/coupons/{given['id']}").soup.select("main form")
    assert analyst.get("/coupons/new").status == 403
    assert new_desk(shop, "editor").get("/coupons").status == 403


def test_both_languages(new_desk, shop):
    given = batch(shop, codes=shared("MOON"), valid={"days": 7})
    desk = new_desk(shop, language="zh")
    for path, said in (
        ("/coupons", "优惠券"),
        ("/coupons/new?kind=amount", "满减券"),
        (f"/coupons/{given['id']}", "7 天内"),
    ):
        page = desk.get(path)
        assert page.status == 200
        assert said in page.words("main")
