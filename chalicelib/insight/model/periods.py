"""Calendar periods: days, weeks and months, numbered without gaps so that a distance is a subtraction.

A brand says on which weekday its weeks begin, 0 being Monday. Weeks are made of days whenever they are asked for, so
that another beginning holds for past weeks at once.
"""

from datetime import date, timedelta
from enum import StrEnum

MONDAY = 0
_THURSDAY = 3


class Unit(StrEnum):
    """The length of a cohort's periods."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


def number(on: date, unit: Unit, week_begins: int = MONDAY) -> int:
    """The period that a local day belongs to; the next period has the next number."""
    if unit is Unit.MONTH:
        return on.year * 12 + on.month - 1
    return on.toordinal() if unit is Unit.DAY else (on.toordinal() - 1 - week_begins) // 7


def first_day(period: int, unit: Unit, week_begins: int = MONDAY) -> date:
    """The period's first local day."""
    if unit is Unit.MONTH:
        return date(period // 12, period % 12 + 1, 1)
    return date.fromordinal(period if unit is Unit.DAY else period * 7 + 1 + week_begins)


def last_day(period: int, unit: Unit, week_begins: int = MONDAY) -> date:
    """The period's last local day."""
    return first_day(period + 1, unit, week_begins) - timedelta(days=1)


def label(period: int, unit: Unit, week_begins: int = MONDAY) -> str:
    """``1997-01``, ``1997-W05`` or ``1997-01-31``. A week has the number of its Thursday, as in ISO 8601, whatever
    weekday it begins on.
    """
    start = first_day(period, unit, week_begins)
    if unit is Unit.MONTH:
        return f"{start:%Y-%m}"
    if unit is Unit.DAY:
        return start.isoformat()
    return f"{start + timedelta(days=(_THURSDAY - week_begins) % 7):%G-W%V}"


def parse(text: str, unit: Unit, week_begins: int = MONDAY) -> int:
    """The number of the period that a label names. Raises ValueError when it names none."""
    if unit is Unit.MONTH:
        return number(date.fromisoformat(f"{text}-01"), unit)
    return number(date.fromisoformat(f"{text}-4" if unit is Unit.WEEK else text), unit, week_begins)


def a_month_before(on: date) -> date:
    """The same day of the month before, or that month's last where it is shorter."""
    before = number(on, Unit.MONTH) - 1
    first = first_day(before, Unit.MONTH)
    return min(first + timedelta(days=on.day - 1), last_day(before, Unit.MONTH))
