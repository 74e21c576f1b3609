"""Invoices over HTTP: a member's own under their order, all of them for the brand's people."""

from chalicelib.invoices.errors import (
    InvoiceDayWrong,
    InvoiceEnded,
    InvoiceIssued,
    InvoiceNotIssued,
    InvoiceNumberTaken,
    InvoiceRequested,
    NoInvoiceForOrder,
    OrderUnpaid,
    TaxNumberInvalid,
    TaxNumberMissing,
    TaxNumberOfPerson,
    TooManyInvoices,
)
from chalicelib.invoices.forms import InvoiceFilter, InvoiceForm, IssueForm, VoidForm
from chalicelib.invoices.records import InvoiceRecord
from chalicelib.invoices.service import asking, issuing, listing
from chalicelib.invoices.service.listing import Shown
from chalicelib.invoices.views import INVOICE_HEADER, InvoiceView, StaffInvoiceView, invoice_rows
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import NotFound
from chalicelib.media.service.downloads import hand_out
from chalicelib.tenants.service.brand import get_tenant
from chalicelib.web import Answer, Call, Csv, File, Paged, Router, member, staff

routes = Router(__name__)

_LOOKS = staff("manager", "service", "analyst")
_RECORDS = staff("manager", "service")
_TAX_NUMBER = (TaxNumberInvalid, TaxNumberMissing, TaxNumberOfPerson)
_OWN = "/v1/stores/{slug}/orders/{id}/invoice"


@routes.post(
    _OWN, allow=member(), body=InvoiceForm, answer=InvoiceView, status=201, tag="storefront",
    errors=(NotFound, NoInvoiceForOrder, InvoiceRequested, InvoiceIssued, *_TAX_NUMBER),
    summary="Ask for the invoice of my order",
)  # fmt: skip
def ask_for_invoice(call: Call[InvoiceForm]) -> InvoiceView:
    """Once for each order; the same asked again answers with what stands, and another after one was voided is new."""
    return _own(call, asking.ask(call.tenant_id, call.member_id, call.path["id"], call.body.asked(), call.now))


@routes.get(
    _OWN, allow=member(), answer=InvoiceView, tag="storefront", errors=(NotFound,),
    summary="Read the invoice of my order",
)  # fmt: skip
def read_own_invoice(call: Call[None]) -> InvoiceView:
    found = asking.own(call.tenant_id, call.member_id, call.path["id"])
    return InvoiceView.of(Shown(found.invoice, listing.comes_to(found.invoice, found.order)))


@routes.patch(
    _OWN, allow=member(), body=InvoiceForm, answer=InvoiceView, tag="storefront",
    errors=(NotFound, InvoiceIssued, InvoiceEnded, *_TAX_NUMBER),
    summary="Change whom the invoice of my order is made out to, until it is issued",
)  # fmt: skip
def change_own_invoice(call: Call[InvoiceForm]) -> InvoiceView:
    return _own(call, asking.alter(call.tenant_id, call.member_id, call.path["id"], call.body.asked(), call.now))


@routes.get(
    "/v1/invoices", allow=_LOOKS, query=InvoiceFilter, answer=StaffInvoiceView, paged=True, csv=True, xlsx=True,
    tag="invoices", errors=(TooManyInvoices,), summary="List invoices, the last asked for first",
)  # fmt: skip
def list_invoices(call: Call[None]) -> Paged | Csv | File | Answer:
    """With `due=true` those that wait for you, the longest waiting first. The table has a row for each rate of tax."""
    wanted = call.query.wanted()
    if call.wants_table:
        found = listing.shown(call.tenant_id, listing.every_invoice(call.tenant_id, wanted))
        table = Csv("invoices.csv", INVOICE_HEADER, invoice_rows(found))
        return hand_out(call, table, zone(get_tenant(call.tenant_id).timezone))
    page = listing.list_invoices(call.tenant_id, wanted, call.limit, call.cursor)
    return Paged([StaffInvoiceView.of(each) for each in listing.shown(call.tenant_id, page.items)], page.last_key)


@routes.get(
    "/v1/invoices/{id}", allow=_LOOKS, answer=StaffInvoiceView, tag="invoices", errors=(NotFound,),
    summary="Read an invoice",
)  # fmt: skip
def read_invoice(call: Call[None]) -> StaffInvoiceView:
    return _shown(listing.get_invoice(call.tenant_id, call.path["id"]))


@routes.post(
    "/v1/invoices/{id}/issue", allow=_RECORDS, body=IssueForm, answer=StaffInvoiceView, tag="invoices",
    errors=(
        NotFound, InvoiceDayWrong, InvoiceIssued, InvoiceEnded, NoInvoiceForOrder, OrderUnpaid, InvoiceNumberTaken,
    ),
    summary="Note that an invoice was issued, with its number and day",
)  # fmt: skip
def issue_invoice(call: Call[IssueForm]) -> StaffInvoiceView:
    """Its amount and tax are fixed by that: what is paid for the order and has not gone back."""
    issued = issuing.issue(call.tenant_id, call.path["id"], call.body.issue(), call.principal, call.now)
    return _shown(issued)


@routes.post(
    "/v1/invoices/{id}/void", allow=_RECORDS, body=VoidForm, answer=StaffInvoiceView, tag="invoices",
    errors=(NotFound, InvoiceDayWrong, InvoiceNotIssued, InvoiceEnded), summary="Void an issued invoice, with a reason",
)  # fmt: skip
def void_invoice(call: Call[VoidForm]) -> StaffInvoiceView:
    """The member is told, and may ask for a new one of what is left."""
    return _shown(issuing.void(call.tenant_id, call.path["id"], call.body.voiding(), call.principal, call.now))


def _own(call: Call[InvoiceForm], invoice: InvoiceRecord) -> InvoiceView:
    (shown,) = listing.shown(call.tenant_id, [invoice])
    return InvoiceView.of(shown)


def _shown(invoice: InvoiceRecord) -> StaffInvoiceView:
    (shown,) = listing.shown(invoice.tenant_id, [invoice])
    return StaffInvoiceView.of(shown)
