"""A member asks for the invoice of an order of theirs, and changes that until it is issued."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.db import Transaction, change, fetch_many
from chalicelib.invoices.errors import InvoiceRequested
from chalicelib.invoices.model.buyers import Buyer, BuyerKind, buyer
from chalicelib.invoices.model.invoices import LIVE, Status, check_changeable
from chalicelib.invoices.records import InvoiceRecord, OrderInvoices
from chalicelib.invoices.service.billing import check_billable, check_order, is_unpaid
from chalicelib.kernel.errors import NotFound
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.reading import no_order
from chalicelib.tenants.service.brand import get_tenant


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom the invoice is to be made out to, as it was asked for."""

    kind: BuyerKind
    title: str
    email: str
    tax_number: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """An order with its invoices; ``last`` is the one that counts, None before the first was asked for."""

    order: OrderRecord
    invoices: OrderInvoices
    last: InvoiceRecord | None

    @property
    def invoice(self) -> InvoiceRecord:
        """The invoice that counts. Raises NotFound."""
        if self.last is None:
            raise NotFound("No invoice was asked for this order yet.", detail_zh="该订单尚未申请发票。")
        return self.last


def ask(tenant_id: str, member_id: str, order_id: str, asked: Asked, now: datetime) -> InvoiceRecord:
    """Asks for an order's invoice, once; the same asked again answers with what stands. What was voided, or withdrawn,
    may be asked for anew.

    Raises NotFound, NoInvoiceForOrder, InvoiceRequested, InvoiceIssued, and what is wrong with the tax number.
    """

    def decide(found: Found, tx: Transaction) -> InvoiceRecord:
        last, wanted = found.last, _buyer(tenant_id, asked)
        if last is not None and last.state in LIVE:
            if last.buyer == wanted:
                return last
            check_changeable(last.state)
            raise InvoiceRequested(
                "The invoice was asked for already, with other details; change that request instead.",
                detail_zh="该订单已申请过发票，请修改原申请。",
                extra={"invoice_id": last.id},
            )
        check_billable(found.order)
        invoice_id = found.invoices.next_id(order_id)
        invoice = InvoiceRecord(
            *InvoiceRecord.address(tenant_id, invoice_id),
            id=invoice_id, order_id=order_id, member_id=member_id, currency=found.order.currency,
            requested_at=now, by=f"member:{member_id}",
        )  # fmt: skip
        invoice.buyer = wanted
        invoice.awaits_payment = is_unpaid(found.order) or None
        invoice.move_to(Status.REQUESTED, now)
        is_first = not found.invoices.ids
        found.invoices.ids = [*found.invoices.ids, invoice_id]
        if is_first:
            tx.create("invoices", found.invoices)
        else:
            tx.replace("invoices", found.invoices)
        tx.create("invoice", invoice)
        check_order(tx, found.order)
        return invoice

    return change(lambda: read(tenant_id, member_id, order_id), decide)


def alter(tenant_id: str, member_id: str, order_id: str, asked: Asked, now: datetime) -> InvoiceRecord:
    """Changes whom a requested invoice is made out to. Raises NotFound, InvoiceIssued, InvoiceEnded, and what is wrong
    with the tax number.
    """

    def decide(found: Found, tx: Transaction) -> InvoiceRecord:
        invoice, wanted = found.invoice, _buyer(tenant_id, asked)
        if invoice.buyer == wanted and invoice.state is Status.REQUESTED:
            return invoice
        check_changeable(invoice.state)
        invoice.buyer = wanted
        invoice.emit("invoice.changed", now, invoice_id=invoice.id)
        tx.replace("invoice", invoice)
        return invoice

    return change(lambda: read(tenant_id, member_id, order_id), decide)


def own(tenant_id: str, member_id: str, order_id: str) -> Found:
    """A member's own order with its invoice. Raises NotFound, also where none was asked for."""
    found = read(tenant_id, member_id, order_id)
    _ = found.invoice
    return found


def read(tenant_id: str, member_id: str, order_id: str) -> Found:
    """A member's own order with its invoices. Raises NotFound."""
    order, invoices = fetch_many(
        [
            (OrderRecord, *OrderRecord.address(tenant_id, order_id)),
            (OrderInvoices, *OrderInvoices.address(tenant_id, order_id)),
        ],
        consistent=True,
    )
    if order is None or order.member_id != member_id:
        raise no_order(order_id)
    invoices = invoices or OrderInvoices.fresh(tenant_id, order_id)
    return Found(order, invoices, _fetch(tenant_id, invoices.last))


def _fetch(tenant_id: str, invoice_id: str | None) -> InvoiceRecord | None:
    if invoice_id is None:
        return None
    return InvoiceRecord.fetch(*InvoiceRecord.address(tenant_id, invoice_id), consistent=True)


def _buyer(tenant_id: str, asked: Asked) -> Buyer:
    return buyer(asked.kind, asked.title, asked.email, asked.tax_number, get_tenant(tenant_id).country)
