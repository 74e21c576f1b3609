"""Days, ISO weeks and months as numbers."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.boards.model.boards import week_of
from chalicelib.insight.model import periods
from chalicelib.insight.model.periods import Unit

days = st.dates(date(1970, 1, 1), date(2199, 12, 31))


@given(days, st.sampled_from(Unit))
def test_a_day_lies_in_its_period_and_the_next_day_in_it_or_the_next(on: date, unit: Unit) -> None:
    period = periods.number(on, unit)

    assert periods.first_day(period, unit) <= on <= periods.last_day(period, unit)
    assert periods.number(on + timedelta(days=1), unit) - period in {0, 1}
    assert periods.number(periods.last_day(period, unit) + timedelta(days=1), unit) == period + 1


@given(days, st.sampled_from(Unit))
def test_a_label_names_its_period(on: date, unit: Unit) -> None:
    period = periods.number(on, unit)

    assert periods.parse(periods.label(period, unit), unit) == period


@pytest.mark.parametrize(
    ("on", "label"),
    [
        (date(1997, 1, 31), "1997-W05"),
        (date(2016, 1, 3), "2015-W53"),  # ISO 8601: the week of the year's first Thursday is week 1
        (date(2018, 12, 31), "2019-W01"),
    ],
)
def test_weeks_are_those_of_iso_8601(on: date, label: str) -> None:
    assert periods.label(periods.number(on, Unit.WEEK), Unit.WEEK) == label


@given(days, st.integers(0, 6))
def test_a_week_that_begins_on_another_day_has_seven_days_and_one_label(on: date, begins: int) -> None:
    week = periods.number(on, Unit.WEEK, begins)
    first = periods.first_day(week, Unit.WEEK, begins)

    assert first.weekday() == begins
    assert first <= on <= periods.last_day(week, Unit.WEEK, begins) == first + timedelta(days=6)
    assert periods.parse(periods.label(week, Unit.WEEK, begins), Unit.WEEK, begins) == week


def test_a_week_has_the_number_of_its_thursday_as_the_leaderboards_have_it() -> None:
    sunday, saturday = 6, 5

    def label(on: date, begins: int) -> str:
        return periods.label(periods.number(on, Unit.WEEK, begins), Unit.WEEK, begins)

    assert label(date(2026, 11, 22), sunday) == label(date(2026, 11, 28), sunday) == "2026-W48"
    assert label(date(2026, 11, 28), saturday) == label(date(2026, 12, 4), saturday) == "2026-W49"
    for begins in range(7):
        assert label(date(2026, 11, 25), begins) == week_of(date(2026, 11, 25), begins).name
