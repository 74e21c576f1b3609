"""What the pages of after-sale cases show beyond the API's views."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.aftersales.model.cases import MOVES, Kind, Status
from chalicelib.aftersales.service.paying import Outlook as PaysBack
from chalicelib.aftersales.views import AfterSaleView, OptionsView
from chalicelib.kernel.money import Money
from chalicelib.pages.console.cases.forms import DecisionPage, minor
from chalicelib.pages.console.due import Due, due
from chalicelib.pages.shell import N_

LookAhead = Callable[[Mapping[str, int]], PaysBack]
"""What paying back so many units, by offer id, comes to."""

SHOWN = 40
"""Cases of a page: they are put in order of their due times, and few brands have more in work at once."""

KINDS: Mapping[str, str] = {"return": N_("Return"), "exchange": N_("Exchange"), "repair": N_("Repair")}

HAPPENED: Mapping[str, str] = {
    "requested": N_("The request came in"),
    "approved": N_("Approved"),
    "rejected": N_("Rejected"),
    "withdrawn": N_("The member took it back"),
    "received": N_("Goods came back"),
    "completed": N_("Closed"),
    "escalated": N_("Too late: handed to somebody above"),
    "exchange_placed": N_("The replacement was ordered"),
    "refunded_instead": N_("Paid back instead of replaced"),
    "assigned": N_("Given to"),
    "changed": N_("Another priority"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A case in a list."""

    case: AfterSaleView
    due: Due | None


@dataclass(frozen=True, slots=True)
class Can:
    """What can be done with a case as it stands."""

    decide: bool
    receive: bool
    close: bool
    pay_instead: bool
    hand_on: bool


def due_of(case: AfterSaleView, now: datetime, zone: ZoneInfo) -> Due | None:
    """Until when its owner has to act; None once it has ended."""
    return due(case.due_at, now, zone) if case.due_at else None


def rows(cases: Iterable[AfterSaleView], now: datetime, zone: ZoneInfo) -> list[Row]:
    """Those in work by their due times, the ended after them as they came."""
    found = [Row(each, due_of(each, now, zone)) for each in cases]
    in_work = sorted((each for each in found if each.due), key=lambda each: each.due.at if each.due else now)
    return [*in_work, *(each for each in found if not each.due)]


def can(case: AfterSaleView) -> Can:
    """By the moves that its kind allows."""
    moves = MOVES[Kind(case.kind)][Status(case.status)]
    granted = case.status in ("approved", "received", "completed")
    return Can(
        decide=Status.APPROVED in moves,
        receive=bool(case.still_expected) and case.goods != "not_needed" and case.status in ("approved", "received"),
        close=Status.COMPLETED in moves,
        pay_instead=case.kind == "exchange" and granted and not case.refunded_instead,
        hand_on=case.due_at is not None,
    )


def worth_of(options: OptionsView) -> Money:
    """What paying back all units of the case comes to."""
    return Money(options.refund.amount_minor, options.refund.currency)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a decision will do: money and points that go back, and when; what is kept back for gifts that stay."""

    approve: bool
    money: Money | None
    at_once: bool
    keeps: bool
    points: int = 0
    gifts_kept: Money | None = None


def outlook(
    sent: DecisionPage, case: AfterSaleView, options: OptionsView, usually: str, look_ahead: LookAhead
) -> Outlook:
    """What the decision that was typed will do; ``usually`` is when the brand's rules pay back, and ``look_ahead`` what
    units come to.
    """
    approve, currency = sent.outcome == "approve", options.most.currency
    keeps = approve and sent.goods == "not_needed"
    at_once = keeps or (sent.pays or usually) == "on_approval"
    if approve and sent.back == "amount":
        return Outlook(approve, Money(minor(sent.amount, currency), currency), at_once, keeps)
    units: Mapping[str, int] = {}
    if approve and sent.back == "units":
        units = {offer_id: count for offer_id, count in sent.units.items() if count}
    elif approve and case.kind == "return":
        units = {line.name: line.quantity for line in options.lines}
    if not units:
        return Outlook(approve, None, at_once, keeps)
    found = look_ahead(units)
    kept = Money(found.gifts_kept_minor, currency) if found.gifts_kept_minor else None
    money = Money(found.minor, currency) if found.minor else None
    return Outlook(approve, money, at_once, keeps, found.points, kept)
