"""What states of things are called where the team reads them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.pages.shell.words import N_


@dataclass(frozen=True, slots=True)
class State:
    """A state in a word or two; its tone: good, warn, bad or none; and what it means, or empty."""

    name: str
    tone: str = ""
    means: str = ""


CAMPAIGN: Mapping[str, State] = {
    "draft": State(N_("Draft"), "warn", N_("Nobody but your team sees it. It can be changed freely.")),
    "scheduled": State(N_("Announced"), "warn", N_("Neighbours see it, and can order from the opening on.")),
    "open": State(N_("Open for orders"), "good", N_("Neighbours order now.")),
    "extended": State(N_("Extended"), "good", N_("The target was missed at first, so there is more time, once.")),
    "closing": State(N_("Being counted"), "", N_("It has closed. Whether it takes place is known in a moment.")),
    "cancelled": State(N_("Cancelled"), "bad", N_("It does not take place. The money goes back by itself.")),
    "refunding": State(N_("Being refunded"), "bad", N_("It does not take place. The money is on its way back.")),
    "refunded": State(N_("Refunded"), "bad", N_("It did not take place. All money has gone back.")),
    "locked": State(N_("Takes place"), "good", N_("The orders stand. The goods can be bought now.")),
    "purchasing": State(N_("Being bought"), "", N_("The goods are on order at the suppliers.")),
    "received": State(N_("Goods are here"), "", N_("The goods have come and are being sorted.")),
    "sorted": State(N_("Sorted"), "", N_("The goods go to the pickup points.")),
    "at_pickup": State(N_("Waiting for pickup"), "good", N_("The goods wait at the pickup points.")),
    "completed": State(N_("All handed over"), "", N_("Every order has ended.")),
    "settled": State(N_("Accounts closed"), "", N_("Everybody has what they are owed.")),
}

TEAM: Mapping[str, State] = {
    "forming": State(N_("Waiting for more"), "warn"),
    "filled": State(N_("Team complete"), "good"),
    "failed": State(N_("Not complete in time"), "bad"),
    "dissolved": State(N_("Team ended")),
}

SERIES: Mapping[str, State] = {
    "active": State(N_("Running"), "good"),
    "paused": State(N_("Paused"), "warn", N_("No new group buys are made until you resume it.")),
    "ended": State(N_("Ended"), "", N_("No more group buys are made.")),
}

ANNOUNCEMENT: Mapping[str, State] = {
    "scheduled": State(N_("Waiting for its time"), "warn"),
    "sending": State(N_("Going out"), "good"),
    "paused": State(N_("Paused"), "warn", N_("Nobody further is told until you resume it.")),
    "sent": State(N_("Has gone out")),
    "cancelled": State(N_("Cancelled"), "bad", N_("Nobody further hears of it.")),
}
