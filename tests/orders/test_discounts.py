"""What an order's discounts come to once its lines become less, cheaper, or come back: by hand. Pure."""

from dataclasses import replace

import pytest

from chalicelib.orders.discounts.model import (
    Applied,
    CameBack,
    Kept,
    after_returns,
    applied,
    by_promotion,
    earners,
    follow,
    given,
    kept_gifts,
    off_lines,
    read_discounts,
)
from chalicelib.orders.model import Line
from chalicelib.pricing.model import Item, Rule, Step, Words, amount_off, by_amount, gift, nothing, quote

WHY = Words("Harvest: CN¥42.00 off", "Harvest：立减 ¥42.00")
HARVEST = Applied(Step.FULL_REDUCTION, "p1", WHY, {"a": 3_000, "b": 1_200})


def line(offer_id: str, quantity: int, price_minor: int) -> Line:
    return Line(offer_id, f"sku-{offer_id}", quantity, price_minor, ())


BEFORE = [line("a", 5, 3_000), line("b", 2, 3_000)]
"""150.00 and 60.00, less 30.00 and 12.00."""


@pytest.mark.parametrize(
    ("after", "shares"),
    [
        (BEFORE, {"a": 3_000, "b": 1_200}),
        ([line("a", 5, 3_000)], {"a": 3_000}),
        ([line("b", 2, 3_000)], {"b": 1_200}),
        ([line("a", 1, 3_000), line("b", 2, 3_000)], {"a": 600, "b": 1_200}),
        ([line("a", 5, 3_000), line("b", 1, 3_000)], {"a": 3_000, "b": 600}),
        ([line("a", 5, 2_400), line("b", 2, 3_000)], {"a": 2_400, "b": 1_200}),
        ([line("a", 5, 3_600), line("b", 2, 3_000)], {"a": 3_000, "b": 1_200}),
        ([line("a", 5, 0), line("b", 2, 3_000)], {"b": 1_200}),
        ([], None),
    ],
    ids=[
        "nothing changes",
        "the second line goes",
        "the first line goes",
        "one of five is left",
        "one of two is left",
        "a ladder's price falls by a fifth",
        "a price that rises lowers no more",
        "a line becomes free",
        "all of it goes",
    ],
)
def test_what_was_taken_off_a_line_falls_with_it(after: list[Line], shares: dict[str, int] | None) -> None:
    followed = follow([HARVEST], BEFORE, after)
    assert [dict(each.shares) for each in followed] == ([] if shares is None else [shares])


def test_three_units_go_one_by_one_and_nothing_of_a_discount_is_lost() -> None:
    """1.00 off three at 3.00: 0.66 are left off two, 0.33 off one; the lines cost 8.00, 5.34 and 2.67."""
    discounts, lines = (Applied(Step.TIMED_PRICE, "p", WHY, {"a": 100}),), [line("a", 3, 300)]
    costs = []
    for units in (2, 1):
        less = [line("a", units, 300)]
        discounts, lines = follow(discounts, lines, less), less
        costs.append(lines[0].total_minor - off_lines(discounts)["a"])
    assert costs == [534, 267]


def test_a_gift_stays_free_when_some_of_its_units_go() -> None:
    cups = Applied(Step.GIFT, "p", WHY, {"cup": 6_000}, gifts={"cup": 2})
    [left] = follow([cups], [line("cup", 2, 3_000)], [line("cup", 1, 3_000)])
    assert (dict(left.shares), dict(left.gifts)) == ({"cup": 3_000}, {"cup": 1})


@pytest.mark.parametrize(
    ("units", "returned", "minor"),
    [
        ({}, {}, 4_200),
        ({"a": 5}, {"a": 12_000}, 1_200),
        ({}, {"a": 2_400}, 3_600),
        ({"a": 5, "b": 2}, {"a": 12_000, "b": 4_800}, 0),
        ({}, {"b": 9_999}, 3_000),
        ({"b": 1}, {}, 3_600),
        ({"a": 1}, {"a": 6_000}, 2_700),
        ({"a": 3}, {"a": 2_400}, 2_400),
    ],
    ids=[
        "nothing came back", "a line", "a fifth of its money", "all", "more money than it costs",
        "a unit without money", "half the money, a fifth of the units", "a fifth of the money, three of five units",
    ],
)  # fmt: skip
def test_what_came_back_takes_its_part_with_it(units: dict[str, int], returned: dict[str, int], minor: int) -> None:
    """The lines cost 120.00 and 48.00; 24.00 are a fifth of the first."""
    assert by_promotion(after_returns([HARVEST], BEFORE, CameBack(units, returned))) == {"p1": minor}


CUP = Applied(Step.GIFT, "p2", WHY, {"cup": 3_000}, gifts={"cup": 1})
WITH_CUP = [*BEFORE, line("cup", 1, 3_000)]


