"""What the pages of enquiries show beyond the API's views."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.cases.model.words import MOST_IN_LIST, one_line
from chalicelib.enquiries.views import EnquiryView
from chalicelib.pages.console.due import Next, due_next
from chalicelib.pages.shell import N_

SHOWN = 40

TOPICS: Mapping[str, str] = {
    "order": N_("About an order"),
    "product": N_("About a product"),
    "pickup": N_("Pickup"),
    "payment": N_("Payment"),
    "account": N_("About the account"),
    "other": N_("Something else"),
}

HAPPENED: Mapping[str, str] = {
    "asked": N_("The member asks"),
    "replied": N_("The member writes"),
    "told": N_("The team answered"),
    "answered": N_("Answered automatically"),
    "helped": N_("The member says that it helped"),
    "handed_over": N_("A person is needed"),
    "note": N_("Note"),
    "assigned": N_("Given to"),
    "changed": N_("Changed"),
    "escalated": N_("Too late: handed to somebody above"),
    "closed": N_("Closed"),
    "reopened": N_("Opened again"),
}

WHY: Mapping[str, str] = {
    "off": N_("automatic answers are switched off"),
    "grave": N_("somebody may have been harmed"),
    "unknown": N_("no answer is sure enough"),
    "more": N_("the member has written more"),
    "not_helped": N_("the automatic answer did not help"),
}
"""Why a person is needed."""

LEVELS = ("p1", "p2", "p3", "p4")

MEANS: Sequence[tuple[str, str]] = (
    ("waits", N_("wait for their answer; it closes by itself where none comes")),
    ("goes_on", N_("go on, without waiting")),
)


@dataclass(frozen=True, slots=True)
class Row:
    """An enquiry in a list."""

    enquiry: EnquiryView
    due: Next | None

    @property
    def begin(self) -> str:
        """How its question begins."""
        return one_line(self.enquiry.text, MOST_IN_LIST)


def next_due(enquiry: EnquiryView, now: datetime, zone: ZoneInfo) -> Next | None:
    """What is due next; None for one that nobody of the team has to see to."""
    if enquiry.status not in ("open", "in_progress"):
        return None
    return due_next(enquiry, enquiry.close_at, now, zone)


def rows(enquiries: Iterable[EnquiryView], now: datetime, zone: ZoneInfo) -> list[Row]:
    """Those for the team by their due times, the others after them as they came."""
    found = [Row(each, next_due(each, now, zone)) for each in enquiries]
    in_work = sorted((each for each in found if each.due), key=lambda each: each.due.clock.at if each.due else now)
    return [*in_work, *(each for each in found if not each.due)]
