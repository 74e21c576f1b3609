"""What messages, media and reasons are said to be. Pure."""

from collections.abc import Mapping, Sequence

from chalicelib.notices.model.notices import Category
from chalicelib.pages.shell.words import N_

CATEGORIES: Mapping[str, str] = {
    Category.ORDER: N_("Orders and pickup"),
    Category.MONEY: N_("Money and refunds"),
    Category.SERVICE: N_("Replies, surveys and what is good to know"),
    Category.NEWS: N_("News and offers"),
    Category.ACCESS: N_("Signing in"),
}

AUDIENCES: Mapping[str, str] = {"member": N_("to members"), "leader": N_("to leaders"), "team": N_("to the team")}

LANGUAGES: Mapping[str, str] = {"zh": N_("Chinese"), "en": N_("English")}

MEDIA: Mapping[str, str] = {
    "official_account": N_("WeChat official account"),
    "email": N_("E-mail"),
    "sms": N_("Text message"),
}

REASONS: Mapping[str, str] = {
    "bounce": N_("The address does not exist"),
    "complaint": N_("Somebody there called a message spam"),
    "failing": N_("It failed three times in two weeks"),
}

NONE = N_("none")

PLACES = (N_("First"), N_("Second"), N_("Last"))
"""The order in which media are tried."""


def in_places(channels: Sequence[str]) -> list[str]:
    """The media for each of the places; empty where none is left."""
    return [*channels, *[""] * len(PLACES)][: len(PLACES)]
