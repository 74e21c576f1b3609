"""A night makes members older, and journeys begin by it: of whom exactly, by the brand's days and thresholds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.builders import made
from tests.conftest import Clock
from tests.insight.figures import Figures
from tests.journeys.some import journey, results, turned, ways

# The brand's clock stands at 10 January 2028, ten o'clock; the next day is looked at.
ROWS = [
    ("A-1", "ann", "2027-12-11", 1, 100, "USD"),  # 31 days on the 11th
    ("B-1", "bob", "2027-10-01", 1, 100, "USD"),
    ("B-2", "bob", "2027-12-12", 1, 100, "USD"),  # 30 days on the 11th
    ("C-1", "cat", "2027-12-13", 1, 100, "USD"),  # 29 days on the 11th
    ("D-1", "dan", "2027-12-12", 1, 100, "USD"),
    ("D-2", "dan", "2028-01-01", 1, 100, "USD"),  # 10 days on the 11th, although they ordered 30 days before it, too
]


@pytest.fixture
def ordered(figures: Figures) -> Figures:
    def made_() -> None:
        figures.import_orders(ROWS)
        figures.roll()

    figures.shop.once("journeys at night", made_)
    return figures


def names(figures: Figures, of: object) -> set[str]:
    """Who is in a journey, by the reference of their orders' file."""
    members = {each["id"]: each for each in made(figures.shop.brand.get("/v1/members?limit=100"), 200)["items"]}
    return {members[each["member_id"]]["external_ref"] for each in ways(figures.shop, of)}


def test_whose_last_order_is_thirty_local_days_ago_enters_once(
    ordered: Figures, clock: Clock, sweep: Callable[[], None]
) -> None:
    shop = ordered.shop
    won_back, longer = journey(shop), journey(shop, trigger={"kind": "quiet", "days": 60})
    paused = turned(shop, journey(shop), "pause")
    clock.advance(days=1)
    sweep()
    sweep()
    assert names(ordered, won_back) == {"bob"}
    assert [results(shop, each)["entries"] for each in (longer, paused)] == [0, 0]
    clock.advance(days=1)
    sweep()
    assert names(ordered, won_back) == {"bob", "cat"}


def test_a_class_begins_by_the_thresholds_of_the_brand(
    ordered: Figures, clock: Clock, sweep: Callable[[], None]
) -> None:
    shop = ordered.shop
    thresholds = {"new_days": 3, "dormant_days": 10, "churned_days": 90}
    made(shop.brand.put("/v1/member-classes", thresholds), 200)
    asks = {"kind": "condition", "asks": "class", "class": "dormant"}
    tells = {"kind": "staff_notice", "text": "Call {name}"}
    dormant = journey(shop, trigger={"kind": "class", "class": "dormant"}, steps=[asks, tells])
    clock.advance(days=1)
    sweep()
    sweep()
    assert names(ordered, dormant) == {"dan"}  # ten days quiet: by the usual thirty they would be active
    assert results(shop, dormant)["steps"][1]["done"] == 1


def test_the_thirty_days_are_those_of_the_brand(
    new_figures: Callable[..., Figures], clock: Clock, sweep: Callable[[], None]
) -> None:
    """An order of 23:30 in Shanghai is of that day there, although its instant is of another one in New York."""
    clock.set(datetime(2028, 6, 15, 15, 30, tzinfo=UTC))
    figures = new_figures(timezone="Asia/Shanghai", currency="CNY")
    shop = figures.shop
    made(shop.order())
    of = journey(shop)
    clock.set(datetime(2028, 7, 14, 15, 30, tzinfo=UTC))  # 29 days later there
    sweep()
    sweep()
    assert results(shop, of)["entries"] == 0
    clock.set(datetime(2028, 7, 14, 17, 0, tzinfo=UTC))  # one o'clock in the morning of the thirtieth
    sweep()
    sweep()
    assert results(shop, of)["entries"] == 1
