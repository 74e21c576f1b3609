"""What the pages of after-sale show beyond the API's views."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.aftersales.model.cases import Kind
from chalicelib.aftersales.service.claiming import Claimable
from chalicelib.aftersales.views import EntryView, OwnAfterSaleView
from chalicelib.pages.shell import N_

KINDS = {
    "return": N_("Return it, and get the money back"),
    "exchange": N_("Exchange it for another one"),
    "repair": N_("Have it mended"),
}
NAMES = {"return": N_("Return"), "exchange": N_("Exchange"), "repair": N_("Repair")}

STATES = {
    "requested": N_("waits for an answer"),
    "approved": N_("approved"),
    "rejected": N_("not accepted"),
    "withdrawn": N_("withdrawn"),
    "received": N_("goods have arrived"),
    "completed": N_("done"),
}

_HAPPENED = {
    "requested": N_("You sent the request."),
    "approved": N_("We approved it."),
    "rejected": N_("We could not accept it."),
    "withdrawn": N_("You withdrew it."),
    "received": N_("Goods have arrived."),
    "completed": N_("It is done."),
    "exchange_placed": N_("The replacement is ordered."),
    "refunded_instead": N_("We pay back what could not be replaced."),
}
"""What a member is told of a history; who of the team works on it is not for them."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A kind that can be asked for, the latest instant at which it can."""

    kind: str
    words: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Happened:
    """An entry of a history in words; ``note`` is what the team said to the member."""

    words: str
    at: datetime
    note: str


def choices(lines: Sequence[Claimable]) -> list[Choice]:
    """The kinds that can be asked for of any line."""
    found = []
    for kind in Kind:
        until = [line.until[kind] for line in lines if line.left and kind in line.until]
        if until:
            found.append(Choice(kind.value, KINDS[kind], max(until)))
    return found


def differ(lines: Sequence[Claimable]) -> bool:
    """Whether what can be asked for is not the same for all lines."""
    return any(line.until != lines[0].until for line in lines)


def ended(lines: Iterable[Claimable]) -> datetime | None:
    """When the last window that was granted has ended; None where none has."""
    return max((until for line in lines for until in line.ended.values()), default=None)


def next_step(case: OwnAfterSaleView) -> str:
    """What comes next, in a sentence."""
    if case.status == "approved":
        if case.goods == "not_needed":
            return N_("You may keep the goods. There is nothing left to do for you.")
        if case.kind == "repair":
            return N_("Please bring it to your pickup point. We mend it.")
        if case.kind == "exchange":
            return N_("Please bring the goods to your pickup point. The replacement is an order of its own.")
        return N_("Please bring the goods to your pickup point.")
    return _NEXT[case.status]


_NEXT = {
    "requested": N_("We look at your request and answer you."),
    "received": N_("We have the goods, and finish it now."),
    "rejected": N_("We could not accept this request."),
    "withdrawn": N_("You have withdrawn this request. Nothing more happens."),
    "completed": N_("This request is done."),
}


def happened(history: Iterable[EntryView]) -> list[Happened]:
    """What happened, oldest first."""
    return [
        Happened(_HAPPENED[each.type], each.at, (each.text or "") if each.type == "completed" else "")
        for each in history
        if each.type in _HAPPENED
    ]
