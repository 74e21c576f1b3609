"""The page of an order's invoice: a member asks for it, changes that, and sees what became of it."""

from typing import Any

from chalicelib.invoices.forms import InvoiceForm
from chalicelib.invoices.model.invoices import LIVE, Status
from chalicelib.invoices.service import asking, billing, listing
from chalicelib.invoices.service.listing import Shown
from chalicelib.invoices.views import InvoiceView
from chalicelib.members.service.members import get_member
from chalicelib.pages.shell import N_, Page, Pages, Redirect, Visit
from chalicelib.pages.storefront.invoices.forms import AskForm
from chalicelib.pricing.views import TaxView
from chalicelib.web import MoneyField, member

pages = Pages(__name__)

_PATH = "/s/{slug}/orders/{id}/invoice"


@pages.page(_PATH, allow=member())
def invoice(visit: Visit[Any]) -> Page:
    """The invoice of an order, and the form for it while that may be sent."""
    found = asking.read(visit.tenant_id, visit.member_id, visit.path["id"])
    last, comes_to = found.last, billing.billed(found.order)
    currency = found.order.currency
    return Page(
        "storefront/invoices/invoice.html",
        {
            "order_id": found.order.id,
            "invoice": InvoiceView.of(Shown(last, listing.comes_to(last, found.order))) if last else None,
            "may_ask": bool(comes_to.amount_minor) and (last is None or last.state is not Status.ISSUED),
            "changes": last is not None and last.state is Status.REQUESTED,
            "amount": MoneyField.of(comes_to.amount_minor, currency),
            "tax": TaxView.each(comes_to.tax, currency),
            "email": get_member(visit.tenant_id, visit.member_id).email or "",
        },
    )


@pages.form(_PATH, allow=member(), body=AskForm, again=invoice)
def send(visit: Visit[AskForm]) -> Redirect:
    """Asks for it, or changes what was asked for."""
    asked = visit.form(InvoiceForm, visit.body.asked()).asked()
    order_id = visit.path["id"]
    last = asking.read(visit.tenant_id, visit.member_id, order_id).last
    if last is not None and last.state in LIVE:
        asking.alter(visit.tenant_id, visit.member_id, order_id, asked, visit.now)
        return Redirect(f"/orders/{order_id}/invoice", flash=N_("It is changed."))
    asking.ask(visit.tenant_id, visit.member_id, order_id, asked, visit.now)
    return Redirect(f"/orders/{order_id}/invoice", flash=N_("We have your request for an invoice."))
