"""What is said of promotions on the console. Pure."""

from collections.abc import Mapping

from chalicelib.pages.console.said import State
from chalicelib.pages.shell.words import N_
from chalicelib.promotions.model.promotion import Status
from chalicelib.promotions.model.terms import Kind

KINDS: Mapping[Kind, tuple[str, str]] = {
    Kind.TIMED_PRICE: (N_("A lower price for a time"), N_("Such as 10 per cent off all fruit for a week.")),
    Kind.FULL_REDUCTION: (N_("Spend more, pay less"), N_("Such as 10 off from 100, and 25 off from 200.")),
    Kind.GIFT: (N_("A gift with an order"), N_("Such as a cup with three boxes of tea.")),
    Kind.MEMBER_PRICE: (N_("A price for members"), N_("A share off, or a price of its own for each variant.")),
}
"""Each kind, and an example of it."""

STATES: Mapping[Status, State] = {
    Status.RUNNING: State(N_("Running now"), "good", N_("New orders that it fits cost less now.")),
    Status.SCHEDULED: State(N_("Starts later"), "warn", N_("It is published, and lowers prices from its start on.")),
    Status.PAUSED: State(N_("Paused"), "warn", N_("New orders do not have it. Orders that have it keep it.")),
    Status.DRAFT: State(N_("Draft"), "warn", N_("It lowers nothing until you publish it.")),
    Status.ENDED: State(N_("Over"), "", N_("Orders that have it keep it.")),
}
"""Each state, in the order in which the list has them."""
