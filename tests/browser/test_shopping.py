"""Shopping in a real browser: steppers and their total, what is kept current, each step with the longest texts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import pages_served
from tests.browser.holding import faults
from tests.browser.shops import Wordy
from tests.builders import Shop

REFRESH = "document.querySelector('[data-live]').dispatchEvent(new CustomEvent('refresh'))"


@pytest.fixture
def origin(shop: Shop, _gateway: Any) -> Iterator[str]:
    """Where the pages are."""
    with pages_served(_gateway) as url:
        yield url


def held(page: Page) -> None:
    found = list(faults(page))
    assert found == [], page.url


@pytest.mark.parametrize("language", ["en", pytest.param("zh", marks=pytest.mark.verify)])
def test_every_step_to_an_order_can_be_taken_on_a_phone_with_the_longest_texts(api, origin, windows, language):
    shop = Wordy(api)
    places = [shop.pickup_point_id, shop.pickup_point()["id"]]
    campaign = shop.campaign(
        pickup_point_ids=places, delivery={"fee": shop.money(99_999_99)}, payment_methods=["pickup", "test"]
    )
    window = windows.open(origin, shop.slug, member=shop.shopper, language=language)
    page = window.page
    window.go(f"/campaigns/{campaign['id']}")
    page.locator(".stepper button").last.click()
    page.locator(".stepper button").last.click()
    held(page)
    page.locator(".stay button").click()
    page.wait_for_url("**/basket")
    held(page)
    page.locator(".stay button").click()
    page.wait_for_url("**/checkout")
    held(page)
    page.locator(".two a").last.click()
    page.wait_for_url("**/checkout?handover=deliver")
    page.locator("[name=pickup_point_id]").last.check()
    page.locator("[name='delivery.name']").fill("王小明")
    page.locator("[name='delivery.phone']").fill("12")
    page.locator("[name='delivery.address']").fill("x" * 300)
    page.locator(".stay button").click()
    expect(page.locator(".wrong .fault")).to_be_visible()
    held(page)
    page.locator("[name='delivery.phone']").fill("+8613800138000")
    page.locator(".stay button").click()
    page.wait_for_url("**/orders/*")


def test_the_steppers_stay_within_what_there_is_and_add_up(shop, origin, windows):
    campaign = shop.campaign(offers=[shop.offer(price=123_456, quantity=9, per_member_limit=2)])
    window = windows.open(origin, shop.slug)
    window.go(f"/campaigns/{campaign['id']}")
    units, total = window.page.locator(".stepper input"), window.page.locator("[data-total]")
    less, more = window.page.locator(".stepper button").all()
    for _ in range(3):
        more.click()
    expect(units).to_have_value("2")
    expect(total).to_have_text("CN¥2,469.12")
    for _ in range(3):
        less.click()
    expect(units).to_have_value("0")
    expect(total).to_have_text("CN¥0.00")


def test_what_others_order_shows_and_nothing_is_asked_while_nobody_looks(shop, origin, windows):
    steps = [{"from_quantity": 1, "price": shop.money(1000)}, {"from_quantity": 10, "price": shop.money(750)}]
    ladder = shop.campaign(kind="ladder", offers=[{"sku_id": shop.sku_id, "ladder": steps, "quantity": 20}])
    window = windows.open(origin, shop.slug)
    page = window.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/progress" in request.url else None)
    window.go(f"/campaigns/{ladder['id']}")
    page.locator(".stepper button").last.click()

    shop.order(quantity=4, campaign=ladder)
    page.evaluate(REFRESH)
    expect(page.locator("main")).to_contain_text("6 more, and everybody pays CN¥7.50")
    expect(page.locator(".stepper input")).to_have_value("1")

    expect(page.locator(".htmx-request")).to_have_count(0)
    page.evaluate("document.querySelector('#progress').dataset.seen = 'yes'")
    with page.expect_response("**/progress**"):
        page.evaluate(REFRESH)
    expect(page.locator("#progress[data-seen]")).to_be_attached()
    expect(page.locator(".htmx-request")).to_have_count(0)

    page.evaluate("Object.defineProperty(document, 'hidden', {get: () => true, configurable: true})")
    before = len(asked)
    page.evaluate(REFRESH)
    page.evaluate("Object.defineProperty(document, 'hidden', {get: () => false})")
    with page.expect_response("**/progress**"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert len(asked) == before + 1


def test_the_phones_clock_does_not_matter(shop, origin, windows):
    window = windows.open(origin, shop.slug)
    window.page.add_init_script("Date.now = () => 0")
    window.go(f"/campaigns/{shop.campaign_id}")
    expect(window.page.locator(".countdown")).to_contain_text("6 days 23:5")
