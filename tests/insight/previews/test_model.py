"""Baskets priced again with a new discount, by hand; and which orders of a month are looked at."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.insight.previews.model.baskets import Limits, Outcome, Past, examples, margin_of, tried
from chalicelib.insight.previews.model.samples import Listed, sampled
from chalicelib.kernel.ids import derived_id
from chalicelib.pricing.model import Item, Reduction, Rule, Step, Words, full_reduction, percent_off, quote

NOON = datetime(2028, 6, 14, 4, tzinfo=UTC)
NO_LIMITS = Limits()


def past(n: int, *minor: int, member: str = "", rules: tuple[Rule, ...] = ()) -> Past:
    """The nth basket of the month, a day after the one before: one unit at each price."""
    items = tuple(Item(f"o{at}", f"s{at}", 1, price) for at, price in enumerate(minor))
    on = date(2028, 6, 1) + timedelta(days=n)
    return Past(f"order-{n}", member or f"m{n}", "c", on, NOON + timedelta(days=n), items, rules)


def ten_off_fifty(group: str | None = None) -> Rule:
    return Rule(
        Step.FULL_REDUCTION, Words("new", "新"), full_reduction([Reduction(5_000, 1_000)]), group, promotion_id="new"
    )


def a_tenth(group: str | None = None) -> Rule:
    return Rule(Step.TIMED_PRICE, Words("old", "旧"), percent_off(1_000), group, promotion_id="old")


def run(*baskets: Past, limits: Limits = NO_LIMITS, group: str | None = None, times: int = 1, of: int = 1) -> Outcome:
    rule = ten_off_fifty(group)
    return tried(baskets, "CNY", lambda *_: rule, limits, times=times, of=of)


def test_a_basket_that_reaches_the_amount_is_touched_and_no_other() -> None:
    found = run(past(0, 6_000), past(1, 4_000))

    assert (found.looked_at, len(found.touched), found.discount_minor) == (2, 1, 1_000)
    assert (found.before_minor, found.after_minor) == (10_000, 9_000)


def test_what_the_basket_had_counts_in_both_prices() -> None:
    # A tenth off 55 leaves 49.50: what was had before keeps the new one from being reached.
    assert run(past(0, 5_500, rules=(a_tenth(),))).touched == []
    [touched] = run(past(0, 6_000, rules=(a_tenth(),))).touched
    assert (touched.without.totals.total, touched.having.totals.total, touched.discount_minor) == (5_400, 4_400, 1_000)


def test_where_it_takes_anothers_place_buyers_save_less_than_it_takes_off() -> None:
    found = run(past(0, 6_000, rules=(a_tenth("week"),)), group="week")

    # 6.00 by the old one, 10.00 by the new one, never both
    assert (found.discount_minor, found.before_minor - found.after_minor) == (1_000, 400)


def test_where_the_other_one_saves_more_it_does_not_apply() -> None:
    assert run(past(0, 12_000, rules=(a_tenth("week"),)), group="week").touched == []


def test_a_basket_may_cost_more_where_it_misses_what_another_one_asks_for() -> None:
    # 54 less 8 from 50 on is 46; a tenth off leaves 48.60, which is less than 50.
    had = Rule(Step.FULL_REDUCTION, Words("had", "原"), full_reduction([Reduction(5_000, 800)]), promotion_id="had")
    found = tried([past(0, 5_400, rules=(had,))], "CNY", lambda *_: a_tenth(), NO_LIMITS)

    assert (found.dearer, found.discount_minor, found.after_minor - found.before_minor) == (1, 540, 260)
    assert run(past(0, 6_000)).dearer == 0


def test_a_budget_pays_the_first_baskets_and_names_the_day_on_which_it_is_used_up() -> None:
    found = run(past(2, 6_000), past(0, 6_000), past(1, 6_000), limits=Limits(budget_minor=2_500))

    assert [each.past.on.day for each in found.touched] == [1, 2]
    assert (found.refused, str(found.used_up_on)) == (1, "2028-06-03")
    assert found.after_minor == 5_000 + 5_000 + 6_000


def test_a_number_of_uses_is_used_up_likewise_and_a_members_own_refuses_nobody_else() -> None:
    total = run(past(0, 6_000), past(1, 6_000), limits=Limits(total=1))
    assert (len(total.touched), total.refused) == (1, 1)

    own = run(past(0, 6_000, member="a"), past(1, 6_000, member="a"), past(2, 6_000), limits=Limits(per_member=1))
    assert ([each.past.member_id for each in own.touched], own.refused, own.used_up_on) == (["a", "m2"], 0, None)


def test_a_basket_of_a_sample_stands_for_several() -> None:
    # Two of eight: each stands for four, so a budget for five pays for one of them.
    found = run(past(0, 6_000), past(1, 6_000), limits=Limits(budget_minor=5_000), times=8, of=2)

    assert (len(found.touched), found.refused) == (1, 1)


def test_the_margin_is_of_goods_whose_cost_is_known() -> None:
    priced = quote(past(0, 6_000, 2_000).items, "CNY", [ten_off_fifty()])  # 52.50 and 17.50

    margin = margin_of([priced], {"s0": 4_000})

    assert (margin.minor, margin.cost_minor, margin.uncosted_minor) == (1_250, 4_000, 1_750)


def test_a_bundle_costs_what_its_parts_cost_where_all_are_known() -> None:
    parts = (Item("b/0", "tea", 2, 0), Item("b/1", "cup", 1, 0))
    bundle = Item("b", "", 3, 5_000, parts=parts)

    known = margin_of([quote([bundle], "CNY")], {"tea": 800, "cup": 1_000})
    assert (known.minor, known.cost_minor) == (15_000 - 7_800, 7_800)
    assert margin_of([quote([bundle], "CNY")], {"tea": 800}).uncosted_minor == 15_000


def test_examples_reach_from_what_saves_most_to_what_saves_least() -> None:
    rule = Rule(Step.TIMED_PRICE, Words("new", "新"), percent_off(1_000), promotion_id="new")
    found = tried([past(n, 1_000 * (n + 1)) for n in range(9)], "CNY", lambda *_: rule, NO_LIMITS)

    assert [each.discount_minor for each in examples(found.touched, 5)] == [900, 700, 500, 300, 100]
    assert len(examples(found.touched[:3], 5)) == 3
    assert examples([], 5) == []


_prices = st.lists(st.integers(1, 20_000), min_size=1, max_size=4)


@given(st.lists(_prices, max_size=8), st.integers(0, 4_000), st.booleans())
def test_nobody_pays_more_and_no_budget_is_passed(baskets: list[list[int]], budget: int, grouped: bool) -> None:
    had = (a_tenth("week" if grouped else None),)
    found = run(
        *(past(n, *prices, rules=had) for n, prices in enumerate(baskets)),
        limits=Limits(budget_minor=budget), group="week" if grouped else None,
    )  # fmt: skip

    assert found.discount_minor <= budget
    assert found.after_minor <= found.before_minor
    assert grouped or all(each.having.totals.total <= each.without.totals.total for each in found.touched)


def test_of_a_small_month_every_order_is_looked_at() -> None:
    days = {date(2028, 6, 1): Listed(["02", "05"]), date(2028, 6, 2): Listed(["01"])}

    found = sampled(days, 500)

    assert (found.ids, found.total, found.counted) == (["01", "02", "05"], 3, True)


def test_of_a_large_month_orders_are_drawn_evenly_and_their_number_is_estimated() -> None:
    all_ids = {date(2028, 6, day): sorted(derived_id(str(day), str(n)) for n in range(2_000)) for day in range(1, 5)}
    days = {on: Listed(ids[:500], ids[499]) for on, ids in all_ids.items()}

    found = sampled(days, 500)

    assert found.ids == sorted(each for ids in all_ids.values() for each in ids)[:500]
    assert (found.counted, found.total) == (False, pytest.approx(8_000, rel=0.1))
    by_day = [len(set(found.ids) & set(ids)) for ids in all_ids.values()]
    assert min(by_day) > 90, "no day is left out"
