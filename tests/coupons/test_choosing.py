"""Which coupon is best for a basket, what the others save, and what stands in their way; computed by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.coupons.model.choosing import Weighing
from chalicelib.coupons.model.rules import rule_of
from chalicelib.coupons.model.terms import Goods
from chalicelib.pricing.model import Reduction, Rule, Step, Words, full_reduction, quote
from tests.coupons.some import EGGS, NOW, OIL, Some, coupon


def weighing(*rules: Rule, items=(EGGS, OIL), delivery: int = 0, ordered: bool = False) -> Weighing:
    """Eggs of 20.00 and oil of 30.00, with these promotions."""
    return Weighing(items, rules, "CNY", "", delivery, lambda: ordered, NOW)


def named(coupon_id: str, **terms: object) -> Some:
    return replace(coupon(**terms), id=coupon_id)


def told(found) -> list[tuple[str, object]]:
    return [(each.coupon.id, each.saves_minor if each.fits else each.refusal and each.refusal.code) for each in found]


def test_the_one_that_saves_most_comes_first():
    """5.00; a fifth of 50.00; 8.00 off."""
    found = weighing().weigh(
        [named("a", value=500), named("b", kind="percent", percent_bps=2_000), named("c", value=800)]
    )
    assert told(found) == [("b", 1_000), ("c", 800), ("a", 500)]


def test_of_equal_ones_that_which_ends_first_then_the_lower_id():
    soon = replace(named("z", value=500), until_at=NOW + timedelta(days=1))
    later = replace(named("a", value=500), until_at=NOW + timedelta(days=2))
    found = weighing().weigh([named("c", value=500), later, named("b", value=500), soon])
    assert [each.coupon.id for each in found] == ["z", "a", "b", "c"]


def test_what_it_saves_is_after_promotions():
    """50.00 less 10.00 by a full reduction: a fifth of 40.00, and 60.00 off takes only what is left."""
    reduced = Rule(Step.FULL_REDUCTION, Words("", ""), full_reduction([Reduction(5_000, 1_000)]))
    found = weighing(reduced).weigh([named("a", kind="percent", percent_bps=2_000), named("b", value=6_000)])
    assert told(found) == [("b", 4_000), ("a", 800)]


def test_what_cannot_be_used_follows_with_the_reason_the_least_missing_first():
    """5.00 missing to 55.00 stands before 50.00 missing to 100.00; what no goods help with stands last."""
    later = replace(named("soon", value=500), from_at=NOW + timedelta(days=1))
    found = weighing(ordered=True).weigh(
        [
            later,
            named("far", value=500, minimum_minor=10_000),
            named("near", value=500, minimum_minor=5_500),
            named("meat", value=500, goods=Goods(categories=("meat",))),
            replace(named("first", value=500), first_order_only=True),
            named("fee", kind="delivery"),
            named("fits", value=1),
        ]
    )
    assert [each[0] for each in told(found)] == ["fits", "near", "far", "fee", "first", "meat", "soon"]
    assert [each.refusal.extra["missing"]["amount_minor"] for each in found[1:3]] == [500, 5_000]
    assert [each.refusal.code for each in found[3:]] == [
        "coupon_without_effect", "coupon_for_new_members", "coupon_out_of_scope", "coupon_not_yet_valid",
    ]  # fmt: skip


def test_a_coupon_for_the_fee_saves_the_fee_where_there_is_one():
    found = weighing(delivery=800).weigh([named("a", value=500), named("fee", kind="delivery")])
    assert told(found) == [("fee", 800), ("a", 500)]


def test_nobody_is_asked_for_orders_unless_a_coupon_is_for_a_first_one():
    asked = []

    def ordered() -> bool:
        asked.append(1)
        return False

    against = Weighing([EGGS], (), "CNY", "", 0, ordered, NOW)
    against.weigh([named("a", value=100)])
    assert not asked
    first = replace(named("b", value=200), first_order_only=True)
    assert told(against.weigh([first, replace(first, id="c")])) == [("b", 200), ("c", 200)]
    assert len(asked) == 1


@given(st.lists(st.tuples(st.integers(1, 6_000), st.integers(0, 6_000)), max_size=6), st.integers(0, 5_000))
def test_no_other_coupon_makes_the_basket_cheaper_than_the_best(terms, reduced):
    coupons = [named(str(n), value=value, minimum_minor=minimum) for n, (value, minimum) in enumerate(terms)]
    reduction = Rule(Step.FULL_REDUCTION, Words("", ""), full_reduction([Reduction(5_000, reduced)]))
    rules = [reduction] if reduced else []
    against = weighing(*rules)
    found = against.weigh(coupons)
    assert sorted(each.coupon.id for each in found) == sorted(each.id for each in coupons)
    totals = [quote(against.items, "CNY", [*rules, rule_of(each)]).totals.total for each in coupons]
    best = quote(against.items, "CNY", rules).totals.total - max((each.saves_minor for each in found), default=0)
    assert best == min(totals, default=best)
    assert told(found) == told(against.weigh(coupons[::-1]))
