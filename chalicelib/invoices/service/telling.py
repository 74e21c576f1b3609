"""Members are told when their invoice was issued, or voided."""

from datetime import datetime

from chalicelib.invoices.model.invoices import Status
from chalicelib.invoices.model.notices import InvoiceMadeOut, InvoiceVoided
from chalicelib.invoices.records import InvoiceRecord
from chalicelib.kernel.money import Money
from chalicelib.notices.telling.service import tell_member
from chalicelib.tenants.service.brand import get_tenant


def tell_issued(tenant_id: str, invoice_id: str, now: datetime) -> None:
    """Tells a member of the invoice that was issued, once; not of one that was voided meanwhile."""
    invoice = _fetch(tenant_id, invoice_id)
    if invoice is None or invoice.state is not Status.ISSUED or invoice.number is None or invoice.issued_on is None:
        return
    buyer, amount = invoice.buyer, Money(int(invoice.amount_minor or 0), invoice.currency)
    brand = get_tenant(tenant_id).name
    notice = InvoiceMadeOut(brand, invoice.number, invoice.issued_on, amount, buyer.title, buyer.email)
    tell_member(tenant_id, invoice.member_id, notice, (invoice_id,), now, subject_id=invoice.order_id)


def tell_voided(tenant_id: str, invoice_id: str, now: datetime) -> None:
    """Tells a member that their invoice counts no more, and why, once."""
    invoice = _fetch(tenant_id, invoice_id)
    if invoice is None or invoice.state is not Status.VOIDED:
        return
    notice = InvoiceVoided(get_tenant(tenant_id).name, invoice.number or "", invoice.void_reason or "")
    tell_member(tenant_id, invoice.member_id, notice, (invoice_id, "voided"), now, subject_id=invoice.order_id)


def _fetch(tenant_id: str, invoice_id: str) -> InvoiceRecord | None:
    return InvoiceRecord.fetch(*InvoiceRecord.address(tenant_id, invoice_id), consistent=True)
