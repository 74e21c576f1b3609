"""States as the team reads them on every screen: in a word or two, with a tone."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.pages.shell import N_


@dataclass(frozen=True, slots=True)
class State:
    """A state in a word or two; what it means, or empty; and its tone: good, warn, bad or none."""

    name: str
    means: str = ""
    tone: str = ""


COMPLAINT: Mapping[str, State] = {
    "open": State(N_("Not answered yet"), tone="warn"),
    "in_progress": State(N_("In work")),
    "resolved": State(N_("Resolved"), tone="good"),
}

AFTER_SALE: Mapping[str, State] = {
    "requested": State(N_("To be decided"), N_("Look at it, and approve or reject it."), "warn"),
    "approved": State(N_("Approved"), N_("The goods are expected, unless the member keeps them."), "good"),
    "rejected": State(N_("Rejected"), N_("The member was told why."), "bad"),
    "withdrawn": State(N_("Withdrawn"), N_("The member has taken the request back.")),
    "received": State(N_("Goods are back"), N_("Close it when all is done."), "good"),
    "completed": State(N_("Closed"), N_("Nothing is left to do.")),
}

MEMBER: Mapping[str, State] = {
    "active": State(N_("May order"), tone="good"),
    "blocked": State(N_("Blocked"), N_("They can read what is theirs, but not order."), "bad"),
}

SURVEY: Mapping[str, State] = {
    "active": State(N_("In use"), tone="good"),
    "archived": State(N_("Archived")),
}
