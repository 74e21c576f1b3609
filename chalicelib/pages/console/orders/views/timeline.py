"""What happened to an order, in the words of the brand's team."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.orders.views.changes import HistoryView, OrderStateView
from chalicelib.pages.shell import N_
from chalicelib.web import MoneyField

SAID: Mapping[str, str] = {
    "placed": N_("Ordered"),
    "noted": N_("A note was made"),
    "edited": N_("The order was changed"),
    "edit_requested": N_("A change was asked for that is to be paid first"),
    "edit_dropped": N_("The change that waited for its payment was dropped"),
    "adjusted": N_("Units were taken out"),
    "substituted": N_("Something else is given instead"),
    "repriced": N_("So many ordered that the price fell"),
    "moved": N_("It is handed over elsewhere"),
    "payment_accepted": N_("Another amount than was asked for came in, and was accepted"),
    "payment_returned": N_("A payment that no order wanted goes back"),
    "refunded_at_provider": N_("Money was given back on the provider's own pages"),
    "dispute_open": N_("The payer disputes the payment at their bank"),
    "dispute_won": N_("The bank has left the payment as it was"),
    "dispute_lost": N_("The bank has given the payment back to the payer"),
    "goodwill": N_("Money was given back by goodwill"),
    "handed_over": N_("A part was handed over"),
    "picked_up": N_("Handed over"),
    "delivered": N_("Brought to the door"),
    "no_show": N_("It was not collected in time"),
    "balance": N_("The rest was not paid in time"),
    "cancelled": N_("The order was cancelled"),
    "refunded": N_("The order ended, and its money goes back"),
    "expired": N_("The order was not paid in time"),
    "forfeited": N_("By the rules of the group buy its money stays with the shop"),
}
"""What happened, by the type of the entry."""

REFUND_FOR: Mapping[str, str] = {
    "adjustment": N_("Taken out by the team"),
    "receipt": N_("Less came than was ordered"),
    "cancel": N_("Cancelled"),
    "campaign": N_("The group buy does not take place"),
    "team": N_("The team did not fill"),
    "edit": N_("The order was changed"),
    "move": N_("Collected instead of delivered"),
    "ladder": N_("The price fell"),
    "aftersale": N_("Return"),
    "goodwill": N_("Goodwill"),
    "no_show": N_("Not collected"),
    "balance": N_("The rest was not paid"),
    "overpaid": N_("Paid too much"),
    "paid_twice": N_("Paid twice"),
    "paid_too_late": N_("Paid too late"),
    "dispute_lost": N_("By the payer's bank"),
}
"""What a refund is for, by its cause."""

ENDED_BY: Mapping[str, str] = {
    "member": N_("The member cancelled it."),
    "staff": N_("The team cancelled it."),
    "system": N_("It could not be supplied."),
    "campaign": N_("The group buy does not take place."),
    "team": N_("The team did not fill in time."),
    "no_show": N_("It was not collected in time."),
    "balance": N_("The rest was not paid in time."),
}
"""Why an order has ended, by ``cancelled_by``."""

_BY: Mapping[str, str] = {
    "member": N_("the member"),
    "api_key": N_("a program"),
    "provider": N_("the payment provider"),
    "staff": N_("the team"),
}
_BY_ITSELF = N_("by itself")
_YOU = N_("you")


@dataclass(frozen=True, slots=True)
class Who:
    """Who did something: a person's ``name``, or else words for the kind of whoever it was."""

    name: str
    said: str


@dataclass(frozen=True, slots=True)
class Units:
    """How many units of an offer there were, and are."""

    title: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened, by whom, and what it changed; ``place`` is where it is handed over since."""

    said: str
    at: datetime
    who: Who
    reason: str | None
    units: tuple[Units, ...]
    total: tuple[MoneyField, MoneyField] | None
    place: str | None


@dataclass(frozen=True, slots=True)
class Known:
    """Names for what a history names by id: offers, pickup points, the team; ``you`` is who reads it."""

    titles: Mapping[str, str]
    places: Mapping[str, str]
    team: Mapping[str, str]
    you: str

    def who(self, by: str) -> Who:
        """Whoever is named so in a history, such as ``staff:01J…``."""
        kind, _, who = by.partition(":")
        if by == self.you:
            return Who("", _YOU)
        return Who(self.team.get(who, "") if kind == "staff" else "", _BY.get(kind, _BY_ITSELF))


def timeline(entries: Iterable[HistoryView], known: Known) -> list[Happened]:
    """What happened to an order, the latest first."""
    told = [each for each in entries if not _is_told_by_the_change(each)]
    return [_happened(each, known) for each in reversed(told)]


def named_in(entries: Iterable[HistoryView]) -> set[str]:
    """The ids of those of the team who did any of it."""
    return {who for kind, _, who in (each.by.partition(":") for each in entries) if kind == "staff"}


def refund_for(cause: str) -> str:
    """What a refund is for; empty where that says nothing."""
    return REFUND_FOR.get(cause.partition(":")[0], "")


def _is_told_by_the_change(entry: HistoryView) -> bool:
    return entry.type in ("cancelled", "refunded") and entry.by in ("no_show", "balance")


def _happened(entry: HistoryView, known: Known) -> Happened:
    said, who = SAID.get(entry.type, entry.type), known.who(entry.by)
    before, after = entry.before, entry.after
    if before is None or after is None:
        return Happened(said, entry.at, who, entry.reason, (), None, None)
    total = (before.total, after.total) if before.total != after.total else None
    units, place = _units(before, after, known.titles), _moved(before, after, known.places)
    return Happened(said, entry.at, who, entry.reason, units, total, place)


def _units(before: OrderStateView, after: OrderStateView, titles: Mapping[str, str]) -> tuple[Units, ...]:
    had, has = before.units, after.units
    return tuple(
        Units(titles.get(offer_id, ""), had.get(offer_id, 0), has.get(offer_id, 0))
        for offer_id in {**had, **has}
        if had.get(offer_id, 0) != has.get(offer_id, 0)
    )


def _moved(before: OrderStateView, after: OrderStateView, places: Mapping[str, str]) -> str | None:
    if (before.pickup_point_id, before.delivery) == (after.pickup_point_id, after.delivery):
        return None
    return after.delivery.address if after.delivery else places.get(after.pickup_point_id or "")
