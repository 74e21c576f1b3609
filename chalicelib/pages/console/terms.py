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
    "goodwill_limit": Term(
        N_("Goodwill"), N_("Money given back although no rule asks for it, such as an apology for late goods.")
    ),
    "point_leader": Term(
        N_("Leader"),
        N_("A member of your shop who runs a pickup point: hands orders over, and earns a commission."),
    ),
    "program_key": Term(
        N_("API key"), N_("A password for a program that works with your shop. People sign in without one.")
    ),
    "provider_fee": Term(
        N_("Provider's fee"),
        N_("What the provider keeps of each payment, as agreed with it. Your books count it; it changes no price."),
    ),
}
