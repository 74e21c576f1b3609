"""What the pages of complaints show beyond the API's views."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.complaints.views import ComplaintView
from chalicelib.pages.console.due import Due, due
from chalicelib.pages.shell import N_

SHOWN = 40
"""Complaints of a page: they are put in order of their due times, and few brands have more in work at once."""

ABOUT: Mapping[str, str] = {
    "quality": N_("Quality of goods"),
    "shortage": N_("Missing goods"),
    "pickup": N_("Pickup"),
    "payment": N_("Payment"),
    "service": N_("Service"),
    "other": N_("Something else"),
}

URGENCIES: Mapping[str, str] = {
    "critical": N_("Critical"),
    "high": N_("High"),
    "normal": N_("Normal"),
    "low": N_("Low"),
}

IMPORTANCES: Mapping[str, str] = {name: URGENCIES[name] for name in ("high", "normal", "low")}

HAPPENED: Mapping[str, str] = {
    "opened": N_("The complaint came in"),
    "in_progress": N_("Work began"),
    "assigned": N_("Given to"),
    "changed": N_("Changed"),
    "note": N_("Note"),
    "escalated": N_("Too late: handed to somebody above"),
    "resolved": N_("Resolved"),
}

FIELDS: Mapping[str, str] = {
    "category": N_("About"),
    "urgency": N_("Urgency"),
    "importance": N_("Importance"),
}


def word(field: str, value: str) -> str:
    """A value of a field in words."""
    known = {"category": ABOUT, "urgency": URGENCIES, "importance": IMPORTANCES}
    return known.get(field, {}).get(value, value)


@dataclass(frozen=True, slots=True)
class Next:
    """What is due next: the first answer, or the end."""

    clock: Due
    answer: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A complaint in a list."""

    complaint: ComplaintView
    due: Next | None

    @property
    def begin(self) -> str:
        """How its text begins."""
        text = " ".join(self.complaint.text.split())
        return text if len(text) <= 90 else f"{text[:89]}…"


def next_due(complaint: ComplaintView, now: datetime, zone: ZoneInfo) -> Next | None:
    """What is due next; None for one that is resolved."""
    if complaint.status == "resolved":
        return None
    answer = complaint.first_response_at is None
    at = complaint.first_response_due_at if answer else complaint.resolution_due_at
    return Next(due(at, now, zone), answer)


def rows(complaints: Iterable[ComplaintView], now: datetime, zone: ZoneInfo) -> list[Row]:
    """Those in work by their due times, the resolved after them as they came."""
    found = [Row(each, next_due(each, now, zone)) for each in complaints]
    in_work = sorted((each for each in found if each.due), key=lambda each: each.due.clock.at if each.due else now)
    return [*in_work, *(each for each in found if not each.due)]
