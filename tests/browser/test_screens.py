"""Every declared screen, looked at in a real browser: phone and desktop, both languages, whatever is in the shop."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import ViewportSize

from chalicelib.kernel import clock as product_clock
from infra.local import application
from infra.local.pump import Pump
from tests.browser.conftest import pages_served
from tests.browser.holding import faults, faults_without_scripts
from tests.browser.shops import Screen, made_up, screens
from tests.browser.window import DESKTOP, PHONE, Windows
from tests.calls import Api
from tests.conftest import Drain, Sweep, emptied
from tests.isolation.world import Brand

SCREENS = list(screens())
SIGNED_OUT = ("/sign-in",)
"""Who is signed in is led on from there."""
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


def _held(screen: Screen, brand: Brand, origin: str, windows: Windows, language: str, size: ViewportSize) -> None:
    path = screen.path(brand)
    if path is None:
        pytest.skip("nothing of the kind is in this shop")
    seen: dict[str, Any] = {"language": language, "size": size}
    if str(screen) not in SIGNED_OUT:
        seen["member"] = brand.member
    window = windows.open(origin, brand.shop.slug, **seen)
    answer = window.page.request.get(window.at(path))
    assert answer.ok, f"{answer.status} {answer.text()[:2000]}"
    if HTML not in answer.headers["content-type"]:
        return
    window.go(path)
    plain = windows.open(origin, brand.shop.slug, javascript=False, **seen)
    plain.go(path)
    assert plain.page.locator("h1").inner_text() == window.page.locator("h1").inner_text()
    found = [*faults(window.page), *faults_without_scripts(plain.page)]
    assert found == [], "\n".join([window.page.url, *found])


@pytest.mark.parametrize("brand", ["longest"], indirect=True)
@pytest.mark.parametrize(("screen", "language"), [
    pytest.param(screen, ("zh", "en")[at % 2], id=str(screen)) for at, screen in enumerate(SCREENS)
])  # fmt: skip
def test_a_screen_on_a_phone_with_the_longest_texts(screen, language, brand, origin, windows):
    _held(screen, brand, origin, windows, language, PHONE)


@pytest.mark.verify
@pytest.mark.parametrize("brand", ["empty", "full", "longest"], indirect=True)
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_a_screen_everywhere(screen, language, size, brand, origin, windows):
    _held(screen, brand, origin, windows, language, size)
