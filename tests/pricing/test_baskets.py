"""The table of priced baskets, and what holds of every basket."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.pricing.model import (
    Item,
    Quote,
    Reduction,
    Rule,
    Step,
    TooManyChoices,
    Words,
    amount_off,
    amount_off_each,
    by_amount,
    full_reduction,
    gift,
    nothing,
    percent_off,
    price_each,
    quote,
    reduced_by,
    to_next,
)
from tests.pricing.table import Row, rows

TABLE = list(rows(Path(__file__).with_name("baskets.md")))


def test_the_table_has_as_many_baskets_as_promised() -> None:
    assert len(TABLE) >= 80


@pytest.mark.parametrize("row", TABLE, ids=[row.given for row in TABLE])
def test_a_basket_costs_what_was_computed_by_hand(row: Row) -> None:
    priced = quote(row.items, row.currency, row.rules, row.delivery)
    shown = [
        (each.step, each.amount_minor, each.reason.en.partition(" (limited")[0], "lowest price" in each.reason.en)
        for each in priced.discounts
    ]
    assert shown == row.discounts
    assert list(priced.payable_minor) == row.lines
    assert priced.totals.total == row.total


@pytest.mark.parametrize("row", TABLE, ids=[row.given for row in TABLE])
def test_the_order_of_storage_does_not_matter(row: Row) -> None:
    assert quote(row.items, row.currency, row.rules[::-1], row.delivery) == quote(
        row.items, row.currency, row.rules, row.delivery
    )


def test_a_member_learns_what_is_missing_to_the_next_step() -> None:
    steps = [Reduction(5_000, 1_000), Reduction(10_000, 2_500)]
    assert to_next(3_000, steps) == (2_000, 1_000)
    assert to_next(5_000, steps) == (5_000, 2_500)
    assert to_next(10_000, steps) is None
    assert to_next(12_000, steps, repeat=True) == (3_000, 3_500), "25 and 10 off 150"


def test_more_combinations_than_are_priced_are_a_defect() -> None:
    rules = [Rule(Step.TIMED_PRICE, Words("", ""), percent_off(100), str(n), str(n)) for n in range(7)]
    with pytest.raises(TooManyChoices):
        quote([Item("tea", "tea", 1, 100)], "CNY", rules)


# --- properties -------------------------------------------------------------------------------------------------------

AMOUNTS = st.integers(0, 20_000)
ITEMS = st.lists(
    st.builds(
        lambda number, quantity, price, floor: (quantity, price, floor),
        st.just(0),
        st.integers(1, 20),
        AMOUNTS,
        st.one_of(st.just(0), AMOUNTS),
    ),
    min_size=1,
    max_size=6,
).map(lambda lines: [Item(f"o{n}", f"s{n}", quantity, price, floor_minor=floor) for n, (quantity, price, floor) in
                     enumerate(lines)])  # fmt: skip
STEPS_OFF = st.lists(st.tuples(st.integers(1, 30_000), st.integers(1, 30_000)), min_size=1, max_size=3).map(
    lambda pairs: [Reduction(max(pair), min(pair)) for pair in pairs]
)


def rule_of(step: Step, amount: int, group: str | None, steps: Sequence[Reduction], number: int) -> Rule:
    """A rule of a step, of any of the ways in which that step lowers."""
    lower = nothing
    give = None
    match step:
        case Step.MEMBER_PRICE:
            lower = percent_off(amount % 10_001)
        case Step.TIMED_PRICE:
            lower = amount_off_each(amount) if amount % 2 else price_each(lambda _: amount)
        case Step.FULL_REDUCTION:
            lower = full_reduction(steps, repeat=bool(amount % 2))
        case Step.GIFT:
            give = gift(Item("gift" if amount % 2 else "o0", "s", 1, 300), by_amount(amount))
        case _:
            lower = amount_off(amount)
    return Rule(step, Words(str(number), ""), lower, group, f"p{number}", give=give)


RULES = st.lists(
    st.tuples(st.sampled_from(list(Step)), AMOUNTS, st.sampled_from([None, "g", "h"]), STEPS_OFF), max_size=6
).map(lambda given_rules: [rule_of(*each, number) for number, each in enumerate(given_rules)])


@given(ITEMS, RULES, AMOUNTS)
def test_what_is_taken_off_always_closes(items: list[Item], rules: list[Rule], delivery: int) -> None:
    priced = quote(items, "CNY", rules, delivery)
    for n, item in enumerate(priced.items):
        shares = [discount.shares_minor[n] for discount in priced.discounts]
        assert min(shares, default=0) >= 0
        assert item.total_minor - sum(shares) == priced.payable_minor[n] >= 0
    assert sum(each.amount_minor for each in priced.discounts) == priced.totals.discount <= priced.totals.goods
    assert priced.totals.total == sum(priced.payable_minor) + delivery >= 0
    assert {each.step for each in priced.discounts} <= {rule.step for rule in rules}


@given(ITEMS, RULES, st.randoms(use_true_random=False))
def test_no_order_of_storage_changes_a_price(items: list[Item], rules: list[Rule], chance: object) -> None:
    shuffled = list(rules)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert quote(items, "CNY", shuffled) == quote(items, "CNY", rules)


def saved(priced: Quote) -> int:
    return priced.saved(Step.COUPON)


@given(ITEMS, RULES, st.sampled_from(list(Step)[:5]), AMOUNTS, STEPS_OFF)
def test_one_more_that_excludes_others_never_lowers_the_best_saving(
    items: list[Item], rules: list[Rule], step: Step, amount: int, steps: list[Reduction]
) -> None:
    more = rule_of(step, amount, "g", steps, 99)
    assert saved(quote(items, "CNY", [*rules, more])) >= saved(quote(items, "CNY", rules))


@given(ITEMS, RULES)
def test_of_a_group_one_applies_at_most(items: list[Item], rules: list[Rule]) -> None:
    groups = {rule.promotion_id: rule.exclusive_group for rule in rules}
    applied = [groups[each.promotion_id] for each in quote(items, "CNY", rules).discounts]
    assert all(applied.count(group) <= 1 for group in ("g", "h"))


@given(ITEMS, st.lists(st.tuples(st.sampled_from(list(Step)), AMOUNTS, STEPS_OFF), max_size=4))
def test_no_line_falls_below_its_lowest_price_but_by_points(
    items: list[Item], given_rules: list[tuple[Step, int, list[Reduction]]]
) -> None:
    rules = [rule_of(step, amount, None, steps, n) for n, (step, amount, steps) in enumerate(given_rules)]
    priced = quote(items, "CNY", [rule for rule in rules if rule.step not in (Step.POINTS, Step.GIFT)])
    for item, payable in zip(priced.items, priced.payable_minor, strict=True):
        assert payable >= item.quantity * min(item.floor_minor, item.unit_price_minor)


@given(st.integers(0, 200_000), st.integers(0, 200_000), STEPS_OFF, st.booleans())
def test_who_spends_more_pays_less_only_by_what_a_step_that_is_newly_reached_takes_off(
    amount: int, more: int, steps: list[Reduction], repeat: bool
) -> None:
    """Full reduction takes off more the more is spent, unless steps fall; so what somebody pays for more goods is less
    than before by the further reduction at most. It is not true that more goods never cost less: 49 cost 49, and 50
    with 10 off cost 40.
    """
    rising = sorted({step.from_minor: step for step in steps}.values(), key=lambda each: each.from_minor)
    rising = [step for n, step in enumerate(rising) if all(step.off_minor > each.off_minor for each in rising[:n])]
    rule = Rule(Step.FULL_REDUCTION, Words("", ""), full_reduction(rising, repeat=repeat))

    def paid(minor: int) -> int:
        return quote([Item("tea", "tea", 1, minor)], "CNY", [rule]).totals.total

    further = reduced_by(amount + more, rising, repeat=repeat) - reduced_by(amount, rising, repeat=repeat)
    assert paid(amount + more) == paid(amount) + more - further
    if not repeat:
        assert further >= 0


@given(ITEMS, st.integers(0, 10_000), st.integers(0, 5_000), st.integers(1, 20))
def test_without_a_threshold_more_goods_never_cost_less(items: list[Item], bps: int, off: int, more: int) -> None:
    rules = [
        Rule(Step.MEMBER_PRICE, Words("", ""), percent_off(bps), promotion_id="a"),
        Rule(Step.TIMED_PRICE, Words("", ""), amount_off_each(off), promotion_id="b"),
    ]
    dearer = [replace(items[0], quantity=items[0].quantity + more), *items[1:]]
    assert quote(dearer, "CNY", rules).totals.total >= quote(items, "CNY", rules).totals.total
