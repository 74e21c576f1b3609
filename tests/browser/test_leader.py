"""The counter on a leader's phone: a camera that sees a code, scans that come fast, and no connection."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.camera import Camera
from tests.browser.window import Window
from tests.builders import made


class Counter:
    """A pickup point whose goods are there, its leader, and two neighbours who come for theirs."""

    def __init__(self, server: Any, shop: Any) -> None:
        self.shop = shop
        self.leader = shop.member()
        point = shop.pickup_point(leader_id=self.leader.id)["id"]
        campaign = shop.campaign(closes_in=timedelta(hours=1), pickup_point_ids=[point])
        self.orders = [made(shop.order(shop.member(), campaign=campaign)) for _ in range(2)]
        server.advance(7200)
        shop.arrived(campaign["id"])
        server.quiet()

    def status(self, order: Any) -> str:
        """How an order stands."""
        return str(made(self.shop.brand.get(f"/v1/orders/{order['id']}"), 200)["status"])


@pytest.fixture
def counter(server: Any, served_shop: Any) -> Counter:
    return Counter(server, served_shop)


@pytest.fixture
def phone(counter: Counter, open_window: Callable[..., Window]) -> Window:
    """The leader's phone, at the counter."""
    window = open_window(counter.shop, member=counter.leader)
    window.go("/leader/handover")
    return window


def scan(window: Window, *codes: str) -> None:
    """What a scanner types, as fast as it can."""
    for code in codes:
        window.page.locator("#code").focus()
        window.page.keyboard.type(code)
        window.page.keyboard.press("Enter")


def test_scans_that_come_fast_wait_for_each_other(counter: Counter, phone: Window) -> None:
    page = phone.page
    first, second = counter.orders
    scan(phone, f"{first['id']}:{first['pickup_code']}", second["pickup_code"])
    expect(page.locator("[data-signal=found]")).to_be_visible()
    expect(page.locator("[data-queue]")).to_have_text("1 more wait to be looked up")
    page.get_by_role("button", name="Hand it over").click()
    expect(page.locator("[data-queue]")).to_be_hidden()
    expect(page.locator("[data-signal=found]")).to_be_visible()
    assert [counter.status(each) for each in counter.orders] == ["picked_up", "ready"]
    page.get_by_role("button", name="Hand it over").click()
    expect(page.locator("[data-signal=done]")).to_be_visible()
    assert counter.status(second) == "picked_up"


def test_the_end_of_a_scan_hands_over_no_parcel_that_appears_meanwhile(counter: Counter, phone: Window) -> None:
    page = phone.page
    first, second = counter.orders
    held: list[Any] = []
    page.route("**/handover/look-up", lambda route: held.append(route))  # noqa: PLW0108 – a method of a list is refused
    with page.expect_request("**/handover/look-up"):
        scan(phone, first["pickup_code"])
    page.keyboard.type(second["pickup_code"])
    held[0].continue_()
    expect(page.locator("[data-signal=found]")).to_be_visible()
    page.keyboard.press("Enter")

    expect(page.locator("[data-queue]")).to_have_text("1 more wait to be looked up")
    assert [counter.status(each) for each in counter.orders] == ["ready", "ready"]


def test_without_a_connection_nothing_counts_until_the_server_says_so(counter: Counter, phone: Window) -> None:
    page, order = phone.page, counter.orders[0]
    scan(phone, order["pickup_code"])
    expect(page.locator("[data-signal=found]")).to_be_visible()
    page.context.set_offline(True)
    page.get_by_role("button", name="Hand it over").click()
    expect(page.locator("[data-lost]")).to_be_visible()
    expect(page.locator("[data-signal=done]")).to_have_count(0)
    assert counter.status(order) == "ready"

    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("[data-signal=done]")).to_be_visible()
    assert counter.status(order) == "picked_up"
    phone.complaints.clear()
    phone._said.clear()


def test_a_refused_camera_leads_to_typing(phone: Window) -> None:
    phone.page.get_by_role("button", name="Scan with the camera").click()
    expect(phone.page.locator("[data-no-camera]")).to_be_visible()
    expect(phone.page.locator("#code")).to_be_focused()


@pytest.mark.parametrize("own", [True, pytest.param(False, marks=pytest.mark.verify)])
def test_the_camera_reads_the_code_of_an_order(counter: Counter, camera: Camera, server: Any, own: bool) -> None:
    order = counter.orders[0]
    camera.sees(
        f"{order['id']}:{order['pickup_code']}" if own else f"{server.url}/s/{counter.shop.slug}/go/{order['id']}"
    )
    window = camera.windows.open(server.url, counter.shop.slug, member=counter.leader)
    window.go("/leader/handover")
    window.page.get_by_role("button", name="Scan with the camera").click()
    if own:
        window.page.get_by_role("button", name="Hand it over").click()
        expect(window.page.locator("[data-signal=done]")).to_be_visible()
        assert counter.status(order) == "picked_up"
    else:
        expect(window.page.locator(".verdict.bad h2")).to_have_text("This is a link, not a pickup code")
        window.forget()


def test_a_sorting_list_that_was_opened_is_read_and_ticked_without_a_connection(
    counter: Counter, open_window: Callable[..., Window]
) -> None:
    window = open_window(counter.shop, member=counter.leader)
    page = window.page
    window.go("/leader")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    window.go("/leader/sheet")
    page.locator(".packing input").first.check()

    window.lose_connection()

    expect(page.locator(".kept")).to_be_visible()
    expect(page.locator(".offline-only")).to_be_visible()
    expect(page.locator(".packing input").first).to_be_checked()
    expect(page.locator("form").filter(visible=True)).to_have_count(0)
