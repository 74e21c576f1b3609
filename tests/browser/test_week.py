"""A brand's first three weeks, by what a brand, its neighbours and its leader see and press: from the sign-up to the
statement, with goods that come short, a bag that is brought back, and cash.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from tests.browser.album import Album
from tests.browser.camera import Camera
from tests.browser.week.leader import Leader
from tests.browser.week.neighbour import Buyer
from tests.browser.week.supply import Buying
from tests.browser.week.typed import CHINESE, ENGLISH, FIRST, LAST, SLUG, Typed
from tests.browser.window import DESKTOP, PHONE, Windows
from tests.conftest import Clock, Served

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HOUR, DAY = 3600, 24 * 3600
LANGUAGES = [pytest.param(CHINESE, id="zh"), pytest.param(ENGLISH, id="en")]

pytestmark = pytest.mark.verify


APPLE = """<style>
  body { margin: 0; height: 480px; background: linear-gradient(#cfe8d2, #8fbf8a); }
  div { position: absolute; left: 170px; top: 110px; width: 300px; height: 290px; border-radius: 50% 50% 46% 46%;
    background: radial-gradient(circle at 35% 30%, #ff9a8a, #d21f2b 55%, #8c0f1c); }
  div + div { left: 312px; top: 60px; width: 14px; height: 80px; border-radius: 7px; background: #5b3a1e; }
</style><div></div><div></div>"""


@pytest.fixture(params=LANGUAGES)
def typed(request: pytest.FixtureRequest, clock: Clock) -> Typed:
    """The words of the language; it is noon where it is spoken."""
    words: Typed = request.param
    tomorrow = datetime.now(UTC).astimezone(ZoneInfo(words.zone)) + timedelta(days=1)
    clock.set(tomorrow.replace(hour=12, minute=0, second=0, microsecond=0))
    return words


@pytest.fixture
def photo(browser: Browser, tmp_path: Path) -> Path:
    """A photograph of an apple."""
    taken = tmp_path / "apple.jpg"
    page = browser.new_page(viewport={"width": 640, "height": 480})
    page.set_content(APPLE)
    page.screenshot(path=taken, type="jpeg")
    page.close()
    return taken


@pytest.fixture
def album(typed: Typed) -> Album:
    """The pictures of this language, where they are wanted."""
    return Album.wanted(typed.language)


@pytest.fixture
def brand(typed: Typed, server: Served, windows: Windows, album: Album) -> Buying:
    """Who has no shop yet, at a desk."""
    desk = windows.open(server.url, SLUG, language=typed.language, size=DESKTOP)
    return Buying(desk, server, typed.language, album, typed)


@pytest.fixture
def leader(typed: Typed, server: Served, camera: Camera, album: Album) -> Leader:
    """Whose phone has a camera that sees what the test holds into it."""
    phone = camera.windows.open(server.url, SLUG, language=typed.language, size=PHONE)
    return Leader(phone, server, typed.language, album, typed)


@pytest.fixture
def first(typed: Typed, server: Served, windows: Windows, album: Album) -> Buyer:
    """Who orders first, three bags, and pays in cash."""
    phone = windows.open(server.url, SLUG, language=typed.language, size=PHONE)
    return Buyer(phone, server, typed.language, album, typed, name=typed.first, address=FIRST)


@pytest.fixture
def last(typed: Typed, server: Served, windows: Windows, album: Album) -> Buyer:
    """Who orders last, two bags, and pays online."""
    phone = windows.open(server.url, SLUG, language=typed.language, size=PHONE)
    return Buyer(phone, server, typed.language, album, typed, name=typed.last, address=LAST)


def test_from_the_sign_up_to_who_comes_back(
    typed: Typed, server: Served, camera: Camera, photo: Path, brand: Buying, leader: Leader, first: Buyer, last: Buyer
) -> None:
    brand.signs_up()
    brand.signs_out()
    brand.signs_in()
    brand.adds_a_product(photo)
    brand.adds_a_supplier()
    leader.joins()
    brand.adds_a_pickup_point()
    brand.makes_a_group_buy()
    first.orders(3, "pickup")
    first.has_ordered()
    last.orders(2, "test")
    last.pays_online()

    server.advance(9 * HOUR)
    brand.orders_at_the_supplier()

    server.advance(15 * HOUR)
    brand.signs_in()
    brand.notes_what_came()
    leader.packs()
    brand.sends_the_parcels()
    last.sees_what_came_instead()
    leader.opens_the_counter()
    leader.hands_over(camera, first.shows_code(), typed.first, take=3000)
    leader.hands_over(camera, last.shows_code(), typed.last, take=0)
    server.quiet()
    first.asks_to_return(photo)
    brand.gives_back()
    server.quiet()
    leader.pays_out()
    first.has_money_back()
    brand.takes_the_cash()

    server.advance(17 * DAY)
    server.advance(3 * DAY)
    brand.signs_in()
    brand.settles()
    brand.pays_the_leader()
    leader.reads_the_statement()
    brand.sees_who_comes_back()
