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
    "cap": Term(
        N_("Early close"), N_("With so many orders, or goods of that value ordered, it closes before its hour.")
    ),
    "channel": Term(
        N_("Channel"),
        N_("Where people hear of you, such as a chat group. Each has a link of its own, so you see what it brings."),
    ),
    "deposit": Term(N_("Deposit"), N_("What is paid at once for each unit of a pre-order. The rest is due later.")),
    "ladder": Term(
        N_("Price steps"),
        N_("The more is ordered in all, the less each unit costs. Who has paid more gets the rest back at the close."),
    ),
    "no_show": Term(N_("Not collected"), N_("What happens to an order that nobody fetches from the pickup point.")),
    "series": Term(N_("Recurring group buy"), N_("A rule that makes a new group buy by itself, such as every Friday.")),
    "slug": Term(N_("Shop address"), N_("The last part of your shop's address. It cannot be changed later.")),
    "target": Term(
        N_("Target"),
        N_("What must be ordered by the close for it to take place. You choose what happens if it is missed."),
    ),
    "team": Term(N_("Team"), N_("Neighbours order together at the team's price. A team must be complete in time.")),
}
