"""What coupons take off, computed by hand, and what stands in their way."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.coupons.errors import (
    CouponBelowMinimum,
    CouponExpired,
    CouponNotYetValid,
    CouponOutOfScope,
    CouponUsed,
    CouponWithoutEffect,
    OnlyForNewMembers,
)
from chalicelib.coupons.model.rules import Basket, refusal_of, rule_of, worth
from chalicelib.coupons.model.terms import Goods, Terms
from chalicelib.pricing.model import Item, Rule, Step, Words, amount_off, percent_off, quote
from tests.coupons.some import EGGS, NOW, OIL, Some, coupon

FOR_EGGS = Goods(product_ids=("p-eggs",))


def priced(used: Some, items=(EGGS, OIL), *rules: Rule, delivery: int = 0, campaign_id: str = ""):
    return quote(items, "CNY", [*rules, rule_of(used, campaign_id)], delivery)


class TestWhatIsTakenOff:
    def test_an_amount_is_split_by_what_lines_cost(self):
        """10.00 over 20.00 and 30.00: 4.00 and 6.00."""
        found = priced(coupon(value=1_000))
        assert found.discounts[0].shares_minor == (400, 600)
        assert (found.discounts[0].kind, found.discounts[0].coupon_id, found.totals.total) == (
            "coupon",
            "coupon",
            4_000,
        )

    def test_an_amount_takes_no_more_than_there_is(self):
        assert priced(coupon(value=9_999), [EGGS]).totals.total == 0

    def test_only_goods_in_scope_fall(self):
        """The eggs cost 20.00, so of 25.00 no more than that is taken off."""
        found = priced(coupon(value=2_500, goods=FOR_EGGS))
        assert found.discounts[0].shares_minor == (2_000, 0)

    @pytest.mark.parametrize(
        "goods",
        [Goods(product_ids=("p-eggs", "p-tea")), Goods(categories=("eggs",)), Goods(tags=("fresh",)),
         Goods(product_ids=("p-tea",), tags=("fresh",))],
    )  # fmt: skip
    def test_one_match_by_product_category_or_tag_is_enough(self, goods):
        assert priced(coupon(value=100, goods=goods)).discounts[0].shares_minor == (100, 0)

    def test_a_share_is_rounded_once_half_up(self):
        """12.5 per cent of 0.20 is 0.025, which is 0.03."""
        found = priced(coupon("percent", percent_bps=1_250), [Item("a", "a", 1, 20)])
        assert found.totals.discount == 3

    def test_a_share_comes_to_its_cap_at_most(self):
        """20 per cent of 50.00 would be 10.00; 6.00 at most: 2.40 and 3.60."""
        found = priced(coupon("percent", percent_bps=2_000, cap_minor=600))
        assert found.discounts[0].shares_minor == (240, 360)

    def test_the_whole_delivery_fee_is_taken_as_it_stands(self):
        found = priced(coupon("delivery"), delivery=1_000)
        assert (found.totals.goods, found.totals.discount, found.totals.delivery) == (5_000, 0, 0)
        assert (found.discounts[0].shares_minor, found.discounts[0].delivery_minor) == ((0, 0), 1_000)

    def test_a_delivery_coupon_takes_no_more_than_the_fee(self):
        """A fee of 10.00 that is capped: a coupon of 15.00 takes 10.00, and none of the goods."""
        found = priced(coupon("delivery", 1_500), delivery=1_000)
        assert found.totals.total == 5_000

    def test_one_unit_of_a_product_is_free(self):
        found = priced(coupon("product", goods=FOR_EGGS))
        assert found.discounts[0].shares_minor == (1_000, 0)

    def test_one_unit_costs_less_and_the_dearest_is_meant(self):
        both = Goods(product_ids=("p-eggs", "p-oil"))
        assert priced(coupon("product", percent_bps=5_000, goods=both)).discounts[0].shares_minor == (0, 1_500)
        assert priced(coupon("product", 400, goods=FOR_EGGS)).discounts[0].shares_minor == (400, 0)

    def test_outside_its_campaigns_it_takes_nothing(self):
        used = coupon(value=1_000, goods=Goods(campaign_ids=("c-1",)))
        assert priced(used, campaign_id="c-2").discounts == ()
        assert priced(used, campaign_id="c-1").totals.discount == 1_000
        fee = coupon("delivery", goods=Goods(campaign_ids=("c-1",)))
        assert priced(fee, campaign_id="c-2", delivery=500).totals.delivery == 500

    def test_it_sees_what_earlier_steps_left(self):
        """Full reduction 10.00 of 50.00 leaves 40.00, of which a tenth is 4.00."""
        reduced = Rule(Step.FULL_REDUCTION, Words("", ""), amount_off(1_000))
        assert priced(coupon("percent", percent_bps=1_000), (EGGS, OIL), reduced).totals.discount == 1_400

    def test_where_everything_is_free_already_the_coupon_is_not_used_up(self):
        """39.00 with all of it off by a timed price: goods 0, delivery untouched, the coupon unspent."""
        free = Rule(Step.TIMED_PRICE, Words("", ""), percent_off(10_000))
        found = priced(coupon("percent", percent_bps=2_000), [Item("a", "a", 1, 3_900)], free, delivery=600)
        assert [each.step for each in found.discounts] == [Step.TIMED_PRICE]
        assert (found.totals.total, found.totals.delivery) == (600, 600)

    @given(
        value=st.integers(1, 9_000), minimum=st.integers(0, 6_000),
        prices=st.lists(st.tuples(st.integers(0, 3_000), st.integers(1, 5)), min_size=1, max_size=4),
    )  # fmt: skip
    def test_it_never_takes_more_than_there_is(self, value, minimum, prices):
        items = [Item(str(n), str(n), units, price) for n, (price, units) in enumerate(prices)]
        found = priced(coupon(value=value, minimum_minor=minimum), items)
        goods = sum(item.total_minor for item in items)
        expected = min(value, goods) if goods >= minimum else 0
        assert found.totals.discount == expected
        assert sum(found.payable_minor) == goods - expected
        assert min(found.payable_minor) >= 0


def refused(used: Some, basket: Basket | None = None, now: datetime = NOW, order_id: str | None = None):
    return refusal_of(used, basket or Basket([EGGS, OIL], "c-1"), now, order_id)


class TestWhatStandsInItsWay:
    def test_nothing_where_it_can_be_used(self):
        assert refused(coupon(value=1_000)) is None

    def test_only_goods_in_scope_count_towards_the_minimum(self):
        """Inside 10, outside 20, minimum 20: 10 are missing."""
        inside, outside = replace(EGGS, quantity=1), replace(OIL, unit_price_minor=2_000)
        why = refused(coupon(value=500, minimum_minor=2_000, goods=FOR_EGGS), Basket([inside, outside]))
        assert isinstance(why, CouponBelowMinimum)
        assert (why.status, why.code) == (422, "coupon_below_minimum")
        assert why.extra == {"missing": {"amount_minor": 1_000, "currency": "CNY"}}
        assert (why.detail[:15], why.detail_zh[:10]) == ("CN¥10.00 missin", "还差 ¥10.00：")
        assert priced(coupon(value=500, minimum_minor=2_000, goods=FOR_EGGS), [inside, outside]).discounts == ()

    def test_the_minimum_tests_what_earlier_steps_left(self):
        """60 at half price is 30, which earns no coupon from 50."""
        used = coupon(value=1_000, minimum_minor=5_000)
        basket = Basket([replace(EGGS, quantity=6)], left_minor=[3_000])
        assert isinstance(refused(used, basket), CouponBelowMinimum)
        half = Rule(Step.TIMED_PRICE, Words("", ""), percent_off(5_000))
        assert priced(used, [replace(EGGS, quantity=6)], half).totals.discount == 3_000
        assert refused(coupon(value=1_000, minimum_minor=3_000), basket) is None

    @pytest.mark.parametrize(
        "goods", [Goods(product_ids=("p-tea",)), Goods(campaign_ids=("c-2",)), Goods(("c-2",), ("p-eggs",))]
    )
    def test_other_goods_and_other_campaigns(self, goods):
        assert isinstance(refused(coupon(value=100, goods=goods)), CouponOutOfScope)

    def test_its_ends_are_in_the_shops_zone_and_exclusive(self):
        """In Shanghai "until 30 November": 15:59:59Z is taken, 16:00:00Z refused."""
        used = coupon(value=100, until_at=datetime(2026, 11, 30, 16, tzinfo=UTC))
        assert refused(used, now=datetime(2026, 11, 30, 15, 59, 59, tzinfo=UTC)) is None
        assert isinstance(refused(used, now=datetime(2026, 11, 30, 16, tzinfo=UTC)), CouponExpired)

    def test_its_time_begins_with_its_first_instant(self):
        used = coupon(value=100, from_at=NOW)
        assert isinstance(refused(used, now=NOW - timedelta(microseconds=1)), CouponNotYetValid)
        assert refused(used) is None

    @pytest.mark.parametrize("state", ["held", "used"])
    def test_it_stands_in_another_order(self, state):
        assert isinstance(refused(coupon(value=100, state=state, order_id="o-1"), order_id="o-2"), CouponUsed)

    def test_the_order_that_has_it_keeps_it_past_its_end(self):
        used = coupon(value=100, state="held", order_id="o-1", until_at=NOW)
        assert refused(used, order_id="o-1") is None

    def test_a_returned_one_is_as_good_as_new(self):
        assert refused(coupon(value=100, state="returned")) is None

    def test_a_first_order_is_the_first(self):
        used = coupon(value=100, first_order_only=True)
        assert refused(used) is None
        assert isinstance(refused(used, Basket([EGGS], has_ordered=True)), OnlyForNewMembers)

    def test_it_would_take_nothing_off(self):
        assert isinstance(refused(coupon("delivery")), CouponWithoutEffect)
        assert refused(coupon("delivery"), Basket([EGGS], delivery_minor=500)) is None
        assert isinstance(refused(coupon(value=100), Basket([EGGS], left_minor=[0])), CouponWithoutEffect)


@pytest.mark.parametrize(
    ("terms", "en", "zh"),
    [
        (Terms("amount", "CNY", 1_000), "CN¥10.00 off", "立减 ¥10.00"),
        (Terms("percent", "CNY", None, 1_250), "12.5% off", "打 8.75 折"),
        (Terms("percent", "CNY", None, 2_000, 3_000), "20% off, at most CN¥30.00", "打 8 折，最多减 ¥30.00"),
        (Terms("delivery", "CNY"), "free delivery", "免配送费"),
        (Terms("delivery", "CNY", 600), "up to CN¥6.00 off the delivery fee", "配送费立减 ¥6.00"),
        (Terms("product", "CNY"), "one unit: free", "限一件：免费"),
        (Terms("product", "CNY", 600), "one unit: CN¥6.00 off", "限一件：立减 ¥6.00"),
    ],
)
def test_what_it_gives_is_said_in_both_languages(terms, en, zh):
    assert worth(terms) == Words(en, zh)
