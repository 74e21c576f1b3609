"""What a page tells when it is left: one request with what was done, and none of who has not agreed."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect

from chalicelib.pages.storefront.counting import routes
from tests.browser.window import SECONDS


@pytest.fixture
def told(neighbour, monkeypatch):
    """A window, and what its pages have told the shop, request by request: seen where it arrives, since the browser
    reports nothing of a page that is gone.
    """
    sent, tell = [], routes.tell

    def heard(tenant_id, who, events, *times):
        sent.append(events)
        return tell(tenant_id, who, events, *times)

    monkeypatch.setattr(routes, "tell", heard)
    return neighbour("en").window, sent


def left_at_last(told, count):
    """Closes the window, until when a browser may keep back what it has to say, and waits for so many requests."""
    window, sent = told
    window.page.close()
    ends = time.monotonic() + SECONDS
    while len(sent) < count and time.monotonic() < ends:
        time.sleep(0.05)
    time.sleep(0.3)
    assert len(sent) == count, sent


def test_nothing_is_told_before_somebody_agrees_nor_after_a_no(told, served_shop):
    window, _ = told
    window.go("")
    window.go(f"/campaigns/{served_shop.campaign_id}")
    window.page.get_by_role("button", name="No, thank you").click()
    expect(window.page.get_by_text("It is noted.")).to_be_visible()
    window.go("/products")
    window.go("")
    assert [each for each in window.page.context.cookies() if each.get("value", "").startswith("yes")] == []
    left_at_last(told, 0)


def test_a_page_that_is_left_tells_once_what_was_done(told, served_shop):
    window, sent = told
    window.go("/help")
    window.page.get_by_role("button", name="Yes, count me").click()
    expect(window.page.get_by_text("It is noted.")).to_be_visible()
    window.go(f"/campaigns/{served_shop.campaign_id}")
    window.page.locator("#choose input[type=number]").first.fill("1")
    window.page.get_by_role("button", name="To the basket").click()
    window.page.wait_for_url("**/basket*")
    window.go("/products?q=pear&sort=price")
    window.go("/help")
    left_at_last(told, 5)
    campaign = next(events for events in sent if any(each.kind == "cart" for each in events))
    search = next(events for events in sent if any(each.kind == "search" for each in events))
    assert [each.kind for each in campaign if each.kind != "visit"] == ["view", "cart"]
    assert {each.campaign_id for each in campaign if each.kind != "visit"} == {served_shop.campaign_id}
    assert [each.duration_ms is not None for each in campaign if each.kind == "view"] == [True]
    assert [each.kind for each in search if each.kind != "visit"] == ["view", "search", "filter"]
    assert [dict(each.properties) for each in search if each.kind != "visit"] == [{}, {"q": "pear"}, {"sort": "price"}]


HIDDEN = """hidden => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_a_view_is_as_long_as_its_page_was_visible_however_often_it_was_hidden(told, served_shop):
    window, sent = told
    window.go("/help")
    window.page.get_by_role("button", name="Yes, count me").click()
    expect(window.page.get_by_text("It is noted.")).to_be_visible()
    window.page.clock.install()
    window.go(f"/campaigns/{served_shop.campaign_id}")
    for hidden, ms in [(False, 2_000), (True, 60_000), (False, 3_000), (True, 60_000), (True, 60_000), (False, 400)]:
        window.page.evaluate(HIDDEN, hidden)
        window.page.clock.run_for(ms)
    window.go("/help")
    left_at_last(told, 5)
    views = [each for events in sent for each in events if each.kind == "view" and each.campaign_id]
    assert len({each.event_id for each in views}) == 3
    assert len({each.at for each in views}) == 1
    assert [dict(each.properties) for each in views] == [{}, {"continues": True}, {"continues": True}]
    [first, *later] = [each.duration_ms for each in views]
    assert 2_000 <= first < 2_000 + 1000 * SECONDS  # the clock goes on by itself, too
    assert 3_000 <= later[0] < 60_000
    assert 400 <= later[1] < 60_000


def test_a_comparison_is_told_once_with_its_products_and_so_is_what_goes_into_the_basket(told, served_shop):
    window, sent = told
    goods = [served_shop.product(title=f"Tea {n}")["id"] for n in range(2)]
    window.go("/help")
    window.page.get_by_role("button", name="Yes, count me").click()
    expect(window.page.get_by_text("It is noted.")).to_be_visible()
    window.go(f"/products/compare?ids={goods[0]}")
    window.page.get_by_role("link", name="Choose another product").click()
    window.page.get_by_role("checkbox", name="Tea 1").check()
    window.page.get_by_role("button", name="Compare what I ticked").click()
    expect(window.page.get_by_role("table")).to_be_visible()
    window.go(f"/campaigns/{served_shop.campaign_id}")
    window.page.locator("#choose input[type=number]").first.fill("1")
    window.page.get_by_role("button", name="To the basket").click()
    window.page.wait_for_url("**/basket*")
    left_at_last(told, 6)
    [compared] = [each for events in sent for each in events if each.kind == "compare"]
    [cart] = [each for events in sent for each in events if each.kind == "cart"]
    assert list(compared.product_ids) == sorted(goods)
    assert list(cart.product_ids) == [served_shop.open_campaign["offers"][0]["product_id"]]
