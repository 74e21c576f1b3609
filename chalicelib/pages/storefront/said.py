"""What a campaign is said to be, and how it can be paid, as neighbours read it on every screen."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.campaigns.model.campaign import Status
from chalicelib.campaigns.model.kinds import PaymentMethod
from chalicelib.orders.teams.model import TeamStatus
from chalicelib.pages.shell import N_


@dataclass(frozen=True, slots=True)
class State:
    """A state in a word or two; what it means for who has ordered, or empty; and its tone: good, warn, bad or none."""

    name: str
    means: str = ""
    tone: str = ""


_MONEY_BACK = N_("It does not take place. Whoever has paid gets all of it back.")
_TAKES_PLACE = N_("It takes place. The goods are on their way.")
_FINISHED = N_("Everything has been handed over.")

CAMPAIGN: Mapping[Status, State] = {
    Status.SCHEDULED: State(N_("Coming soon"), N_("Orders are taken from the opening on."), "warn"),
    Status.OPEN: State(N_("Open for orders"), tone="good"),
    Status.EXTENDED: State(N_("Extended"), N_("The target was not reached at first, so there is more time."), "good"),
    Status.CLOSING: State(N_("Orders closed"), N_("The orders are being counted: wait a moment.")),
    Status.CANCELLED: State(N_("Cancelled"), _MONEY_BACK, "bad"),
    Status.REFUNDING: State(N_("Cancelled"), N_("It does not take place. The money is on its way back."), "bad"),
    Status.REFUNDED: State(N_("Cancelled"), N_("It did not take place. All money has gone back."), "bad"),
    Status.LOCKED: State(N_("Orders closed"), _TAKES_PLACE),
    Status.PURCHASING: State(N_("Orders closed"), _TAKES_PLACE),
    Status.RECEIVED: State(N_("Orders closed"), N_("The goods are here and are being sorted.")),
    Status.SORTED: State(N_("Orders closed"), N_("The goods are sorted and go to the pickup points.")),
    Status.AT_PICKUP: State(N_("Ready for pickup"), N_("The goods wait at the pickup points."), "good"),
    Status.COMPLETED: State(N_("Finished"), _FINISHED),
    Status.SETTLED: State(N_("Finished"), _FINISHED),
}
"""Every state that a shopper can see: all but a draft's."""

TEAM: Mapping[TeamStatus, State] = {
    TeamStatus.FORMING: State(N_("Waiting for more"), tone="warn"),
    TeamStatus.FILLED: State(N_("Team complete"), N_("All places are paid: everybody's order goes ahead."), "good"),
    TeamStatus.FAILED: State(N_("Not complete in time"), N_("Everybody in it gets their money back."), "bad"),
    TeamStatus.DISSOLVED: State(N_("Team ended"), N_("Everybody has left this team.")),
}

METHODS: Mapping[PaymentMethod, str] = {
    "pickup": N_("Pay when you collect"),
    "test": N_("Test payment, no real money"),
    "stripe": N_("Card"),
    "wechat": N_("WeChat Pay"),
}
