"""What a phone has to load of each page: bytes as they are sent, and requests. Times are for `make bench`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chalicelib.pages.shell.declared import PageRoute
from infra.bench.pages import MOST_KB, Weight, weigh
from infra.local.gateway import Gateway
from tests.isolation.conftest import world
from tests.isolation.world import World
from tests.pages.examples import named, pages, path
from tests.pages.site import Desk, Visitor

__all__ = ["world"]

LOOKED_AT = [each for each in pages() if each.method == "GET"]
CAMPAIGNS = 20


@pytest.fixture
def looking(world: World, _gateway: Gateway) -> Callable[[PageRoute, str], Visitor]:
    """Browsers for pages: our member's, or at the console our owner's."""

    def opened(route: PageRoute, language: str) -> Visitor:
        at_desk = route.place == "console"
        browser = (Desk if at_desk else Visitor)(_gateway, world.ours.shop.slug, language=language)
        return browser.with_token(world.ours.owner_token if at_desk else world.ours.member.token)

    return opened


@pytest.mark.parametrize("route", LOOKED_AT, ids=named)
def test_a_page_is_within_its_budget(route, world, looking):
    for language in ("zh", "en"):
        browser = looking(route, language)
        page = browser.get(path(route, world.ours))
        if page.headers["content-type"].startswith("text/html"):
            weight = weigh(page.text, lambda asset: browser.get(asset).text)  # noqa: B023 - used at once
            assert weight.over(js=40 if route.place == "console" else MOST_KB["JS"]) == {}


def test_a_home_that_is_full_is_within_its_budget(shop, visitor):
    for number in range(CAMPAIGNS):
        shop.campaign(title=f"Pears, apples and plums of week {number}", description=f"From the {number}th farm. " * 20)
    page = visitor.get("")
    assert page.text.count("Pears, apples and plums") >= CAMPAIGNS
    assert weigh(page.text, lambda asset: visitor.get(asset).text).over() == {}


def test_all_that_a_page_names_is_weighed():
    """Style sheets, scripts, and what a module imports, once each."""
    assets = {
        "/a/one.css": "x" * 10,
        "/a/two.css": "y" * 10,
        "/a/main.js": 'import { a } from "./part.js"; import("./late.js")',
        "/a/part.js": 'import "./main.js"',
        "/a/late.js": "",
    }
    html = """<link rel="stylesheet" href="/a/one.css"><link rel="stylesheet" href="/a/two.css">
        <script type="module" src="/a/main.js"></script>"""
    found = weigh(html, assets.__getitem__)
    assert found.requests == 1 + len(assets)
    assert found.over() == {}
    assert set(Weight(10**6, 10**6, 10**6, 99).over()) == {*MOST_KB, "requests"}
