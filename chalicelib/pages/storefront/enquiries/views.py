"""What the pages of questions show beyond the API's views."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.enquiries.views import EntryView
from chalicelib.pages.shell import N_

STATES = {
    "open": N_("waits for an answer"),
    "in_progress": N_("answered by the team"),
    "answered": N_("answered"),
    "closed": N_("is closed"),
}

_HAPPENED = {
    "asked": N_("You asked"),
    "replied": N_("You wrote"),
    "told": N_("We answered"),
    "answered": N_("Answered automatically"),
    "helped": N_("You said that it helped."),
    "handed_over": N_("Somebody of the team answers you."),
    "closed": N_("It was closed."),
    "reopened": N_("It was opened again."),
}

_MINE = ("asked", "replied")


@dataclass(frozen=True, slots=True)
class Happened:
    """An entry of a conversation in words; ``mine`` is what the member wrote, ``source`` the question answered from."""

    words: str
    at: datetime
    text: str | None
    mine: bool
    source: str | None


def happened(entries: Iterable[EntryView]) -> list[Happened]:
    """The conversation, oldest first."""
    return [
        Happened(
            _HAPPENED[each.type], each.at, each.text, each.type in _MINE, each.source.question if each.source else None
        )
        for each in entries
        if each.type in _HAPPENED
    ]
