"""A member's coupons: those to use, used and expired, and a code that gives one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.db import metered
from tests.builders import in_time
from tests.coupons.shops import batch, entered, own, shared, stored, take


def test_a_code_gives_a_coupon_that_stands_among_those_to_use(shopper, shop):
    batch(shop, codes=shared("MOON-2026"), minimum=shop.money(2_000), title="Mid-autumn")
    page = shopper.get("/me/coupons")
    assert "You have no coupon to use" in page.words(".empty")
    page = shopper.send(page, "Get the coupon", code=" moon 2026 ")
    assert page.words(".flash") == "The coupon is yours."
    card = page.words(".list .card")
    assert "Mid-autumn" in card
    assert "CN¥5.00 off" in card
    assert "From CN¥20.00 of the goods that it is for." in card
    assert len(own(shop)) == 1


@pytest.mark.parametrize(("language", "said"), [("en", "This code cannot be used"), ("zh", "该券码不可用")])
def test_a_code_that_gives_nothing_is_kept_with_what_is_wrong_beside_it(new_visitor, shop, language, said):
    browser = new_visitor(shop, language=language).signed_in(shop.shopper)
    page = browser.get("/me/coupons")
    page = browser.send(page, "Get the coupon" if language == "en" else "领取优惠券", code="NOTHING")
    assert page.status == 422
    assert said in page.words("#f-code-fault")
    assert page.soup.select_one("#f-code")["value"] == "NOTHING"


def test_the_eleventh_try_in_a_minute_is_told_to_wait(shopper, shop, clock):
    clock.set(datetime.now(UTC).replace(second=5))
    page = shopper.get("/me/coupons")
    for n in range(11):
        page = shopper.send(shopper.get("/me/coupons"), "Get the coupon", code=f"GUESS-{n}")
    assert page.status == 429
    assert "try again in" in page.words(".refusal")


def test_coupons_stand_where_they_are_to_use_used_or_expired(shopper, shop, clock):
    ends = (datetime.now(UTC) + timedelta(days=20)).replace(hour=16, minute=0, second=0, microsecond=0)
    batch(shop, codes=shared("MOON"), valid={"until_at": in_time(ends)}, title="For some weeks")
    batch(shop, codes=shared("SUNNY"), title="For ever")
    entered(shop, "MOON")
    take(stored(shop, entered(shop, "SUNNY")), order_name="o-1", held=True)

    last_day = f"Up to and including {ends:%a} {ends.day} {ends:%b} {ends.year}."  # midnight follows in Shanghai
    assert last_day in shopper.get("/me/coupons").words(".card")
    used = shopper.get("/me/coupons?show=used")
    assert "in an unpaid order" in used.words(".card")
    assert "CN¥5.00 taken off" in used.words(".card")
    assert used.soup.select_one(f'.card a[href^="/s/{shop.slug}/orders/"]')
    assert "No coupon of yours has expired." in shopper.get("/me/coupons?show=expired").words()
    clock.set(ends)
    assert "For some weeks" in shopper.get("/me/coupons?show=expired").words(".card")
    assert "You have no coupon to use" in shopper.get("/me/coupons").words()


def test_what_a_coupon_is_for_is_said(shopper, shop):
    from_at = in_time(datetime(2099, 1, 1, tzinfo=UTC))
    batch(shop, codes=shared("MOON"), purpose="new_member", scope={"categories": ["eggs"]}, valid={"from_at": from_at})
    entered(shop, "MOON")
    said = shopper.get("/me/coupons").words(".card")
    for each in ("For some goods only.", "For your first order.", "It can be used from"):
        assert each in said


def test_both_languages_and_the_way_there(new_visitor, shop):
    batch(shop, codes=shared("MOON"), valid={"days": 3})
    entered(shop, "MOON")
    chinese = new_visitor(shop, language="zh").signed_in(shop.shopper)
    assert chinese.get("/me").soup.select_one(f'a.way[href="/s/{shop.slug}/me/coupons"]').text.strip() == "我的优惠券"
    page = chinese.get("/me/coupons")
    assert page.heading == "我的优惠券"
    assert "立减 ¥5.00" in page.words(".card")


def test_another_members_coupons_are_nowhere(new_visitor, shop):
    batch(shop, codes=shared("MOON"))
    entered(shop, "MOON", shop.member("other@people.example"))
    assert not new_visitor(shop).signed_in(shop.shopper).get("/me/coupons").soup.select(".list .card")


def test_a_page_is_one_read_beside_the_session(shopper, shop):
    shopper.get("/me/coupons")
    with metered() as meter:
        shopper.get("/me/coupons")
    assert (meter.reads <= 3, meter.writes) == (True, 0)
