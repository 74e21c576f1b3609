"""Prices over a product's life at the console: the price watch, a product's prices, the rules; and in the shop."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.pages.console.prices.model import HEIGHT, WIDTH, Point, bars
from tests.builders import made
from tests.pages.test_shopping import basket_of


@pytest.fixture
def goods(shop):
    def with_cost():
        sku = {"code": "PEAR", "title": "A kilo", "price": shop.money(1_000), "cost": shop.money(600)}
        return shop.product(title="Pears", skus=[sku])

    return shop.once("pears by the kilo", with_cost)


def page_of(desk, goods):
    return desk.get(f"/products/{goods['id']}/pricing")


def test_it_is_reached_from_the_product_and_says_what_is_not_known_yet(desk, shop, goods):
    product = desk.get(f"/products/{goods['id']}")
    assert product.soup.select_one(f'a.button[href$="/products/{goods["id"]}/pricing"]')
    words = page_of(desk, goods).words("main")
    for said in ("Nothing has been sold in a complete week yet.", "There is none", "in the shop", "CN¥10.00", "40%"):
        assert said in words


def test_a_floor_and_a_stage_are_kept_and_no_price_is_changed(desk, shop, goods):
    page = desk.send(page_of(desk, goods), "Keep the floor", floor_percent="50 %")
    assert "CN¥9.00" in page.words(".data")
    assert "This product has its own: 50% over the cost" in page.words("main")
    page = desk.send(page, "Keep the stage", stage="growth")
    assert page.words(".flash") == "The stage is kept. No price has been changed."
    assert "Set by" in page.words("main")
    page = desk.send(page, "Keep the floor", floor_percent="50", floor_amount="1.00")
    assert (page.status, bool(page.soup.select_one("#f-floor_amount-fault"))) == (422, True)
    page = desk.send(page, "Keep the floor", floor_percent="", floor_amount="")
    assert "There is none" in page.words("main")


def test_rules_are_typed_and_come_back_and_suggest(desk, shop, goods):
    page = desk.send(
        desk.get("/prices/rules"), "Save", **{
            "floor_amount": "1.50", "competitor_below": "8%", "week_begins": "sun", "growth.margin": "50",
            "growth.largest_discount": "20", "growth.price_change": "-5",
        },
    )  # fmt: skip
    assert page.soup.select_one("#f-floor_amount")["value"] == "1.50"
    assert page.soup.select_one("#f-competitor_below")["value"] == "8"
    rules = made(shop.brand.get("/v1/price-rules"), 200)
    assert (rules["week_begins"], rules["stages"]["growth"]["price_change"]) == ("sun", "-5")
    page = desk.send(page_of(desk, goods), "Keep the stage", stage="growth")
    for said in ("List price CN¥12.00", "In group buys not below CN¥8.00", "It is to leave a margin of 50%"):
        assert said in page.words(".data")
    page = desk.send(desk.get("/prices/rules"), "Save", **{"decline.margin": "much"})
    assert page.soup.select_one("#f-decline-margin-fault")


def test_what_a_competitor_asks_is_written_down_and_watched(desk, shop, goods, drain):
    assert "No price of a competitor is recorded yet" in desk.get("/prices").words("main")
    page = desk.send(
        page_of(desk, goods), "Keep the price", sku_id=goods["skus"][0]["id"], competitor="<b>Fresh</b>", price="¥8.00",
        seen_on="2026-03-01", content_quantity="", link="https://example.com/pears",
    )  # fmt: skip
    assert "The price is kept" in page.words(".flash")
    drain()
    watch = desk.get("/prices")
    assert "<b>Fresh</b> asks CN¥8.00, 20% less than your CN¥10.00" in watch.words("main")
    assert watch.soup.select_one(".data a[href='https://example.com/pears'][rel~=noopener]")
    wrong = desk.send(page_of(desk, goods), "Keep the price", competitor="x", price="cheap", seen_on="2026-03-01")
    assert (wrong.status, bool(wrong.soup.select_one("#f-price-fault"))) == (422, True)
    assert "Something is missing, or not right" in wrong.words(".refusal")
    wrong = desk.send(
        page_of(desk, goods), "Keep the price", competitor="x", price="cheap", seen_on="2099-03-01",
        content_quantity="some",
    )  # fmt: skip
    assert "It is marked below. What you typed is kept." in wrong.words(".refusal")
    assert {each["id"] for each in wrong.soup.select(".fault")} == {
        "f-price-fault", "f-seen_on-fault", "f-content_quantity-fault",
    }  # fmt: skip
    table = desk.get("/prices/file?format=csv")
    assert "<b>Fresh</b>" in table.text


def test_weeks_are_drawn_and_stand_in_a_table(new_desk, shop, goods, clock, drain):
    sold = shop.campaign(offers=[shop.offer(sku_id=goods["skus"][0]["id"], quantity=500)], closes_in=timedelta(days=80))
    for units in (2, 4, 6, 8, 10, 12, 14, 16, 18):
        made(shop.order(quantity=units, campaign=sold))
        clock.advance(days=7)
    drain()
    page = page_of(new_desk(shop), goods)
    assert len(page.soup.select("figure.chart rect")) >= 8
    assert "Growth" in page.words(".badge")
    assert "Sales rise by" in page.words("main")


def test_bars_stand_side_by_side_and_none_is_invisible():
    drawn = bars([Point(0, "a", "0"), Point(1, "b", "1"), Point(1000, "c", "1000")])
    assert [each.height for each in drawn] == [0.0, 2.0, float(HEIGHT)]
    assert drawn[-1].x + drawn[-1].width < WIDTH
    assert bars([]) == []


def test_the_form_of_a_group_buy_warns_of_a_price_below_the_floor(desk, shop, goods):
    made(shop.brand.call("PUT", "/v1/price-rules", json={"floor": {"percent": "50"}}), 200)
    draft = shop.campaign(offers=[shop.offer(sku_id=goods["skus"][0]["id"], price=800)], publish=False)
    assert "below your margin floor of CN¥9.00" in desk.get(f"/campaigns/{draft['id']}").words(".data")
    assert "below your margin floor of CN¥9.00" in desk.get(f"/campaigns/{draft['id']}/goods").words("main")


def test_the_shop_strikes_a_price_with_the_lowest_before_beside_it(shop, goods, clock, visitor, new_visitor):
    clock.advance(days=40)
    reduced = shop.campaign(offers=[shop.offer(sku_id=goods["skus"][0]["id"], price=800)])
    page = visitor.get(f"/campaigns/{reduced['id']}")
    assert page.words("del") == "CN¥10.00"
    assert "Lowest price of the 30 days before: CN¥10.00" in page.words("main")
    assert "floor" not in page.text
    shopper = new_visitor(shop).signed_in(shop.member("new@people.example"))
    shopper.cookies["basket"] = basket_of(shop, campaign=reduced)
    for path in ("basket", "checkout"):
        page = shopper.get(f"/campaigns/{reduced['id']}/{path}")
        assert page.words("del") == "CN¥10.00", path
        assert "CN¥8.00 each" in page.words("main"), path
        assert "Lowest price of the 30 days before: CN¥10.00" in page.words("main"), path
