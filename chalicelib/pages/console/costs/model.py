"""The kinds of booked costs in words. Pure."""

from collections.abc import Mapping

from chalicelib.pages.shell.words import N_

KINDS: Mapping[str, str] = {
    "goods": N_("Goods and packing"),
    "labour": N_("Wages and helpers"),
    "marketing": N_("Advertising and prizes"),
    "logistics": N_("Transport and storage"),
    "other": N_("Other costs"),
}
