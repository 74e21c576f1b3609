"""Invoices in the payload of events: without whom they are made out to, which says who a person is."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from chalicelib.broadcasts.service.shown import Shown
from chalicelib.broadcasts.views.story import COLLECTED, INVOICE, LATER, MEMBER, ORDER, OWNER, yuan
from chalicelib.invoices.records import InvoiceRecord
from chalicelib.invoices.service.listing import shown
from chalicelib.invoices.views import StaffInvoiceView


def _show(tenant_id: str, invoices: Sequence[InvoiceRecord], now: datetime) -> Sequence[StaffInvoiceView]:
    return [StaffInvoiceView.of(each) for each in shown(tenant_id, invoices)]


_EXAMPLE: Mapping[str, Any] = {
    "id": INVOICE,
    "order_id": ORDER,
    "status": "requested",
    "kind": "company",
    "title": None,
    "tax_number": None,
    "email": None,
    "amount": yuan(5800),
    "tax": [{"rate": "9", "base": yuan(5321), "amount": yuan(479)}],
    "requested_at": COLLECTED,
    "number": None,
    "issued_on": None,
    "refunded_since": None,
    "void_reason": None,
    "credit_note": None,
    "member_id": MEMBER,
    "due": True,
    "overtaken": False,
    "awaits_payment": False,
    "issued_at": None,
    "issued_by": None,
    "voided_at": None,
    "voided_by": None,
}
_ISSUED = {
    "status": "issued",
    "number": "24952000000123456789",
    "issued_on": "2026-01-14",
    "due": False,
    "issued_at": LATER,
    "issued_by": f"staff:{OWNER}",
}
_AS: Mapping[str, Mapping[str, Any]] = {
    "invoice.changed": _ISSUED | {"refunded_since": yuan(2900), "due": True},
    "invoice.issued": _ISSUED,
    "invoice.voided": _ISSUED
    | {
        "status": "voided",
        "refunded_since": yuan(2900),
        "void_reason": "Refunded in part",
        "credit_note": {"number": "24952000000123456790", "on": "2026-01-15"},
        "voided_at": LATER,
        "voided_by": f"staff:{OWNER}",
    },
    "invoice.withdrawn": {"status": "withdrawn", "amount": yuan(0), "tax": [], "due": False},
}

SHOWN = Shown(InvoiceRecord, StaffInvoiceView, _show, _EXAMPLE, _AS)
