"""Which orders a delivery leaves short, worked by hand: first come, first served."""

from typing import Any

import pytest

from chalicelib.fulfilment.receiving.model.shortage import (
    Open,
    Placed,
    Step,
    Wanted,
    cut,
    give,
    handed_out,
    left_over,
    substituted,
    to_cut,
    to_do,
    to_give,
    together,
)


def order(name: str, *lines: Wanted) -> Placed:
    return Placed(name, lines)


def wanted(offer: str, units: int, sku: str = "pears", picked: int = 0, **instead: int) -> Wanted:
    return Wanted(offer, sku, units, picked, instead)


def test_a_shortage_over_three_orders_takes_the_last_come_first() -> None:
    # 3, 4 and 5 pears were ordered in this order; 6 are missing: the last loses all 5, the one before it 1.
    first, second, third = order("a", wanted("o", 3)), order("b", wanted("o", 4)), order("c", wanted("o", 5))
    excess = {"pears": 6}
    assert cut([third, second, first], excess) == [Step("c", {"o": 0}), Step("b", {"o": 3})]
    assert excess == {"pears": 0}


def test_units_handed_over_and_other_goods_are_left_alone() -> None:
    last = order("c", wanted("o", 5, picked=3), wanted("q", 9, sku="eggs"))
    excess = {"pears": 6}
    assert cut([last, order("b", wanted("o", 1))], excess) == [Step("c", {"o": 3}), Step("b", {"o": 0})]
    assert excess == {"pears": 3}


def test_two_offers_of_one_sku_in_an_order_give_the_later_line_first() -> None:
    assert cut([order("a", wanted("o", 3), wanted("p", 2))], {"pears": 4}) == [Step("a", {"p": 0, "o": 1})]


def test_the_last_come_are_cut_only_by_what_no_substitute_makes_good() -> None:
    assert to_cut({"pears": 4, "plums": 3, "eggs": 2}, {"pears": {"nashi": 1, "kaki": 1}, "eggs": {"duck": 5}}) == {
        "pears": 2, "plums": 3,
    }  # fmt: skip


def test_substitutes_split_the_line_where_what_was_ordered_ends() -> None:
    # 2, 3 and 6 pears; 5 are missing and 5 nashi came: the last gets 5 of its 6 as nashi.
    first, second, third = order("a", wanted("o", 2)), order("b", wanted("o", 3)), order("c", wanted("o", 6))
    left: Open = {"pears": {"nashi": 5}}
    assert give([third, second, first], left) == ([Step("c", substitutes={"o": {"nashi": 5}})], {})
    assert left == {"pears": {"nashi": 0}}


def test_who_came_first_gets_the_first_of_several_substitutes() -> None:
    # Of 7 pears, 5 are short: 2 nashi and 3 kaki. The last gets 3 kaki and 1 nashi, the one before 1 nashi.
    left: Open = {"pears": {"nashi": 2, "kaki": 3}}
    steps, _ = give([order("b", wanted("o", 4)), order("a", wanted("o", 3))], left)
    assert [dict(step.substitutes) for step in steps] == [{"o": {"nashi": 1, "kaki": 3}}, {"o": {"nashi": 1}}]


def test_a_line_that_stands_as_it_should_is_counted_and_left_alone() -> None:
    steps, standing = give([order("a", wanted("o", 4, nashi=2))], {"pears": {"nashi": 2}})
    assert (steps, standing) == ([], {"pears": {"nashi": 2}})


def test_a_line_gets_what_was_ordered_back_where_nothing_is_short_any_more() -> None:
    assert give([order("a", wanted("o", 4, nashi=2))], {}) == ([Step("a", substitutes={"o": {}})], {})


def test_units_that_were_handed_over_stay_what_they_are() -> None:
    # Of 4, one pear was handed over: three can be nashi. Of the other's 3 pears and 1 nashi, all went.
    partly, wholly = order("b", wanted("o", 4, picked=1)), order("a", wanted("o", 4, picked=4, nashi=1))
    steps, _ = give([partly, wholly], {"pears": {"nashi": 9}})
    assert steps == [Step("b", substitutes={"o": {"nashi": 3}})]
    assert substituted([partly, wholly], fixed_only=True) == {"pears": {"nashi": 1}}


def test_no_more_substitutes_are_given_than_units_are_missing() -> None:
    came: Open = {"pears": {"nashi": 2, "kaki": 7}, "plums": {"kaki": 1}}
    assert to_give({"pears": 3}, came, {}) == {"pears": {"nashi": 2, "kaki": 1}}
    assert to_give({"pears": 3}, came, {"pears": {"kaki": 2}}) == {"pears": {"nashi": 1}}
    assert to_give({"pears": 3}, came, {"pears": {"kaki": 4}}) == {}


def test_what_came_is_in_orders_or_left_over() -> None:
    came, given = {"pears": {"nashi": 5, "kaki": 1}, "plums": {"kaki": 2}}, {"pears": {"nashi": 3, "kaki": 1}}
    assert left_over(came, given) == {"pears": {"nashi": 2}, "plums": {"kaki": 2}}
    assert together(given, {"pears": {"nashi": 2}, "plums": {"kaki": 2}}) == came


@pytest.mark.parametrize(
    "stands",
    [
        (wanted("o", 2),),  # done, and the other line dropped out
        (wanted("o", 1), wanted("p", 3)),  # staff took more out
        (wanted("o", 4), wanted("p", 3, picked=2)),  # handed over meanwhile
    ],
)
def test_a_step_that_is_done_or_comes_too_late_lowers_nothing(stands: tuple[Wanted, ...]) -> None:
    assert to_do(Step("a", {"o": 2, "p": 0}), order("a", *stands)) == Step("a")


def test_what_is_left_of_a_step_is_still_done() -> None:
    step = Step("a", {"o": 2, "p": 0})
    assert to_do(step, order("a", wanted("o", 4), wanted("p", 3))) == step
    step = Step("a", substitutes={name: {"nashi": 2} for name in "opqr"})
    stands = order("a", wanted("o", 2, nashi=2), wanted("p", 3), wanted("q", 3, picked=2))
    assert to_do(step, stands) == Step("a", substitutes={"p": {"nashi": 2}})
    assert handed_out(step, stands) == {"pears": {"nashi": 2}}


def test_what_orders_get_as_another_sku_is_counted() -> None:
    orders = [order("a", wanted("o", 2, nashi=2)), order("b", wanted("o", 3)), order("c", wanted("p", 4, nashi=1))]
    assert substituted(orders) == {"pears": {"nashi": 3}}


@pytest.mark.parametrize("substitutes", [{"p": {"nashi": 2}}, {}])
def test_a_step_is_stored_and_comes_back(substitutes: Any) -> None:
    step = Step("a", {"o": 1}, substitutes)
    assert Step.from_json(step.as_json()) == step


def test_a_step_of_whole_lines_that_was_stored_before_is_planned_again() -> None:
    assert Step.from_json(["a", {"o": 1}, {"p": "nashi"}]) == Step("a", {"o": 1})