@pytest.mark.parametrize(
    ("earned_by", "units", "kept"),
    [
        ((), {}, 0),
        ((), {"a": 5, "b": 2}, 3_000),
        ((), {"a": 5, "b": 2, "cup": 1}, 0),
        ((), {"cup": 1}, 0),
        ((), {"a": 5}, 2_142),
        ((), {"a": 1, "b": 1}, 857),
        (("a",), {"a": 5}, 3_000),
        (("a",), {"a": 2}, 1_200),
        (("a",), {"b": 2}, 0),
    ],
    ids=[
        "nothing came back", "all but the gift", "all", "the gift alone", "five sevenths of what was paid",
        "two sevenths", "all that earned it", "two fifths of what earned it", "only what did not earn it",
    ],
)  # fmt: skip
def test_of_a_gift_that_stays_its_part_is_kept_back(
    earned_by: tuple[str, ...], units: dict[str, int], kept: int
) -> None:
    """150.00 and 60.00 were paid, and a cup of 30.00 was given: each seventh of 210.00 earned 4.28 of it."""
    cup = replace(CUP, earned_by=earned_by)
    assert kept_gifts([cup], WITH_CUP, units) == Kept(kept, 0)
    assert by_promotion(after_returns([cup], WITH_CUP, CameBack(units))) == {
        "p2": 0 if "cup" in units else 3_000 - kept,
    }


def test_all_parts_of_a_bundle_earn_a_gift_that_the_bundle_earned() -> None:
    lines = [line("a", 5, 3_000), line("b-0", 2, 1_000), line("b-1", 2, 2_000), line("cup", 1, 3_000)]
    cup = replace(CUP, earned_by=("b",))
    assert kept_gifts([cup], lines, {"a": 5}) == Kept()
    assert kept_gifts([cup], lines, {"b-0": 2}) == Kept(1_000)
    assert kept_gifts([cup], lines, {"b-0": 2, "b-1": 2}) == Kept(3_000)


def test_what_points_paid_earns_a_gift_as_money_does() -> None:
    """Half of each line by points: the money bears the gift, and points what the money does not."""
    points = Applied(Step.POINTS, "", WHY, {"a": 7_500, "b": 3_000})
    assert kept_gifts([CUP, points], WITH_CUP, {"a": 5, "b": 2}) == Kept(3_000, 0)
    all_points = Applied(Step.POINTS, "", WHY, {"a": 14_000, "b": 6_000})
    assert kept_gifts([CUP, all_points], WITH_CUP, {"a": 5, "b": 2}) == Kept(1_000, 2_000)
    assert earners([CUP, all_points], WITH_CUP) == {"a", "b"}


def test_of_two_baskets_that_which_takes_more_counts() -> None:
    less = Applied(Step.TIMED_PRICE, "p2", WHY, {"a": 100})
    more = Applied(Step.FULL_REDUCTION, "p1", WHY, {"a": 5_000})
    coupon = Applied(Step.COUPON, "c1", WHY, {"a": 100})
    assert by_promotion([HARVEST, less], [more, coupon]) == {"p1": 5_000, "p2": 100}


def test_an_order_keeps_the_discounts_of_its_quote() -> None:
    cup = Item("cup", "sku-cup", 1, 3_000)
    rules = [
        Rule(Step.FULL_REDUCTION, WHY, amount_off(4_200), promotion_id="p1"),
        Rule(Step.GIFT, WHY, nothing, promotion_id="p2", give=gift(cup, by_amount(1))),
        Rule(
            Step.GIFT,
            WHY,
            nothing,
            promotion_id="p3",
            give=gift(cup, by_amount(1)),
            earns=lambda item: item.offer_id == "b",
        ),
        Rule(Step.COUPON, WHY, nothing, coupon_id="c1", lower_delivery=lambda fee: fee),
    ]
    items = [Item(each.offer_id, each.sku_id, each.quantity, each.unit_price_minor) for each in BEFORE]
    kept = applied(quote(items, "CNY", rules, delivery_minor=600))
    assert read_discounts([each.as_json() for each in kept]) == kept
    assert [(each.source, each.promotion_id, each.delivery_minor) for each in kept] == [
        ("p1", "p1", 0),
        ("p2", "p2", 0),
        ("p3", "p3", 0),
        ("c1", None, 600),
    ]
    assert given(kept) == {"cup": 2}
    assert [each.earned_by for each in kept] == [(), (), ("b",), ()]
    shown = [each.shown([*BEFORE, line("cup", 2, 3_000)]) for each in kept]
    assert [each.shares_minor for each in shown] == [(3_000, 1_200, 0), (0, 0, 3_000), (0, 0, 3_000), (0, 0, 0)]
    assert [each.coupon_id for each in shown] == [None, None, None, "c1"]
