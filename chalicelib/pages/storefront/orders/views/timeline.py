"""What happened to an order, in a neighbour's words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.orders.bundles.model import titles_by_name
from chalicelib.orders.model import PAY_AT_PICKUP, RefundStatus
from chalicelib.orders.refunds.views import RefundView
from chalicelib.orders.views.changes import HistoryView, OrderStateView
from chalicelib.pages.shell import N_
from chalicelib.web import MoneyField

SAID: Mapping[str, str] = {
    "placed": N_("You ordered."),
    "noted": N_("A note was made."),
    "edited": N_("You changed the order."),
    "edit_requested": N_("You asked for a change that is to be paid first."),
    "edit_dropped": N_("The change that waited for its payment was dropped."),
    "adjusted": N_("The shop could supply less than you ordered."),
    "substituted": N_("The shop gives you something else instead."),
    "repriced": N_("So many ordered that the price fell."),
    "moved": N_("It is handed over elsewhere."),
    "payment_accepted": N_("Another amount than was asked for came in, and was accepted."),
    "payment_returned": N_("A payment that was not needed goes back to you."),
    "refunded_at_provider": N_("The shop gave money back."),
    "dispute_open": N_("Your bank was asked to take a payment back."),
    "dispute_won": N_("Your bank has left the payment as it was."),
    "dispute_lost": N_("Your bank has given a payment back to you."),
    "goodwill": N_("The shop gave you money back."),
    "handed_over": N_("A part was handed over."),
    "picked_up": N_("It was handed over."),
    "delivered": N_("It was brought to you."),
    "no_show": N_("It was not collected in time."),
    "balance": N_("The rest was not paid in time."),
    "cancelled": N_("The order was cancelled."),
    "refunded": N_("The order ended, and your money goes back."),
    "expired": N_("The order was not paid in time."),
    "forfeited": N_("By the rules of the group buy its money stays with the shop."),
}
"""What happened, by the type of the entry."""

SAID_BY: Mapping[tuple[str, str], str] = {
    ("placed", "staff"): N_("The shop ordered for you, as you asked."),
    ("placed", "system"): N_("It was made to replace what you sent back."),
    ("edited", "staff"): N_("The shop changed the order, as you asked."),
    ("edit_requested", "staff"): N_("The shop noted a change for you that is to be paid first."),
    ("cancelled", "member"): N_("You cancelled the order."),
    ("cancelled", "staff"): N_("The shop cancelled the order."),
    ("cancelled", "campaign"): N_("The group buy does not take place."),
    ("cancelled", "team"): N_("Your team did not fill in time."),
}
"""The same where it matters who did it."""

REFUND_FOR: Mapping[str, str] = {
    "cancel": N_("You cancelled the order"),
    "campaign": N_("The group buy does not take place"),
    "team": N_("The team did not fill"),
    "edit": N_("You changed the order"),
    "move": N_("It is no longer brought to you"),
    "ladder": N_("The price fell"),
    "aftersale": N_("Return"),
    "goodwill": N_("Given by the shop"),
    "no_show": N_("Not collected"),
    "balance": N_("The rest was not paid"),
    "overpaid": N_("Paid too much"),
    "paid_twice": N_("Paid twice"),
    "paid_too_late": N_("Paid too late"),
    "dispute_lost": N_("By your bank"),
}
"""What a refund is for, by its cause."""


@dataclass(frozen=True, slots=True)
class Units:
    """How many units of an offer there were, and are."""

    title: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened to an order, and what it changed; ``place`` is where it is handed over since."""

    said: str
    at: datetime
    reason: str | None
    units: tuple[Units, ...]
    total: tuple[MoneyField, MoneyField] | None
    place: str | None


def timeline(entries: Iterable[HistoryView], campaign: CampaignRecord) -> list[Happened]:
    """What happened to an order, the latest first."""
    titles = titles_by_name(campaign.offers)
    places = {point.id: point.name for point in campaign.pickup_points}
    told = [each for each in entries if not _is_told_by_the_change(each)]
    return [_happened(each, titles, places) for each in reversed(told)]


def _is_told_by_the_change(entry: HistoryView) -> bool:
    return entry.type in ("cancelled", "refunded") and entry.by in ("no_show", "balance")


def _happened(entry: HistoryView, titles: Mapping[str, str], places: Mapping[str, str]) -> Happened:
    said = SAID_BY.get((entry.type, entry.by)) or SAID[entry.type]
    before, after = entry.before, entry.after
    if before is None or after is None:
        return Happened(said, entry.at, entry.reason, (), None, None)
    total = (before.total, after.total) if before.total != after.total else None
    return Happened(said, entry.at, entry.reason, _units(before, after, titles), total, _moved(before, after, places))


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


def cut(entries: Sequence[HistoryView]) -> dict[str, int]:
    """Units by offer, of a bundle by part, that were ordered and could not be supplied."""
    short: dict[str, int] = {}
    for entry in entries:
        if entry.type == "adjusted" and entry.before is not None and entry.after is not None:
            has = entry.after.units
            for offer_id, units in entry.before.units.items():
                if units > has.get(offer_id, 0):
                    short[offer_id] = short.get(offer_id, 0) + units - has.get(offer_id, 0)
    return short


def refund_said(refund: RefundView) -> str:
    """How far a refund has come."""
    cash = refund.method == PAY_AT_PICKUP
    match refund.status:
        case RefundStatus.REQUESTED:
            return N_("To be given to you in cash at the pickup point") if cash else N_("On its way to you")
        case RefundStatus.SUCCEEDED:
            return N_("Given to you in cash") if cash else N_("Back the way you paid")
        case RefundStatus.FAILED:
            return N_("It did not go through; the shop looks after it")
