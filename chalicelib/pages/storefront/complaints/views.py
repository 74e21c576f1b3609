"""What the pages of complaints show beyond the API's views."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.complaints.views import HistoryView
from chalicelib.pages.shell import N_
from chalicelib.pages.storefront.complaints.forms import LEADER

ABOUT = {
    "quality": N_("The goods are not good"),
    "shortage": N_("Something was missing"),
    "pickup": N_("Collecting them did not work"),
    "payment": N_("Something with the money"),
    "service": N_("How I was treated"),
    LEADER: N_("The leader of my pickup point"),
    "other": N_("Something else"),
}

STATES = {
    "open": N_("waits for an answer"),
    "in_progress": N_("we work on it"),
    "resolved": N_("answered"),
}

_HAPPENED = {
    "opened": N_("You told us."),
    "in_progress": N_("We have begun to work on it."),
    "escalated": N_("It took too long, and was given to somebody above."),
    "resolved": N_("We answered you."),
}
"""What a member is told of a history; who of the team works on it is not for them."""


@dataclass(frozen=True, slots=True)
class Happened:
    """An entry of a history in words."""

    words: str
    at: datetime


def happened(history: Iterable[HistoryView]) -> list[Happened]:
    """What happened, oldest first."""
    return [Happened(_HAPPENED[each.type], each.at) for each in history if each.type in _HAPPENED]
