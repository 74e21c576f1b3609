"""Imported orders are steps in the stream of events, where their instant is known."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.clock import instant
from tests.insight.figures import Figures

COLUMNS = ("order_ref", "member", "ordered_at", "quantity", "amount_minor", "currency", "product_code", "channel")


@pytest.fixture
def figures(stream, drain):
    return Figures(stream.shop, drain)


@pytest.fixture
def past(figures, stream):
    """Imports orders of ann, each by reference, days ago, code of goods; the last with its day alone."""

    def brought(*orders):
        now = product_clock.now()
        rows = [
            (ref, "ann", instant(now - timedelta(days=days)), 1, 100, stream.shop.currency, code, "Shop #1")
            for ref, days, code in orders
        ]
        figures.import_orders(rows, COLUMNS)

    return brought


def said(stream):
    now = product_clock.now()
    return [((now - each.at).days, each.product_ids, each.channel_id) for each in stream.read(kinds={"order"})]


def test_an_imported_order_is_a_step_at_its_own_instant(stream, past, shop, figures):
    product = shop.product()
    code = product["skus"][0]["code"]
    past(("A", 3, code), ("B", 3, "nobody's #1"), ("C", 0, code), ("D", 401, code))
    assert said(stream) == [(3, (product["id"],), "Shop #1"), (3, (), "Shop #1"), (0, (product["id"],), "Shop #1")]
    stream.compact()
    assert len(said(stream)) == 3
    past(("A", 3, code), ("E", 3, ""))  # the same file once more, and another of the same day
    stream.compact()
    assert [days for days, *_ in said(stream)] == [3, 3, 3, 0]
    report = figures.report("funnel", steps="order,order", split="channel", from_on=stream.today - timedelta(days=9))
    assert [(each["id"], each["title"]) for each in report["groups"]] == [("Shop #1", None)]


def test_rolling_days_again_changes_nothing_of_their_events(stream, past, figures):
    past(("A", 3, ""))
    figures.roll()
    before = figures.stored()
    figures.roll()
    assert {key: item for key, item in figures.stored().items() if "event" in key[0]} == {
        key: item for key, item in before.items() if "event" in key[0]
    }


def test_an_order_without_an_instant_is_no_step(stream, figures):
    on = (stream.today - timedelta(days=3)).isoformat()
    figures.import_orders([("A", "ann", on, 1, 100, stream.shop.currency)])
    assert said(stream) == []
