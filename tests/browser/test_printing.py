"""All sorting sheets of a large group buy on paper, as a browser prints them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.browser.conftest import pages_served
from tests.browser.paper import sheets
from tests.browser.window import DESKTOP
from tests.builders import made

POINTS, EACH = 50, 6
"""A group buy has at most so many pickup points; with these parcels it is a print of three hundred."""

_BREAKS = "each => each.map((sheet) => getComputedStyle(sheet).breakAfter)"


@pytest.fixture
def origin(shop, _gateway):
    with pages_served(_gateway) as url:
        yield url


@pytest.fixture
def closed(shop, clock, sweep):
    """A group buy of fifty pickup points that has closed, with six orders at each."""
    points = [shop.pickup_point(name=f"Gate number {number}")["id"] for number in range(1, POINTS + 1)]
    members = [shop.member() for _ in range(EACH)]
    offers = [shop.offer(quantity=POINTS * EACH)]
    campaign = shop.campaign(offers=offers, pickup_point_ids=points, closes_in=timedelta(hours=1))
    for point in points:
        for member in members:
            made(shop.order(member, campaign=campaign, pickup_point_id=point))
    clock.advance(hours=2)
    sweep(2)
    return campaign


@pytest.mark.verify
def test_three_hundred_parcels_of_fifty_points_are_one_print_with_a_page_for_each_point(closed, shop, origin, windows):
    window = windows.open(origin, shop.slug, size=DESKTOP)
    window.at_the_console(shop.team_token("owner"))
    page = window.page
    window.go(f"/console/supply/{closed['id']}/sorting-sheets")
    page.get_by_role("link", name="Print all", exact=True).click()
    page.wait_for_url("**/print")

    names = page.locator(".sheet h1").all_inner_texts()
    assert sorted(names) == sorted(f"Gate number {number}" for number in range(1, POINTS + 1))
    assert page.locator(".sheet .member tr").count() == POINTS * EACH
    assert page.locator(".sheet").evaluate_all(_BREAKS) == ["page"] * (POINTS - 1) + ["auto"]
    assert sheets(page) == POINTS
