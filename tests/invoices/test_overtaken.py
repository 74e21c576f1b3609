"""An order that is changed after its invoice was issued: what was issued is no longer what was sold."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chalicelib.db import Transaction, tenant_scope
from chalicelib.invoices.model.buyers import BuyerKind
from chalicelib.invoices.model.invoices import Issue
from chalicelib.invoices.records import InvoiceRecord
from chalicelib.invoices.service import asking, issuing
from chalicelib.invoices.service.listing import get_invoice
from chalicelib.kernel import clock
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from infra.local.engine import Engine
from tests.conftest import Drain
from tests.orders.states import edited
from tests.orders.store import Store, open_store
from tests.orders.test_order_tax import taxed


@pytest.fixture
def store(engine: Engine) -> Iterator[Store]:
    store = open_store()
    with tenant_scope(store.tenant_id):
        yield store


@pytest.mark.parametrize(
    ("to", "due", "refunded"),
    [
        pytest.param((0, 2), True, 0, id="other tax in the same amount"),
        pytest.param((3, 0), True, 0, id="dearer"),
        pytest.param((1, 0), True, 1_250, id="cheaper: money goes back"),
        pytest.param((2, None), False, 0, id="as it was"),
    ],
)
def test_an_invoice_that_its_order_has_overtaken_waits_to_be_voided(
    store: Store, drain: Drain, to: tuple[int | None, ...], due: bool, refunded: int
) -> None:
    """Two pears at 13 % for 25.00; eggs have 9 %."""
    drain.pump.queues = [source for source in drain.pump.queues if source.function == "service_worker"]
    taxed(store, "13", "9")
    order = store.hold(store.publish(9, 9), 2)
    assert store.pay(order)
    now = clock.now()
    wanted = asking.Asked(BuyerKind.PERSON, "王小明", "wang@linli.example")
    invoice = asking.ask(store.tenant_id, order.member_id, order.id, wanted, now)
    issue = Issue("24952000000123456789", local_date(now, zone("Asia/Shanghai")))
    assert not issuing.issue(store.tenant_id, invoice.id, issue, store.staff, now).is_due
    edited(store, store.order(order), *to)
    waits = store.order(order).waiting_edit
    if waits is not None:
        drain()
        assert not _again(store, invoice).is_due, "nothing has changed before it is paid"
        assert store.pay(order, waits.amount_minor)
    drain()
    found = _again(store, invoice)
    assert (found.is_due, found.refunded_minor, bool(found.overtaken)) == (due, refunded, due and not refunded)
    assert bool(found.gsi2pk) == due, "it is among those that wait"


def test_a_request_waits_apart_while_something_of_its_order_is_to_be_paid(store: Store, drain: Drain) -> None:
    """It is paid as a part of it is handed over; messages that come again, or late, change nothing more."""
    drain.pump.queues = [source for source in drain.pump.queues if source.function == "service_worker"]
    order = store.order(store.place(store.publish(9, 9), 2))
    wanted = asking.Asked(BuyerKind.PERSON, "王小明", "wang@linli.example")
    invoice = asking.ask(store.tenant_id, order.member_id, order.id, wanted, clock.now())
    assert (invoice.awaits_payment, invoice.is_due, invoice.gsi2pk) == (True, False, None)
    assert _followed(store, invoice).rev == invoice.rev, "nothing has changed"
    paid = store.order(order)
    paid.take_cash()
    paid.emit("order.changed", clock.now(), order_id=order.id)
    tx = Transaction()
    tx.replace("order", paid)
    tx.commit()
    drain()
    found = _again(store, invoice)
    assert (found.awaits_payment, found.is_due, bool(found.gsi2pk)) == (None, True, True)
    assert _followed(store, invoice).rev == found.rev, "once"


def _followed(store: Store, invoice: InvoiceRecord) -> InvoiceRecord:
    """The invoice after another message about its order."""
    issuing.follow_all(store.tenant_id, [invoice.order_id], clock.now())
    return _again(store, invoice)


def _again(store: Store, invoice: InvoiceRecord) -> InvoiceRecord:
    return get_invoice(store.tenant_id, invoice.id, consistent=True)
