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
    "slug": Term(N_("Shop address"), N_("The last part of your shop's address. It cannot be changed later.")),
    "cohort": Term(
        N_("Cohort"), N_("The members whose first order was in the same month, week or day, followed from then on.")
    ),
    "part": Term(
        N_("Part"), N_("A long text message is charged as several: each of 70 Chinese characters, or 160 Latin ones.")
    ),
    "webhook": Term(
        N_("Webhook"), N_("A message to a system of yours, such as a stock system, as soon as something happens here.")
    ),
}
