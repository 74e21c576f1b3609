"""Words of the profile's pages, by the API's names."""

from collections.abc import Mapping

from chalicelib.members.leaving.model import LeaveReason
from chalicelib.pages.shell import N_

FIELDS: Mapping[str, str] = {
    "name": N_("Name"),
    "birthday": N_("Birthday"),
    "age_band": N_("Age"),
    "gender": N_("Gender"),
    "household": N_("Household"),
    "occupation": N_("Occupation"),
    "income_band": N_("Income, roughly"),
    "interests": N_("Interests"),
    "favourite_point_id": N_("Favourite pickup point"),
}
"""What a profile has, in the order in which it is filled in."""

REASONS: Mapping[str, str] = {
    LeaveReason.NOT_SAID: N_("I would rather not say"),
    LeaveReason.MOVED: N_("I have moved away"),
    LeaveReason.MESSAGES: N_("Too many messages"),
    LeaveReason.PRICES: N_("The prices"),
    LeaveReason.RANGE: N_("There is nothing for me"),
    LeaveReason.QUALITY: N_("The quality of the goods"),
    LeaveReason.PICKUP: N_("The pickup point, or its hours"),
    LeaveReason.SERVICE: N_("How I was treated"),
    LeaveReason.PRIVACY: N_("My privacy"),
    LeaveReason.OTHER: N_("Something else"),
}
"""Why somebody leaves."""

WAYS: Mapping[str, str] = {
    "member": N_("here, or in the shop's app"),
    "link": N_("by the link in a message"),
    "leaving": N_("when you left"),
    "staff": N_("by the shop, as you asked"),
}
"""How an answer was given."""
