"""The kinds of group buy in words, the steps in which one is drafted, and what may be done with one now. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.campaigns.drafting.model.editing import EDITABLE, WORDS
from chalicelib.campaigns.model.campaign import ACCEPTING, ON_SHOW, Status
from chalicelib.pages.shell.words import N_


@dataclass(frozen=True, slots=True)
class Said:
    """A choice: its code, its name, and what it means."""

    code: str
    name: str
    means: str = ""


KINDS: Sequence[Said] = (
    Said("group_order", N_("Group order"), N_("Everybody orders at a fixed price. The usual one: fruit, eggs, bread.")),
    Said("ladder", N_("Price steps"), N_("The more is ordered in all, the less everybody pays in the end.")),
    Said("team_buy", N_("Team buy"), N_("At the team's price, for teams that fill in time. Brings new people.")),
    Said("flash_sale", N_("Flash sale"), N_("Little stock, a low price, a short time: one unit for each.")),
    Said("pre_order", N_("Pre-order"), N_("A deposit now, the rest later. For what comes in weeks, such as crabs.")),
)
KIND: Mapping[str, Said] = {each.code: each for each in KINDS}

BUNDLE_KINDS: Sequence[Said] = (
    Said("complementary", N_("They go together")),
    Said("contrasting", N_("They differ, to compare or to suit everybody")),
    Said("themed", N_("They share a theme")),
)

MEASURES: Sequence[Said] = (
    Said("quantity", N_("units ordered")),
    Said("participants", N_("neighbours who order")),
    Said("amount", N_("value of the goods ordered")),
)
ON_MISS: Sequence[Said] = (
    Said("cancel", N_("It does not take place, and everybody gets their money back")),
    Said("extend", N_("There is more time, once")),
    Said("lock", N_("It takes place all the same")),
)
ON_DEFAULT: Sequence[Said] = (
    Said("refund", N_("The money is paid back")),
    Said("forfeit", N_("The money is kept")),
)
METHODS: Mapping[str, str] = {
    "pickup": N_("Pay when you collect"),
    "wechat": N_("WeChat Pay"),
    "stripe": N_("Card"),
    "test": N_("Test payment, no real money"),
}

STEPS: Mapping[str, str] = {
    "words": N_("Kind and words"),
    "goods": N_("Goods and prices"),
    "terms": N_("Time, place and payment"),
    "preview": N_("Preview"),
}
"""The steps of a draft, by the last part of their path."""

_ASKED_IN_WORDS = WORDS | {"refund_policy", "kind"}


def fields_of_words(status: str) -> frozenset[str]:
    """What may be changed now of the kind and the words."""
    return EDITABLE.get(Status(status), frozenset()) & _ASKED_IN_WORDS


def fields_of_terms(status: str) -> frozenset[str]:
    """What may be changed now of the rest, but for the goods."""
    return EDITABLE.get(Status(status), frozenset()) - _ASKED_IN_WORDS - {"offers", "peak_orders_per_second"}


@dataclass(frozen=True, slots=True)
class Deeds:
    """What may be done with a group buy in its state, whoever asks."""

    close: bool
    cancel: bool
    raise_offers: bool
    share: bool

    @classmethod
    def of(cls, status: str, *, closed_early: bool) -> "Deeds":
        """``closed_early`` says that somebody has closed it before its hour."""
        known = Status(status)
        running = known in ON_SHOW and not closed_early
        return cls(
            close=known in ACCEPTING and not closed_early,
            cancel=running or known is Status.DRAFT,
            raise_offers=running,
            share=known in ON_SHOW,
        )


HAPPENED: Mapping[str, str] = {
    "created": N_("drafted"),
    "published": N_("published"),
    "opened": N_("opened"),
    "offer_raised": N_("more was put on sale"),
    "arrival_moved": N_("the day of the goods was moved"),
    "extended": N_("the target was missed, there is more time"),
    "closed": N_("closed"),
    "cap_reached": N_("closed early, with all that was to be ordered"),
    "closed_by_hand": N_("closed by hand"),
    "locked": N_("it takes place"),
    "cancelled": N_("cancelled"),
    "refunding": N_("the money goes back"),
    "refunded": N_("all money has gone back"),
    "purchasing": N_("ordered at the suppliers"),
    "received": N_("the goods have come"),
    "sorted": N_("sorted"),
    "at_pickup": N_("at the pickup points"),
    "completed": N_("all handed over"),
    "settled": N_("accounts closed"),
}
"""What the history of a group buy says, in words."""


@dataclass(frozen=True, slots=True)
class Gap:
    """What a draft lacks: where to add it, and what to do; ``message`` is the API's own where there are no others."""

    step: str
    words: str
    message: str = ""


_GAPS: Sequence[tuple[str, str]] = (
    ("/offers/", N_("Say the deposit of each of the goods.")),
    ("/offers", N_("Choose what is sold. With price steps, at least one of the goods needs them.")),
    ("/pickup_point_ids", N_("Choose at least one pickup point.")),
    ("/closes_at", N_("Say when it closes.")),
    ("/team", N_("Say how many make a team, and in how many hours.")),
    (
        "/payment_methods/",
        N_("One of the ways to pay is not set up for your shop yet. Set it up, or leave it out."),
    ),
    ("/payment_methods", N_("A deposit is paid online: choose a way to pay online.")),
)


def missing(pointer: str, message: str) -> Gap:
    """What the API misses in a draft, in the words of the steps."""
    words = next((words for start, words in _GAPS if pointer.startswith(start)), "")
    return Gap(_step(pointer), words, "" if words else message)


def wrong(pointer: str, message: str) -> Gap:
    """What the API refuses of a draft, in its own words, and where it is put right."""
    return Gap(_step(pointer), "", message)


def _step(pointer: str) -> str:
    return "goods" if pointer.startswith("/offers") else "terms"
