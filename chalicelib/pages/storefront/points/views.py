"""What the page of points shows beyond the API's views."""

from collections.abc import Mapping

from chalicelib.pages.shell import N_

CAUSES: dict[str, str] = {
    "order": N_("For your order"),
    "participation": N_("For taking part in a group buy"),
    "check_in": N_("Checked in"),
    "birthday": N_("Your birthday"),
    "survey": N_("For your answers"),
    "review": N_("For your review"),
    "review_back": N_("Taken back: the review was deleted, or its purchase paid back"),
    "referral": N_("For a neighbour whom you brought"),
    "referral_back": N_("Taken back: the neighbour's first order was refunded"),
    "refund": N_("Taken back with a refund"),
    "participation_ended": N_("Taken back: nothing of the group buy was kept"),
    "journey": N_("A present from the store"),
    "staff": N_("Booked by the store"),
    "suggestion": N_("For your suggestion"),
    "expiry": N_("Expired unused"),
    "merge": N_("From your other membership"),
    "spending": N_("Used for an order"),
    "spending_returned": N_("Came back from an order"),
    "award": N_("Won as an award"),
}
"""Why points came or went, by the cause of an entry."""

OF_GIFTS: Mapping[str, str] = CAUSES | {
    "spending": N_("Redeemed for a gift"),
    "spending_returned": N_("Came back from a gift"),
}
"""The same where the points were for a gift."""
