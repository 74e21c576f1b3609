"""Promotions at the console: drafted step by step, published, changed, paused, ended, and what they have cost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.kernel import clock
from tests.builders import in_time, made
from tests.promotions.test_promotions import put_on_shelf

_WEEK = {"starts_at": "2030-06-01T08:00", "ends_at": "2030-06-08T20:00"}


def listed(shop):
    return made(shop.brand.get("/v1/promotions"), 200)["items"]


def only(shop):
    (found,) = listed(shop)
    return found


def begun(desk, kind):
    """The form of a kind, reached from the list as somebody would."""
    page = desk.get("/promotions")
    assert page.soup.select_one('a.button[href$="/promotions/new"]')
    (way,) = desk.get("/promotions/new").soup.select(f'a.way[href$="kind={kind}"]')
    return desk.get(way["href"].removeprefix("/console"))


def drafted(shop, **fields):
    """A promotion of a week from now: 2 off from 10."""
    now = clock.now()
    step = {"from": shop.money(1_000), "off": shop.money(200)}
    plain = {
        "title": "Harvest", "kind": "full_reduction", "starts_at": in_time(now),
        "ends_at": in_time(now + timedelta(days=7)), "terms": {"steps": [step]},
    }  # fmt: skip
    return made(shop.brand.post("/v1/promotions", plain | fields))


def published(shop, **fields):
    promotion = drafted(shop, **fields)
    return made(shop.brand.post(f"/v1/promotions/{promotion['id']}/publish"), 200)


def test_a_full_reduction_is_drafted_step_by_step_read_and_published(desk, shop):
    assert "There are no promotions yet" in desk.get("/promotions").words()
    page = desk.send(
        begun(desk, "full_reduction"), "Draft it", title="Moon", **_WEEK, steps__row1__spent="100",
        steps__row1__off="¥10", steps__row3__spent="200", steps__row3__off="25", repeat="true", budget="1,000",
        per_member="2", total="50", categories="eggs\r\nfruit\r\n", tags="new", exclusive_group="moon",
    )  # fmt: skip
    found = only(shop)
    assert (found["status"], found["starts_at"], found["ends_at"]) == (
        "draft", "2030-06-01T00:00:00Z", "2030-06-08T12:00:00Z",
    )  # fmt: skip
    assert [(each["from"], each["off"]) for each in found["terms"]["steps"]] == [
        (shop.money(10_000), shop.money(1_000)), (shop.money(20_000), shop.money(2_500)),
    ]  # fmt: skip
    assert (found["terms"]["repeat"], found["budget"]) == (True, shop.money(100_000))
    assert (found["limits"], found["exclusive_group"]) == ({"per_member": 2, "total": 50}, "moon")
    assert (found["scope"]["categories"], found["scope"]["tags"]) == (["eggs", "fruit"], ["new"])
    assert "Moon: CN¥10.00 off for every CN¥100.00, CN¥25.00 off for every CN¥200.00" in page.words("main")
    assert not page.soup.select(".tiles")
    page = desk.send(page, "Publish it")
    assert only(shop)["status"] == "scheduled"
    assert "CN¥0.00 taken off orders, of a budget of CN¥1,000.00" in page.words(".tiles")
    assert "0 orders have it, of 50 at most" in page.words(".tiles")


@pytest.mark.parametrize(
    ("typed", "terms", "said"),
    [
        ({"percent_off": "12.5 %"}, {"percent_off": "12.5"}, "12.5% off"),
        ({"amount_off": "2"}, {"amount_off": 200}, "CN¥2.00 off each"),
        ({"price": "7.50"}, {"price": 750}, "CN¥7.50 each"),
    ],
)
def test_a_price_for_a_time_is_a_share_an_amount_or_a_price(desk, shop, typed, terms, said):
    page = desk.send(begun(desk, "timed_price"), "Draft it", title="x", **_WEEK, **typed)
    assert f"x: {said}" in page.words("main")
    found = only(shop)["terms"]
    wanted = {name: shop.money(each) if isinstance(each, int) else each for name, each in terms.items()}
    assert {name: found[name] for name in ("percent_off", "amount_off", "price") if found[name]} == wanted


def test_a_gift_is_drafted_from_an_amount_or_from_units_on(desk, shop):
    sku_id = shop.sku_id
    wanted = {"sku_id": sku_id, "quantity": "2", "from_quantity": "3"}
    desk.send(begun(desk, "gift"), "Draft it", title="x", **_WEEK, **wanted)
    terms = only(shop)["terms"]
    assert (terms["sku_id"], terms["quantity"], terms["from_quantity"]) == (sku_id, 2, 3)
    page = desk.send(desk.get(f"/promotions/{only(shop)['id']}/change"), "Save", from_quantity="", from_amount="30")
    assert "free from CN¥30.00" in page.words("main")


def test_a_price_for_members_is_a_share_or_prices_of_single_goods(desk, shop):
    sku_id = shop.sku_id
    page = begun(desk, "member_price")
    page = desk.send(page, "Draft it", title="x", **_WEEK)
    assert page.soup.select_one("#f-percent_off-fault")
    page = desk.send(page, "Draft it", **{f"prices__{sku_id}": "nothing"})
    assert page.soup.select_one(f"#f-prices-{sku_id}-fault")
    page = desk.send(page, "Draft it", **{f"prices__{sku_id}": "8"})
    assert only(shop)["terms"]["prices"] == [{"sku_id": sku_id, "price": shop.money(800)}]
    assert "CN¥8.00" in page.words("main")


def test_it_is_of_the_products_and_group_buys_that_are_ticked(desk, shop):
    campaign, product = shop.campaign_id, shop.product()
    ticked = {f"products__{product['id']}": "true", f"campaigns__{campaign}": "true"}
    page = desk.send(begun(desk, "timed_price"), "Draft it", title="x", percent_off="10", **_WEEK, **ticked)
    scope = only(shop)["scope"]
    assert (scope["product_ids"], scope["campaign_ids"]) == ([product["id"]], [campaign])
    assert product["title"] in page.words("main")
    page = desk.send(desk.get(f"/promotions/{only(shop)['id']}/change"), "Save", title="y")
    assert (only(shop)["title"], only(shop)["scope"]) == ("y", scope)


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_is_kept(desk, shop):
    page = begun(desk, "full_reduction")
    steps = {"steps__row1__spent": "100", "steps__row1__off": "10"}
    page = desk.send(page, "Draft it", title="Kept", **_WEEK)
    assert page.soup.select_one("#f-steps-row1-spent-fault")
    page = desk.send(page, "Draft it", **steps, steps__row3__spent="50", steps__row3__off="20")
    assert page.status == 422
    assert "comes after" in page.words("#f-steps-row3-spent-fault")
    page = desk.send(page, "Draft it", steps__row3__spent="200", steps__row3__off="300")
    assert page.soup.select_one("#f-steps-row3-off-fault")
    page = desk.send(page, "Draft it", steps__row3__off="", budget="lots")
    assert "both amounts" in page.words("#f-steps-row3-off-fault")
    page = desk.send(page, "Draft it", steps__row3__spent="")
    assert page.soup.select_one("#f-budget-fault")
    page = desk.send(page, "Draft it", budget="5")
    assert "A single use takes off" in page.words("#f-budget-fault")
    page = desk.send(page, "Draft it", budget="", per_member="0")
    assert page.soup.select_one("#f-per_member-fault")
    page = desk.send(page, "Draft it", per_member="", ends_at="2030-05-01T08:00")
    assert page.soup.select_one("#f-ends_at-fault")
    assert page.soup.select_one("#f-title")["value"] == "Kept"
    page = desk.send(page, "Draft it", ends_at="2030-06-08T20:00")
    assert (page.status, [each["title"] for each in listed(shop)]) == (200, ["Kept"])


def test_of_a_price_for_a_time_one_thing_is_filled_in(desk, shop):
    page = desk.send(begun(desk, "timed_price"), "Draft it", title="x", **_WEEK)
    assert page.soup.select_one("#f-percent_off-fault")
    page = desk.send(page, "Draft it", percent_off="10", price="5")
    assert page.soup.select_one("#f-price-fault")
    page = desk.send(page, "Draft it", percent_off="101", price="")
    assert page.soup.select_one("#f-percent_off-fault")
    assert desk.send(page, "Draft it", percent_off="100").status == 200


def test_what_it_costs_is_what_orders_have_of_its_budget(desk, shop):
    promotion = published(shop, budget=shop.money(10_000), limits={"total": 50})
    order = made(shop.order(quantity=2))
    page = desk.get(f"/promotions/{promotion['id']}")
    for said in ("CN¥2.00 taken off orders", "CN¥98.00 left of the budget", "1 orders have it, of 50 at most"):
        assert said in page.words(".tiles")
    said = desk.get("/promotions").words(".data")
    assert "CN¥2.00 of CN¥100.00; CN¥98.00 are left" in said
    assert "in 1 of 50 orders" in said
    made(shop.brand.post(f"/v1/orders/{order['id']}/cancel", {"reason": "other"}), 200)
    assert "CN¥0.00 taken off orders" in desk.get(f"/promotions/{promotion['id']}").words(".tiles")


def test_without_a_budget_its_cost_is_counted_all_the_same(desk, shop, drain):
    promotion = published(shop)
    made(shop.order(quantity=2))
    drain()
    page = desk.get(f"/promotions/{promotion['id']}")
    assert "1 order has it CN¥2.00 taken off their prices CN¥16.00 paid for their goods" in page.words(".tiles")
    assert "Of CN¥16.00 nobody knows what the goods cost." in page.words("#effect ~ .hint")
    assert "without a budget" in desk.get("/promotions").words(".data")


def test_the_list_says_how_each_stands_and_can_be_narrowed_to_a_state(desk, shop):
    later = in_time(clock.now() + timedelta(days=1))
    drafted(shop)
    published(shop, title="Now")
    published(shop, title="Soon", starts_at=later)
    rests, over = published(shop, title="Rests"), published(shop, title="Gone")
    made(shop.brand.post(f"/v1/promotions/{rests['id']}/pause"), 200)
    made(shop.brand.post(f"/v1/promotions/{over['id']}/end"), 200)
    page = desk.get("/promotions")
    titles = [each.get_text(strip=True) for each in page.soup.select(".data td strong")]
    states = [each.get_text(strip=True) for each in page.soup.select(".data .badge")]
    assert titles == ["Gone", "Rests", "Soon", "Now", "Harvest"], "the newest first"
    assert states == ["Over", "Paused", "Starts later", "Running now", "Draft"]

    for status, title in {"running": "Now", "scheduled": "Soon", "paused": "Rests", "draft": "Harvest"}.items():
        page = desk.get(f"/promotions?status={status}")
        assert [each.get_text(strip=True) for each in page.soup.select(".data td strong")] == [title]
    made(shop.brand.post(f"/v1/promotions/{rests['id']}/end"), 200)
    assert "No promotion stands so." in desk.get("/promotions?status=paused").words()


def test_an_old_product_is_found_by_its_name_and_what_was_typed_and_ticked_is_kept(desk, shop, monkeypatch):
    monkeypatch.setattr("chalicelib.pages.console.choosing.CHOICES", 2)
    sku = {"title": "One", "price": shop.money(900)}
    old, *newer = (
        made(shop.brand.post("/v1/products", {"title": title, "skus": [{**sku, "code": f"{title}-1"}]}))["id"]
        for title in ("Quinces", "Apples", "Pears")
    )
    form = begun(desk, "timed_price")
    assert f"products.{old}" not in form.text

    ticked = {f"products__{newer[0]}": "true"}
    found = desk.send(form, "Look for it", title="Quince week", percent_off="10", find_products="quin", **ticked)
    assert (found.status, found.soup.select(".refusal")) == (200, [])
    assert [each["name"] for each in found.soup.select("[autofocus]")] == ["find_products"], "the page begins there"
    assert found.soup.select_one(f'input[type=checkbox][name="products.{newer[0]}"]').has_attr("checked")
    assert not found.soup.select_one(f'input[type=checkbox][name="products.{old}"]').has_attr("checked")
    desk.send(found, "Draft it", **_WEEK, **{f"products__{old}": "true"})

    made_of_it = only(shop)
    assert (made_of_it["title"], made_of_it["terms"]["percent_off"]) == ("Quince week", "10")
    assert set(made_of_it["scope"]["product_ids"]) == {old, newer[0]}


def test_an_old_group_buy_is_found_by_its_name(desk, shop, monkeypatch):
    monkeypatch.setattr("chalicelib.pages.console.choosing.CHOICES", 1)
    old = shop.campaign_id
    newer = shop.campaign()["id"]
    form = begun(desk, "timed_price")
    assert (f"campaigns.{old}" in form.text, f"campaigns.{newer}" in form.text) == (False, True)
    monkeypatch.setattr("chalicelib.pages.console.choosing.CHOICES", 5)

    found = desk.send(form, "Look for it", find_campaigns=shop.open_campaign["title"][:4].upper())

    assert f"campaigns.{old}" in found.text
    assert "Nothing is called so." in desk.send(form, "Look for it", find_campaigns="no such thing").words()


def test_it_is_paused_changed_published_again_and_ended(desk, shop):
    promotion = published(shop, budget=shop.money(10_000))
    page = desk.send(desk.get(f"/promotions/{promotion['id']}"), "Pause it")
    assert only(shop)["status"] == "paused"
    page = desk.get(f"/promotions/{promotion['id']}/change")
    assert not page.soup.select("#f-budget, #f-starts_at")
    page = desk.send(page, "Save", title="Harvest home", steps__row1__off="3")
    after = only(shop)
    assert (after["title"], after["budget"]) == ("Harvest home", shop.money(10_000))
    assert after["terms"]["steps"][0]["off"] == shop.money(300)
    page = desk.send(page, "Publish it")
    assert only(shop)["status"] == "running"
    page = desk.send(page, "End it")
    assert only(shop)["status"] == "ended"
    assert not page.soup.select("main form")


def test_a_gift_without_stock_is_said_when_it_is_published(desk, shop):
    sku = shop.product()["skus"][0]["id"]
    for delta in (1, -1):
        put_on_shelf(shop, sku, delta)
    promotion = drafted(shop, kind="gift", terms={"sku_id": sku, "from_quantity": 1})
    page = desk.send(desk.get(f"/promotions/{promotion['id']}"), "Publish it")
    assert page.status == 409
    assert "There is nothing of" in page.words(".refusal")
    assert only(shop)["status"] == "draft"


def test_a_draft_whose_end_has_passed_is_refused_beside_its_time(desk, shop, clock):
    promotion = drafted(shop, ends_at=in_time(clock.now() + timedelta(minutes=30)))
    page = desk.get(f"/promotions/{promotion['id']}")
    clock.advance(hours=1)
    page = desk.send(page, "Publish it")
    assert page.status == 422
    assert "later than now" in page.words("#f-ends_at-fault")


def test_who_changes_what_a_colleague_has_changed_is_told(desk, shop):
    promotion = drafted(shop)
    page = desk.get(f"/promotions/{promotion['id']}/change")
    made(shop.brand.patch(f"/v1/promotions/{promotion['id']}", {"title": "Renamed"}), 200)
    page = desk.send(page, "Save", title="Mine")
    assert (page.status, page.words(".refusal strong")) == (412, "Somebody was faster")
    assert desk.send(page, "Save").heading == "Mine"


def test_a_planner_drafts_them_and_others_only_look(new_desk, shop):
    promotion = drafted(shop)
    assert new_desk(shop, "planner").get(f"/promotions/{promotion['id']}").soup.select("main form")
    for role in ("editor", "service", "analyst"):
        desk = new_desk(shop, role)
        assert not desk.get(f"/promotions/{promotion['id']}").soup.select("main form")
        assert desk.get("/promotions/new").status == 403
    assert new_desk(shop, "technical").get("/promotions").status == 403


def test_both_languages(new_desk, shop):
    promotion = drafted(shop)
    desk = new_desk(shop, language="zh")
    for path, said in (
        ("/promotions", "草稿"),
        ("/promotions/new?kind=gift", "赠品"),
        (f"/promotions/{promotion['id']}", "Harvest：满 ¥10.00 减 ¥2.00"),
        (f"/promotions/{promotion['id']}/change", "修改促销"),
    ):
        page = desk.get(path)
        assert page.status == 200
        assert said in page.words("main")
