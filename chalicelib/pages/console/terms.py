"""Words of the trade, explained where they stand on a screen of the console: the one glossary of all of them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.pages.shell.words import N_


@dataclass(frozen=True, slots=True)
class Term:
    """A word, and what it means to who uses it for the first time: one or two short sentences."""

    name: str
    means: str


TERMS: Mapping[str, Term] = {
    "csat": Term(N_("Satisfied"), N_("Who gave a score of 4 or 5, of all who gave one.")),
    "importance": Term(
        N_("Importance"), N_("How much depends on it: a large order makes it high, and so do some causes.")
    ),
    "priority": Term(
        N_("Priority"),
        N_("From urgency and importance: P1 is answered within an hour, P2 in four, P3 in eight, P4 within a day."),
    ),
    "urgency": Term(N_("Urgency"), N_("How soon somebody must act. Spoiled food that made somebody ill is critical.")),
    "slug": Term(N_("Shop address"), N_("The last part of your shop's address. It cannot be changed later.")),
}
