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
    "bought": Term(
        N_("Bought"),
        N_("Units that are bought from suppliers: what was sold, less what is on your own shelf, in whole packs."),
    ),
    "captured": Term(N_("Paid by customers"), N_("All that payment providers and pickup points have taken in.")),
    "commission_frozen": Term(
        N_("May still change"),
        N_("Commission of orders that can still be returned. It is owed once the after-sale time has ended."),
    ),
    "due": Term(N_("Owed"), N_("What is to be paid to them, less the cash of yours that they still have.")),
    "frozen_statement": Term(
        N_("Freeze"),
        N_("The statement of days that are over is kept for good. Whatever comes later stands in the next one."),
    ),
    "held": Term(N_("Still theirs"), N_("Money that you would have to give back if nothing more were handed over.")),
    "profit": Term(
        N_("Profit"),
        N_(
            "Sales, delivery fees and what was kept, less returns, goods, commission and provider fees. Wages, "
            "advertising and transport are not in the books."
        ),
    ),
    "slug": Term(N_("Shop address"), N_("The last part of your shop's address. It cannot be changed later.")),
}
