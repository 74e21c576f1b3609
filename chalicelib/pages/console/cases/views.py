"""What the pages of after-sale cases show beyond the API's views."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.aftersales.model.cases import MOVES, Kind, Status
from chalicelib.aftersales.views import AfterSaleView, OptionsView
from chalicelib.kernel.money import Money
from chalicelib.pages.console.cases.forms import DecisionPage, minor
from chalicelib.pages.console.due import Due, due
from chalicelib.pages.shell import N_

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
    """What paying back all units of the case comes to, at most what is left of the order."""
    minor_units = sum(line.worth.amount_minor for line in options.lines)
    return Money(min(minor_units, options.most.amount_minor), options.most.currency)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a decision will do: money that goes back, ``at_most`` where it depends on the units, and when."""

    approve: bool
    money: Money | None
    at_most: bool
    at_once: bool
    keeps: bool


def outlook(sent: DecisionPage, case: AfterSaleView, options: OptionsView, usually: str) -> Outlook:
    """What the decision that was typed will do; ``usually`` is when the brand's rules pay back."""
    approve = sent.outcome == "approve"
    keeps = approve and sent.goods == "not_needed"
    money, at_most = None, False
    if approve and sent.back == "amount":
        money = Money(minor(sent.amount, options.most.currency), options.most.currency)
    elif approve and sent.back == "units":
        named = {offer_id for offer_id, units in sent.units.items() if units}
        whole = {line.name: line.quantity for line in options.lines}
        at_most = any(sent.units[offer_id] < whole.get(offer_id, 0) for offer_id in named)
        total = sum(line.worth.amount_minor for line in options.lines if line.name in named)
        money = Money(min(total, options.most.amount_minor), options.most.currency)
    elif approve and case.kind == "return":
        money = worth_of(options)
    at_once = keeps or (sent.pays or usually) == "on_approval"
    return Outlook(approve, money, at_most, at_once, keeps)
