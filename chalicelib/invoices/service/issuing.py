"""The brand records that an invoice was issued, or voided; and what becomes of it when its order's money goes back."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import partial
from typing import Any

from chalicelib.db import Refused, TenantRecord, Transaction, change, fetch_many
from chalicelib.invoices.errors import InvoiceNumberTaken
from chalicelib.invoices.model.invoices import (
    Issue,
    Status,
    Voiding,
    check_changeable,
    check_credit_day,
    check_issue_day,
    check_voidable,
)
from chalicelib.invoices.records import InvoiceNumber, InvoiceRecord, OrderInvoices
from chalicelib.invoices.service.billing import Billed, billed, check_billable, check_order, check_paid, is_unpaid
from chalicelib.invoices.service.listing import get_invoice
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.kernel.principal import Principal
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.reading import get_order
from chalicelib.tenancy import brand_of
from chalicelib.tenants.service.audit import audit


def issue(tenant_id: str, invoice_id: str, issued: Issue, by: Principal, now: datetime) -> InvoiceRecord:
    """Notes the number and day of an invoice that was made out, with what it comes to; noted again, it stands.

    Raises NotFound, InvoiceIssued under another number or day, InvoiceEnded, InvoiceDayWrong, NoInvoiceForOrder,
    OrderUnpaid, InvoiceNumberTaken.
    """

    def decide(invoice: InvoiceRecord, tx: Transaction) -> InvoiceRecord:
        if (invoice.state, invoice.number, invoice.issued_on) == (Status.ISSUED, issued.number, issued.issued_on):
            return invoice
        check_changeable(invoice.state)
        check_issue_day(issued, _today(tenant_id, now))
        order = get_order(tenant_id, invoice.order_id, consistent=True)
        check_billable(order)
        check_paid(order)
        comes_to = billed(order)
        invoice.number, invoice.issued_on = issued.number, issued.issued_on
        invoice.issued_at, invoice.issued_by = now, by.label
        invoice.amount_minor = comes_to.amount_minor
        invoice.stored_tax = [each.as_json() for each in comes_to.tax] or None
        invoice.move_to(Status.ISSUED, now)
        claim = InvoiceNumber(*InvoiceNumber.address(tenant_id, issued.number), invoice_id=invoice_id)
        tx.create("number", claim)
        check_order(tx, order)
        tx.replace("invoice", invoice)
        said = {"number": issued.number, "order_id": invoice.order_id, "amount_minor": comes_to.amount_minor}
        audit(tx, tenant_id, by, "invoice.issued", f"invoice:{invoice_id}", now, said)
        return invoice

    def refused(refusal: Refused) -> None:
        if "number" in refusal.names and "invoice" not in refusal.names:
            raise InvoiceNumberTaken.at(
                "/number",
                f"Another invoice has the number {issued.number}; check it.",
                f"发票号码 {issued.number} 已用于其他发票，请核对。",
            ) from refusal

    return change(partial(get_invoice, tenant_id, invoice_id, consistent=True), decide, refused=refused)


def void(tenant_id: str, invoice_id: str, voiding: Voiding, by: Principal, now: datetime) -> InvoiceRecord:
    """Notes that an issued invoice counts no more, why, and by which credit note; noted again, it stands. Its number
    stays taken; the member may ask for a new one of what is left.

    Raises NotFound, InvoiceNotIssued, InvoiceEnded, InvoiceDayWrong.
    """

    def decide(invoice: InvoiceRecord, tx: Transaction) -> InvoiceRecord:
        noted = Voiding(invoice.void_reason or "", invoice.credit_number, invoice.credited_on)
        if invoice.state is Status.VOIDED and noted == voiding:
            return invoice
        check_voidable(invoice.state)
        check_credit_day(voiding, invoice.issued_on, _today(tenant_id, now))
        invoice.void_reason, invoice.credit_number = voiding.reason, voiding.credit_number
        invoice.credited_on = voiding.credited_on
        invoice.voided_at, invoice.voided_by = now, by.label
        invoice.move_to(Status.VOIDED, now)
        tx.replace("invoice", invoice)
        said = {"reason": voiding.reason, "number": invoice.number, "credit_number": voiding.credit_number}
        audit(tx, tenant_id, by, "invoice.voided", f"invoice:{invoice_id}", now, said)
        return invoice

    return change(partial(get_invoice, tenant_id, invoice_id, consistent=True), decide)


def _today(tenant_id: str, now: datetime) -> date:
    return local_date(now, zone(brand_of(tenant_id).timezone))


def follow_all(tenant_id: str, order_ids: Iterable[str], now: datetime) -> None:
    """Brings the invoices of orders in line with their money. Most orders have none: one request finds out for all."""
    wanted = sorted(order_ids)
    found = fetch_many([(OrderInvoices, *OrderInvoices.address(tenant_id, each)) for each in wanted], consistent=True)
    for order_id, invoices in zip(wanted, found, strict=True):
        if invoices is not None:
            _follow(tenant_id, order_id, invoices.last, now)


def _follow(tenant_id: str, order_id: str, invoice_id: str, now: datetime) -> None:
    """Of an issued invoice, what went back since, or that its order has more, or other tax, in it by now; one that was
    not issued is withdrawn where nothing is left to make it of, and waits apart while the order is not paid. A message
    that comes twice, or late, changes nothing more.
    """

    def decide(found: list[Any], tx: Transaction) -> None:
        invoice: InvoiceRecord | None
        order: OrderRecord | None
        invoice, order = found
        if invoice is None or order is None:
            return
        left = billed(order)
        if invoice.state is Status.REQUESTED and not left.amount_minor:
            invoice.move_to(Status.WITHDRAWN, now)
        elif invoice.state is Status.REQUESTED:
            if is_unpaid(order) == bool(invoice.awaits_payment):
                return
            invoice.awaits_payment = is_unpaid(order) or None
            invoice.emit("invoice.changed", now, invoice_id=invoice.id)
        elif invoice.state is Status.ISSUED:
            issued = Billed(int(invoice.amount_minor or 0), invoice.tax)
            back = max(0, issued.amount_minor - left.amount_minor)
            overtaken = not back and left != issued
            if (back, overtaken) == (invoice.refunded_minor, bool(invoice.overtaken)):
                return
            invoice.refunded_minor, invoice.overtaken = back, overtaken or None
            invoice.emit("invoice.changed", now, invoice_id=invoice.id)
        else:
            return
        check_order(tx, order)
        tx.replace("invoice", invoice)

    addresses: list[tuple[type[TenantRecord], str, str]] = [
        (InvoiceRecord, *InvoiceRecord.address(tenant_id, invoice_id)),
        (OrderRecord, *OrderRecord.address(tenant_id, order_id)),
    ]
    change(lambda: fetch_many(addresses, consistent=True), decide)
