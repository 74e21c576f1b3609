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
    "cash_held": Term(
        N_("Cash to be handed in"),
        N_("A leader takes cash for the brand at handover. It stays the brand's until it is handed in."),
    ),
    "goodwill": Term(
        N_("Goodwill"),
        N_("Money that you give back though nobody could ask for it, such as for a long wait."),
    ),
    "slug": Term(N_("Shop address"), N_("The last part of your shop's address. It cannot be changed later.")),
}
