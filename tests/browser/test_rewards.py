"""A neighbour uses what she has: a coupon and points at the checkout, points for a gift; in each language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.album import Album
from tests.browser.conftest import pages_served
from tests.browser.holding import faults
from tests.builders import Shop, made
from tests.coupons.shops import batch, entered, shared
from tests.gifts.shops import balance, book, gift

SAID = {
    "en": {
        "best": "Chosen for you: it saves CN¥8.00.", "code": "I have a code", "use": "Use this code",
        "gift": "Redeem 500 points",
    },
    "zh": {"best": "已为您选用：省 ¥8.00。", "code": "我有券码", "use": "使用此券码", "gift": "用 500 积分兑换"},
}  # fmt: skip


@pytest.fixture
def origin(shop: Shop, _gateway: Any) -> Iterator[str]:
    """Where the pages are."""
    with pages_served(_gateway) as url:
        yield url


def held(page: Page) -> None:
    found = list(faults(page))
    assert found == [], page.url


@pytest.mark.parametrize("language", ["en", pytest.param("zh", marks=pytest.mark.verify)])
def test_a_neighbour_uses_a_coupon_and_points_and_redeems_a_gift(shop, origin, windows, language):
    said, sign = SAID[language], "CN¥" if language == "en" else "¥"
    rules = {"rules": [], "spend": {"points": 1, "worth": shop.money(1), "most_share": "50"}}
    made(shop.brand.put("/v1/points-rules", rules), 200)
    book(shop, 900)
    batch(shop, codes=shared("FIVE"), title="Mid-autumn")
    batch(shop, codes=shared("EIGHT"), title="Welcome", value=shop.money(800))
    batch(shop, codes=shared("LATER"), title="Later", minimum=shop.money(5_000))
    entered(shop, "EIGHT"), entered(shop, "LATER")
    bag = gift(shop, title="A linen bag" if language == "en" else "环保布袋", per_member_limit=1)
    places = [shop.pickup_point_id, shop.pickup_point()["id"]]
    campaign = shop.campaign(pickup_point_ids=places)
    window = windows.open(origin, shop.slug, member=shop.shopper, language=language)
    page, album = window.page, Album.wanted(f"rewards {language}")

    window.go(f"/campaigns/{campaign['id']}")
    for _ in range(2):
        page.locator(".stepper button").last.click()
    page.locator(".stay button").click()
    page.locator(".stay button").click()
    page.wait_for_url("**/checkout")
    expect(page.locator("#own")).to_contain_text(said["best"])
    expect(page.locator("#due")).to_have_text(f"{sign}10.00")
    held(page)
    album.keep(page, "checkout")

    # A code on the spot; then another coupon, and points: the total follows each choice without leaving the page.
    page.locator("[name=pickup_point_id]").last.check()
    page.get_by_text(said["code"]).click()
    page.locator("#f-code").fill("five")
    page.get_by_role("button", name=said["use"]).click()
    expect(page.locator("#due")).to_have_text(f"{sign}13.00")
    expect(page.locator("[name=pickup_point_id]").last).to_be_checked()
    page.locator("[name=coupon_id]").first.check()
    expect(page.locator("#due")).to_have_text(f"{sign}10.00")
    page.locator("#points-all").check()
    expect(page.locator("#due")).to_have_text(f"{sign}5.00")
    expect(page.locator("#points-all")).to_be_focused()
    page.locator("#points-some").check()
    page.locator("#f-points").fill("100")
    page.locator("#f-points").blur()
    expect(page.locator("#due")).to_have_text(f"{sign}9.00")
    expect(page.locator("#points-some")).to_be_checked()
    expect(page.locator("[name=pickup_point_id]").last).to_be_checked()
    held(page)
    album.keep(page, "chosen")
    page.locator(".stay button").click()
    page.wait_for_url("**/orders/*")
    expect(page.locator("main")).to_contain_text(f"{sign}9.00")
    held(page)
    album.keep(page, "order")
    assert balance(shop) == 800

    window.go("/points")
    page.locator("a[href$='/gifts']").click()
    page.locator(".card a").first.click()
    held(page)
    album.keep(page, "gift")
    page.locator(".stay button").get_by_text(said["gift"]).click()
    page.wait_for_url("**/orders/*")
    expect(page.locator("#code, .code").first).to_be_visible()
    held(page)
    album.keep(page, "gift order")
    assert balance(shop) == 300
    assert made(shop.brand.get(f"/v1/gifts/{bag['id']}"), 200)["redeemed"] == 1
