"""Pages of invoices: the list, what waits first; and one, to be noted as issued or voided."""

from typing import Any

from chalicelib.invoices.model.invoices import Status
from chalicelib.invoices.routes import issue_invoice, list_invoices, read_invoice, void_invoice
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.pages.console.downloads import handed_out
from chalicelib.pages.console.invoices.forms import Issuing, Looking, Voiding
from chalicelib.pages.console.invoices.model import AWAITS_PAYMENT, STATES
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.shell import N_, Content, Page, Redirect, Visit, ask, may
from chalicelib.web import staff

pages = Console(__name__)

_LOOKS = staff("manager", "service", "analyst")
_RECORDS = staff("manager", "service")


@pages.page("/console/invoices", allow=_LOOKS, query=Looking, paged=True)
def invoices(visit: Visit[Any]) -> Page | Content | Redirect:
    """Those that wait for somebody, or others."""
    asked = visit.query.asked()
    if visit.query.format:
        return handed_out(visit, ask(visit, list_invoices, query=asked))
    found = ask(visit, list_invoices, query=asked, limit=visit.limit, cursor=visit.cursor)
    values = {
        "invoices": found.items,
        "wanted": visit.query,
        "due": "due" in asked,
        "states": STATES,
        "awaits_payment": AWAITS_PAYMENT,
        "following": visit.following(found.last_key),
    }
    return Page("console/invoices/list.html", values)


@pages.page("/console/invoices/{id}", allow=_LOOKS)
def invoice(visit: Visit[Any]) -> Page:
    """One of them, with what is to be done."""
    found = ask(visit, read_invoice)
    values = {
        "invoice": found,
        "state": AWAITS_PAYMENT if found.awaits_payment else STATES[found.status],
        "may_issue": found.status is Status.REQUESTED and not found.awaits_payment and may(visit, issue_invoice),
        "may_void": found.status is Status.ISSUED and may(visit, void_invoice),
        "today": local_date(visit.now, zone(visit.brand.timezone)),
    }
    return Page("console/invoices/invoice.html", values)


@pages.form("/console/invoices/{id}/issue", allow=_RECORDS, body=Issuing, again=invoice)
def issue(visit: Visit[Issuing]) -> Redirect:
    """Notes that it was made out."""
    ask(visit, issue_invoice, body=visit.body.model_dump())
    return Redirect(f"/invoices/{visit.path['id']}", flash=N_("It is noted, and the member is told."))


@pages.form("/console/invoices/{id}/void", allow=_RECORDS, body=Voiding, again=invoice)
def void(visit: Visit[Voiding]) -> Redirect:
    """Notes that it counts no more."""
    ask(visit, void_invoice, body=visit.body.asked())
    return Redirect(f"/invoices/{visit.path['id']}", flash=N_("It is voided, and the member is told."))
