"""What points are earned, which of them a spending uses, what expires and what goes back, without a database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.errors import Invalid
from chalicelib.loyalty.points.errors import ActionNotOffered, TwoRulesForOneAction
from chalicelib.loyalty.points.forms import PointsRulesForm
from chalicelib.loyalty.points.model.earning import Counts, Earned, earned_by, granted, to_take_back
from chalicelib.loyalty.points.model.expiring import Expiring, notice_on, to_tell
from chalicelib.loyalty.points.model.lots import Holding, Lot, given_back
from chalicelib.loyalty.points.model.rules import OFFERED, Action, EarningRule, PointsRules, Rate, SpendRule
from chalicelib.loyalty.points.model.spending import PaidByPoints, lower_by, pay_with

MARCH, APRIL, MAY = date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31)
A_POINT_A_YUAN = EarningRule(Action.ORDER, rate=Rate(100, 1))


def holding(*lots: tuple[int, date | None], debt: int = 0) -> Holding:
    return Holding(tuple(Lot(*lot) for lot in lots), debt)


class TestLots:
    def test_what_expires_first_is_used_first(self) -> None:
        has = Holding().plus(Lot(30)).plus(Lot(50, MAY)).plus(Lot(20, APRIL)).plus(Lot(10, APRIL))
        assert has == holding((30, APRIL), (50, MAY), (30, None))

        left, used = has.minus(60)

        assert used == (Lot(30, APRIL), Lot(30, MAY))
        assert left == holding((20, MAY), (30, None))

    def test_what_is_taken_back_goes_out_of_the_lot_that_it_came_into(self) -> None:
        has = holding((30, APRIL), (50, MAY))

        assert has.minus(40, first=(MAY,)) == (holding((30, APRIL), (10, MAY)), (Lot(40, MAY),))
        assert has.minus(60, first=(MAY,)) == (holding((20, APRIL)), (Lot(10, APRIL), Lot(50, MAY)))

    def test_what_is_missing_is_a_debt_that_later_points_pay(self) -> None:
        left, used = holding((30, APRIL)).minus(50)
        assert (left, left.balance, used) == (holding(debt=20), -20, (Lot(30, APRIL),))

        assert left.plus(Lot(15, MAY)) == holding(debt=5)
        assert left.plus(Lot(45, MAY)) == holding((25, MAY))

    def test_a_lot_can_be_used_up_to_and_including_its_last_day(self) -> None:
        has = holding((30, APRIL), (50, MAY), (5, None))

        assert has.expire(APRIL) == (has, ())
        assert has.expire(APRIL + timedelta(days=1)) == (holding((50, MAY), (5, None)), (Lot(30, APRIL),))
        assert has.expire(date(2030, 1, 1)) == (holding((5, None)), (Lot(30, APRIL), Lot(50, MAY)))
        assert holding(debt=20).expire(date(2030, 1, 1)) == (holding(debt=20), ())

    def test_a_spending_comes_back_into_the_lots_that_it_used_the_last_first(self) -> None:
        used = (Lot(30, APRIL), Lot(30, MAY), Lot(10))

        assert given_back(used, 0, 15) == (Lot(5, MAY), Lot(10))
        assert given_back(used, 15, 30) == (Lot(5, APRIL), Lot(25, MAY))
        assert given_back(used, 45, 25) == (Lot(25, APRIL),)
        with pytest.raises(ValueError, match="more than were used"):
            given_back(used, 45, 26)

    @pytest.mark.parametrize("has", [Holding(), holding((30, APRIL), (5, None)), holding(debt=20)])
    def test_it_is_stored_and_read_back(self, has: Holding) -> None:
        assert Holding.from_json(has.as_json()) == has


class TestEarning:
    @pytest.mark.parametrize(
        ("amount", "factor", "points"),
        [(9_999, 10_000, 99), (10_000, 10_000, 100), (10_000, 15_000, 150), (199, 15_000, 2), (99, 10_000, 0)],
    )
    def test_an_amount_earns_for_each_whole_part_of_it(self, amount: int, factor: int, points: int) -> None:
        assert earned_by(A_POINT_A_YUAN, amount, factor, None).given == points

    def test_half_of_the_money_back_takes_half_of_the_points_whatever_the_rule_says_by_then(self) -> None:
        """Earned 100; the rule gives twice as many since; half was refunded: −50."""
        earned = earned_by(A_POINT_A_YUAN, 10_000, 10_000, None)

        assert earned.left_of(5_000) - earned.given == -50

    def test_parts_that_go_back_one_by_one_take_as_much_as_the_whole(self) -> None:
        earned = earned_by(EarningRule(Action.ORDER, rate=Rate(300, 2)), 10_000, 12_000, None)
        left = [earned.left_of(base) for base in (10_000, 6_667, 3_334, 1, 0)]

        # 10,000 × 2 × 1.2 ÷ 300 = 80; 6,667 → 53.3; 3,334 → 26.7
        assert left == [80, 53, 26, 0, 0]

    def test_points_that_a_cap_lessened_go_back_in_proportion(self) -> None:
        earned = earned_by(A_POINT_A_YUAN, 30_000, 10_000, room=100)
        assert (earned.full, earned.given) == (300, 100)

        assert [earned.left_of(base) for base in (30_000, 15_000, 100, 0)] == [100, 50, 0, 0]

    def test_an_order_that_earns_the_same_whatever_it_costs_gives_back_in_proportion(self) -> None:
        earned = earned_by(EarningRule(Action.ORDER, points=10), 8_000, 15_000, None)

        assert (earned.given, earned.left_of(4_000), earned.left_of(0)) == (15, 7, 0)

    def test_nothing_that_counts_earns_nothing(self) -> None:
        assert earned_by(EarningRule(Action.ORDER, points=10), 0, 10_000, None).given == 0

    def test_what_expired_unused_is_not_taken_back_again(self) -> None:
        assert [to_take_back(50, expired) for expired in (0, 30, 50, 100)] == [50, 20, 0, 0]

    def test_caps_limit_a_day_and_a_member(self) -> None:
        rule = EarningRule(Action.CHECK_IN, points=5, per_day=8, per_member=20)
        monday, counts = date(2026, 3, 2), Counts()

        given_on = []
        for offset in (0, 0, 0, 1, 2, 3):
            day = monday + timedelta(days=offset)
            points = granted(rule.points, counts.room(rule, day))
            counts = counts.plus(rule.action, points, day)
            given_on.append(points)

        assert given_on == [5, 3, 0, 5, 5, 2]

    def test_what_goes_back_can_be_earned_again_but_not_on_the_same_day(self) -> None:
        rule, day = EarningRule(Action.ORDER, rate=Rate(100, 1), per_day=100, per_member=100), date(2026, 3, 2)
        counts = Counts().plus(rule.action, 100, day).plus(rule.action, -60, day)

        assert (counts.room(rule, day), counts.room(rule, day + timedelta(days=1))) == (0, 60)

    def test_a_day_that_is_told_late_counts_for_the_member_alone(self) -> None:
        rule, day = EarningRule(Action.ORDER, points=5, per_day=5), date(2026, 3, 2)
        counts = Counts().plus(rule.action, 5, day).plus(rule.action, 5, day - timedelta(days=1))

        assert (counts.room(rule, day), counts.by_action[rule.action].ever) == (0, 10)

    def test_counts_and_terms_are_stored_and_read_back(self) -> None:
        counts = Counts().plus(Action.ORDER, 100, MARCH).plus(Action.SURVEY, -5, MARCH)
        earned = [earned_by(A_POINT_A_YUAN, 10_000, 15_000, 20), Earned(0, 0, 0)]

        assert Counts.from_json(counts.as_json()) == counts
        assert [Earned.from_json(each.as_json()) for each in earned] == earned


class TestNotice:
    LOTS = (Lot(10, date(2026, 5, 20)), Lot(20, date(2026, 6, 1)), Lot(40, date(2026, 6, 20)), Lot(5))

    def test_each_lot_is_told_of_once_a_fortnight_before_at_the_latest(self) -> None:
        noticed: date | None = None
        told = []
        for offset in range(60):
            today = date(2026, 5, 1) + timedelta(days=offset)
            if found := to_tell(self.LOTS, noticed, today):
                noticed = found.until_on
                told.append((today, found))

        assert told == [
            (date(2026, 5, 6), Expiring(30, date(2026, 5, 20), date(2026, 6, 3))),
            (date(2026, 6, 6), Expiring(40, date(2026, 6, 20), date(2026, 7, 4))),
        ]

    def test_who_earns_a_little_every_day_hears_of_it_twice_a_month(self) -> None:
        noticed: date | None = None
        told = []
        for offset in range(90):
            today = date(2026, 5, 1) + timedelta(days=offset)
            lots = [Lot(5, today + timedelta(days=n)) for n in range(30)]
            if found := to_tell(lots, noticed, today):
                noticed = found.until_on
                told.append(offset)

        assert told == [0, 15, 30, 45, 60, 75]

    def test_what_does_not_expire_is_not_told_of(self) -> None:
        assert (notice_on((Lot(5),), None), to_tell((Lot(5),), None, MAY)) == (None, None)
        assert notice_on(self.LOTS, date(2026, 5, 20)) == date(2026, 5, 18)


class TestSpending:
    @pytest.mark.parametrize(
        ("points", "rule", "due", "paid"),
        [
            (200, SpendRule(1, 100), 10_000, (100, 10_000)),  # 400.00 less 300.00 by a coupon: 100 of 200 points
            (200, SpendRule(1, 100), 40_000, (200, 20_000)),
            (200, SpendRule(1, 100, 5_000), 30_000, (150, 15_000)),
            (150, SpendRule(100, 100), 10_000, (150, 150)),
            (99, SpendRule(100, 1), 10_000, (0, 0)),
            (199, SpendRule(100, 1), 10_000, (100, 1)),
            (500, SpendRule(3, 100), 10_000, (300, 10_000)),
            (500, SpendRule(3, 100), 101, (4, 101)),
            (0, SpendRule(1, 100), 10_000, (0, 0)),
            (-5, SpendRule(1, 100), 10_000, (0, 0)),
            (50, SpendRule(1, 100), 0, (0, 0)),
        ],
    )
    def test_points_never_exceed_what_is_due_nor_the_share(
        self, points: int, rule: SpendRule, due: int, paid: tuple[int, int]
    ) -> None:
        assert pay_with(points, rule, due) == PaidByPoints(*paid)

    def test_what_they_pay_is_split_over_the_lines_by_what_each_still_costs(self) -> None:
        assert lower_by(100, SpendRule(1, 1))((), [200, 100, 0]) == [67, 33, 0]
        assert lower_by(1_000, SpendRule(1, 1))((), [200, 100, 0]) == [200, 100, 0]
        assert lower_by(1_000, SpendRule(1, 1, 5_000))((), [201]) == [100]
        assert lower_by(1_000, SpendRule(1, 1))((), []) == []

    @given(
        st.integers(0, 10**6), st.integers(1, 10**4), st.integers(1, 10**5), st.integers(1, 10_000),
        st.integers(0, 10**9),
    )  # fmt: skip
    def test_whatever_the_rule(self, points: int, each: int, worth: int, share: int, due: int) -> None:
        paid = pay_with(points, SpendRule(each, worth, share), due)

        assert 0 <= paid.points <= points
        assert 0 <= paid.amount_minor <= due * share // 10_000
        assert paid.amount_minor * each <= paid.points * worth < paid.amount_minor * each + worth


class TestRules:
    def form(self, *rules: dict[str, Any], **more: Any) -> PointsRules:
        return PointsRulesForm.model_validate({"rules": list(rules), **more}).terms("CNY")

    def test_what_is_set_is_kept(self) -> None:
        per = {"amount": {"amount_minor": 1_000, "currency": "CNY"}, "points": 3}
        found = self.form(
            {"action": "order", "per_amount": per, "cap": {"per_day": 50}, "valid_days": 365},
            {"action": "survey", "points": 20},
            spend={"points": 100, "worth": {"amount_minor": 100, "currency": "CNY"}, "most_share": "12.5"},
        )

        assert found.earning[Action.ORDER] == EarningRule(Action.ORDER, 0, Rate(1_000, 3), 50, None, 365)
        assert found.spend == SpendRule(100, 100, 1_250)
        assert PointsRules.from_json(found.as_json()) == found
        assert found.earning[Action.ORDER].expires_on(date(2026, 1, 1)) == date(2027, 1, 1)

    @pytest.mark.parametrize("action", sorted(set(Action) - OFFERED))
    def test_an_action_without_a_source_is_refused_by_name(self, action: Action) -> None:
        with pytest.raises(ActionNotOffered) as refused:
            self.form({"action": "check_in", "points": 5}, {"action": action.value, "points": 5})

        assert f"'{action.value}'" in refused.value.detail
        assert f"“{action.value}”" in refused.value.detail_zh
        assert refused.value.errors[0].pointer == "/rules/1/action"

    def test_an_action_has_one_rule(self) -> None:
        with pytest.raises(TwoRulesForOneAction):
            self.form({"action": "check_in", "points": 5}, {"action": "check_in", "points": 6})

    def test_amounts_are_in_the_brands_currency(self) -> None:
        dollars = {"amount_minor": 100, "currency": "USD"}
        with pytest.raises(Invalid, match="CNY"):
            self.form({"action": "order", "per_amount": {"amount": dollars, "points": 1}})
        with pytest.raises(Invalid, match="CNY"):
            self.form(spend={"points": 1, "worth": dollars})


@dataclass
class Ledger:
    """A member's points with every entry that changed them."""

    has: Holding = field(default_factory=Holding)
    entries: list[int] = field(default_factory=list)
    spendings: list[tuple[Lot, ...]] = field(default_factory=list)

    def to(self, has: Holding, delta: int) -> None:
        self.has = has
        self.entries.append(delta)

    def do(self, what: str, points: int, day: date) -> None:
        before = self.has.balance
        left, gone = self.has.expire(day)
        self.to(left, -sum(lot.points for lot in gone))
        assert self.has.balance >= min(before, 0), "what expires leads nobody below zero"
        if what == "earn":
            self.to(self.has.plus(Lot(points, day + timedelta(days=points % 40))), points)
        elif what == "give":
            self.to(self.has.plus(Lot(points)), points)
        elif what == "spend" and points <= self.has.balance:
            left, used = self.has.minus(points)
            self.spendings.append(used)
            self.to(left, -points)
        elif what == "take back":
            self.to(self.has.minus(points, first=(day + timedelta(days=points % 40),))[0], -points)
        elif what == "return" and self.spendings:
            for lot in given_back(used := self.spendings.pop(), 0, sum(lot.points for lot in used)):
                self.to(self.has.plus(lot), lot.points)


KINDS = st.sampled_from(["earn", "give", "spend", "take back", "return"])
STEPS = st.lists(st.tuples(KINDS, st.integers(1, 200), st.integers(0, 20)), max_size=40)


@given(STEPS)
def test_the_balance_is_the_sum_of_the_entries_whatever_happens(steps: list[tuple[str, int, int]]) -> None:
    ledger, day = Ledger(), date(2026, 1, 1)
    for what, points, later in steps:
        day += timedelta(days=later)
        ledger.do(what, points, day)

        assert ledger.has.balance == sum(ledger.entries)
        assert all(lot.points > 0 for lot in ledger.has.lots)
        assert not (ledger.has.lots and ledger.has.debt)
        assert Holding.from_json(ledger.has.as_json()) == ledger.has
