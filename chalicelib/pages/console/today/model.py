"""What the first page makes of what there is: where each campaign stands and what comes next, and what waits. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chalicelib.campaigns.model.campaign import Status
from chalicelib.pages.console.said import State
from chalicelib.pages.shell.words import N_


@dataclass(frozen=True, slots=True)
class Phase:
    """Where a campaign stands, what is to be done next, and on which page: ``{id}`` is the campaign's."""

    state: State
    next: str
    to: str = "/campaigns/{id}"


_SUPPLY = "/supply/{id}"

ON_SALE = (Status.OPEN, Status.EXTENDED)

PHASES: Mapping[Status, Phase] = {
    Status.OPEN: Phase(State(N_("Taking orders"), tone="good"), N_("Share it with your neighbours")),
    Status.EXTENDED: Phase(State(N_("Extended"), tone="good"), N_("Its target was missed: share it once more")),
    Status.CLOSING: Phase(State(N_("Closing")), N_("The orders are being counted")),
    Status.AT_PICKUP: Phase(State(N_("Ready for pickup"), tone="good"), N_("Hand the parcels over"), _SUPPLY),
    Status.SORTED: Phase(State(N_("Sorted"), tone="warn"), N_("Bring the parcels to the pickup points"), _SUPPLY),
    Status.RECEIVED: Phase(State(N_("Received"), tone="warn"), N_("Sort the goods into parcels"), _SUPPLY),
    Status.PURCHASING: Phase(State(N_("On order"), tone="warn"), N_("Note what arrives"), _SUPPLY),
    Status.LOCKED: Phase(State(N_("To be bought"), tone="warn"), N_("Order the goods from your suppliers"), _SUPPLY),
    Status.COMPLETED: Phase(State(N_("All handed over")), N_("Settle the group buy"), "/books/campaigns/{id}"),
    Status.REFUNDING: Phase(State(N_("Cancelled"), tone="bad"), N_("The money is on its way back")),
    Status.SCHEDULED: Phase(State(N_("Opens by itself")), N_("See it as a neighbour will")),
    Status.DRAFT: Phase(State(N_("Draft")), N_("Finish it and publish it")),
}
"""Every state in which something is to come, in the order in which the page has them."""


@dataclass(frozen=True, slots=True)
class Tile:
    """So many of something that somebody has to see to, and where; ``more`` than were counted."""

    name: str
    count: int
    to: str
    more: bool = False
    late: bool = False


class Complaint(Protocol):
    """What is looked at of a complaint: by when it is to be answered and resolved, and when it was."""

    @property
    def first_response_at(self) -> datetime | None: ...
    @property
    def first_response_due_at(self) -> datetime: ...
    @property
    def resolution_due_at(self) -> datetime: ...
    @property
    def resolved_at(self) -> datetime | None: ...


class Enquiry(Protocol):
    """What is looked at of an enquiry: whether the team has to see to it, and by when."""

    @property
    def status(self) -> str: ...
    @property
    def waiting_for(self) -> str | None: ...
    @property
    def first_response_at(self) -> datetime | None: ...
    @property
    def first_response_due_at(self) -> datetime: ...
    @property
    def resolution_due_at(self) -> datetime: ...


class Case(Protocol):
    """What is looked at of an after-sale case: by when its owner has to act, None where nobody has to."""

    @property
    def due_at(self) -> datetime | None: ...


def late_complaint(complaint: Complaint, now: datetime) -> bool:
    """Whether it was not answered, or not resolved, at its time."""
    unanswered = complaint.first_response_at is None and complaint.first_response_due_at <= now
    return complaint.resolved_at is None and (unanswered or complaint.resolution_due_at <= now)


def complaint_tiles(found: Iterable[Complaint], now: datetime, more: bool) -> list[Tile]:
    """Those that are late, and those that are in work."""
    open_ones = [each for each in found if each.resolved_at is None]
    late = sum(late_complaint(each, now) for each in open_ones)
    more = more and len(open_ones) > 0
    return shown(
        Tile(N_("Complaints that are late"), late, "/complaints?overdue=true", more, late=True),
        Tile(N_("Complaints in work"), len(open_ones) - late, "/complaints", more),
    )


def enquiry_tiles(found: Iterable[Enquiry], now: datetime, more: bool) -> list[Tile]:
    """Those with which the team is late, and the others that wait for it."""
    ours = [each for each in found if each.status in ("open", "in_progress") and not each.waiting_for]
    late = sum(
        (each.resolution_due_at if each.first_response_at else each.first_response_due_at) <= now for each in ours
    )
    more = more and len(ours) > 0
    return shown(
        Tile(N_("Enquiries that are late"), late, "/enquiries?overdue=true", more, late=True),
        Tile(N_("Enquiries to be answered"), len(ours) - late, "/enquiries", more),
    )


def case_tiles(found: Iterable[Case], now: datetime, more: bool) -> list[Tile]:
    """After-sale cases in which we have to act: those that are late, and the others."""
    due = [each.due_at for each in found if each.due_at is not None]
    late = sum(at <= now for at in due)
    more = more and len(due) > 0
    return shown(
        Tile(N_("After-sale cases that are late"), late, "/after-sales?overdue=true", more, late=True),
        Tile(N_("After-sale cases in work"), len(due) - late, "/after-sales", more),
    )


def shown(*tiles: Tile) -> list[Tile]:
    """Those that count something."""
    return [each for each in tiles if each.count]


@dataclass(frozen=True, slots=True)
class Left:
    """Time that is left, in the largest unit of which there are two or more."""

    n: int
    unit: str

    @classmethod
    def of(cls, seconds: int) -> "Left":
        for unit, size in (("days", 24 * 3600), ("hours", 3600)):
            if seconds >= 2 * size:
                return cls(seconds // size, unit)
        return cls(max(seconds // 60, 0), "minutes")


def share(reached_bps: int) -> int:
    """Whole percents of what is to be reached, rounded down."""
    return reached_bps // 100
