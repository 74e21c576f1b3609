"""Coupons and points at the checkout: what there is to choose, what each choice comes to, and what gets in the way."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.builders import made
from tests.coupons.shops import batch, enter, entered, own, shared
from tests.pages.test_shopping import at_checkout, basket_of, order_now, orders_of

AGAIN = "Work out the total again"


def give_points(shop, points, worth=1, share="100", key="given"):
    """Points of which each pays so much, and some of them for the shopper."""
    rules = {"rules": [], "spend": {"points": 1, "worth": shop.money(worth), "most_share": share}}
    made(shop.brand.put("/v1/points-rules", rules), 200)
    book(shop, points, key)


def book(shop, delta, key="given"):
    path = f"/v1/members/{shop.shopper.id}/points"
    made(shop.brand.post(path, {"delta": delta, "reason": "A gift"}, headers={"Idempotency-Key": key}))


def balance(shop):
    found = shop.caller.get(f"{shop.path}/me/points", token=shop.shopper.token)
    return made(found, 200)["balance"]


@pytest.fixture
def coupons(shop):
    """Two that fit two pieces of 9.00, and one of which 2.00 are missing."""
    batch(shop, codes=shared("FIVE"), title="Five")
    batch(shop, codes=shared("EIGHT"), title="Eight", value=shop.money(800))
    batch(shop, codes=shared("TWENTY"), title="Twenty", value=shop.money(900), minimum=shop.money(2_000))
    return {code: entered(shop, code)["id"] for code in ("FIVE", "EIGHT", "TWENTY")}


def chosen(page):
    found = page.soup.select_one("[name=coupon_id][checked]")
    return found and found["value"]


# --- coupons


def test_the_best_coupon_is_chosen_with_why_and_ordered_with(shop, shopper, coupons):
    page = at_checkout(shopper, shop)
    assert chosen(page) == coupons["EIGHT"]
    assert "Chosen for you: it saves most, CN¥8.00." in page.words("#own")
    assert [each.get_text() for each in page.soup.select("#own .saves")] == ["−CN¥8.00", "−CN¥5.00"]
    assert "1 coupon cannot be used here Twenty CN¥9.00 off CN¥2.00 missing." in page.words("#own")
    assert "CN¥10.00" in page.words(".stay")

    assert order_now(shopper, page).status == 303
    [order] = orders_of(shop)
    assert order["totals"]["total"] == shop.money(1_000)
    assert order["discounts"][0]["coupon_id"] == coupons["EIGHT"]


def test_another_one_is_worked_out_and_what_was_typed_stays(shop, shopper, coupons):
    campaign = shop.campaign(delivery={"fee": shop.money(500)})
    page = shopper.get(at_checkout(shopper, shop, campaign=campaign).link("To my door"))
    page = shopper.send(page, AGAIN, coupon_id=coupons["FIVE"], delivery__address="3 Elm Street")
    assert (page.status, chosen(page)) == (200, coupons["FIVE"])
    assert "CN¥18.00" in page.words(".stay"), "two of 9.00, delivered for 5.00, less 5.00"
    assert page.soup.select_one("[name='delivery.address']").get_text().strip() == "3 Elm Street"
    assert orders_of(shop) == []

    page = shopper.get(page.link("I collect it"))
    assert chosen(page) == coupons["FIVE"], "the way to get it does not change the coupon"
    page = shopper.send(page, AGAIN, coupon_id="")
    assert chosen(page) == ""
    assert "CN¥18.00" in page.words(".stay")
    assert order_now(shopper, page).status == 303
    assert orders_of(shop)[0]["discounts"] == []
    assert len(own(shop, show="usable")) == 3


def test_a_choice_that_was_not_worked_out_is_shown_before_it_is_ordered(shop, shopper, coupons):
    page = order_now(shopper, at_checkout(shopper, shop), coupon_id=coupons["FIVE"])
    assert page.status == 409
    assert chosen(page) == coupons["FIVE"]
    assert "CN¥13.00" in page.words(".refusal")
    assert order_now(shopper, page).status == 303
    assert orders_of(shop)[0]["totals"]["total"] == shop.money(1_300)


def test_equal_ones_say_that_the_first_to_end_is_chosen(shop, shopper, clock):
    ends = datetime.now(UTC).replace(microsecond=0, second=0)
    ends = ends.replace(year=ends.year + 1)
    batch(shop, codes=shared("ALWAYS"))
    batch(shop, codes=shared("ENDS"), valid={"until_at": ends.isoformat().replace("+00:00", "Z")})
    entered(shop, "ALWAYS")
    mine = entered(shop, "ENDS")["id"]
    page = at_checkout(shopper, shop)
    assert chosen(page) == mine
    assert "it saves CN¥5.00, and ends before others that save the same" in page.words("#own")


def test_a_code_is_entered_on_the_spot(shop, shopper):
    batch(shop, codes=shared("MOON-2026"), title="Mid-autumn")
    page = at_checkout(shopper, shop)
    page = shopper.send(page, "Use this code", code="NOTHING")
    assert page.status == 422
    assert "This code cannot be used" in page.words("#f-code-fault")
    assert page.soup.select_one("#f-code")["value"] == "NOTHING"
    assert page.soup.select_one("details[open] #f-code"), "what is wrong is not folded away"

    page = shopper.send(page, "Use this code", code=" moon 2026 ")
    assert page.status == 200
    assert chosen(page) == own(shop)[0]["id"]
    assert "CN¥13.00" in page.words(".stay")
    assert order_now(shopper, page).status == 303
    assert orders_of(shop)[0]["totals"]["total"] == shop.money(1_300)


def test_codes_are_not_guessed_at_the_checkout_either(shop, shopper, clock):
    clock.set(datetime.now(UTC).replace(second=5))
    for n in range(10):
        enter(shop, f"GUESS-{n}")
    page = shopper.send(at_checkout(shopper, shop), "Use this code", code="ELEVENTH")
    assert page.status == 429
    assert "try again in" in page.words(".refusal")
    assert "CN¥18.00" in page.words(".stay"), "the order is still there"


def test_a_code_whose_coupon_does_not_fit_says_what_is_missing(shop, shopper):
    batch(shop, codes=shared("TWENTY"), minimum=shop.money(2_000))
    page = shopper.send(at_checkout(shopper, shop), "Use this code", code="TWENTY")
    assert page.status == 200
    assert "CN¥2.00 missing" in page.words(".refusal")
    assert "1 coupon cannot be used here" in page.words("#own")
    assert len(own(shop)) == 1, "it is theirs for another order"


def test_a_coupon_that_ran_out_meanwhile_gives_way_and_nothing_is_lost(shop, shopper):
    batch(shop, codes=shared("SCARCE"), value=shop.money(800), limits={"total": 1})
    batch(shop, codes=shared("FIVE"), title="Five")
    mine, five = entered(shop, "SCARCE")["id"], entered(shop, "FIVE")["id"]
    other = shop.member()
    theirs = entered(shop, "SCARCE", other)["id"]
    page = at_checkout(shopper, shop)
    assert chosen(page) == mine
    made(shop.order(other, quantity=2, coupon_id=theirs))

    page = order_now(shopper, page)
    assert page.status == 409
    assert "All coupons of this kind are used up" in page.words(".refusal")
    assert chosen(page) == five
    assert "Welcome CN¥8.00 off All coupons of this kind are used up" in page.words("#own details")
    assert basket_of(shop) == shopper.cookies["basket"]
    assert order_now(shopper, page).status == 303
    assert len(orders_of(shop)) == 1


def test_one_that_is_used_in_another_window_gives_way_to_none(shop, shopper):
    batch(shop, codes=shared("FIVE"))
    mine = entered(shop, "FIVE")["id"]
    page = at_checkout(shopper, shop)
    made(shop.order(quantity=2, coupon_id=mine))
    page = order_now(shopper, page)
    assert page.status == 409
    assert "This coupon is in another order of yours" in page.words("main")
    assert chosen(page) is None
    assert "CN¥18.00" in page.words(".stay")


@pytest.mark.parametrize("coupon", ["x", "01J9ZQ0W7N8RXC5B2M4T6V8Y0A", "none", "../../x"])
def test_an_address_with_a_coupon_that_is_not_theirs_leads_to_the_page(shop, shopper, coupons, coupon):
    page = at_checkout(shopper, shop, query=f"?coupon={coupon}")
    assert page.status in (200, 422)
    if page.status == 200:
        assert chosen(page) == ("" if coupon == "none" else coupons["EIGHT"])


# --- points


def test_all_points_that_can_be_used_or_a_number_of_them(shop, shopper):
    give_points(shop, 5_000, share="50")
    page = at_checkout(shopper, shop)
    assert "You have 5,000. On this order you can use up to 900, which pay CN¥9.00." in page.words("#own")
    assert "CN¥18.00" in page.words(".stay"), "none are used unless somebody says so"

    page = shopper.send(page, AGAIN, use_points="all")
    assert "900 points used" in page.words("#own")
    assert "CN¥9.00" in page.words(".stay")
    page = shopper.send(page, AGAIN, use_points="some", points="250")
    assert "CN¥15.50" in page.words(".stay")
    assert page.soup.select_one("#f-points")["value"] == "250"
    assert order_now(shopper, page).status == 303
    assert (orders_of(shop)[0]["totals"]["total"], balance(shop)) == (shop.money(1_550), 4_750)


def test_more_than_can_be_used_takes_what_can(shop, shopper):
    give_points(shop, 300)
    page = shopper.send(at_checkout(shopper, shop), AGAIN, use_points="some", points="99999")
    assert "300 points used" in page.words("#own")
    assert "you wanted" not in page.words("#own")
    assert order_now(shopper, page).status == 303
    assert balance(shop) == 0


@pytest.mark.parametrize("number", ["-1", "1.5", "abc", "1" * 30])
def test_a_number_of_points_that_is_none_is_marked(shop, shopper, number):
    give_points(shop, 300)
    page = order_now(shopper, at_checkout(shopper, shop), use_points="some", points=number)
    assert page.status == 422
    assert page.soup.select_one("#f-points")["aria-invalid"] == "true"
    assert page.soup.select_one("#f-points")["value"] == number
    assert orders_of(shop) == []


def test_points_that_went_meanwhile_are_told_and_the_rest_offered(shop, shopper):
    give_points(shop, 300)
    page = shopper.send(at_checkout(shopper, shop), AGAIN, use_points="all")
    book(shop, -200, "taken")
    page = order_now(shopper, page)
    assert page.status == 409
    assert "You have 100 points, and wanted to use 300; use 100 at most" in page.words(".refusal")
    assert "CN¥17.00" in page.words(".stay")
    assert order_now(shopper, page).status == 303
    assert balance(shop) == 0


def test_points_pay_what_the_coupon_left_and_that_may_be_nothing(shop, shopper):
    give_points(shop, 3_000)
    batch(shop, codes=shared("EIGHT"), value=shop.money(800))
    entered(shop, "EIGHT")
    page = shopper.send(at_checkout(shopper, shop), AGAIN, use_points="all")
    assert "you can use up to 1,000, which pay CN¥10.00" in page.words("#own")
    assert "CN¥0.00" in page.words(".stay")
    assert order_now(shopper, page).status == 303
    assert (orders_of(shop)[0]["status"], balance(shop)) == ("placed", 2_000)


def test_points_have_nothing_to_pay_where_a_coupon_pays_for_everything(shop, shopper):
    give_points(shop, 3_000)
    batch(shop, codes=shared("WHOLE"), kind="percent", percent_off="100")
    entered(shop, "WHOLE")
    page = at_checkout(shopper, shop)
    assert "You have 3,000. There is nothing left to pay with them here." in page.words("#own")
    assert order_now(shopper, page).status == 303
    assert balance(shop) == 3_000


def test_a_shop_without_coupons_and_points_asks_for_neither(shop, shopper):
    page = at_checkout(shopper, shop)
    assert not page.soup.select("[name=coupon_id], [name=use_points], #own noscript")
    assert not page.soup.select("script[src*=htmx]")


@pytest.mark.parametrize(
    ("said", "where"),
    [("已为您选用最省的一张：省 ¥8.00。", "#own"), ("还差 ¥2.00", "#own"), ("最多可用 300 积分，抵扣 ¥3.00", "#own")],
)
def test_all_of_it_is_said_in_chinese(shop, new_visitor, coupons, said, where):
    give_points(shop, 300)
    shopper = new_visitor(shop, language="zh").signed_in(shop.shopper)
    assert said in at_checkout(shopper, shop).words(where)
