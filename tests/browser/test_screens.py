"""Every declared screen, looked at in a real browser: phone and desktop, both languages, whatever is in the shop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, ViewportSize

from chalicelib.kernel import clock as product_clock
from infra.local import application
from infra.local.pump import Pump
from tests.browser.conftest import pages_served
from tests.browser.holding import faults, faults_without_scripts
from tests.browser.shops import Screen, made_up, screens
from tests.browser.window import DESKTOP, PHONE, Window, Windows
from tests.calls import Api
from tests.conftest import Drain, Sweep, emptied
from tests.isolation.world import Brand

SCREENS = list(screens())
HTML = "text/html"


@pytest.fixture(scope="module")
def brand(request: pytest.FixtureRequest, _engine_process: Any, _gateway: Any) -> Iterator[Brand]:
    """A shop, made once for all of its screens."""
    engine, resources = _engine_process
    emptied(engine)
    drain = Drain(Pump(application.load(), engine, resources))

    def move(**units: float) -> None:
        product_clock.set_offset(product_clock.offset() + timedelta(**units).total_seconds())

    yield made_up(request.param, Api(_gateway), drain, Sweep(drain), move)
    product_clock.set_offset(0)


@pytest.fixture(scope="module")
def origin(_gateway: Any) -> Iterator[str]:
    """Where the pages are."""
    with pages_served(_gateway) as url:
        yield url


@dataclass
class Looking:
    """Two windows for each kind of reader, one without scripts; what is loaded once is kept for all screens."""

    browser: Browser
    origin: str
    windows: dict[tuple[Any, ...], Window] = field(default_factory=dict)

    def window(self, screen: Screen, brand: Brand, language: str, size: ViewportSize, *, scripts: bool) -> Window:
        """A window in which whoever may see the screen is signed in."""
        kind = (brand.shop.slug, screen.route.place, screen.signed_out, language, size["width"], scripts)
        if kind not in self.windows:
            opened = Windows(self.browser).open(
                self.origin, brand.shop.slug, language=language, size=size, javascript=scripts
            )
            token = screen.prefers(brand)
            if token and screen.route.place == "console":
                opened.at_the_console(token)
            elif token:
                opened.signed_in(brand.member)
            self.windows[kind] = opened
        return self.windows[kind]


@pytest.fixture(scope="module")
def looking(browser: Browser, origin: str) -> Iterator[Looking]:
    """Closes all windows at the end."""
    found = Looking(browser, origin)
    yield found
    for window in found.windows.values():
        window.page.context.close()


def _held(screen: Screen, brand: Brand, looking: Looking, language: str, size: ViewportSize, *, bare: bool) -> None:
    """``bare``: also in a window that runs no scripts."""
    path = screen.path(brand)
    if path is None:
        pytest.skip("nothing of the kind is in this shop")
    window = looking.window(screen, brand, language, size, scripts=True)
    try:
        answer = window.look(path)
    except Error as fault:
        if "Download is starting" in str(fault):  # a file, which no window shows
            return
        raise
    assert answer.ok, f"{answer.status} {answer.text()[:2000]}"
    if HTML not in answer.headers["content-type"]:
        return
    found = [*faults(window.page), *window.unexpected()]
    window.forget()
    if bare:
        found += _without_scripts(screen, brand, looking, language, size, window)
    assert found == [], "\n".join([window.page.url, *found])


def _without_scripts(
    screen: Screen, brand: Brand, looking: Looking, language: str, size: ViewportSize, window: Window
) -> list[str]:
    plain = looking.window(screen, brand, language, size, scripts=False)
    plain.go(str(screen.path(brand)))
    assert plain.page.locator("h1").inner_text() == window.page.locator("h1").inner_text()
    found = [*faults_without_scripts(plain.page), *plain.unexpected()]
    plain.forget()
    return found


@pytest.mark.parametrize("brand", ["longest"], indirect=True)
@pytest.mark.parametrize(("screen", "language"), [
    pytest.param(screen, ("zh", "en")[at % 2], id=str(screen)) for at, screen in enumerate(SCREENS[::5])
])  # fmt: skip
def test_a_screen_on_a_phone_with_the_longest_texts(screen, language, brand, looking):
    """Every fifth of them; all, in every way that they are looked at, are a slower proof."""
    _held(screen, brand, looking, language, PHONE, bare=False)


@pytest.mark.verify
@pytest.mark.parametrize("brand", ["empty", "full", "longest"], indirect=True)
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_a_screen_everywhere(screen, language, size, brand, looking):
    _held(screen, brand, looking, language, size, bare=True)
