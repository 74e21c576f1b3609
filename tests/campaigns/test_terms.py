"""What a campaign may be given: windows, offers, targets, buckets."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.campaigns.drafting.model.checks import (
    ArrivalMisplaced,
    ClosesBeforeOpening,
    DuplicateOffer,
    LimitAboveQuantity,
    TargetOutOfReach,
    TeamOutOfReach,
    TimeInPast,
    TooManyOffers,
    WindowTooLong,
    check_arrival,
    check_offers,
    check_target,
    check_team,
    check_window,
)
from chalicelib.campaigns.model.kinds import Caps, Team
from chalicelib.campaigns.model.ladder import Step
from chalicelib.campaigns.model.offers import Offer
from chalicelib.campaigns.model.target import Measure, OnMiss, Target
from chalicelib.campaigns.stock.model import bucket_count, order_shards, split
from chalicelib.kernel.errors import DomainError
from tests.refusals import refusal

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def offer(
    sku: str = "S", price_minor: int = 1_000, quantity: int = 10, limit: int | None = None, buckets: int = 1
) -> Offer:
    return Offer(f"offer-of-{sku}", sku, "Pears", price_minor, quantity, limit, buckets)


def pointers(refusal: DomainError) -> list[str]:
    return [error.pointer for error in refusal.errors]


class TestWindow:
    @pytest.mark.parametrize(
        ("opens_at", "closes_at"),
        [
            (None, None),
            (None, NOW + MINUTE),
            (NOW + MINUTE, NOW + 2 * MINUTE),
            (NOW - 5 * MINUTE, NOW + DAY),
            (NOW, NOW + 90 * DAY),
            (NOW + 366 * DAY, NOW + 367 * DAY),
        ],
    )
    def test_these_are_taken(self, opens_at: datetime | None, closes_at: datetime | None) -> None:
        assert refusal(check_window, opens_at, closes_at, NOW) is None

    @pytest.mark.parametrize(
        ("opens_at", "closes_at", "refusal", "pointer"),
        [
            (NOW - 6 * MINUTE, NOW + DAY, TimeInPast, "/opens_at"),
            (None, NOW, TimeInPast, "/closes_at"),
            (None, NOW - DAY, TimeInPast, "/closes_at"),
            (NOW + DAY, NOW + DAY, ClosesBeforeOpening, "/closes_at"),
            (NOW + 2 * DAY, NOW + DAY, ClosesBeforeOpening, "/closes_at"),
            (NOW, NOW + 90 * DAY + MINUTE, WindowTooLong, "/closes_at"),
            (NOW + 367 * DAY, None, WindowTooLong, "/opens_at"),
        ],
    )
    def test_these_are_refused(
        self, opens_at: datetime | None, closes_at: datetime | None, refusal: type[DomainError], pointer: str
    ) -> None:
        with pytest.raises(refusal) as refused:
            check_window(opens_at, closes_at, NOW)
        assert pointers(refused.value) == [pointer]


class TestArrival:
    CLOSES_ON = date(2026, 11, 23)

    @pytest.mark.parametrize(
        ("arrives_on", "closes_on", "today"),
        [
            (None, CLOSES_ON, CLOSES_ON),
            (CLOSES_ON, CLOSES_ON, None),
            (CLOSES_ON + 366 * DAY, CLOSES_ON, None),
            (date(2026, 11, 25), CLOSES_ON, date(2026, 11, 25)),
            (date(2026, 11, 24), None, date(2026, 11, 24)),
            (date(2000, 1, 1), None, None),
        ],
    )
    def test_these_are_taken(self, arrives_on: date | None, closes_on: date | None, today: date | None) -> None:
        check_arrival(arrives_on, closes_on, today)

    @pytest.mark.parametrize(
        ("arrives_on", "closes_on", "today", "said"),
        [
            (date(2026, 11, 22), CLOSES_ON, None, "on 2026-11-23 at the earliest"),
            (date(2026, 11, 24), CLOSES_ON, date(2026, 11, 25), "on 2026-11-25 at the earliest"),
            (date(2026, 11, 24), None, date(2026, 11, 25), "on 2026-11-25 at the earliest"),
            (CLOSES_ON + 367 * DAY, CLOSES_ON, None, "on 2027-11-24 at the latest"),
        ],
    )
    def test_these_are_refused(self, arrives_on: date, closes_on: date | None, today: date | None, said: str) -> None:
        with pytest.raises(ArrivalMisplaced, match=said) as refused:
            check_arrival(arrives_on, closes_on, today)
        assert pointers(refused.value) == ["/arrives_on"]


class TestOffers:
    def test_a_sku_is_offered_once_and_every_duplicate_is_named(self) -> None:
        with pytest.raises(DuplicateOffer) as refused:
            check_offers([offer("A"), offer("B"), offer("A")])
        assert pointers(refused.value) == ["/offers/0/sku_id", "/offers/2/sku_id"]

    def test_a_member_may_not_take_more_than_there_is(self) -> None:
        check_offers([offer(quantity=10, limit=10)])
        with pytest.raises(LimitAboveQuantity) as refused:
            check_offers([offer("A"), offer("B", quantity=10, limit=11)])
        assert pointers(refused.value) == ["/offers/1/per_member_limit"]

    @pytest.mark.parametrize(("buckets", "most"), [(1, 46), (10, 8), (20, 4)])
    def test_all_of_a_campaign_fits_one_transaction(self, buckets: int, most: int) -> None:
        offers = [offer(f"S{n}", quantity=100, buckets=buckets) for n in range(most + 1)]
        check_offers(offers[:most])
        assert 3 + most * (1 + buckets) <= 100
        with pytest.raises(TooManyOffers, match=f"at most {most} offers"):
            check_offers(offers)


class TestTarget:
    """Ten units at ¥10.00 and twenty at ¥2.50: 30 units, ¥150.00."""

    OFFERS = (offer("A", 1_000, 10), offer("B", 250, 20))

    @pytest.mark.parametrize(
        ("measure", "most", "said"),
        [(Measure.QUANTITY, 30, "30"), (Measure.PARTICIPANTS, 30, "30"), (Measure.AMOUNT, 15_000, "CNY 150.00")],
    )
    def test_a_target_above_what_is_offered_is_refused(self, measure: Measure, most: int, said: str) -> None:
        check_target(Target(measure, most, OnMiss.CANCEL), self.OFFERS, None, "CNY")
        with pytest.raises(TargetOutOfReach, match=f"reaches {said} at most") as refused:
            check_target(Target(measure, most + 1, OnMiss.CANCEL), self.OFFERS, None, "CNY")
        assert pointers(refused.value) == ["/target/value"]

    def test_nothing_is_said_before_there_are_offers(self) -> None:
        target = Target(Measure.QUANTITY, 31, OnMiss.CANCEL)
        assert refusal(check_target, target, [], None, "CNY") is None
        assert refusal(check_target, target, self.OFFERS, None, "CNY") == "target_out_of_reach"
        assert refusal(check_target, None, self.OFFERS, None, "CNY") is None

    @pytest.mark.parametrize(
        ("measure", "caps", "most"),
        [
            (Measure.PARTICIPANTS, Caps(orders=12), 12),
            (Measure.AMOUNT, Caps(amount_minor=9_000), 9_000),
            (Measure.QUANTITY, Caps(orders=12, amount_minor=9_000), 30),
        ],
    )
    def test_a_cap_that_closes_early_bounds_it_too(self, measure: Measure, caps: Caps, most: int) -> None:
        check_target(Target(measure, most, OnMiss.CANCEL), self.OFFERS, caps, "CNY")
        with pytest.raises(TargetOutOfReach):
            check_target(Target(measure, most + 1, OnMiss.CANCEL), self.OFFERS, caps, "CNY")

    def test_a_ladder_is_worth_the_price_it_is_ordered_at(self) -> None:
        # 60 units on 1 -> 10.00, 20 -> 9.00, 50 -> 7.50 are ordered for 600.00, although they bring 450.00.
        steps = (Step(1, 1_000), Step(20, 900), Step(50, 750))
        falling = [Offer("O", "S", "Pears", 1_000, 60, ladder=steps)]
        check_target(Target(Measure.AMOUNT, 60_000, OnMiss.CANCEL), falling, None, "CNY")
        with pytest.raises(TargetOutOfReach):
            check_target(Target(Measure.AMOUNT, 60_001, OnMiss.CANCEL), falling, None, "CNY")

    def test_a_team_larger_than_what_is_offered_is_refused(self) -> None:
        check_team(Team(30, 24), self.OFFERS)
        check_team(Team(31, 24), [])
        with pytest.raises(TeamOutOfReach) as refused:
            check_team(Team(31, 24), self.OFFERS)
        assert pointers(refused.value) == ["/team/size"]


class TestBuckets:
    @pytest.mark.parametrize(
        ("peak", "quantity", "buckets"),
        [(1, 50, 1), (250, 50, 1), (251, 50, 2), (2_500, 300, 10), (5_000, 300, 20), (5_000, 3, 3)],
    )
    def test_one_for_each_250_orders_a_second(self, peak: int, quantity: int, buckets: int) -> None:
        assert bucket_count(peak, quantity) == buckets

    def test_units_are_spread_evenly(self) -> None:
        assert split(50, 1) == [50]
        assert split(7, 3) == [3, 2, 2]
        assert split(300, 10) == [30] * 10

    @given(st.integers(1, 1_000_000), st.integers(1, 5_000))
    def test_no_unit_is_lost_and_no_bucket_is_empty(self, quantity: int, peak: int) -> None:
        parts = split(quantity, bucket_count(peak, quantity))
        assert sum(parts) == quantity
        assert min(parts) >= 1
        assert max(parts) - min(parts) <= 1

    def test_the_order_index_has_as_many_partitions_as_the_busiest_offer(self) -> None:
        assert order_shards([]) == 1
        assert order_shards([offer("A", buckets=2), offer("B", buckets=10)]) == 10


def test_every_refusal_names_itself() -> None:
    refusals = [TimeInPast, ClosesBeforeOpening, WindowTooLong, DuplicateOffer, LimitAboveQuantity]
    refusals += [TargetOutOfReach, TooManyOffers, TeamOutOfReach]
    assert len({refusal.code for refusal in refusals}) == len(refusals)
    assert all(refusal.status == 422 and refusal.title_zh for refusal in refusals)
