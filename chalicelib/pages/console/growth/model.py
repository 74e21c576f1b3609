"""What lowers prices, in plain words. Pure."""

from collections.abc import Mapping

from chalicelib.pages.console.said import State
from chalicelib.pages.shell.words import N_

KINDS: Mapping[str, str] = {
    "promotion": N_("Promotion"),
    "coupon_batch": N_("Coupons"),
    "tier": N_("Tier"),
    "points": N_("Points"),
}
"""Each kind."""

WAYS: Mapping[str, str] = {"promotion": "/growth/promotion/", "coupon_batch": "/growth/coupon-batch/"}
"""Where those with days of their own are looked at."""

STATES: Mapping[str, State] = {
    "running": State(N_("Running now"), "good"),
    "scheduled": State(N_("Starts later"), "warn"),
    "paused": State(N_("Paused"), "warn"),
    "active": State(N_("In use"), "good"),
    "ended": State(N_("Over"), ""),
    "draft": State(N_("Draft"), "warn"),
}
"""Each state."""

ACTIONS: Mapping[str, str] = {
    "order": N_("For orders"),
    "participation": N_("For taking part in group buys"),
    "check_in": N_("For checking in"),
    "birthday": N_("For birthdays"),
    "survey": N_("For answering surveys"),
    "review": N_("For reviews"),
    "referral": N_("For bringing neighbours"),
    "staff": N_("Given by the team"),
    "suggestion": N_("For suggestions that were adopted"),
    "award": N_("Won as awards"),
    "journey": N_("Given in journeys"),
    "spending": N_("Used to pay orders"),
    "gift": N_("Orders of gifts for points"),
    "expiry": N_("Expired without being used"),
}
"""What points are given or taken for."""
