"""The stage of a product's life by its weekly sales: sequences worked out by hand."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from chalicelib.pricing.model.stages import Stage, Week, suggest, week_of, weeks_before

MONDAY = date(2026, 1, 5)
GROWTH, MATURITY, DECLINE, INTRODUCTION = Stage.GROWTH, Stage.MATURITY, Stage.DECLINE, Stage.INTRODUCTION


def weeks(*units: int) -> list[Week]:
    return [Week(MONDAY + timedelta(weeks=n), each) for n, each in enumerate(units)]


@pytest.mark.parametrize(
    ("units", "stage"),
    [
        ((), None),
        ((0, 0, 0, 0, 0, 0, 0, 0, 0), None),
        ((5,), INTRODUCTION),
        ((0, 0, 0, 5, 9, 12, 20, 30, 50, 80), INTRODUCTION),  # seven weeks since the first sale
        ((10, 12, 14, 16, 18, 20, 22, 24), GROWTH),
        ((0, 0, 10, 12, 14, 16, 18, 20, 22, 24), GROWTH),
        ((20, 20, 20, 20, 20, 20, 20, 20), MATURITY),
        ((100, 101, 102, 103, 104, 105, 106, 107), MATURITY),  # steady, and less than 2 % a week
        ((20, 2, 30, 9, 25, 4, 28, 12), MATURITY),  # no trend stands out from the scatter
        ((24, 22, 20, 18, 16, 14, 12, 10), DECLINE),
        ((50, 60, 70, 80, 30, 31, 30, 31, 30, 31, 30, 31), DECLINE),  # level by now, at half of its best
        ((0, 9, 0, 0, 0, 0, 0, 0, 0), DECLINE),  # sold once, and never again
        ((50, 60, 70, 80, 41, 41, 41, 41, 41, 41, 41, 41), MATURITY),  # 63 % of its best
        ((90, 80, 70, 60, 10, 14, 18, 22, 26, 30, 34, 38), GROWTH),  # it begins anew
    ],
)
def test_the_stage_follows_from_the_units_of_complete_weeks(units: tuple[int, ...], stage: Stage | None) -> None:
    assert suggest(weeks(*units)).stage == stage


def test_the_evidence_is_the_line_through_the_last_eight_weeks_and_the_share_of_the_peak() -> None:
    found = suggest(weeks(40, 40, 40, 40, 10, 12, 14, 16, 18, 20, 22, 24))
    # Two units more each week, of 17 on average; the last four weeks sold 84 of 160.
    assert (found.weeks, found.slope, found.trend_bps, found.of_peak_bps) == (12, Fraction(2), 1176, 5250)
    assert found.reason.en == "Sales rise by 11.76% of their average a week; the last 4 weeks sold 52.5% of the best 4."
    assert found.reason.zh == "销量每周上升均值的 11.76%；近 4 周销量为最好 4 周的 52.5%。"


def test_what_was_taken_back_beyond_what_was_sold_counts_as_nothing() -> None:
    assert suggest(weeks(5, 5, -3, 5, 5, 5, 5, 5)).weeks == 8


@pytest.mark.parametrize(
    ("begins", "first"), [(0, "2026-11-30"), (6, "2026-11-29"), (3, "2026-11-26"), (2, "2026-12-02")]
)
def test_a_week_begins_on_the_brands_weekday(begins: int, first: str) -> None:
    assert week_of(date(2026, 12, 2), begins) == date.fromisoformat(first)


def test_days_come_to_complete_weeks_and_the_running_one_is_left_out() -> None:
    days = {date(2026, 11, 29): 4, date(2026, 11, 30): 2, date(2026, 11, 22): 1, date(2026, 11, 16): 8}
    monday = weeks_before(days, date(2026, 12, 2), 0, 2)
    assert monday == [Week(date(2026, 11, 16), 9), Week(date(2026, 11, 23), 4)]
    sunday = weeks_before(days, date(2026, 12, 2), 6, 2)
    assert sunday == [Week(date(2026, 11, 15), 8), Week(date(2026, 11, 22), 1)]
