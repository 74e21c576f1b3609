"""What the pages of members show beyond the API's views."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.notices.model.catalogue import UnknownTemplate, notice_of
from chalicelib.notices.model.notices import Category
from chalicelib.pages.console.said import AFTER_SALE, COMPLAINT, ENQUIRY, ORDER, REVIEW, SUGGESTION, State
from chalicelib.pages.shell import N_

CAME: Mapping[str, str] = {
    "sign_in": N_("Signed in by themselves"),
    "import": N_("From a list that was imported"),
    "staff": N_("Written down by the team"),
    "invite": N_("By an invitation"),
    "referral": N_("Brought by a member"),
    "application": N_("By an application"),
}

CONSENTS: Mapping[str, str] = {
    "marketing": N_("News and offers"),
    "analytics": N_("Figures about them"),
    "personalisation": N_("What is shown to suit them"),
    "leaderboards": N_("Their name on leaderboards"),
}

HOUSEHOLDS: Mapping[str, str] = {
    "alone": N_("lives alone"),
    "two_adults": N_("two adults"),
    "three_or_more_adults": N_("three or more adults"),
    "children_under_7": N_("with children, the youngest under 7"),
    "children_7_17": N_("with children, the youngest from 7 to 17"),
}

LEFT_FOR: Mapping[str, str] = {
    "not_said": N_("Not said"),
    "moved_away": N_("Moved away"),
    "too_many_messages": N_("Too many messages"),
    "prices": N_("The prices"),
    "nothing_for_me": N_("Nothing for them"),
    "quality": N_("The quality of the goods"),
    "pickup_unsuitable": N_("The pickup point, or its hours"),
    "service": N_("How they were treated"),
    "privacy": N_("Their privacy"),
    "other": N_("Something else"),
}
"""Why a member left."""

ANSWERED: Mapping[str, str] = {
    "member": N_("by themselves, in the shop"),
    "link": N_("by the link in a message"),
    "leaving": N_("when they left"),
    "staff": N_("by the team, as they asked"),
}
"""How an answer about consent was given."""

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

HAPPENED: Mapping[str, str] = {
    "order": N_("Order"),
    "purchase": N_("Imported order"),
    "visit": N_("In the shop"),
    "message": N_("Message"),
    "enquiry": N_("Enquiry"),
    "complaint": N_("Complaint"),
    "after_sale": N_("After-sale request"),
    "suggestion": N_("Suggestion"),
    "review": N_("Review"),
    "survey": N_("Survey answered"),
    "points": N_("Points"),
    "joined": N_("Joined"),
    "left": N_("Left"),
    "returned": N_("Came back to the shop"),
}
"""What an entry of a member's timeline is of."""

HAPPENED_AT: Mapping[str, str] = {
    "order": "/orders/",
    "enquiry": "/enquiries/",
    "complaint": "/complaints/",
    "after_sale": "/after-sales/",
    "suggestion": "/suggestions/",
}
"""Where such an entry stands, by its kind."""

HAPPENED_STATES: Mapping[str, Mapping[str, State]] = {
    "order": {each.value: state for each, state in ORDER.items()},
    "enquiry": ENQUIRY,
    "complaint": COMPLAINT,
    "after_sale": AFTER_SALE,
    "suggestion": SUGGESTION,
    "review": REVIEW,
    "message": {name: State(text, "bad" if name == "dead" else "") for name, text in BECAME.items()},
}
"""What the states of entries are called, by their kind."""

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


@dataclass(frozen=True, slots=True)
class Way:
    """By what somebody was let in: its name, where it stands at the console, and what it is called."""

    name: str
    to: str
    text: str


_WAYS: Mapping[str, tuple[str, str]] = {
    "invite": (N_("Invite code"), "/invite-codes/"),
    "prospect": (N_("Personal invitation"), "/prospects/"),
    "application": (N_("Application to join"), "/applications/"),
}


def way_of(joined_by: str | None, origin: str | None) -> Way | None:
    """The invite code, invitation or application by which a member joined; None for any other way."""
    by, _, id_ = (joined_by or "").partition(":")
    if by not in _WAYS:
        return None
    name, to = _WAYS[by]
    return Way(name, to + id_, (origin or "").partition(":")[2] if by == "invite" else "")
