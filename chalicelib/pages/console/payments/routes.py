"""Pages of payments: those to look at first, and one with its story."""

from dataclasses import replace
from typing import Any

from chalicelib.kernel.errors import Invalid
from chalicelib.pages.console import said
from chalicelib.pages.console.payments.forms import Accepting, Dismissing, Looking, Nothing
from chalicelib.pages.console.payments.views import (
    DIFFERS,
    DISPUTED,
    NOT_ASKED,
    REASONS,
    Listed,
    MayDo,
    events,
    first_of_each,
)
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask
from chalicelib.payments.routes import (
    LOOKS,
    accept_payment,
    dismiss_payment,
    list_payments_to_look_at,
    read_payment,
    retry_refunds,
)
from chalicelib.web import staff

pages = Console(__name__)

_MANAGES = staff("manager")
_SERVES = staff("manager", "service")


@pages.page("/console/payments", allow=LOOKS, query=Looking, paged=True)
def payments(visit: Visit[None]) -> Page:
    """Those that a person should look at: the first of each reason, or all for one."""
    state, following = visit.query.state, ""
    if state is None:
        listed = first_of_each(visit)
    else:
        found = ask(visit, list_payments_to_look_at, query={"state": state}, limit=visit.limit, cursor=visit.cursor)
        listed = [Listed(state, REASONS[state], found.items, more=False)]
        following = visit.following(found.last_key)
    values = {"listed": listed, "state": state, "reasons": REASONS, "following": following, "said": said}
    return Page("console/payments/list.html", values)


@pages.page("/console/payments/{id}", allow=LOOKS)
def payment(visit: Visit[None]) -> Page:
    """One of them: what came, what went back, why to look at it, and what can be done."""
    return _payment(visit)


def _payment(visit: Visit[Any]) -> Page:
    found = ask(visit, read_payment)
    return Page(
        "console/payments/payment.html",
        {
            "payment": found,
            "reason": REASONS[found.attention] if found.attention else None,
            "may": MayDo.of(found, visit),
            "events": events(found),
            "differs": DIFFERS,
            "not_asked": NOT_ASKED,
            "disputed": DISPUTED,
            "said": said,
        },
    )


@pages.form("/console/payments/{id}/accept", allow=_MANAGES, body=Accepting, again=_payment)
def accept(visit: Visit[Accepting]) -> Redirect:
    """Takes a payment in the amount that came."""
    try:
        ask(visit, accept_payment, body={"reason": visit.body.accept_reason})
    except Invalid as refusal:  # the page has two forms with a reason
        refusal.errors = tuple(replace(each, pointer="/accept_reason") for each in refusal.errors)
        raise
    return _back(visit, N_("It is accepted: what came is booked, and what is too much goes back."))


@pages.form("/console/payments/{id}/dismiss", allow=_MANAGES, body=Dismissing, again=_payment)
def dismiss(visit: Visit[Dismissing]) -> Redirect:
    """Takes it off the list, with a note; no money moves by it."""
    ask(visit, dismiss_payment, body={"reason": visit.body.reason, "note": visit.body.note})
    return _back(visit, N_("It is off the list; your note is kept with it."))


@pages.form("/console/payments/{id}/retry", allow=_SERVES, body=Nothing, again=_payment)
def retry(visit: Visit[Nothing]) -> Redirect:
    """Has declined refunds tried once more."""
    ask(visit, retry_refunds)
    return _back(visit, N_("It is tried once more. If it is declined again, it comes back to the list."))


def _back(visit: Visit[Any], flash: str) -> Redirect:
    return Redirect(f"/payments/{visit.path['id']}", flash=flash)
