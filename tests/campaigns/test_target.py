"""The decision at the close of a campaign, with worked figures."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.campaigns.lifecycle.model import Decision, decision_at_close, extended_close
from chalicelib.campaigns.model.ladder import Step
from chalicelib.campaigns.model.offers import Offer
from chalicelib.campaigns.model.target import (
    CloseTotals,
    Measure,
    OnMiss,
    Target,
    at_final_prices,
    reached_bps,
    worth_as_ordered,
)

CLOSES = datetime(2026, 11, 22, 20, tzinfo=UTC)


class TestDecision:
    """A target of 30 units, of 10 members, or of ¥500.00."""

    @pytest.mark.parametrize(
        ("measure", "value", "missed", "reached"),
        [
            (Measure.QUANTITY, 30, CloseTotals(29, 99, 999_999), CloseTotals(30, 1, 1)),
            (Measure.PARTICIPANTS, 10, CloseTotals(99, 9, 999_999), CloseTotals(10, 10, 1)),
            (Measure.AMOUNT, 50_000, CloseTotals(99, 99, 49_999), CloseTotals(1, 1, 50_000)),
        ],
    )
    def test_each_measure_decides_at_the_last_unit(
        self, measure: Measure, value: int, missed: CloseTotals, reached: CloseTotals
    ) -> None:
        target = Target(measure, value, OnMiss.CANCEL)
        assert decision_at_close(target, missed, extendable=True) is Decision.CANCEL
        assert decision_at_close(target, reached, extendable=True) is Decision.LOCK

    @pytest.mark.parametrize(
        ("on_miss", "first", "second"),
        [
            (OnMiss.CANCEL, Decision.CANCEL, Decision.CANCEL),
            (OnMiss.EXTEND, Decision.EXTEND, Decision.CANCEL),
            (OnMiss.LOCK, Decision.LOCK, Decision.LOCK),
        ],
    )
    def test_a_miss_does_what_was_configured_and_extends_once(
        self, on_miss: OnMiss, first: Decision, second: Decision
    ) -> None:
        target, short = Target(Measure.QUANTITY, 30, on_miss), CloseTotals(29, 20, 40_000)
        assert decision_at_close(target, short, extendable=True) is first
        assert decision_at_close(target, short, extendable=False) is second

    LADDER = (Step(1, 1_000), Step(20, 900), Step(50, 750))
    OFFERS = (Offer("A", "S", "Pears", 1_000, 60, ladder=LADDER), Offer("B", "T", "Plums", 250, 20))

    def test_a_ladder_counts_the_price_it_was_ordered_at(self) -> None:
        # 23 units at 10.00 beside plums of 50.00: 280.00, although each of the 23 costs 9.00 in the end.
        sold = {"A": 23, "B": 20}
        assert [offer.final_price_minor for offer in at_final_prices(self.OFFERS, sold)] == [900, None]
        assert worth_as_ordered(self.OFFERS, sold) == 28_000

    def test_a_ladder_that_sold_nothing_stays_on_its_first_step(self) -> None:
        final = at_final_prices(self.OFFERS, {})
        assert (final[0].final_price_minor, worth_as_ordered(final, {})) == (1_000, 0)

    @given(
        st.dictionaries(st.sampled_from("AB"), st.integers(0, 60)),
        st.dictionaries(st.sampled_from("AB"), st.integers(0, 60)),
        st.sampled_from(list(Measure)),
        st.integers(1, 60_000),
    )
    def test_more_units_never_turn_a_reached_target_into_a_missed_one(
        self, sold: dict[str, int], more: dict[str, int], measure: Measure, value: int
    ) -> None:
        after = Counter(sold) + Counter(more)
        decisions = [
            decision_at_close(
                Target(measure, value, OnMiss.CANCEL),
                CloseTotals(sum(units.values()), sum(units.values()), worth_as_ordered(self.OFFERS, units)),
                extendable=False,
            )
            for units in (sold, after)
        ]
        assert decisions != [Decision.LOCK, Decision.CANCEL]

    def test_without_a_target_the_campaign_locks(self) -> None:
        assert decision_at_close(None, CloseTotals(0, 0, 0), extendable=True) is Decision.LOCK

    def test_what_is_reached_is_rounded_down(self) -> None:
        target = Target(Measure.QUANTITY, 30, OnMiss.LOCK)
        assert reached_bps(target, CloseTotals(29, 0, 0)) == 9_666  # 96.66…% is not yet reached
        assert reached_bps(target, CloseTotals(30, 0, 0)) == 10_000
        assert reached_bps(target, CloseTotals(45, 0, 0)) == 15_000


class TestExtension:
    def test_an_ordinary_decision_extends_from_the_announced_hour(self) -> None:
        decided = CLOSES + timedelta(seconds=40)
        assert extended_close(CLOSES, 24, decided) == CLOSES + timedelta(hours=24)

    def test_a_late_decision_still_gives_the_hours_in_full(self) -> None:
        decided = CLOSES + timedelta(days=3, seconds=1)
        assert extended_close(CLOSES, 24, decided) == CLOSES + timedelta(days=4, minutes=1)
        on_the_minute = CLOSES + timedelta(hours=2)
        assert extended_close(CLOSES, 1, on_the_minute) == CLOSES + timedelta(hours=3)


def test_a_target_survives_storage() -> None:
    target = Target(Measure.AMOUNT, 50_000, OnMiss.EXTEND, 48)
    assert Target.from_json(target.as_json()) == target
