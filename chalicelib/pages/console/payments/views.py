"""Why a person should look at a payment and what they can do, in words; and what of it who looks may do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from chalicelib.pages.shell import N_, Visit, ask, may
from chalicelib.payments.model import Attention, DisputeState, RefundState
from chalicelib.payments.routes import (
    accept_payment,
    dismiss_payment,
    list_payments_to_look_at,
    retry_refunds,
)
from chalicelib.payments.views import StaffPaymentView
from chalicelib.web import MoneyField

FIRST = 10
"""So many of each reason stand on the page of all."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason to look at a payment: in a few words, what has happened, and what is to be done."""

    name: str
    means: str
    todo: str


REASONS: Mapping[Attention, Reason] = {
    "differs": Reason(
        N_("Another amount came"),
        N_("What the payment provider says is not what was asked for, so nothing is booked and the order still waits."),
        N_("Compare it at the provider. If only the amount differs, you may accept it; else give it back there."),
    ),
    "disputed": Reason(
        N_("Disputed at the bank"),
        N_("The payer asks their bank to take the money back, or has got it back."),
        N_("Answer at the provider until the day that it names, with what was handed over. Then dismiss it here."),
    ),
    "refund_failed": Reason(
        N_("A refund was declined"),
        N_("Money that is owed to the member did not go back."),
        N_("See at the provider why: often the account there holds too little. Then have it tried once more."),
    ),
    "not_asked": Reason(
        N_("The provider cannot be asked"),
        N_("Nobody knows yet whether the money came, or went back. It is asked again by itself."),
        N_("See to the keys of the payment account. If the account is gone, dismiss it: the order goes on without."),
    ),
    "refunded_at_provider": Reason(
        N_("Given back without us"),
        N_("Somebody gave money back on the provider's own pages. It is booked."),
        N_("Check that it was meant. Give money back here next time, so that the member is told why."),
    ),
    "returned": Reason(
        N_("Money that no order wanted"),
        N_("It came too late, or twice. It goes back whole by itself."),
        N_("There is nothing to do but to know it. Dismiss it when you have seen it."),
    ),
}
"""Why a person should look, the most urgent first."""

DIFFERS: Mapping[str, str] = {
    "payment": N_("whose payment it is"),
    "order": N_("which order it is for"),
    "amount": N_("the amount"),
    "currency": N_("the currency"),
    "merchant": N_("the account that it went to"),
    "given_back": N_("some of it was given back already"),
}
NOT_ASKED: Mapping[str, str] = {
    "provider_not_set_up": N_("The keys of the payment account are not there any more, or cannot be read."),
    "provider_keys_refused": N_("The provider refuses the keys of the payment account."),
    "provider_refused": N_("The provider refuses to answer."),
    "provider_unavailable": N_("The provider cannot be reached."),
}
DISPUTED: Mapping[DisputeState, str] = {
    DisputeState.OPEN: N_("The bank has not decided yet"),
    DisputeState.WON: N_("The bank has left the payment as it was"),
    DisputeState.LOST: N_("The bank has given the payment back to the payer"),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """Payments for one reason; ``more`` where there are others as well."""

    state: Attention
    reason: Reason
    payments: Sequence[StaffPaymentView]
    more: bool


def first_of_each(visit: Visit[Any]) -> list[Listed]:
    """The newest payments for every reason that there are any for, the most urgent reason first."""
    listed = []
    for state, reason in REASONS.items():
        page = ask(visit, list_payments_to_look_at, query={"state": state}, limit=FIRST)
        if page.items:
            listed.append(Listed(state, reason, page.items, page.last_key is not None))
    return listed


@dataclass(frozen=True, slots=True)
class MayDo:
    """What of a payment who looks may do as it stands."""

    accept: bool
    dismiss: bool
    retry: bool

    @classmethod
    def of(cls, payment: StaffPaymentView, visit: Visit[Any]) -> Self:
        """By their roles, and by what the payment is shown for."""
        declined = any(each.status is RefundState.FAILED for each in payment.refunds)
        return cls(
            accept=payment.differs == ["amount"] and may(visit, accept_payment),
            dismiss=payment.attention is not None and may(visit, dismiss_payment),
            retry=declined and may(visit, retry_refunds),
        )


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a payment: when, in words, with an amount, and what somebody noted."""

    at: datetime
    said: str
    amount: MoneyField | None = None
    note: str = ""


def events(payment: StaffPaymentView) -> list[Event]:
    """What is known to have happened, the latest first."""
    found = [Event(payment.created_at, N_("It was begun"))]
    if payment.succeeded_at:
        came = N_("The money came, and was not wanted") if payment.applied == "returned" else N_("The money came")
        found.append(Event(payment.succeeded_at, came, payment.amount))
    if payment.accepted:
        asked = N_("It was accepted as it came; asked for was")
        found.append(Event(payment.accepted.at, asked, payment.accepted.asked, payment.accepted.reason))
    found += [Event(each.at, N_("It was seen to and dismissed"), note=each.note) for each in payment.dismissed]
    return sorted(found, key=lambda each: each.at, reverse=True)
