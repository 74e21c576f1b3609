"""Pages of after-sale: what is to be decided and worked off, one case with its photos, and each step of it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from chalicelib.aftersales.forms import AfterSaleQuery, DecisionForm, HandOnForm
from chalicelib.aftersales.routes import (
    complete_after_sale,
    decide_after_sale,
    get_after_sale,
    get_decision,
    hand_after_sale_on,
    list_after_sales,
    receive_after_sale,
    refund_instead,
)
from chalicelib.aftersales.service import deciding
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import DomainError
from chalicelib.members.routes import read_member
from chalicelib.orders.refund_rules.routes import read_refund_rules
from chalicelib.pages.console.cases import views
from chalicelib.pages.console.cases.forms import ClosingPage, DecisionPage, InsteadPage, ReceiptPage
from chalicelib.pages.console.people import people
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.console.said import AFTER_SALE
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask, ask_at
from chalicelib.web import staff

pages = Console(__name__)

_TEAM = staff("manager", "service")


@pages.page("/console/after-sales", allow=_TEAM, query=AfterSaleQuery, paged=True)
def cases(visit: Visit[None]) -> Page:
    """Those in work, the most pressing first; then the ended."""
    found = ask(visit, list_after_sales, query=visit.query, limit=views.SHOWN, cursor=visit.cursor)
    values = {
        "rows": views.rows(found.items, visit.now, zone(visit.brand.timezone)),
        "wanted": visit.query,
        "people": people(visit),
        "kinds": views.KINDS,
        "states": AFTER_SALE,
        "following": visit.following(found.last_key),
    }
    return Page("console/cases/list.html", values)


@pages.page("/console/after-sales/{id}", allow=_TEAM)
def case(visit: Visit[Any]) -> Page:
    """One case: what is asked for and why, what became of it, and what can be done."""
    return _case(visit)


def _case(visit: Visit[Any], *, adjusting: bool = False) -> Page:
    found, revision = ask_at(visit, get_after_sale)
    can = views.can(found)
    options = ask(visit, get_decision) if can.decide else None
    values = {
        "case": found,
        "revision": revision,
        "adjusting": adjusting,
        "can": can,
        "options": options,
        "worth": views.worth_of(options) if options else None,
        "due": views.due_of(found, visit.now, zone(visit.brand.timezone)),
        "member": ask(visit, read_member, path={"id": found.member_id}),
        "people": people(visit),
        "titles": {line.name: line.title for line in found.lines},
        "kind": views.KINDS[found.kind],
        "happened": views.HAPPENED,
        "state": AFTER_SALE[found.status],
    }
    return Page("console/cases/case.html", values)


@pages.form("/console/after-sales/{id}/decision", allow=_TEAM, body=DecisionPage, again=case)
def decide(visit: Visit[DecisionPage]) -> Page | Redirect:
    """Shows what a decision will do, and then does it: it cannot be taken back. Who goes back to it finds what they had
    typed.
    """
    if visit.body.step == "adjust":
        return _case(visit, adjusting=True)
    body, options = visit.body, ask(visit, get_decision)
    asked = body.asked(options.most.currency)
    if body.step == "look":
        _beside(body, lambda: visit.form(DecisionForm, asked))
        found = ask(visit, get_after_sale)
        usually = ask(visit, read_refund_rules).returns.refund
        look_ahead = partial(deciding.look_ahead, visit.tenant_id, visit.path["id"])
        values = {
            "case": found,
            "sent": {name: value for name, value in visit.fields.items() if not name.startswith("_")},
            "revision": visit.revision,
            "outlook": views.outlook(body, found, options, usually, look_ahead),
            "titles": {line.name: line.title for line in found.lines},
            "units": {offer_id: units for offer_id, units in body.units.items() if units},
        }
        return Page("console/cases/confirm.html", values)
    _beside(body, lambda: ask(visit, decide_after_sale, body=asked))
    said = N_("It is approved, and the member is told.")
    if body.outcome == "reject":
        said = N_("It is rejected, and the member is told why.")
    return Redirect(f"/after-sales/{visit.path['id']}", flash=said)


@pages.form("/console/after-sales/{id}/receive", allow=_TEAM, body=ReceiptPage, again=case)
def receive(visit: Visit[ReceiptPage]) -> Redirect:
    """Books goods that came back; money that waited for them goes back."""
    _beside(visit.body, lambda: ask(visit, receive_after_sale, body=visit.body.asked()))
    return Redirect(f"/after-sales/{visit.path['id']}", flash=N_("The goods are booked."))


@pages.form("/console/after-sales/{id}/complete", allow=_TEAM, body=ClosingPage, again=case)
def complete(visit: Visit[ClosingPage]) -> Redirect:
    """Closes a case that is worked off."""
    _beside(visit.body, lambda: ask(visit, complete_after_sale, body=visit.body.asked()))
    return Redirect(f"/after-sales/{visit.path['id']}", flash=N_("The case is closed."))


@pages.form("/console/after-sales/{id}/refund-instead", allow=_TEAM, body=InsteadPage, again=case)
def pay_instead(visit: Visit[InsteadPage]) -> Redirect:
    """Pays back what an exchange could not replace."""
    _beside(visit.body, lambda: ask(visit, refund_instead, body=visit.body.asked()))
    return Redirect(f"/after-sales/{visit.path['id']}", flash=N_("The money goes back instead of new goods."))


@pages.form("/console/after-sales/{id}", allow=_TEAM, body=HandOnForm, again=case)
def hand_on(visit: Visit[HandOnForm]) -> Redirect:
    """Gives it to a colleague, or another priority."""
    ask(visit, hand_after_sale_on, body=visit.body)
    return Redirect(f"/after-sales/{visit.path['id']}", flash=N_("It is saved."))


def _beside(body: DecisionPage | ReceiptPage | ClosingPage | InsteadPage, act: Callable[[], Any]) -> None:
    """Acts; what the API refuses is said beside the page's own fields."""
    try:
        act()
    except DomainError as refusal:
        raise body.beside(refusal) from refusal
