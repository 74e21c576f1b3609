"""What a promotion takes off, as a neighbour sees it: in the basket, when they order, and in the order."""

from __future__ import annotations

from datetime import timedelta

from chalicelib.kernel import clock
from chalicelib.pages.storefront.basket.model import read
from tests.builders import in_time, made


def promoted(shop, **fields):
    """A promotion of a week, published."""
    now = clock.now()
    times = {"starts_at": in_time(now), "ends_at": in_time(now + timedelta(days=7))}
    drafted = made(shop.brand.post("/v1/promotions", {"title": "Harvest"} | times | fields))
    made(shop.brand.post(f"/v1/promotions/{drafted['id']}/publish"), 200)


def test_a_neighbour_sees_what_is_taken_off_and_why_until_it_stands_in_the_order(shop, shopper):
    promoted(shop, kind="timed_price", terms={"percent_off": "10"})
    page = shopper.get(f"/campaigns/{shop.campaign_id}")
    page = shopper.send(page, "To the basket", **{f"units__{shop.offer_id}": 3})
    assert "Harvest: 10% off −CN¥2.70" in page.words()
    assert "CN¥24.30" in page.words(".stay")

    page = shopper.send(page, "Go on and order")
    assert "Harvest: 10% off −CN¥2.70" in page.words()
    order = shopper.send(page, "Order now")
    assert "Harvest: 10% off −CN¥2.70" in order.words()


def test_a_gift_is_named_and_is_not_put_into_the_basket(shop, shopper):
    cup = shop.product(price=3_000)["skus"][0]["id"]
    campaign = shop.campaign(offers=[shop.offer(), shop.offer(sku_id=cup, price=3_000)])
    promoted(shop, kind="gift", terms={"sku_id": cup, "from": shop.money(1_800)})
    offer_id = campaign["offers"][0]["offer_id"]

    page = shopper.get(f"/campaigns/{campaign['id']}")
    page = shopper.send(page, "To the basket", **{f"units__{offer_id}": 2})
    assert "free from CN¥18.00 −CN¥30.00" in page.words()
    assert "CN¥18.00" in page.words(".stay")
    assert read(shopper.cookies["basket"]) == {offer_id: 2}

    order = shopper.send(shopper.send(page, "Go on and order"), "Order now")
    assert "free from CN¥18.00 −CN¥30.00" in order.words()
    assert [line.get_text() for line in order.soup.select(".lines small") if "gift" in line.get_text()] == [
        "Comes as a gift"
    ]


def basket_of(shop, shopper, units):
    """The basket with so many units at 9.00."""
    page = shopper.get(f"/campaigns/{shop.campaign_id}")
    return shopper.send(page, "To the basket", **{f"units__{shop.offer_id}": units})


def steps(shop, *pairs):
    return {"steps": [{"from": shop.money(amount), "off": shop.money(off)} for amount, off in pairs]}


def test_the_basket_says_what_is_missing_to_the_next_step(shop, shopper):
    promoted(shop, kind="full_reduction", terms=steps(shop, (2_000, 200), (4_000, 500)))
    assert "Harvest: with CN¥2.00 more, CN¥2.00 is taken off in all." in basket_of(shop, shopper, 2).words()
    assert "Harvest: with CN¥13.00 more, CN¥5.00 is taken off in all." in basket_of(shop, shopper, 3).words()
    page = basket_of(shop, shopper, 5)
    assert "Harvest: CN¥2.00 off from CN¥20.00, CN¥5.00 off from CN¥40.00 −CN¥5.00" in page.words()
    assert "more, CN¥" not in page.words()


def test_it_says_so_of_a_budget_that_pays_for_it_and_of_no_other(shop, shopper):
    promoted(shop, kind="full_reduction", terms=steps(shop, (2_000, 200), (4_000, 500)), budget=shop.money(400))
    page = shopper.get(f"/campaigns/{shop.campaign_id}")
    assert "Harvest: CN¥2.00 off from CN¥20.00, CN¥5.00 off from CN¥40.00" in page.words()
    assert "with CN¥2.00 more, CN¥2.00 is taken off" in basket_of(shop, shopper, 2).words()
    assert "more, CN¥" not in basket_of(shop, shopper, 3).words(), "4.00 are left, and the next step takes 5.00"

    for _ in range(2):
        made(shop.order(quantity=3))
    assert "more, CN¥" not in basket_of(shop, shopper, 2).words()
    assert "Harvest" not in shopper.get(f"/campaigns/{shop.campaign_id}").words()


def test_who_may_use_it_once_and_has_is_promised_nothing(shop, shopper):
    promoted(shop, kind="full_reduction", terms=steps(shop, (2_000, 200)), limits={"per_member": 1})
    assert "with CN¥2.00 more" in basket_of(shop, shopper, 2).words()
    made(shop.order(quantity=3))
    assert "more, CN¥" not in basket_of(shop, shopper, 2).words()


def test_a_visitor_sees_prices_with_promotions_and_what_is_missing(shop, visitor):
    promoted(shop, kind="full_reduction", terms=steps(shop, (2_000, 200), (4_000, 500)))
    page = basket_of(shop, visitor, 3)
    assert "CN¥2.00 off from CN¥20.00, CN¥5.00 off from CN¥40.00 −CN¥2.00" in page.words()
    assert "with CN¥13.00 more, CN¥5.00 is taken off in all" in page.words()
    assert "CN¥25.00" in page.words(".stay")


def test_a_visitor_is_shown_no_member_price(shop, visitor):
    promoted(shop, kind="member_price", terms={"percent_off": "10"})
    assert "CN¥27.00" in basket_of(shop, visitor, 3).words(".stay")


def test_where_no_more_can_be_ordered_nothing_is_missing(shop, shopper):
    """A flash sale of one each: nobody reaches the next step there."""
    promoted(shop, kind="full_reduction", terms=steps(shop, (2_000, 200)))
    offers = [shop.offer(price=900, quantity=5, per_member_limit=1)]
    sale = shop.campaign(kind="flash_sale", offers=offers)
    page = shopper.get(f"/campaigns/{sale['id']}")
    assert "Harvest: CN¥2.00 off from CN¥20.00" in page.words()
    page = shopper.send(page, "To the basket", **{f"units__{sale['offers'][0]['offer_id']}": 1})
    assert "more, CN¥" not in page.words()


def test_in_a_flash_sale_too_it_is_said_where_more_can_be_ordered(shop, shopper):
    promoted(shop, kind="full_reduction", terms=steps(shop, (2_000, 200)))
    sale = shop.campaign(kind="flash_sale", offers=[shop.offer(price=900, quantity=5, per_member_limit=3)])
    page = shopper.get(f"/campaigns/{sale['id']}")
    page = shopper.send(page, "To the basket", **{f"units__{sale['offers'][0]['offer_id']}": 2})
    assert "with CN¥2.00 more, CN¥2.00 is taken off in all" in page.words()
