"""Leaderboards and awards in plain words. Pure."""

from collections.abc import Mapping

from chalicelib.pages.console.said import State
from chalicelib.pages.shell.words import N_

BOARDS: Mapping[str, str] = {
    "spend": N_("What their goods come to"),
    "quantity": N_("Units that they bought"),
    "orders": N_("How many orders"),
    "points": N_("Points that they earned"),
    "referrals": N_("Members whom they brought"),
    "activity": N_("Days on which they took part"),
}
"""What members are ranked by."""

MEANS: Mapping[str, str] = {
    "spend": N_(
        "After discounts, without delivery, paid for yet or not. What is cancelled or paid back counts no more."
    ),
    "quantity": N_("Gifts do not count, nor what came back."),
    "orders": N_("Those of which something was kept."),
    "points": N_("What was taken back counts no more. Points that were given by hand or as awards do not count."),
    "referrals": N_("Friends whose first order brought a reward that stands."),
    "activity": N_("Days with an order, an answer to a survey, or a check-in."),
}  # fmt: skip
"""What exactly is counted."""

EVERY: Mapping[str, str] = {"month": N_("Each month"), "week": N_("Each week")}

REWARDS: Mapping[str, str] = {"": N_("Nothing but the honour"), "points": N_("Points"), "coupon": N_("A coupon")}

STATES: Mapping[str, State] = {
    "running": State(N_("Running"), "good"),
    "ended": State(N_("Ended"), "", N_("It is decided no more. Winners keep what they have won.")),
}
"""How an award stands."""
