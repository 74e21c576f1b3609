"""What promotions bring, at the console: side by side, day by day, points and tiers; and tried on real orders."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.kernel import clock as product_clock
from tests.builders import made
from tests.pages.console.test_promotions import drafted, published

JUNE, JULY = datetime(2028, 6, 14, 4, tzinfo=UTC), datetime(2028, 7, 10, 4, tzinfo=UTC)


@pytest.fixture
def promoted(shop, drain):
    """A promotion with a budget, and an order of 18.00 that has 2.00 of it."""
    promotion = published(shop, budget=shop.money(10_000))
    made(shop.order(quantity=2))
    drain()
    return promotion


def test_everything_that_lowers_prices_stands_side_by_side(desk, shop, promoted):
    page = desk.get("/growth")
    assert "CN¥2.00 taken off by all of them together" in page.words(".tiles")
    row = page.words(".data tbody tr")
    for said in ("Harvest Promotion", "Running now", "CN¥98.00 of CN¥100.00", "CN¥16.00"):
        assert said in row
    assert page.soup.select_one(f'.data a[href$="/growth/promotion/{promoted["id"]}"]')


def test_where_nothing_lowers_prices_the_page_says_what_to_do(desk):
    page = desk.get("/growth")
    assert "Nothing lowers prices so far." in page.words(".empty")
    assert page.soup.select_one('.empty a[href$="/promotions"]')


def test_a_promotion_day_by_day_and_as_a_file(desk, shop, promoted):
    path = f"/growth/promotion/{promoted['id']}"
    page = desk.get(path)
    assert "1 order has it CN¥2.00 taken off their prices" in page.words(".tiles")
    assert len(page.soup.select(".data tbody tr")) == 1
    text = desk.get(f"{path}?format=csv").text
    assert "Harvest" in text
    assert len(text.splitlines()) == 2
    today = product_clock.now().date()
    early = desk.get(f"{path}?from_on={today - timedelta(days=60)}&to_on={today - timedelta(days=50)}")
    assert "No order of these days has it." in early.words("main")
    backwards = desk.get(f"{path}?from_on={today}&to_on={today - timedelta(days=3)}")
    assert backwards.status == 422
    assert "is before the first" in backwards.words(".refusal")


def test_points_say_what_members_can_still_use_and_what_that_is_worth(desk, shop, drain):
    pays = {"points": 100, "worth": shop.money(100)}
    made(shop.brand.put("/v1/points-rules", {"rules": [], "spend": pays}), 200)
    path, key = f"/v1/members/{shop.shopper.id}/points", {"Idempotency-Key": "given"}
    made(shop.brand.post(path, {"delta": 250, "reason": "Thanks"}, headers=key))
    drain()
    page = desk.get("/growth/points")
    assert "250 worth CN¥2.50" in page.words(".tiles")
    assert "Given by the team 1 250 0 CN¥2.50" in page.words(".data")
    assert "Members have 250 points, worth CN¥2.50; 0 of them expire this month." in desk.get("/points-rules").words()


def test_tiers_say_what_they_cost(desk, shop):
    assert "There are no tiers so far." in desk.get("/growth/tiers").words("main")
    made(shop.brand.put("/v1/tiers", {"tiers": [{"code": "gold", "title": "Gold", "from": 3_000}]}), 200)
    assert "Gold 0 CN¥0.00" in desk.get("/growth/tiers").words(".data")


def june(shop, clock, drain):
    """Two orders of last month, of 45.00 and 9.00."""
    clock.set(JUNE)
    campaign = shop.campaign(closes_in=timedelta(days=3))
    for units in (5, 1):
        made(shop.order(campaign=campaign, quantity=units))
    drain()
    clock.set(JULY)


def test_a_draft_is_tried_on_last_months_orders(new_desk, shop, clock, drain):
    june(shop, clock, drain)
    promotion, desk = drafted(shop), new_desk(shop)
    way = desk.get(f"/promotions/{promotion['id']}").soup.select_one('a[href$="/preview"]')
    page = desk.get(way["href"].removeprefix("/console"))
    assert "Looked at 2 of 2 orders of June 2028: it would have lowered 1 of them by CN¥2.00 in all." in page.words()
    assert "CN¥45.00 without it, CN¥43.00 with it" in page.words("main .list")
    running = desk.get(f"/promotions/{promotion['id']}/preview?month=2028-07")
    assert "There were no orders in this month" in running.words("main")
    assert "On the orders of July 2028" in running.words("#previewed")
    assert not running.soup.select_one('main a.button[href$="month=2028-07"]')
    empty = desk.get(f"/promotions/{promotion['id']}/preview?month=2028-05")
    assert empty.soup.select_one('main a.button[href$="month=2028-07"]').get_text() == "Try the running month"
    assert desk.get(f"/promotions/{promotion['id']}/preview?month=2030-01").status == 422
    assert made(shop.brand.get(f"/v1/promotions/{promotion['id']}"), 200)["status"] == "draft"


def test_coupons_are_tried_above_the_form_and_what_was_typed_is_kept(new_desk, shop, clock, drain):
    june(shop, clock, drain)
    desk = new_desk(shop)
    page = desk.get("/coupons/new?kind=amount")
    tried = desk.send(page, "Try them out", title="Moon", value="5", minimum="20", purpose="holiday")
    assert "it would have lowered 1 of them by CN¥5.00 in all." in tried.words()
    assert tried.soup.select_one("#f-title")["value"] == "Moon"
    assert made(shop.brand.get("/v1/coupon-batches"), 200)["items"] == []
    desk.send(tried, "Make the coupons")
    [batch] = made(shop.brand.get("/v1/coupon-batches"), 200)["items"]
    assert (batch["title"], batch["minimum"]) == ("Moon", shop.money(2_000))


def test_what_cannot_be_tried_stands_beside_its_field(desk):
    page = desk.send(desk.get("/coupons/new?kind=amount"), "Try them out", title="Moon", value="-")
    assert page.status == 422
    assert page.soup.select_one("#f-value-fault")


@pytest.mark.parametrize(("role", "status"), [("planner", 200), ("analyst", 200), ("service", 403), ("editor", 403)])
def test_who_finds_it(new_desk, shop, promoted, role, status):
    desk = new_desk(shop, role)
    assert desk.get("/growth").status == status
    found = desk.get(f"/promotions/{promoted['id']}").words("main")
    assert ("What it costs and brings" in found) is (status == 200)


def test_both_languages(new_desk, shop, promoted):
    desk = new_desk(shop, language="zh")
    for path, said in (
        ("/growth", "合计优惠金额"),
        (f"/growth/promotion/{promoted['id']}", "已优惠金额"),
        ("/growth/points", "积分的来源与去向"),
        ("/growth/tiers", "等级成本"),
        (f"/promotions/{promoted['id']}/preview", "用真实订单试算"),
    ):
        page = desk.get(path)
        assert page.status == 200
        assert said in page.words()
