"""What states of things are called where the team reads them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.pages.shell.words import N_


@dataclass(frozen=True, slots=True)
class State:
    """A state in a word or two; what it means, or empty; and its tone: good, warn, bad or none."""

    name: str
    means: str = ""
    tone: str = ""


CAMPAIGN: Mapping[str, State] = {
    "draft": State(N_("Draft"), N_("Nobody but your team sees it. It can be changed freely."), "warn"),
    "scheduled": State(N_("Announced"), N_("Neighbours see it, and can order from the opening on."), "warn"),
    "open": State(N_("Open for orders"), N_("Neighbours order now."), "good"),
    "extended": State(N_("Extended"), N_("The target was missed at first, so there is more time, once."), "good"),
    "closing": State(N_("Being counted"), N_("It has closed. Whether it takes place is known in a moment.")),
    "cancelled": State(N_("Cancelled"), N_("It does not take place. The money goes back by itself."), "bad"),
    "refunding": State(N_("Being refunded"), N_("It does not take place. The money is on its way back."), "bad"),
    "refunded": State(N_("Refunded"), N_("It did not take place. All money has gone back."), "bad"),
    "locked": State(N_("Takes place"), N_("The orders stand. The goods can be bought now."), "good"),
    "purchasing": State(N_("Being bought"), N_("The goods are on order at the suppliers.")),
    "received": State(N_("Goods are here"), N_("The goods have come and are being sorted.")),
    "sorted": State(N_("Sorted"), N_("The goods go to the pickup points.")),
    "at_pickup": State(N_("Waiting for pickup"), N_("The goods wait at the pickup points."), "good"),
    "completed": State(N_("All handed over"), N_("Every order has ended.")),
    "settled": State(N_("Accounts closed"), N_("Everybody has what they are owed.")),
}

SERIES: Mapping[str, State] = {
    "active": State(N_("Running"), tone="good"),
    "paused": State(N_("Paused"), N_("No new group buys are made until you resume it."), "warn"),
    "ended": State(N_("Ended"), N_("No more group buys are made.")),
}

ANNOUNCEMENT: Mapping[str, State] = {
    "scheduled": State(N_("Waiting for its time"), tone="warn"),
    "sending": State(N_("Going out"), tone="good"),
    "paused": State(N_("Paused"), N_("Nobody further is told until you resume it."), "warn"),
    "sent": State(N_("Has gone out")),
    "cancelled": State(N_("Cancelled"), N_("Nobody further hears of it."), "bad"),
}
