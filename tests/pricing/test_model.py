"""Worked prices, by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.pricing.model import AmountTooLarge, Item, Rule, Step, Totals, Words, amount_off, percent_off, quote

EGGS = Item("eggs", "sku-eggs", 3, 1_250)  # 3 x 12.50 = 37.50
OIL = Item("oil", "sku-oil", 1, 6_990)  # 69.90


def off(step: Step, amount_minor: int) -> Rule:
    return Rule(step, Words(f"{step.name} {amount_minor}", ""), amount_off(amount_minor))


def percent(step: Step, per_cent: int) -> Rule:
    return Rule(step, Words(f"{per_cent} %", ""), percent_off(per_cent * 100))


def test_without_rules_the_total_is_the_goods() -> None:
    priced = quote([EGGS, OIL], "CNY")
    assert priced.totals == Totals(10_740, 0, 0, 10_740, 0, 0, 10_740)
    assert priced.discounts == ()
    assert priced.payable_minor == (3_750, 6_990)


def test_delivery_is_added_after_discounts_of_the_goods() -> None:
    totals = quote([EGGS], "CNY", [off(Step.COUPON, 9_999)], delivery_minor=600).totals
    assert (totals.goods, totals.discount, totals.delivery, totals.total) == (3_750, 3_750, 600, 600)


def test_ten_yuan_over_three_lines_sums_exactly() -> None:
    """10.00 over three lines of 30.00: 3.34 + 3.33 + 3.33, the unit left over going to the first."""
    lines = [Item(name, name, 1, 3_000) for name in "abc"]
    priced = quote(lines, "CNY", [off(Step.FULL_REDUCTION, 1_000)])
    assert priced.discounts[0].shares_minor == (334, 333, 333)
    assert priced.payable_minor == (2_666, 2_667, 2_667)


def test_discounts_stack_in_the_order_of_their_steps_whatever_order_they_are_given_in() -> None:
    """100.00; 10 % as a member leaves 90.00; 20.00 off leaves 70.00; 5.00 of points leaves 65.00."""
    rules = [off(Step.POINTS, 500), off(Step.FULL_REDUCTION, 2_000), percent(Step.MEMBER_PRICE, 10)]
    priced = quote([Item("a", "a", 4, 2_500)], "CNY", rules)
    assert [(d.step, d.amount_minor) for d in priced.discounts] == [
        (Step.MEMBER_PRICE, 1_000),
        (Step.FULL_REDUCTION, 2_000),
        (Step.POINTS, 500),
    ]
    assert priced.totals.total == 6_500


def test_a_discount_that_lowers_nothing_is_not_shown() -> None:
    assert quote([EGGS], "CNY", [off(Step.COUPON, 0)]).discounts == ()


def test_a_greedy_rule_stops_at_zero() -> None:
    rules = [Rule(Step.COUPON, Words("too much", "太多"), lambda items, _: [99_999 for _ in items])]
    assert quote([EGGS, OIL], "CNY", rules).totals.total == 0


def test_a_basket_beyond_every_amount_is_refused() -> None:
    with pytest.raises(AmountTooLarge):
        quote([Item("a", "a", 9_999, 10**15)], "CNY")


def test_what_is_due_falls_with_what_is_paid_and_ends_with_the_order() -> None:
    assert Totals.of(1_000, paid=400).due == 600
    assert Totals.of(1_000, paid=1_000, refunded=300, returned=300).due == 0, "goodwill is not owed again"
    assert Totals.of(700, paid=1_000, refunded=300).due == 0, "a line of 3.00 was taken out and paid back"
    assert Totals.of(900, paid=1_000, refunded=300).due == 200, "and one of 2.00 was added since"
    assert Totals.of(1_000, owed=False).due == 0


@given(
    st.lists(st.tuples(st.integers(1, 9_999), st.integers(1, 10**7)), min_size=1, max_size=20),
    st.lists(st.tuples(st.sampled_from(list(Step)), st.integers(0, 10**9)), max_size=5),
)
def test_shares_always_close(lines: list[tuple[int, int]], given_rules: list[tuple[Step, int]]) -> None:
    items = [Item(str(n), str(n), quantity, price) for n, (quantity, price) in enumerate(lines)]
    priced = quote(items, "CNY", [off(step, amount) for step, amount in given_rules])
    assert min(priced.payable_minor) >= 0
    assert sum(priced.payable_minor) == priced.totals.total
    assert sum(d.amount_minor for d in priced.discounts) == priced.totals.discount
    assert priced.totals.discount == min(priced.totals.goods, sum(amount for _, amount in given_rules))
