"""The page that says how the brand is doing, what changed, and what to do next."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.builders import made
from tests.insight.conftest import figures, new_figures

__all__ = ["figures", "new_figures"]

LAST = date(2028, 1, 8)
"""The last complete day where it is 10 January 2028."""

COLUMNS = ("order_ref", "member", "ordered_on", "quantity", "amount_minor", "currency", "channel", "product_code")


def orders(name, days_ago, members, amount, channel="chat", product="pears"):
    """One order a member, so many days before the last complete one."""
    on = (LAST - timedelta(days=days_ago)).isoformat()
    return [(f"{name}-{each}", f"m{each}", on, 1, amount, "USD", channel, product) for each in members]


ROWS = [
    *orders("old", 60, range(1, 9), 900),
    *orders("before", 9, range(1, 5), 1000),
    *orders("before-too", 8, range(5, 7), 1000, channel="shop"),
    *orders("now", 2, range(1, 10), 1000, channel="chat", product="plums"),
    *orders("now-too", 1, range(3, 6), 2000, channel="chat", product="plums"),
]


@pytest.fixture
def busy(figures):
    """Two weeks of orders, and an older day: 6 orders of 60 dollars before, 12 of 150 in the last week."""

    def made_():
        figures.import_orders(ROWS, COLUMNS)
        figures.roll()

    figures.shop.once("two weeks", made_)
    return figures


@pytest.fixture
def manager(busy, new_desk):
    return new_desk(busy.shop, "manager")


def tiles(page):
    return [" ".join(each.get_text(" ").split()) for each in page.soup.select("a.tile")]


def test_look(manager):
    page = manager.get("/overview")
    print(page.words())
    for each in page.soup.select("main a"): print(each["href"])
    manager.language="zh"
    print(manager.get("/overview?days=28").words())
