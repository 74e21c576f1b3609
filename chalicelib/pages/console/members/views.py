"""What the pages of members show beyond the API's views."""

from collections.abc import Mapping

from chalicelib.notices.model.catalogue import UnknownTemplate, notice_of
from chalicelib.notices.model.notices import Category
from chalicelib.pages.shell import N_

CAME: Mapping[str, str] = {
    "sign_in": N_("Signed in by themselves"),
    "import": N_("From a list that was imported"),
    "staff": N_("Written down by the team"),
    "invite": N_("By an invitation"),
}

CONSENTS: Mapping[str, str] = {
    "marketing": N_("News and offers"),
    "analytics": N_("Figures about them"),
    "personalisation": N_("What is shown to suit them"),
}

GENDERS: Mapping[str, str] = {
    "female": N_("female"),
    "male": N_("male"),
    "other": N_("other"),
    "undisclosed": N_("not said"),
}

AGES: Mapping[str, str] = {
    "under_18": N_("under 18"),
    "18_24": "18–24",
    "25_34": "25–34",
    "35_44": "35–44",
    "45_54": "45–54",
    "55_64": "55–64",
    "65_plus": N_("65 and older"),
}

BECAME: Mapping[str, str] = {
    "sending": N_("on its way"),
    "held": N_("waits for a better hour"),
    "waiting": N_("waits for the provider"),
    "sent": N_("sent"),
    "joined": N_("sent with others"),
    "inbox": N_("in the inbox alone"),
    "withheld": N_("held back by a limit"),
    "dead": N_("could not be delivered"),
}
"""What became of a message."""

MEDIA: Mapping[str, str] = {
    "email": N_("E-mail"),
    "sms": N_("Text message"),
    "official_account": N_("WeChat"),
}

PLACES: Mapping[str, str] = {
    "order": "/orders/",
    "aftersale": "/after-sales/",
    "complaint": "/complaints/",
    "campaign": "/campaigns/",
}
"""Where what a message is about stands, by its kind."""


_CATEGORIES: Mapping[Category, str] = {
    Category.ACCESS: N_("Signing in"),
    Category.ORDER: N_("Their order"),
    Category.MONEY: N_("Their money"),
    Category.SERVICE: N_("Replies and surveys"),
    Category.NEWS: N_("News and offers"),
}


def told_of(template: str) -> str:
    """What a message is for, in words; empty for one that is told no more."""
    try:
        return _CATEGORIES[notice_of(template).telling.category]
    except UnknownTemplate:
        return ""


def came(origin: str | None) -> str:
    """How a member came, in words; empty where nobody knows."""
    return CAME.get((origin or "").partition(":")[0], "")
