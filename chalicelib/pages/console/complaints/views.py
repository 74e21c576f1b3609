"""What the pages of complaints show beyond the API's views."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.campaigns.model.bundles import is_part, sold_as
from chalicelib.campaigns.model.offers import Offer
from chalicelib.cases.model.words import MOST_IN_LIST, one_line
from chalicelib.complaints.views import ComplaintView
from chalicelib.orders.bundles.model import part_named
from chalicelib.orders.records import OrderRecord
from chalicelib.pages.console.causes import ABOUT
from chalicelib.pages.console.due import Next, due_next
from chalicelib.pages.console.said import State
from chalicelib.pages.shell import N_

SHOWN = 40
"""Complaints of a page: they are put in order of their due times, and few brands have more in work at once."""

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
    "asked": N_("Asked the member"),
    "told": N_("Wrote to the member"),
    "replied": N_("The member said"),
    "reopened": N_("Opened again"),
    "escalated": N_("Too late: handed to somebody above"),
    "resolved": N_("Resolved"),
    "accepted": N_("The member accepts the answer"),
    "rejected": N_("The member does not accept the answer"),
    "remedy_failed": N_("What was to make it good came to nothing"),
}

KINDS: Mapping[str, str] = {
    "": N_("Nothing more"),
    "apology": N_("An apology"),
    "refund": N_("Money back"),
    "exchange": N_("An exchange"),
    "coupon": N_("A coupon"),
    "points": N_("Points"),
}
"""What makes a complaint good; ``""`` is nothing beyond the answer."""

REMEDY_STATES: Mapping[str, State] = {
    "pending": State(N_("on its way"), "warn"),
    "done": State(N_("done"), "good"),
    "failed": State(N_("came to nothing"), "bad"),
}

PARTIES: Mapping[str, str] = {
    "brand": N_("us"),
    "leader": N_("the leader of the pickup point"),
    "supplier": N_("a supplier"),
    "platform": N_("the platform"),
}
"""Who bears a cost, or whose doing it was."""

SOURCES: Mapping[str, str] = {
    "phone": N_("On the phone"),
    "chat": N_("In the chat"),
    "counter": N_("At the counter"),
    "other": N_("Another way"),
}
"""How a complaint came that the team notes."""

CAME: Mapping[str, str] = {
    **SOURCES,
    "survey_open": N_("By a survey open to all; nobody has proved that it is theirs"),
    "survey_paper": N_("By a survey on paper"),
}
"""How a complaint came."""

VERDICTS: Mapping[str, State] = {
    "accepted": State(N_("The member accepts this answer."), "good"),
    "rejected": State(N_("The member does not accept this answer."), "bad"),
}

MEANS: Sequence[tuple[str, str]] = (
    ("asks", N_("wait for their answer")),
    ("tells", N_("go on, without waiting")),
    ("notes", N_("note that the member said this, on the phone or in the chat")),
)
"""What becomes of a complaint with a message."""

FIELDS: Mapping[str, str] = {
    "category": N_("About"),
    "cause": N_("Cause"),
    "urgency": N_("Urgency"),
    "importance": N_("Importance"),
    "attributed_to": N_("Whose doing"),
    "supplier_id": N_("Which supplier"),
}


def word(field: str, value: str | None) -> str:
    """A value of a field in words; a dash for none."""
    if value is None:
        return "–"
    known = {"category": ABOUT, "urgency": URGENCIES, "importance": IMPORTANCES, "attributed_to": PARTIES}
    return known.get(field, {}).get(value, value)


@dataclass(frozen=True, slots=True)
class Sold:
    """A line of an order, or a part of a bundle, by the name that the API's forms know it by."""

    name: str
    title: str
    quantity: int


def lines(order: OrderRecord, goods: Iterable[Offer]) -> list[Sold]:
    """What of an order can be exchanged."""
    titles = {offer.offer_id: offer.full_title for offer in goods}
    return [
        Sold(
            part_named(sold_as(line.offer_id), line.sku_id if is_part(line.offer_id) else None),
            titles.get(line.offer_id, ""),
            line.quantity,
        )
        for line in order.lines
    ]


@dataclass(frozen=True, slots=True)
class Row:
    """A complaint in a list."""

    complaint: ComplaintView
    due: Next | None

    @property
    def begin(self) -> str:
        """How its text begins."""
        return one_line(self.complaint.text, MOST_IN_LIST)


def next_due(complaint: ComplaintView, now: datetime, zone: ZoneInfo) -> Next | None:
    """What is due next; None for one that is resolved."""
    if complaint.status == "resolved":
        return None
    return due_next(complaint, complaint.follow_up_at, now, zone)


def rows(complaints: Iterable[ComplaintView], now: datetime, zone: ZoneInfo) -> list[Row]:
    """Those in work by their due times, the resolved after them as they came."""
    found = [Row(each, next_due(each, now, zone)) for each in complaints]
    in_work = sorted((each for each in found if each.due), key=lambda each: each.due.clock.at if each.due else now)
    return [*in_work, *(each for each in found if not each.due)]
