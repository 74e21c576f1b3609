"""What the pages of complaints show beyond the API's views."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.complaints.model.cases import LEADER
from chalicelib.complaints.model.causes import UNSPECIFIED, Cause, Causes
from chalicelib.complaints.views import HistoryView
from chalicelib.pages.shell import N_

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

REMEDIES = {
    "apology": N_("an apology"),
    "refund": N_("money back"),
    "exchange": N_("an exchange"),
    "coupon": N_("a coupon"),
    "points": N_("points"),
}

REMEDY_STATES = {
    "pending": (N_("on its way"), ""),
    "done": (N_("done"), "good"),
    "failed": (N_("did not work, we see to it"), "warn"),
}

_HAPPENED = {
    "opened": N_("You told us."),
    "in_progress": N_("We have begun to work on it."),
    "escalated": N_("It took too long, and was given to somebody above."),
    "asked": N_("We asked you:"),
    "told": N_("We wrote to you:"),
    "replied": N_("You wrote:"),
    "reopened": N_("It was opened again."),
    "resolved": N_("We answered you."),
    "accepted": N_("You said that it is settled."),
    "rejected": N_("You said that it is not settled:"),
}
"""What a member is told of a history; who of the team works on it is not for them."""


def to_choose(causes: Causes, language: str) -> dict[str, dict[str, str]]:
    """Codes and words of what a complaint may be about, by category; what is chosen otherwise is left out."""
    return {
        category: {each.code: in_words(each, language) for each in found if each.code not in (UNSPECIFIED, LEADER)}
        for category, found in causes.by_category.items()
    }


def in_words(cause: Cause, language: str) -> str:
    """A cause in the words of a reader."""
    return cause.zh if language == "zh" else cause.en


@dataclass(frozen=True, slots=True)
class Happened:
    """An entry of a history in words."""

    words: str
    at: datetime
    text: str | None = None
    photos: Sequence[str] = ()


def happened(history: Iterable[HistoryView]) -> list[Happened]:
    """What happened, oldest first."""
    return [
        Happened(_HAPPENED[each.type], each.at, each.text, each.photo_links or ())
        for each in history
        if each.type in _HAPPENED
    ]
