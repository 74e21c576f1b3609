"""States as the team reads them, on every screen of the console."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.campaigns.model.campaign import Status
from chalicelib.pages.shell import N_


@dataclass(frozen=True, slots=True)
class State:
    """A state in a word or two, and its tone: good, warn, bad or none."""

    name: str
    tone: str = ""


CAMPAIGN: Mapping[Status, State] = {
    Status.DRAFT: State(N_("Draft")),
    Status.SCHEDULED: State(N_("Announced"), "warn"),
    Status.OPEN: State(N_("Open"), "good"),
    Status.EXTENDED: State(N_("Extended"), "good"),
    Status.CLOSING: State(N_("Closing"), "warn"),
    Status.CANCELLED: State(N_("Cancelled"), "bad"),
    Status.REFUNDING: State(N_("Being refunded"), "bad"),
    Status.REFUNDED: State(N_("Refunded"), "bad"),
    Status.LOCKED: State(N_("To be bought"), "warn"),
    Status.PURCHASING: State(N_("Being bought"), "warn"),
    Status.RECEIVED: State(N_("Goods are here"), "warn"),
    Status.SORTED: State(N_("Sorted"), "warn"),
    Status.AT_PICKUP: State(N_("At the pickup points"), "good"),
    Status.COMPLETED: State(N_("Completed")),
    Status.SETTLED: State(N_("Settled")),
}
"""Where a group buy stands."""
