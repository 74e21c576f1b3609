"""Birthdays: a day and a month, without the year, kept on local days. Pure."""

from calendar import isleap
from datetime import date

LEAP_DAY = "02-29"
_A_LEAP_YEAR = 2000


def is_birthday(text: str) -> bool:
    """Whether a text is a day of a year as it is kept: ``MM-DD``, the 29th of February among them."""
    if len(text) != len(LEAP_DAY) or not text.isascii():
        return False
    try:
        return date.fromisoformat(f"{_A_LEAP_YEAR}-{text}").strftime("%m-%d") == text
    except ValueError:
        return False


def celebrated(on: date) -> tuple[str, ...]:
    """The birthdays that are kept on a local day: its own, and in years without a 29th of February that one on the
    28th.
    """
    own = f"{on:%m-%d}"
    return (own, LEAP_DAY) if own == "02-28" and not isleap(on.year) else (own,)
