"""The counter on a leader's phone: a camera that sees a code, scans that come fast, and no connection."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import segno
from playwright.sync_api import expect

from infra.browser import ARGUMENTS
from tests.browser.window import Window, Windows
from tests.builders import made

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SCALE, WIDTH, HEIGHT = 8, 640, 480
GREY = 128


def filmed(text: str, path: Path) -> None:
    """A film of a code that is held into a camera, as YUV4MPEG2 in 4:2:0."""
    rows = [bytes(16 if dark else 235 for dark in row for _ in range(SCALE)) for row in segno.make(text).matrix]
    tall = [row for row in rows for _ in range(SCALE)]
    left, above = (WIDTH - len(tall[0])) // 2, (HEIGHT - len(tall)) // 2
    blank = b"\xeb" * WIDTH
    lit = [b"\xeb" * left + row + b"\xeb" * (WIDTH - left - len(row)) for row in tall]
    picture = b"".join([blank] * above + lit + [blank] * (HEIGHT - above - len(tall)))
    frame = b"FRAME\n" + picture + bytes([GREY]) * (WIDTH * HEIGHT // 2)
    path.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * 10)


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


@pytest.fixture
def filming(browser: Browser, _chromium: str, tmp_path: Path) -> Iterator[Callable[[str], Windows]]:
    """Windows of a browser whose camera sees a code."""
    opened: list[Browser] = []

    def begin(text: str) -> Windows:
        film = tmp_path / "code.y4m"
        filmed(text, film)
        flags = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
        arguments = [*ARGUMENTS, *flags, f"--use-file-for-fake-video-capture={film}"]
        opened.append(browser.browser_type.launch(executable_path=_chromium, args=arguments))
        return Windows(opened[-1])

    yield begin
    for each in opened:
        each.close()


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
def test_the_camera_reads_the_code_of_an_order(
    counter: Counter, filming: Callable[[str], Windows], server: Any, own: bool
) -> None:
    order = counter.orders[0]
    text = f"{order['id']}:{order['pickup_code']}" if own else f"{server.url}/s/{counter.shop.slug}/go/{order['id']}"
    windows = filming(text)
    window = windows.open(server.url, counter.shop.slug, member=counter.leader)
    window.go("/leader/handover")
    window.page.get_by_role("button", name="Scan with the camera").click()
    if own:
        window.page.get_by_role("button", name="Hand it over").click()
        expect(window.page.locator("[data-signal=done]")).to_be_visible()
        assert counter.status(order) == "picked_up"
        assert list(windows.close()) == []
    else:
        expect(window.page.locator(".verdict.bad h2")).to_have_text("This is a link, not a pickup code")


def test_a_sorting_list_that_was_opened_is_read_and_ticked_without_a_connection(
    counter: Counter, open_window: Callable[..., Window]
) -> None:
    window = open_window(counter.shop, member=counter.leader)
    page = window.page
    window.go("/leader")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    window.go("/leader/sheet")
    page.locator(".packing input").first.check()

    page.context.set_offline(True)
    page.reload()

    expect(page.locator(".kept")).to_be_visible()
    expect(page.locator(".offline-only")).to_be_visible()
    expect(page.locator(".packing input").first).to_be_checked()
    expect(page.locator("form").filter(visible=True)).to_have_count(0)
