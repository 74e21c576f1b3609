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
    "days_of_stock": Term(
        N_("Days of stock"),
        N_("For how many days your stock lasts, if goods go on leaving it as they did in this period."),
    ),
    "sku": Term(
        N_("SKU"),
        N_("One variant of a product that has its own price and stock, such as the box of six and the box of twelve."),
    ),
    "slug": Term(N_("Shop address"), N_("The last part of your shop's address. It cannot be changed later.")),
    "turnover": Term(
        N_("Turnover"),
        N_("How often your stock was sold and filled again: what the sold goods cost, over what lay on the shelf."),
    ),
    "wastage": Term(
        N_("Wastage"), N_("Goods that are lost: spoiled, broken, or gone. The rate is their part of all that left.")
    ),
}
