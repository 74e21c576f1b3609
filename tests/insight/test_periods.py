"""Days, ISO weeks and months as numbers."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
