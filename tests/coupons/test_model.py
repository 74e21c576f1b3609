"""What a batch may promise, when its coupons are good, how its codes are read, how its number is divided."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.coupons.errors import AmountInAnotherCurrency, BudgetBelowOneUse, TermsRefused
from chalicelib.coupons.model.batches import Wanted, check
from chalicelib.coupons.model.codes import LENGTH, drawn, folded, shared_code, shown
from chalicelib.coupons.model.parts import (
    UNLIMITED,
    Left,
    divided,
    first_part,
    number_of_parts,
    part_that_pays,
    raised_by,
    together,
)
from chalicelib.coupons.model.states import remind_at, status
from chalicelib.coupons.model.terms import Goods, Terms, Validity
from chalicelib.kernel.ids import derived_id
from chalicelib.kernel.money import Money
from chalicelib.kernel.typed_codes import ALPHABET
from tests.coupons.some import NOW

SHANGHAI, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")


def yuan(minor: int) -> Money:
    return Money(minor, "CNY")


def wanted(**fields) -> Wanted:
    return Wanted(**({"title": "x", "kind": "amount", "purpose": "holiday", "value": yuan(1_000)} | fields))


class TestTerms:
    @pytest.mark.parametrize(
        "terms",
        [
            Terms("amount", "CNY", 1_000, minimum_minor=5_000, goods=Goods(("c",), ("p",), ("eggs",), ("fresh",))),
            Terms("percent", "CNY", None, 1_250, 3_000),
            Terms("delivery", "CNY"),
        ],
    )
    def test_they_are_read_as_they_were_stored(self, terms):
        assert Terms.from_json(terms.as_json()) == terms

    @pytest.mark.parametrize("validity", [Validity(), Validity(NOW, NOW + timedelta(days=1)), Validity(days=7)])
    def test_so_is_the_time(self, validity):
        assert Validity.from_json(validity.as_json()) == validity

    def test_days_are_whole_days_of_the_brands_calendar(self):
        """Got at 23:50 on 30 November in Shanghai and good for a day: until the end of 1 December."""
        got_at = datetime(2026, 11, 30, 15, 50, tzinfo=UTC)
        assert Validity(days=1).window(got_at, SHANGHAI) == (got_at, datetime(2026, 12, 1, 16, tzinfo=UTC))

    def test_days_count_over_a_change_of_clocks(self):
        """Good for 7 days from 28 October in New York, where clocks go back on 1 November: 25 hours on that day."""
        got_at = datetime(2026, 10, 28, 12, tzinfo=UTC)
        assert Validity(days=7).window(got_at, NEW_YORK)[1] == datetime(2026, 11, 5, 5, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("fields", "pointer"),
        [
            ({"value": None}, "/value"),
            ({"percent_bps": 1_000}, "/percent_off"),
            ({"kind": "percent", "value": None}, "/percent_off"),
            ({"kind": "percent", "percent_bps": 1_000}, "/value"),
            ({"cap": yuan(100)}, "/at_most"),
            ({"kind": "product"}, "/scope/product_ids"),
            ({"validity": Validity(until_at=NOW)}, "/valid/until_at"),
            ({"validity": Validity(NOW + timedelta(days=2), NOW + timedelta(days=2))}, "/valid/until_at"),
            ({"validity": Validity(NOW, None, 3)}, "/valid/days"),
            ({"count": 10, "total": 11}, "/limits/total"),
        ],
    )
    def test_what_no_coupon_can_be_is_refused_at_its_field(self, fields, pointer):
        with pytest.raises(TermsRefused) as refusal:
            check(wanted(**fields), NOW)
        assert [each.pointer for each in refusal.value.errors] == [pointer]
        assert refusal.value.detail_zh

    def test_all_that_is_wrong_is_said_at_once(self):
        with pytest.raises(TermsRefused) as refusal:
            check(wanted(kind="product", value=None, cap=yuan(1), validity=Validity(until_at=NOW)), NOW)
        assert len(refusal.value.errors) == 3

    def test_amounts_are_in_the_brands_currency_and_a_share_needs_none(self):
        with pytest.raises(AmountInAnotherCurrency) as refusal:
            wanted(budget=Money(100, "USD")).terms("CNY")
        assert refusal.value.errors[0].pointer == "/budget/currency"
        assert wanted(kind="percent", value=None, percent_bps=1_000).terms("USD").currency == "USD"

    def test_a_budget_pays_for_one_use_at_least(self):
        with pytest.raises(BudgetBelowOneUse):
            check(wanted(budget=yuan(999)), NOW)
        check(wanted(budget=yuan(1_000)), NOW)
        capped = {"kind": "percent", "value": None, "percent_bps": 1_000, "cap": yuan(500)}
        with pytest.raises(BudgetBelowOneUse):
            check(wanted(**capped, budget=yuan(499)), NOW)


class TestStates:
    def test_one_that_no_order_has_expires_by_the_clock(self):
        assert status("granted", NOW, NOW - timedelta(microseconds=1)) == "granted"
        assert status("granted", NOW, NOW) == status("returned", NOW, NOW) == "expired"
        assert status("held", NOW, NOW) == "held"
        assert status("used", NOW, NOW) == "used"
        assert status("granted", None, NOW) == "granted"

    def test_a_member_is_reminded_three_days_before_the_end_unless_it_is_short(self):
        assert remind_at(NOW, NOW + timedelta(days=10)) == NOW + timedelta(days=7)
        assert remind_at(NOW, NOW + timedelta(days=5)) is None
        assert remind_at(NOW, None) is None


class TestCodes:
    @pytest.mark.parametrize("typed", ["MOON-2026", "moon 2026", "ｍｏｏｎ２０２６", " m-o-o-n-2-0-2-6 ", "M00N2O26"])
    def test_a_code_is_read_as_people_type_it(self, typed):
        assert folded(typed) == folded("MOON-2026")

    @pytest.mark.parametrize("typed", ["", "  ", "-"])
    def test_nothing_is_no_code(self, typed):
        assert folded(typed) == ""

    @pytest.mark.parametrize(
        ("typed", "as_shown"),
        [("moon 2026", "MOON-2026"), ("  Moon--2026 ", "MOON-2026"), ("双十一特惠", "双十一特惠"), ("abc", None),
         ("x" * 31, None), ("a_b_c_d", None), ("", None)],
    )  # fmt: skip
    def test_a_brand_chooses_letters_and_digits(self, typed, as_shown):
        assert shared_code(typed) == as_shown

    def test_codes_follow_from_their_seed_and_look_like_nothing_else(self):
        codes = [drawn("00" * 32, n) for n in range(2_000)]
        assert codes == [drawn("00" * 32, n) for n in range(2_000)]
        assert len({*codes, *(drawn("00" * 32, n, 1) for n in range(2_000))}) == 4_000
        assert {len(each) for each in codes} == {LENGTH}
        assert set("".join(codes)) == set(ALPHABET)
        assert not set("ILOU") & set(ALPHABET)
        assert all(folded(shown(each).lower()) == each for each in codes)


class TestParts:
    @pytest.mark.parametrize(
        ("total", "budget", "one_use", "parts"),
        [(None, None, 1_000, 20), (1, None, None, 1), (100_000, None, None, 20), (500, None, None, 5),
         (None, 100_000, 3_000, 1), (None, 10_000_000, 1_000, 20), (None, 100_000, None, 20),
         (300, 10_000_000, 1_000, 3)],
    )  # fmt: skip
    def test_there_are_as_many_as_the_uses_ask_for(self, total, budget, one_use, parts):
        assert number_of_parts(total, budget, one_use) == parts

    @given(st.integers(0, 10_000), st.integers(1, 20))
    def test_a_number_is_divided_evenly_and_whole(self, amount, parts):
        found = divided(amount, parts)
        assert sum(found) == amount
        assert max(found) - min(found) <= 1
        assert divided(None, parts) == [UNLIMITED] * parts

    @pytest.mark.parametrize(
        ("before", "after", "by"),
        [(5, 5, 0), (None, None, 0), (5, 8, 3), (5, 4, None), (None, 5, None), (5, None, None)],
    )
    def test_a_raise_is_known_as_one(self, before, after, by):
        assert raised_by(before, after) == by

    def test_the_first_that_has_enough_pays(self):
        left = [Left(1, 20), Left(0, 90), Left(3, 40)]
        assert part_that_pays(left, 30, 1) == 2
        assert part_that_pays(left, 10, 0) == 0
        assert part_that_pays(left, 50, 0) is None
        assert together(left) == Left(4, 150)

    def test_5_000_orders_a_second_write_each_part_less_than_dynamodb_takes(self):
        """About 500 transactional writes a second are taken for an item; with 20 parts it is 250 and a little more."""
        parts = number_of_parts(1_000_000, None, None)
        written = Counter(first_part(derived_id("order", str(n)), parts) for n in range(5_000))
        assert (parts, len(written)) == (20, 20)
        assert max(written.values()) < 350
