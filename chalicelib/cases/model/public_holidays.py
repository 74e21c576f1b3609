"""Public holidays and moved workdays as governments announced them, for a calendar to start from. Pure.

Mainland China 2026: the State Council's notice on the arrangement of holidays of 4 November 2025.
A year is here once its notice is out; until then a brand enters its own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class PublicHolidays:
    """Free days by date with their titles, and days that are worked for them though they are a weekend."""

    holidays: Mapping[date, str]
    workdays: tuple[date, ...]


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)


def _china_2026() -> PublicHolidays:
    ranges = (
        ("元旦", date(2026, 1, 1), date(2026, 1, 3)),
        ("春节", date(2026, 2, 15), date(2026, 2, 23)),
        ("清明节", date(2026, 4, 4), date(2026, 4, 6)),
        ("劳动节", date(2026, 5, 1), date(2026, 5, 5)),
        ("端午节", date(2026, 6, 19), date(2026, 6, 21)),
        ("中秋节", date(2026, 9, 25), date(2026, 9, 27)),
        ("国庆节", date(2026, 10, 1), date(2026, 10, 7)),
    )
    moved = ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10))
    return PublicHolidays(
        {day: title for title, first, last in ranges for day in _days(first, last)},
        tuple(date(2026, month, day) for month, day in moved),
    )


KNOWN: Mapping[tuple[str, int], PublicHolidays] = {("CN", 2026): _china_2026()}
"""By country (ISO 3166) and year."""
