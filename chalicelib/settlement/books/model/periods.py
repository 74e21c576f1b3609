"""The local days that a statement or a list of journals is asked for."""

from datetime import date, datetime, timedelta

from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import day_start
from chalicelib.settlement.errors import PeriodInvalid

MOST_DAYS = 366


_FIRST, _LAST = date(2000, 1, 1), date(2999, 12, 31)


def period(from_on: date, to_on: date, timezone: str, place: str = "/") -> tuple[datetime, datetime]:
    """The half-open range of instants of local days, both included. Raises PeriodInvalid, also when it is reversed.

    ``place`` is how the caller's fields are pointed at: ``/`` in a body, ``?`` in a query.
    """
    if not _FIRST <= from_on <= to_on <= _LAST or (to_on - from_on).days >= MOST_DAYS:
        raise PeriodInvalid.at(
            f"{place}to_on",
            f"A period ends on or after the day it begins, and within {MOST_DAYS} days.",
            f"结束日期不得早于开始日期，且最长 {MOST_DAYS} 天。",
        )
    tz = zone(timezone)
    return day_start(from_on, tz), day_start(to_on + timedelta(days=1), tz)
