"""How figures are drawn, and how rates and groups are said. Pure."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from chalicelib.insight.report_schedules.model.rhythm import Every
from chalicelib.pages.console.said import State
from chalicelib.pages.shell.words import N_

LEFT_FOR = {
    "not_said": N_("Not said"),
    "moved_away": N_("Moved away"),
    "too_many_messages": N_("Too many messages"),
    "prices": N_("The prices"),
    "nothing_for_me": N_("Nothing for them"),
    "quality": N_("The quality of the goods"),
    "pickup_unsuitable": N_("The pickup point, or its hours"),
    "service": N_("How they were treated"),
    "privacy": N_("Their privacy"),
    "other": N_("Something else"),
}
"""Why members leave."""

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


def shade(rate: str) -> int:
    """How strongly a cell is coloured, from 0 for nobody to 5 for half of them and more."""
    share = Decimal(rate)
    return min(5, int(share * 10) + 1) if share > 0 else 0


RATES: Mapping[str, tuple[str, str]] = {
    "praise_rate": (N_("Praise"), N_("%(count)s of %(of)s reviews have four stars or five")),
    "complaint_rate": (N_("Complaints"), N_("%(count)s orders complained about, %(of)s handed over")),
    "suggestion_rate": (N_("Suggestions"), N_("%(count)s suggestions, %(of)s members who bought")),
}
"""What each rate is called, and how it is made of its figures."""


EVERY: Mapping[Every, str] = {
    "day": N_("Every day"),
    "week": N_("Every week"),
    "month": N_("Every month"),
    "quarter": N_("Every quarter"),
    "year": N_("Every year"),
}

SCHEDULED: Mapping[str, State] = {
    "active": State(N_("Is sent"), tone="good"),
    "paused": State(N_("Paused"), tone="warn"),
}

MAIL_FORMATS = [("xlsx", "Excel"), ("csv", "CSV"), ("svg", "SVG"), ("json", "JSON")]

OWN_PAGES: Mapping[str, str] = {
    "summary": "/reports",
    "promotion": "/promotions",
    "coupon-batch": "/coupons",
    "campaign": "/campaigns",
} | {name: f"/reports/{name}" for name in ("retention", "classes", "rfm", "leaving", "service-rates")}
"""Where reports are whose screen is their own, or that are of one thing, which is chosen there; every other stands at
its name.
"""
