"""Periods, sums and ranks by themselves."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.boards.model import ranking
from chalicelib.boards.model.awards import MOST_WINNERS, Award, Titled, Winner, winners
from chalicelib.boards.model.boards import Board, By, Every, NoSuchPeriod, Period, period_named, period_of
from chalicelib.boards.model.days import Adding, Day, Done, Sold, values_of
from chalicelib.boards.model.ranking import Row, follows, in_order, part_with, part_with_rank, parts_of, rank_in, ranked
from chalicelib.kernel.errors import Invalid

NOVEMBER = Period("2026-11", date(2026, 11, 1), date(2026, 11, 30))
MONDAY, SATURDAY, SUNDAY = 0, 5, 6


class TestPeriods:
    def test_a_month_is_its_days(self) -> None:
        assert period_named("2026-11", MONDAY) == NOVEMBER
        assert period_named("2028-02", MONDAY).to_on == date(2028, 2, 29)
        assert period_named("9999-12", MONDAY).to_on == date.max

    @pytest.mark.parametrize(
        ("begins", "first"), [(MONDAY, 23), (1, 24), (2, 25), (3, 26), (4, 20), (SATURDAY, 21), (SUNDAY, 22)]
    )
    def test_a_week_has_the_number_of_its_thursday_and_begins_on_the_brands_day(self, begins: int, first: int) -> None:
        week = period_named("2026-W48", begins)
        assert (week.from_on, week.to_on) == (date(2026, 11, first), date(2026, 11, first) + timedelta(days=6))
        assert week.from_on <= date(2026, 11, 26) <= week.to_on

    @given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 6), st.sampled_from(Every))
    def test_the_period_of_a_day_holds_it_and_is_found_by_its_name(self, on: date, begins: int, every: Every) -> None:
        found = period_of(on, every, begins)
        assert found.from_on <= on <= found.to_on
        assert period_named(found.name, begins) == found
        following = period_of(found.to_on + timedelta(days=1), every, begins)
        assert following.from_on == found.to_on + timedelta(days=1)

    @pytest.mark.parametrize(
        "name",
        [
            "",
            "2026",
            "2026-13",
            "2026-00",
            "2026-W54",
            "2026-W00",
            "2025-W53",
            "0000-01",
            "0000-W01",
            "９９９９-12",
            "2026-11-01",
        ],
    )
    def test_what_is_no_period_is_refused(self, name: str) -> None:
        with pytest.raises(NoSuchPeriod) as refused:
            period_named(name, MONDAY)
        assert "2026-W48" in refused.value.detail

    @pytest.mark.parametrize("name", ["0001-01", "9999-12"])
    def test_the_ends_of_the_calendar_are_months_too(self, name: str) -> None:
        assert period_named(name, MONDAY).name == name

    @pytest.mark.parametrize("begins", range(7))
    def test_a_week_at_the_ends_of_the_calendar_is_one_or_is_refused(self, begins: int) -> None:
        for name in ("0001-W01", "9999-W52"):
            try:
                assert period_named(name, begins).name == name
            except NoSuchPeriod:
                continue


class TestSums:
    def test_an_order_counts_where_and_when_it_was_placed(self) -> None:
        adding = Adding()
        adding.order(7, {"campaign": "c1", "pickup_point": "p1"}, 200, 2)
        adding.order(7, {"campaign": "c2", "pickup_point": "p1"}, 50, 1)
        adding.order(8, {"campaign": "c1", "pickup_point": "p2"}, 0, 0)  # everything came back
        day = adding.day()

        def of(by: By, campaign: str | None = None, point: str | None = None) -> dict[int, int]:
            return values_of(Board(by, NOVEMBER, campaign, point), [day, day], {})

        assert of(By.SPEND) == {7: 500}
        assert of(By.SPEND, "c1") == {7: 400}
        assert of(By.QUANTITY, None, "p1") == {7: 6}
        assert of(By.ORDERS, "c2", "p2") == {}
        assert of(By.ORDERS) == {7: 4}
        assert of(By.ACTIVITY) == {7: 2}

    def test_who_is_one_person_is_one_row(self) -> None:
        days = [
            Day(sold=(Sold(1, minor=10, units=1, orders=1), Sold(2, minor=5, units=1, orders=1))),
            Day(done=(Done(1, took_part=True), Done(2, points=3, took_part=True))),
        ]
        united = {1: 2}
        assert values_of(Board(By.SPEND, NOVEMBER), days, united) == {2: 15}
        assert values_of(Board(By.ACTIVITY, NOVEMBER), days, united) == {2: 2}
        assert values_of(Board(By.POINTS, NOVEMBER), days, united) == {2: 3}

    def test_points_that_were_taken_back_leave_nobody_below_nothing(self) -> None:
        days = [Day(done=(Done(1, points=100), Done(2, points=5))), Day(done=(Done(1, points=-50), Done(2, points=-5)))]
        assert values_of(Board(By.POINTS, NOVEMBER), days, {}) == {1: 50}

    def test_an_answer_and_an_order_on_one_day_are_one_day(self) -> None:
        day = Day(sold=(Sold(1, orders=1, units=1), Sold(1, "c", orders=1, units=1)), done=(Done(1, took_part=True),))
        assert values_of(Board(By.ACTIVITY, NOVEMBER), [day], {}) == {1: 1}

    def test_points_alone_are_no_activity(self) -> None:
        assert values_of(Board(By.ACTIVITY, NOVEMBER), [Day(done=(Done(1, points=9),))], {}) == {}

    @given(
        st.lists(st.builds(Sold, st.integers(0, 2**30), st.sampled_from(["", "c1", "c2"]), st.sampled_from(["", "p"]),
                           st.integers(0, 2**62), st.integers(0, 2**31), st.integers(0, 99)), max_size=9),
        st.lists(
            st.builds(Done, st.integers(0, 2**30), st.integers(-(2**62), 2**62), st.integers(0, 9), st.booleans()),
            max_size=9,
        ),
    )  # fmt: skip
    def test_a_day_is_stored_as_it_is(self, sold: list[Sold], done: list[Done]) -> None:
        day = Day(tuple(sold), tuple(done), 12)
        assert Day.unpacked(day.packed()) == day

    def test_a_day_is_the_same_in_whichever_order_it_was_read(self) -> None:
        orders = [(n % 5, {"campaign": f"c{n % 3}"}, n * 100, n) for n in range(1, 30)]
        packed = set()
        for seed in range(3):
            random.Random(seed).shuffle(orders)
            adding = Adding()
            for each in orders:
                adding.order(*each)
            packed.add(adding.day().packed())
        assert len(packed) == 1

    @pytest.mark.parametrize("by", [By.POINTS, By.REFERRALS, By.ACTIVITY])
    def test_what_happens_nowhere_has_no_board_of_a_place(self, by: By) -> None:
        with pytest.raises(Invalid):
            Board.of(by, NOVEMBER, None, "p1")
        with pytest.raises(Invalid):
            Board.of(by, NOVEMBER, "c1", None)


def plainly(values: dict[int, int]) -> list[Row]:
    """Ranks as anyone would count them: one more than there are members with more."""
    return [
        Row(1 + sum(1 for each in values.values() if each > value), ordinal, value)
        for ordinal, value in sorted(values.items(), key=lambda each: (-each[1], each[0]))
    ]


class TestRanks:
    @given(
        st.dictionaries(st.integers(0, 60), st.sampled_from([1, 2, 2**40, 2**62 + 1]), max_size=40), st.integers(1, 7)
    )
    def test_ranks_are_those_of_the_whole_wherever_parts_and_pages_end(self, values: dict[int, int], size: int) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ranking, "A_PART", size)
            stored = list(parts_of(in_order(values)))
        expected = plainly(values)
        assert [row for part, rows in stored for row in ranked(part, rows)] == expected
        parts = [part for part, _ in stored]
        for at, row in enumerate(expected):
            n = part_with_rank(parts, row.value)
            assert rank_in(*stored[n], row.value) == row.rank
            start = part_with(parts, row.value, row.ordinal)
            after = [
                each for part, rows in stored[start:] for each in ranked(part, rows)
                if follows(each, row.value, row.ordinal)
            ]  # fmt: skip
            assert after == expected[at + 1 :]

    def test_equal_values_share_a_rank_and_the_next_counts_those_before(self) -> None:
        assert [row.rank for row in plainly({1: 9, 2: 9, 3: 5, 4: 5, 5: 1})] == [1, 1, 3, 3, 5]


class TestWinners:
    AWARD = Award(Titled("奖"), By.SPEND, Every.MONTH)
    ROWS = (Row(1, 4, 90), Row(2, 1, 50), Row(2, 3, 50), Row(4, 2, 10))

    def of(self, top: int | None = None, at_least: int | None = None) -> list[int]:
        award = Award(Titled("奖"), By.SPEND, Every.MONTH, top, at_least)
        return [each.ordinal for each in winners(award, self.ROWS)]

    def test_who_shares_the_last_rank_that_wins_has_won(self) -> None:
        assert self.of(top=1) == [4]
        assert self.of(top=2) == [4, 1, 3]
        assert self.of(top=3) == [4, 1, 3]
        assert self.of(top=4) == [4, 1, 3, 2]

    def test_what_is_reached_wins_and_both_may_be_asked_for(self) -> None:
        assert self.of(at_least=50) == [4, 1, 3]
        assert self.of(at_least=51) == [4]
        assert self.of(top=1, at_least=91) == []

    def test_there_are_no_more_winners_than_an_award_may_have(self) -> None:
        rows = [Row(1, n, 5) for n in range(MOST_WINNERS + 9)]
        assert len(winners(Award(Titled("奖"), By.SPEND, Every.MONTH, at_least=5), rows)) == MOST_WINNERS

    def test_an_award_is_stored_as_it_is(self) -> None:
        award = Award(Titled("奖", "Award"), By.POINTS, Every.WEEK, 3, 2**62, grace_days=0)
        assert Award.from_json(award.as_json()) == award
        assert Winner(*Winner(1, 2, 2**62).as_json()) == Winner(1, 2, 2**62)

    @pytest.mark.parametrize(("language", "said"), [("zh", "奖"), ("en", "Award"), ("fr", "Award")])
    def test_a_title_stands_for_the_language_it_is_missing_in(self, language: str, said: str) -> None:
        assert Titled("奖", "Award").said(language) == said
        assert Titled("奖").said(language) == "奖"
