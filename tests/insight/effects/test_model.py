"""What an order adds to effects, by hand; and what an entry of a ledger of points counts for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.insight.effects.model.figures import NONE, Figures, Kind, Subject, differences, summed
from chalicelib.insight.effects.model.orders import Means, Seen, effects_of
from chalicelib.insight.effects.model.points import flow_of, outstanding, worth_minor
from chalicelib.loyalty.points.model.entries import CauseType
from chalicelib.loyalty.points.model.lots import Holding, Lot
from chalicelib.loyalty.points.model.rules import SpendRule
from chalicelib.orders.discounts.model import Applied, CameBack, after_returns, off_lines
from chalicelib.orders.model import Line, Status
from chalicelib.orders.sale.model import Sale
from chalicelib.pricing.model import Step, Words

WORDS = Words("off", "减")
HARVEST = Applied(Step.TIMED_PRICE, "harvest", WORDS, {"pears": 600, "eggs": 400})
COUPON = Applied(Step.COUPON, "coupon-1", WORDS, {"pears": 300})
POINTS = Applied(Step.POINTS, "", WORDS, {"eggs": 100})
FREE_DELIVERY = Applied(Step.MEMBER_PRICE, "", WORDS, {}, 800)
PEARS, EGGS = Line("pears", "sku-p", 3, 2_000, ()), Line("eggs", "sku-e", 4, 1_000, ())
MEANS = Means(batches={"coupon-1": "moon"}, costs={"sku-p": 1_200, "sku-e": 500})
PROMOTION, BATCH = Subject(Kind.PROMOTION, "harvest"), Subject(Kind.COUPON_BATCH, "moon")
SPENDING, GOLD = Subject(Kind.POINTS, "spending"), Subject(Kind.TIER, "gold")


def seen(*discounts: Applied, returned: dict[str, int] | None = None, **more: object) -> Seen:
    """An order of pears at 60.00 and eggs at 40.00 that is placed; ``returned`` came back with its goods."""
    off = off_lines(discounts)
    lines = (PEARS, EGGS)
    costs = {line.offer_id: line.total_minor - off.get(line.offer_id, 0) for line in lines}
    back = returned or {}
    fields = {
        "status": Status.PLACED.value, "was_paid": True, "replaces": False, "sale": Sale(7, sum(costs.values())),
        "lines": (PEARS, EGGS), "discounts": discounts, "standing": after_returns(discounts, lines, CameBack({}, back)),
        "returned": back, "returned_minor": sum(back.values()),
    }  # fmt: skip
    return Seen(**{**fields, **more})  # type: ignore[arg-type]


def test_a_promotions_order_brings_what_its_goods_cost_the_buyer_less_what_they_cost_the_brand() -> None:
    # 100 - 10 = 90 for goods that cost 3 × 12 + 4 × 5 = 56
    assert effects_of(seen(HARVEST), MEANS) == {
        PROMOTION: Figures(orders=1, discount_minor=1_000, revenue_minor=9_000, costed_minor=9_000, cost_minor=5_600)
    }


def test_each_of_several_discounts_has_its_own_amount_and_the_same_order() -> None:
    found = effects_of(seen(HARVEST, COUPON, POINTS), MEANS)

    assert {subject: each.discount_minor for subject, each in found.items()} == {
        PROMOTION: 1_000, BATCH: 300, SPENDING: 100,
    }  # fmt: skip
    assert {(each.orders, each.revenue_minor, each.margin_minor) for each in found.values()} == {(1, 8_600, 3_000)}


def test_goods_that_came_back_take_their_discount_revenue_and_cost_with_them() -> None:
    # The pears cost the buyer 54; half of that came back, and with it half of their discount and cost.
    found = effects_of(seen(HARVEST, returned={"pears": 2_700}), MEANS)[PROMOTION]

    assert (found.discount_minor, found.discount_back_minor) == (700, 300)
    assert (found.revenue_minor, found.costed_minor, found.cost_minor) == (6_300, 6_300, 3_800)


def test_units_that_were_sent_back_take_their_cost_with_them_also_where_points_had_paid_for_them() -> None:
    all_by_points = Applied(Step.POINTS, "", WORDS, {"pears": 6_000})
    found = effects_of(seen(all_by_points, units_back={"pears": 1}), MEANS)[SPENDING]

    assert (found.revenue_minor, found.cost_minor) == (4_000, 2_400 + 2_000)


def test_goodwill_lowers_the_revenue_and_nothing_came_back_for_it() -> None:
    kept = seen(HARVEST, returned={"pears": 2_700}, without_goods={"pears": 2_700}, standing=(HARVEST,))

    found = effects_of(kept, MEANS)[PROMOTION]

    assert (found.discount_minor, found.discount_back_minor) == (1_000, 0)
    assert (found.revenue_minor, found.cost_minor, found.margin_minor) == (6_300, 5_600, 700)


def test_a_lost_dispute_lowers_the_revenue_of_known_and_unknown_goods_in_proportion() -> None:
    half_known = replace(MEANS, costs={"sku-p": 1_200})

    found = effects_of(seen(HARVEST, returned_minor=4_500), half_known)[PROMOTION]

    # 90 were 54 of pears, whose cost is known, and 36 of eggs; 45 are left.
    assert (found.revenue_minor, found.costed_minor, found.uncosted_minor, found.cost_minor) == (
        4_500, 2_700, 1_800, 3_600,
    )  # fmt: skip


def test_no_margin_is_said_of_goods_of_which_nobody_knows_the_cost() -> None:
    found = effects_of(seen(HARVEST), replace(MEANS, costs={}))[PROMOTION]

    assert (found.revenue_minor, found.costed_minor, found.margin_minor) == (9_000, 0, 0)


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.REFUNDED])
def test_an_order_that_came_to_nothing_gave_all_of_it_back(status: Status) -> None:
    found = effects_of(seen(HARVEST, status=status.value, sale=None), MEANS)

    assert found == {PROMOTION: Figures(reversed=1, discount_back_minor=1_000)}


@pytest.mark.parametrize(
    "never",
    [
        {"status": Status.HELD.value, "sale": None},
        {"status": Status.EXPIRED.value, "sale": None},
        {"status": Status.CANCELLED.value, "sale": None, "was_paid": False, "waited_for_payment": True},
        {"replaces": True, "sale": None},
    ],
)
def test_what_never_became_an_order_of_its_own_has_no_effect(never: dict[str, object]) -> None:
    assert effects_of(seen(HARVEST, **never), MEANS) == {}


def test_money_that_was_kept_of_an_order_nobody_collected_is_revenue_without_goods() -> None:
    found = effects_of(seen(HARVEST, status=Status.CANCELLED.value, sale=Sale(0, 2_000)), MEANS)

    assert found == {PROMOTION: Figures(orders=1, discount_back_minor=1_000, revenue_minor=2_000)}


def test_a_tier_costs_the_fees_that_it_saves_the_promotions_for_it_and_the_points_it_adds() -> None:
    means = replace(MEANS, tier="gold", for_tiers=frozenset({"harvest"}), earned=True, points_of_tier=9)

    found = effects_of(seen(HARVEST, COUPON, FREE_DELIVERY), means)

    assert (found[GOLD].discount_minor, found[GOLD].points, found[GOLD].orders) == (1_800, 9, 1)
    assert (found[PROMOTION].discount_minor, found[Subject(Kind.POINTS, "order")].discount_minor) == (1_000, 0)


def test_a_promotion_for_everybody_is_no_cost_of_the_tier() -> None:
    found = effects_of(seen(HARVEST), replace(MEANS, tier="gold"))

    assert (found[GOLD].discount_minor, found[GOLD].revenue_minor) == (0, 9_000)


def test_a_gift_for_points_costs_what_its_goods_cost_and_is_no_tiers_order() -> None:
    all_by_points = Applied(Step.POINTS, "", WORDS, {"pears": 6_000, "eggs": 4_000})
    means = replace(MEANS, tier="gold")
    given_away = seen(all_by_points, for_points=True, sale=Sale(7, 0))

    gifts = Subject(Kind.POINTS, "gift")
    assert effects_of(given_away, means) == {gifts: Figures(orders=1, discount_minor=10_000, cost_minor=5_600)}
    assert effects_of(replace(given_away, sale=None), means) == {gifts: Figures(reversed=1, discount_back_minor=10_000)}


def test_a_coupon_whose_batch_nobody_knows_counts_nowhere() -> None:
    assert effects_of(seen(COUPON), replace(MEANS, batches={})) == {}


_figures = st.builds(Figures, *(st.integers(-9, 9) for _ in range(10)))
_effects = st.dictionaries(st.sampled_from([PROMOTION, BATCH, GOLD]), _figures)


@given(st.lists(_effects, max_size=6))
def test_differences_lead_from_each_state_to_the_next_so_that_their_sum_is_the_last(states: list) -> None:
    counted, before = [], {}
    for after in states:
        counted.append(differences(before, after))
        before = after

    for subject in (PROMOTION, BATCH, GOLD):
        assert summed(each.get(subject, NONE) for each in counted) == before.get(subject, NONE)


@pytest.mark.parametrize(
    ("cause", "delta", "of", "figures"),
    [
        (CauseType.ORDER, 27, "order", Figures(times=1, points=27)),
        (CauseType.REFUND, -9, "order", Figures(points_back=9)),
        (CauseType.PARTICIPATION, 10, "participation", Figures(times=1, points=10)),
        (CauseType.PARTICIPATION_ENDED, -10, "participation", Figures(points_back=10)),
        (CauseType.CHECK_IN, 5, "check_in", Figures(times=1, points=5)),
        (CauseType.SURVEY, 3, "survey", Figures(times=1, points=3)),
        (CauseType.STAFF, 50, "staff", Figures(times=1, points=50)),
        (CauseType.STAFF, -20, "staff", Figures(points_back=20)),
        (CauseType.SPENDING, -100, "spending", Figures(times=1, points=100)),
        (CauseType.SPENDING_RETURNED, 40, "spending", Figures(points_back=40)),
        (CauseType.EXPIRY, -7, "expiry", Figures(times=1, points=7)),
    ],
)
def test_what_an_entry_counts_for(cause: CauseType, delta: int, of: str, figures: Figures) -> None:
    assert flow_of(cause, delta) == (Subject(Kind.POINTS, of), figures)


def test_points_that_go_along_to_another_membership_count_for_nothing() -> None:
    assert flow_of(CauseType.MERGE, 30) is None


def test_what_is_outstanding_stands_by_the_month_of_its_last_day() -> None:
    lots = (Lot(5, date(2026, 11, 3)), Lot(7, date(2026, 11, 30)), Lot(2, date(2027, 1, 1)), Lot(40))

    assert outstanding(Holding(lots)) == {"2026-11": 12, "2027-01": 2, "never": 40}
    assert outstanding(Holding((), 9)) == {"debt": 9}


def test_points_are_worth_what_they_pay_rounded_down() -> None:
    assert worth_minor(250, SpendRule(100, 100)) == 250
    assert worth_minor(299, SpendRule(100, 50)) == 149
    assert worth_minor(299, None) is None
