"""With which days a range is compared: as many as have elapsed."""

from datetime import date

import pytest

from chalicelib.insight.model.comparison import Basis, Compare, basis, difference, percent
from chalicelib.insight.model.summary import Span


def span(text: str) -> Span:
    first, _, last = text.partition("..")
    return Span(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("asked", "elapsed_to", "compare", "before", "fair"),
    [
        # A running month: its first days with the first days of the one before.
        ("2026-04-01..2026-04-30", "2026-04-12", "previous", "2026-03-01..2026-03-12", True),
        ("2026-04-01..2026-04-12", "2026-04-12", "previous", "2026-03-01..2026-03-12", True),
        # All of a month with all of the one before, which is longer or shorter.
        ("2026-04-01..2026-04-30", "2026-04-30", "previous", "2026-03-01..2026-03-31", True),
        ("2026-03-01..2026-03-31", "2026-03-31", "previous", "2026-02-01..2026-02-28", True),
        # More days have elapsed than the month before has: no fair comparison.
        ("2026-03-01..2026-03-31", "2026-03-30", "previous", "2026-02-01..2026-02-28", False),
        # Weeks, quarters and years of the calendar.
        ("2026-04-06..2026-04-12", "2026-04-08", "previous", "2026-03-30..2026-04-01", True),
        ("2026-04-01..2026-06-30", "2026-05-10", "previous", "2026-01-01..2026-02-09", True),
        ("2026-01-01..2026-12-31", "2026-12-31", "previous", "2025-01-01..2025-12-31", True),
        # A day, also one that begins a week or a month.
        ("2026-06-01..2026-06-01", "2026-06-01", "previous", "2026-05-31..2026-05-31", True),
        # Any other days: those just before them.
        ("2026-04-02..2026-04-11", "2026-04-11", "previous", "2026-03-23..2026-04-01", True),
        ("2026-03-15..2026-05-15", "2026-03-20", "previous", "2026-03-09..2026-03-14", True),
        # A year before: the same dates, and of a whole February all of it.
        ("2028-02-01..2028-02-29", "2028-02-29", "year", "2027-02-01..2027-02-28", True),
        ("2028-02-01..2028-02-29", "2028-02-10", "year", "2027-02-01..2027-02-10", True),
        ("2028-02-29..2028-03-02", "2028-03-02", "year", "2027-02-28..2027-03-02", True),
    ],
)
def test_the_days_before(asked: str, elapsed_to: str, compare: str, before: str, fair: bool) -> None:
    wanted = span(asked)
    elapsed = Span(wanted.from_on, date.fromisoformat(elapsed_to))

    assert basis(wanted, elapsed, Compare(compare)) == Basis(elapsed, span(before), fair)


@pytest.mark.parametrize(
    ("asked", "elapsed_to", "before"),
    [
        ("2026-04-05..2026-04-11", "2026-04-11", "2026-03-29..2026-04-04"),
        ("2026-04-05..2026-04-11", "2026-04-07", "2026-03-29..2026-03-31"),
        # From Monday it is no week of a brand whose weeks begin on Sunday.
        ("2026-04-06..2026-04-12", "2026-04-08", "2026-04-03..2026-04-05"),
    ],
)
def test_a_week_is_the_brands_own(asked: str, elapsed_to: str, before: str) -> None:
    wanted = span(asked)
    elapsed = Span(wanted.from_on, date.fromisoformat(elapsed_to))

    assert basis(wanted, elapsed, Compare.PREVIOUS, week_begins=6).before == span(before)


def test_there_is_no_percentage_of_nothing() -> None:
    assert [percent(3, 0), percent(3, None), percent(None, 3)] == [None, None, None]
    assert [difference(3, None), difference(None, 3), difference(3, 0)] == [None, None, 3]
    assert [percent(9, 8), percent(0, 8), percent(-2, 8)] == ["12.5", "-100.0", "-125.0"]
    assert percent(8005, 8000) == "0.1"  # 0.0625
