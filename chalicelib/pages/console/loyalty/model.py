"""Words of points and tiers, by the API's names. Pure."""

from collections.abc import Mapping

from chalicelib.pages.shell.words import N_

ACTIONS: Mapping[str, str] = {
    "order": N_("An order that is collected"),
    "participation": N_("Taking part in a group buy"),
    "check_in": N_("Checking in, once a day"),
    "survey": N_("Answering a survey"),
    "review": N_("Reviewing what they bought"),
    "birthday": N_("A birthday, once a year"),
    "referral": N_("Bringing a neighbour, who collects a first order"),
}
"""What earns points."""

MEASURES: Mapping[str, str] = {
    "spend": N_("What they have paid for goods"),
    "orders": N_("How many orders they have collected"),
    "points": N_("How many points they have earned"),
}

CAUSES: dict[str, str] = {
    "order": N_("An order"),
    "participation": N_("Taking part in a group buy"),
    "check_in": N_("Checked in"),
    "survey": N_("Answered a survey"),
    "review": N_("Reviewed what they bought"),
    "review_back": N_("Taken back: the review was deleted, or its purchase paid back"),
    "birthday": N_("Birthday"),
    "referral": N_("Brought a neighbour"),
    "referral_back": N_("Taken back: the neighbour's first order was refunded"),
    "refund": N_("Taken back with a refund"),
    "participation_ended": N_("Taken back: nothing of the group buy was kept"),
    "journey": N_("Given in a journey"),
    "staff": N_("Booked by the team"),
    "suggestion": N_("A suggestion that was adopted"),
    "expiry": N_("Expired unused"),
    "merge": N_("Two memberships became one"),
    "spending": N_("Used for an order"),
    "spending_returned": N_("Came back from an order"),
    "award": N_("Won an award"),
}
"""Why points came or went, by the cause of an entry."""

OF_GIFTS: Mapping[str, str] = CAUSES | {
    "spending": N_("Redeemed for a gift"),
    "spending_returned": N_("Came back from a gift"),
}
"""The same where the points were for a gift."""
