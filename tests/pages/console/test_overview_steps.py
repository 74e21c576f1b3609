"""What to do next: the most pressing first, five at most, and nothing where there is nothing."""

from __future__ import annotations

import pytest

from chalicelib.pages.console.overview.model import (
    Kind,
    Step,
    at_risk,
    doubtful,
    due_again,
    late,
    next_steps,
    running_out,
    short_of_target,
)
from chalicelib.pages.console.today.model import Left, Tile

HOUR = 3600


def test_of_what_waits_only_what_is_late_is_pressing():
    tiles = [Tile("Late", 2, "/a", more=True, late=True), Tile("In work", 7, "/b")]
    assert late(tiles) == [Step(Kind.LATE, 2, "/a", more=True, name="Late")]


@pytest.mark.parametrize(
    ("reached_bps", "hours", "is_told"),
    [(9_999, 48, True), (9_999, 49, False), (10_000, 5, False), (0, 1, True), (0, 0, False)],
)
def test_a_group_buy_is_told_that_closes_soon_short_of_its_target(reached_bps, hours, is_told):
    assert bool(short_of_target("1", "Pears", reached_bps, hours * HOUR)) is is_told


def test_it_says_how_far_it_is_and_how_long_is_left():
    step = short_of_target("1", "Pears", 4_050, 5 * HOUR)
    assert (step.percent, step.left, step.to) == (40, Left(5, "hours"), "/campaigns/1")


def test_goods_are_counted_that_last_a_week_or_less():
    assert running_out([0, 7, 8, None], 7, "/stock").count == 2
    assert running_out([8, None], 7, "/stock") is None


def test_who_is_due_is_told_before_who_is_overdue():
    assert due_again(3, 9, "/p?members=*:{state}") == Step(Kind.DUE, 3, "/p?members=*:due")
    assert due_again(0, 9, "/p?members=*:{state}") == Step(Kind.OVERDUE, 9, "/p?members=*:overdue")
    assert due_again(0, 0, "") is None


def test_money_at_risk_is_summed_over_who_has_some():
    assert at_risk([500, 0, 250], "/r") == Step(Kind.RISK, 2, "/r", amount=750)
    assert at_risk([0], "/r") is None


def test_of_doubts_the_one_that_distorts_most_is_told():
    found = [("no_channel", "No channel", 90), ("no_cost", "No cost", 5), ("double_orders", "Doubled", 1)]
    assert doubtful(found, "/q") == Step(Kind.DOUBT, 1, "/q", name="Doubled", rule="double_orders")
    assert doubtful([("no_channel", "No channel", 90), ("gaps", "Gaps", 0)], "/q") is None


def test_five_are_told_the_most_pressing_first():
    kinds = [Kind.DOUBT, Kind.DUE, Kind.RISK, Kind.STOCK, Kind.TARGET, Kind.LATE]
    found = next_steps([None, *(Step(each, 1, "") for each in kinds)])
    assert [each.kind for each in found] == [Kind.LATE, Kind.TARGET, Kind.STOCK, Kind.RISK, Kind.DUE]
