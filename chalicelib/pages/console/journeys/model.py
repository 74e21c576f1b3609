"""What is said of journeys on the console. Pure."""

from collections.abc import Mapping

from chalicelib.journeys.model.ready_made import ReadyMade
from chalicelib.journeys.model.steps import StepKind, TriggerKind
from chalicelib.pages.console.said import State
from chalicelib.pages.shell.words import N_

STATES: Mapping[str, State] = {
    "draft": State(N_("Draft"), "warn", N_("Nobody enters before you publish it.")),
    "running": State(N_("Running"), "good", N_("Members enter by themselves.")),
    "paused": State(N_("Paused"), "warn", N_("Nobody enters, and who is inside waits.")),
    "ended": State(N_("Ended"), "", N_("Nobody enters, and nobody goes on.")),
}

READY_MADE: Mapping[ReadyMade, tuple[str, str]] = {
    "welcome": (
        N_("Welcome new members"),
        N_("Greets members who join, and explains after three days how a group buy works."),
    ),
    "first_order": (
        N_("A first order"),
        N_("Gives members who have not ordered a week after joining a coupon."),
    ),
    "care": (N_("Care after pickup"), N_("Asks on the day after pickup whether all was well.")),
    "wake_up": (N_("Wake up"), N_("Reminds members who have become dormant, twice at most.")),
    "win_back": (
        N_("Win back"),
        N_("Gives members who have not ordered for so many days a coupon, and reminds them of it once."),
    ),
    "birthday": (N_("Birthday"), N_("Congratulates on the birthday, with a coupon.")),
}
"""Each, and what it does."""

TRIGGERS: Mapping[TriggerKind, str] = {
    "joined": N_("Somebody joins"),
    "quiet": N_("Somebody has not ordered for so many days"),
    "class": N_("Somebody becomes new, active, dormant or churned"),
    "birthday": N_("It is somebody's birthday"),
    "campaign_opened": N_("A group buy opens (all members enter)"),
    "tier_reached": N_("Somebody reaches a tier"),
    "segment_entered": N_("Somebody comes into a segment"),
    "order_collected": N_("Somebody has collected an order"),
}

CLASSES: Mapping[str, str] = {
    "new": N_("New member"), "active": N_("Active member"), "dormant": N_("Dormant member"),
    "churned": N_("Churned member"),
}  # fmt: skip

KINDS: Mapping[StepKind, str] = {
    "message": N_("A message"),
    "coupon": N_("A coupon"),
    "points": N_("Points"),
    "tag": N_("A tag"),
    "wait": N_("A wait"),
    "condition": N_("Only some go on"),
    "staff_notice": N_("A notice to your team"),
}
"""What can be added."""

CONDITIONS: Mapping[str, str] = {
    "not has_ordered": N_("who has not ordered since they entered"),
    "has_ordered": N_("who has ordered since they entered"),
    "not ever_ordered": N_("who has never ordered"),
    "ever_ordered": N_("who has ordered before"),
    "agrees_to_news": N_("who agrees to news"),
    "not agrees_to_news": N_("who does not agree to news"),
    "class new": N_("who is new"),
    "class active": N_("who is active"),
    "class dormant": N_("who is dormant"),
    "class churned": N_("who is churned"),
    "segment": N_("who is in the segment"),
    "not segment": N_("who is not in the segment"),
}
"""Who goes on."""

WHY: Mapping[str, str] = {
    "ordered": N_("has ordered"),
    "condition": N_("did not meet a condition"),
    "segment": N_("is no longer in the segment"),
    "brand": N_("has left the shop"),
    "blocked": N_("is blocked"),
    "journey_ended": N_("the journey has ended"),
}
"""Why somebody left before the end."""

WAYS: Mapping[str, State] = {
    "inside": State(N_("Inside"), "good"),
    "finished": State(N_("Through")),
    "left": State(N_("Left before the end")),
    "control": State(N_("Left alone for comparison"), "warn"),
    "united": State(N_("Goes on as another member")),
}

ARMS: Mapping[str, str] = {"treated": N_("In the journey"), "control": N_("Left alone for comparison")}

OUTCOMES: Mapping[str, str] = {
    "done": N_("done"), "held": N_("held back"), "yes": N_("goes on"), "no": N_("does not go on"),
}  # fmt: skip

HELD: Mapping[str, str] = {
    "no_consent": N_("does not agree to news"),
    "no_news": N_("your shop sends no news"),
    "has_enough": N_("has had as many as one may"),
    "not_new": N_("has ordered before"),
    "batch_paused": N_("the coupons are paused"),
    "batch_over": N_("the coupons have ended"),
    "no_tag": N_("there is no such tag any more"),
    "too_many_tags": N_("carries as many tags as one may"),
}
"""Why a step was held back."""


def condition_of(asks: str, wanted: bool, member_class: str | None) -> str:
    """The key of :data:`CONDITIONS`."""
    if asks == "class":
        return f"class {member_class}"
    return asks if wanted else f"not {asks}"
