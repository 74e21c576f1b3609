"""Calendar periods: days, ISO weeks and months, numbered without gaps so that a distance is a subtraction."""

from datetime import date, timedelta
from enum import StrEnum


class Unit(StrEnum):
    """The length of a cohort's periods."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


def number(on: date, unit: Unit) -> int:
    """The period that a local day belongs to; the next period has the next number."""
    if unit is Unit.MONTH:
        return on.year * 12 + on.month - 1
    return on.toordinal() if unit is Unit.DAY else (on.toordinal() - 1) // 7


def first_day(period: int, unit: Unit) -> date:
    """The period's first local day; a week begins on Monday."""
    if unit is Unit.MONTH:
        return date(period // 12, period % 12 + 1, 1)
    return date.fromordinal(period if unit is Unit.DAY else period * 7 + 1)


def last_day(period: int, unit: Unit) -> date:
    """The period's last local day."""
    return first_day(period + 1, unit) - timedelta(days=1)


def label(period: int, unit: Unit) -> str:
    """``1997-01``, ``1997-W05`` (ISO 8601) or ``1997-01-31``."""
    start = first_day(period, unit)
    if unit is Unit.MONTH:
        return f"{start:%Y-%m}"
    return start.isoformat() if unit is Unit.DAY else f"{start:%G-W%V}"


def parse(text: str, unit: Unit) -> int:
    """The number of the period that a label names. Raises ValueError when it names none."""
    if unit is Unit.MONTH:
        return number(date.fromisoformat(f"{text}-01"), unit)
    return number(date.fromisoformat(f"{text}-1" if unit is Unit.WEEK else text), unit)


def a_month_before(on: date) -> date:
    """The same day of the month before, or that month's last where it is shorter."""
    before = number(on, Unit.MONTH) - 1
    first = first_day(before, Unit.MONTH)
    return min(first + timedelta(days=on.day - 1), last_day(before, Unit.MONTH))
