"""How figures are drawn, and how rates and groups are said. Pure."""

from datetime import date, timedelta
from decimal import Decimal

from chalicelib.pages.shell.words import N_

USUAL_DAYS = 30

MOST_GROUPS = 100
MOST_COHORTS = 24
MOST_PERIODS = 12
"""What a page shows at once; the file has all of it."""

WEEKDAYS = (
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"),
)  # fmt: skip

FIGURES = {
    "members": N_("All members so far"),
    "active_members": N_("Members who ordered"),
    "new_members": N_("New members"),
    "orders": N_("Orders"),
    "quantity": N_("Units"),
    "gmv": N_("Sales amount"),
    "aov": N_("Average order"),
    "by_hour": N_("By hour"),
    "by_weekday": N_("By weekday"),
}
"""Figures, and ways to group them, by the names of their definitions."""


def usual_from(today: date) -> date:
    """The first of the days that are shown to who names none."""
    return today - timedelta(days=USUAL_DAYS)


def percents(rate: str) -> str:
    """A rate such as ``0.3333`` as ``33.3%``."""
    return f"{Decimal(rate) * 100:.1f}%"


def shade(rate: str) -> int:
    """How strongly a cell is coloured, from 0 for nobody to 5 for half of them and more."""
    share = Decimal(rate)
    return min(5, int(share * 10) + 1) if share > 0 else 0
