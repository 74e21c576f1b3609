"""Whatever fails, at whichever request, while an invoice is asked for, issued or voided: one of each, recorded once."""

from __future__ import annotations

import itertools
from datetime import date

import pytest

from chalicelib.invoices.model.buyers import BuyerKind
from chalicelib.invoices.model.invoices import Issue, Voiding
from chalicelib.invoices.records import InvoiceNumber, InvoiceRecord, OrderInvoices
from chalicelib.invoices.service import asking, issuing
from chalicelib.invoices.service.asking import Asked
from chalicelib.kernel import clock
from chalicelib.orders.records import OrderRecord
from tests.faults import Faults, faults
from tests.orders.conftest import store
from tests.orders.store import Store
from tests.orders.test_faults import _without_pauses, faulty_runs, repeated, requests_of

__all__ = ["_without_pauses", "faults", "store"]

WANTED = Asked(BuyerKind.PERSON, "Wang", "wang@linli.example")


def of_order(store: Store, order: OrderRecord) -> InvoiceRecord:
    """The one invoice of an order, as it is stored."""
    invoices = OrderInvoices.fetch(*OrderInvoices.address(store.tenant_id, order.id), consistent=True)
    assert invoices is not None
    [invoice_id] = invoices.ids
    invoice = InvoiceRecord.fetch(*InvoiceRecord.address(store.tenant_id, invoice_id), consistent=True)
    assert invoice is not None
    return invoice


@pytest.mark.verify
def test_asking_issuing_and_voiding(store: Store, faults: Faults) -> None:
    """Each step meets each fault at each of its requests; what landed and was asked for again is there once."""
    faults.of("invoices")
    tenant_id, now, campaign = store.tenant_id, clock.now(), store.publish(1_000)
    numbers = itertools.count()

    def order() -> OrderRecord:
        faults.arm(None)
        placed = store.hold(campaign, 1, key=f"key-{next(numbers)}")
        assert store.pay(placed)
        return store.order(placed)

    def ask(of: OrderRecord) -> InvoiceRecord:
        return asking.ask(tenant_id, of.member_id, of.id, WANTED, now)

    def issue(invoice: InvoiceRecord) -> InvoiceRecord:
        issued = Issue(f"No-{invoice.id}", date(2026, 11, 30))
        return issuing.issue(tenant_id, invoice.id, issued, store.staff, now)

    def void(invoice: InvoiceRecord) -> InvoiceRecord:
        return issuing.void(tenant_id, invoice.id, Voiding("Refunded"), store.staff, now)

    first = order()
    most = requests_of(faults, lambda: ask(first))
    asked = of_order(store, first)
    most = max(most, requests_of(faults, lambda: issue(asked)), requests_of(faults, lambda: void(asked)))
    runs = 0
    for kind, at, times in faulty_runs(faults, most):
        placed = order()
        faults.arm(kind, at, times)
        repeated(faults, lambda: ask(placed))  # noqa: B023 - called at once
        faults.arm(None)
        invoice = of_order(store, placed)
        for step in (issue, void):
            faults.arm(kind, at, times)
            repeated(faults, lambda: step(invoice))  # noqa: B023 - called at once
            faults.arm(None)
        invoice = of_order(store, placed)
        claim = InvoiceNumber.fetch(*InvoiceNumber.address(tenant_id, f"No-{invoice.id}"), consistent=True)
        assert claim is not None
        assert (invoice.status, invoice.amount_minor, claim.invoice_id) == ("voided", 1_250, invoice.id)
        runs += 1
    assert runs > 20
