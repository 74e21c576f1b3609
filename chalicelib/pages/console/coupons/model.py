"""What is said of coupons on the console. Pure."""

from collections.abc import Mapping

from chalicelib.coupons.model.terms import Kind, Purpose
from chalicelib.pages.console.said import State
from chalicelib.pages.shell.words import N_

KINDS: Mapping[Kind, tuple[str, str]] = {
    "amount": (N_("An amount off"), N_("Such as 10 off from 50.")),
    "percent": (N_("A share off"), N_("Such as 20 per cent, at most 30.")),
    "delivery": (N_("Free delivery"), N_("The whole fee, or a part of it.")),
    "product": (N_("One unit of a product"), N_("Free, or for less.")),
}
"""Each kind, and an example of it."""

PURPOSES: Mapping[Purpose, str] = {
    "holiday": N_("A holiday"),
    "new_member": N_("New members' first order"),
    "loyal": N_("Thanks to loyal members"),
    "win_back": N_("Win members back"),
    "remedy": N_("Making good for something"),
}

STATES: Mapping[str, State] = {
    "active": State(N_("Being handed out"), tone="good"),
    "paused": State(N_("Paused"), "warn", N_("Nothing is handed out. What members have stays good.")),
}

MODES: Mapping[str, str] = {
    "": N_("By nobody: I grant them"),
    "shared": N_("By one code that all enter"),
    "single": N_("By codes that are good once each"),
}
"""How coupons are got."""
