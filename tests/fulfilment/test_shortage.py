"""Which orders a delivery leaves short, worked by hand: first come, first served."""

import pytest

from chalicelib.fulfilment.receiving.model.shortage import (
    Placed,
    Step,
    Wanted,
    cut,
    give,
    handed_out,
    left_over,
    substituted,
    to_do,
    together,
)


def order(name: str, *lines: Wanted) -> Placed:
    return Placed(name, lines)


def wanted(offer: str, units: int, sku: str = "pears", picked: int = 0, gets: str = "") -> Wanted:
    return Wanted(offer, sku, gets or sku, units, picked)


def test_a_shortage_over_three_orders_takes_the_last_come_first() -> None:
    # 3, 4 and 5 pears were ordered in this order; 6 are missing: the last loses all 5, the one before it 1.
    first, second, third = order("a", wanted("o", 3)), order("b", wanted("o", 4)), order("c", wanted("o", 5))
    excess = {"pears": 6}
    assert cut([third, second, first], excess) == [Step("c", {"o": 0}), Step("b", {"o": 3})]
    assert excess == {"pears": 0}


def test_units_handed_over_and_lines_with_a_substitute_are_left_alone() -> None:
    last = order("c", wanted("o", 5, picked=3), wanted("p", 2, gets="nashi"), wanted("q", 9, sku="eggs"))
    excess = {"pears": 6}
    assert cut([last, order("b", wanted("o", 1))], excess) == [Step("c", {"o": 3}), Step("b", {"o": 0})]
    assert excess == {"pears": 3}


def test_two_offers_of_one_sku_in_an_order_give_the_later_line_first() -> None:
    assert cut([order("a", wanted("o", 3), wanted("p", 2))], {"pears": 4}) == [Step("a", {"p": 0, "o": 1})]


def test_substitutes_go_to_whole_lines_of_the_last_come() -> None:
    # 5 nashi came for pears: the last wants 6 and keeps its pears, the one before gets 3, the first 2.
    first, second, third = order("a", wanted("o", 2)), order("b", wanted("o", 3)), order("c", wanted("o", 6))
    left, excess = {"pears": {"nashi": 5}}, {"pears": 5}
    assert give([third, second, first], left, excess) == [
        Step("b", substitutes={"o": "nashi"}), Step("a", substitutes={"o": "nashi"}),
    ]  # fmt: skip
    assert (left, excess) == ({"pears": {"nashi": 0}}, {"pears": 0})


def test_no_more_substitutes_are_given_than_units_are_missing() -> None:
    # 9 nashi came and 3 pears are missing: the last gets its 2 as nashi, the one before all of its 4, the first none.
    first, second, third = order("a", wanted("o", 2)), order("b", wanted("o", 4)), order("c", wanted("o", 2))
    left, excess = {"pears": {"nashi": 9}}, {"pears": 3}
    assert [step.order_id for step in give([third, second, first], left, excess)] == ["c", "b"]
    assert (left, excess) == ({"pears": {"nashi": 3}}, {"pears": -3})
    assert give([first], left, {}) == []


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
    step = Step("a", substitutes={"o": "nashi", "p": "nashi", "q": "nashi", "r": "nashi"})
    stands = order("a", wanted("o", 2, gets="nashi"), wanted("p", 3), wanted("q", 1, picked=1))
    assert to_do(step, stands) == Step("a", substitutes={"p": "nashi"})
    assert handed_out(step, stands) == {"pears": {"nashi": 2}}


def test_what_orders_get_as_another_sku_is_counted() -> None:
    orders = [
        order("a", wanted("o", 2, gets="nashi")),
        order("b", wanted("o", 3)),
        order("c", wanted("p", 4, gets="nashi")),
    ]
    assert substituted(orders) == {"pears": {"nashi": 6}}


def test_a_step_is_stored_and_comes_back() -> None:
    step = Step("a", {"o": 1}, {"p": "nashi"})
    assert Step.from_json(step.as_json()) == step
