"""What is told to have changed: by fixed rules, from figures beside those before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from chalicelib.insight.model.overview import (
    Dormant,
    Figure,
    Part,
    Rate,
    Restated,
    Shift,
    Spans,
    changes,
    moved,
    moved_most,
)
from chalicelib.insight.model.slices import NO_GOODS, UNKNOWN, Dimension
from chalicelib.insight.model.summary import Span


@dataclass(frozen=True)
class Sold:
    orders: int
    minor: int


def figure(now: int | None, before: int | None, *, comparable: bool = True, least: int = 100) -> Figure:
    return Figure("orders", now, before, comparable, least)


def part(difference: int, name: str = "a", dimension: Dimension = Dimension.PRODUCT) -> Part:
    return Part(dimension, name, 1000 + difference, 1000)


def test_as_many_days_are_taken_just_before_whatever_the_calendar_says() -> None:
    """The summary compares 1 to 7 December with 1 to 7 November; here it is the week before."""
    spans = Spans.ending(date(2026, 12, 7), 7)
    assert spans.now == Span(date(2026, 12, 1), date(2026, 12, 7))
    assert spans.before == Span(date(2026, 11, 24), date(2026, 11, 30))


@pytest.mark.parametrize(
    ("now", "before", "percent", "shift"),
    [
        (12, 10, "20.0", Shift.UP),
        (8, 10, "-20.0", Shift.DOWN),
        (10, 10, "0.0", Shift.SAME),
        (3, 0, None, Shift.UP),
        (None, 10, None, Shift.UNKNOWN),
    ],
)
def test_a_figure_says_where_it_went(now: int | None, before: int | None, percent: str | None, shift: Shift) -> None:
    assert (figure(now, before).percent, figure(now, before).shift) == (percent, shift)


def test_what_cannot_be_compared_has_neither_percentage_nor_direction() -> None:
    found = figure(12, 10, comparable=False)
    assert (found.difference, found.percent, found.shift) == (None, None, Shift.UNKNOWN)
    rate = Rate("conversion", Decimal("0.5"), Decimal("0.4"), comparable=False)
    assert (rate.points, rate.shift) == (None, Shift.UNKNOWN)


def test_a_share_differs_by_points_and_not_by_a_share_of_itself() -> None:
    rate = Rate("conversion", Decimal("0.0512"), Decimal("0.0400"), comparable=True)
    assert (rate.points, rate.shift) == (Decimal("1.1"), Shift.UP)
    assert Rate("praise_rate", None, Decimal("0.9"), comparable=True).shift is Shift.UNKNOWN


@pytest.mark.parametrize(
    ("found", "is_told"),
    [
        (figure(120, 100), True),
        (figure(119, 100), False),
        (figure(80, 100), True),
        (figure(81, 100), False),
        (figure(5, 0, least=5), True),
        (figure(4, 0, least=4), False),
        (figure(0, 5, least=5), True),
        (figure(100, 100), False),
        (figure(200, 100, comparable=False), False),
        (figure(None, 100), False),
    ],
)
def test_a_figure_is_told_from_a_count_and_a_share_on(found: Figure, is_told: bool) -> None:
    assert (moved([found]) == [found]) is is_told


def test_the_figure_that_moved_most_is_told_first() -> None:
    small, large, fallen, fresh = figure(130, 100), figure(250, 100), figure(10, 100), figure(9, 0)
    assert moved([small, large, fallen, fresh]) == [fresh, large, fallen, small]


def test_of_a_dimension_the_value_is_told_whose_sales_moved_most() -> None:
    before = {"pears": Sold(10, 5000), "plums": Sold(10, 5000)}
    now = {"pears": Sold(10, 5500), "plums": Sold(8, 3000)}
    found = moved_most(Dimension.PRODUCT, now, before)
    assert found == Part(Dimension.PRODUCT, "plums", 3000, 5000)


def test_who_comes_or_goes_altogether_moved_too() -> None:
    assert moved_most(Dimension.CAMPAIGN, {"a": Sold(5, 900)}, {}) == Part(Dimension.CAMPAIGN, "a", 900, 0)
    assert moved_most(Dimension.CAMPAIGN, {}, {"a": Sold(5, 900)}) == Part(Dimension.CAMPAIGN, "a", 0, 900)
    assert moved_most(Dimension.CAMPAIGN, {}, {}) is None


@pytest.mark.parametrize("value", [UNKNOWN, NO_GOODS])
def test_what_is_no_value_counts_in_the_whole_and_is_never_told(value: str) -> None:
    now = {value: Sold(50, 9000), "pears": Sold(10, 899)}
    assert moved_most(Dimension.PRODUCT, now, {}) is None, "less than a tenth of all"
    enough = {**now, "pears": Sold(10, 1000)}
    assert moved_most(Dimension.PRODUCT, enough, {}) == Part(Dimension.PRODUCT, "pears", 1000, 0)


def test_few_orders_are_no_change_however_much_they_came_to() -> None:
    assert moved_most(Dimension.PRODUCT, {"gold": Sold(4, 10**6)}, {}) is None
    assert moved_most(Dimension.PRODUCT, {"gold": Sold(5, 10**6)}, {})


def test_of_values_that_moved_alike_the_first_by_name_is_told_whatever_their_order() -> None:
    found = {moved_most(Dimension.PRODUCT, now, {}) for now in (
        {"b": Sold(5, 10), "a": Sold(5, 10)}, {"a": Sold(5, 10), "b": Sold(5, 10)},
    )}  # fmt: skip
    assert [each.value for each in found if each] == ["a"]


def test_at_most_five_changes_are_told_and_each_kind_has_its_place() -> None:
    figures = [figure(200, 100), figure(190, 100), figure(180, 100)]
    parts = [part(10, "small"), part(-90, "large"), part(50, "middle")]
    dormant, restated = Dormant(3, 9), Restated(date(2028, 1, 9), 2)
    assert changes(figures, parts, dormant, restated) == [*figures[:2], parts[1], dormant, restated]
    assert changes(figures, parts, Dormant(0, 9), None) == [*figures[:2], parts[1], parts[2], parts[0]]
    assert changes([], [], None, None) == []
