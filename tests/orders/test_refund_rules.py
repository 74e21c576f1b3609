"""Refunds by hand: what goes back for which line, and that it always closes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.money import Money
from chalicelib.orders.errors import RefundTooLarge
from chalicelib.orders.model import Line
from chalicelib.orders.refunds.model import (
    check_limit,
    left_of,
    overpaid,
    paid_shares,
    payables,
    split_refund,
    taken_off,
    units_value,
)


def test_ten_yuan_off_three_equal_lines() -> None:
    """10.00 off 3 x 30.00: the lines cost 26.66, 26.67 and 26.67, and were paid with just that."""
    lines = [Line(name, name, 1, 3_000, ()) for name in "abc"]
    goods = [(line.offer_id, line.total_minor) for line in lines]
    costs = payables(goods, taken_off(lines, (), discount_minor=1_000), delivery=0)
    assert costs == {"a": 2_666, "b": 2_667, "c": 2_667}
    assert paid_shares(8_000, costs) == costs


def test_ten_yuan_paid_over_three_equal_lines() -> None:
    """A deposit of 10.00 on three lines of 30.00 stands as 3.34, 3.33 and 3.33."""
    assert paid_shares(1_000, {"a": 3_000, "b": 3_000, "c": 3_000}) == {"a": 334, "b": 333, "c": 333}


def test_the_delivery_fee_stands_beside_the_lines_and_takes_no_discount() -> None:
    assert payables([("a", 1_000)], off={"a": 1_000}, delivery=600) == {"a": 0, "delivery": 600}


def test_three_units_for_ten_yuan_go_back_one_by_one() -> None:
    """10.00 / 3: 3.33, then 3.33, and the last takes 3.34. Two at once and then one: 6.66 and 3.34."""
    assert [units_value(1_000, 3, before, 1) for before in range(3)] == [333, 333, 334]
    assert [units_value(1_000, 3, 0, 2), units_value(1_000, 3, 2, 1)] == [666, 334]
    assert units_value(1_000, 3, 0, 0) == 0


def test_more_units_than_the_line_has_is_a_defect_of_the_caller() -> None:
    with pytest.raises(ValueError, match="2 units after 2"):
        units_value(1_000, 3, 2, 2)


@given(st.integers(0, 10**9), st.lists(st.integers(1, 50), min_size=1, max_size=12))
def test_however_units_are_grouped_they_are_worth_the_line(share: int, groups: list[int]) -> None:
    quantity, before, values = sum(groups), 0, []
    for units in groups:
        values.append(units_value(share, quantity, before, units))
        before += units
    assert sum(values) == share
    assert all(value >= 0 for value in values)


def test_goodwill_of_one_yuan_falls_on_the_lines_by_what_is_left_of_them() -> None:
    """Shares of 6.00 and 4.00, of which 2.00 of the first went back: 1.00 more falls half on each."""
    left = left_of({"a": 600, "b": 400}, {"a": 200})
    assert left == {"a": 400, "b": 400}
    assert split_refund(100, left) == {"a": 50, "b": 50}
    assert split_refund(800, left) == left
    assert split_refund(0, left) == {}


@pytest.mark.parametrize(
    ("amount", "lines", "extra"),
    [
        (0, {}, {"refundable_minor": 800}),
        (801, {}, {"refundable_minor": 800}),
        (401, {"a": 401}, {"offer_id": "a", "refundable_minor": 400}),
        (1, {"unknown": 1}, {"offer_id": "unknown", "refundable_minor": 0}),
    ],
)
def test_no_refund_goes_beyond_what_is_left(amount: int, lines: dict[str, int], extra: dict[str, object]) -> None:
    with pytest.raises(RefundTooLarge) as refusal:
        check_limit(amount, Money(800, "CNY"), lines, {"a": 400, "b": 400})
    assert refusal.value.extra == extra


def test_all_that_is_left_can_be_refunded() -> None:
    check_limit(800, Money(800, "CNY"), {"a": 400, "b": 400}, {"a": 400, "b": 400})


@pytest.mark.parametrize(
    ("total", "paid", "refunded", "returned", "back"),
    [
        (1_000, 1_000, 0, 0, 0),
        (700, 1_000, 0, 0, 300),  # a line of 3.00 was taken out
        (700, 1_000, 300, 0, 0),  # and has been paid back
        (0, 1_000, 300, 0, 700),  # the rest is taken out: the residue
        (700, 1_000, 200, 200, 300),  # goodwill before does not lower what the line is worth
        (0, 1_000, 200, 200, 800),  # but nobody gets back more than is left
        (1_000, 300, 0, 0, 0),  # a deposit is no overpayment
    ],
)
def test_what_goes_back_when_the_total_falls(total: int, paid: int, refunded: int, returned: int, back: int) -> None:
    assert overpaid(total, paid, refunded, returned) == back


@given(st.integers(0, 10**6), st.lists(st.integers(1, 10**6), min_size=1, max_size=10))
def test_shares_close_and_a_refund_of_everything_is_every_share(kept: int, costs: list[int]) -> None:
    shares = paid_shares(kept, {str(n): cost for n, cost in enumerate(costs)})
    assert sum(shares.values()) == kept
    assert split_refund(kept, shares) == {name: share for name, share in shares.items() if share}
