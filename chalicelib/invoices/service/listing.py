"""Invoices as the brand's people find them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from chalicelib.db import Page, fetch_many
from chalicelib.invoices.errors import TooManyInvoices
from chalicelib.invoices.model.invoices import Status
from chalicelib.invoices.records import InvoiceRecord, OrderInvoices, all_invoices, due_invoices
from chalicelib.invoices.service.billing import Billed, billed
from chalicelib.kernel.clock import sortable, zone
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.local_day import day_bounds
from chalicelib.orders.records import OrderRecord
from chalicelib.tenants.service.brand import get_tenant

_FIRST_ON, _LAST_ON = date(1970, 1, 1), date(2999, 12, 31)
MOST_ROWS = 2_000
"""Invoices in one table: well within what an answer may weigh."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which invoices are looked at: those that wait for the brand, in one state, of one member or order, asked for on
    these local days, both included; or all.
    """

    due: bool = False
    status: Status | None = None
    member_id: str | None = None
    order_id: str | None = None
    from_on: date | None = None
    to_on: date | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """An invoice with what it comes to: as it was issued or, before that, as its order stands."""

    invoice: InvoiceRecord
    billed: Billed


def get_invoice(tenant_id: str, invoice_id: str, *, consistent: bool = False) -> InvoiceRecord:
    """An invoice. Raises NotFound."""
    found = InvoiceRecord.fetch(*InvoiceRecord.address(tenant_id, invoice_id), consistent=consistent)
    if found is None:
        raise NotFound("There is no such invoice.", detail_zh="没有该发票。")
    return found


def list_invoices(tenant_id: str, wanted: Filter, limit: int, cursor: dict[str, Any] | None) -> Page[InvoiceRecord]:
    """Invoices, the last asked for first; of those that wait for the brand the longest waiting first."""
    partition, options = _options(tenant_id, wanted)
    return InvoiceRecord.page(partition, limit=limit, cursor=cursor, **options)


def every_invoice(tenant_id: str, wanted: Filter) -> list[InvoiceRecord]:
    """All invoices of a filter, in the order of the list. Raises TooManyInvoices."""
    partition, options = _options(tenant_id, wanted)
    found = list(islice(InvoiceRecord.every(partition, **options), MOST_ROWS + 1))
    if len(found) > MOST_ROWS:
        raise TooManyInvoices(
            f"One table holds {MOST_ROWS:,} invoices, and there are more: narrow the filter, for instance by days.",
            detail_zh=f"单次最多导出 {MOST_ROWS:,} 张发票，请缩小范围，例如限定日期。",
            extra={"most": MOST_ROWS},
        )
    return found


def shown(tenant_id: str, invoices: Sequence[InvoiceRecord]) -> list[Shown]:
    """What each comes to; orders are read in one request a hundred, and only of those that were not issued yet."""
    open_ones = [each.order_id for each in invoices if each.state is Status.REQUESTED]
    orders = _orders(tenant_id, open_ones)
    return [Shown(each, comes_to(each, orders.get(each.order_id))) for each in invoices]


def comes_to(invoice: InvoiceRecord, order: OrderRecord | None) -> Billed:
    """What an invoice comes to; nothing where it ended before it was issued."""
    if invoice.amount_minor is not None:
        return Billed(int(invoice.amount_minor), invoice.tax)
    return billed(order) if order is not None and invoice.state is Status.REQUESTED else Billed(0, ())


def _orders(tenant_id: str, order_ids: Iterable[str]) -> dict[str, OrderRecord]:
    wanted = list(dict.fromkeys(order_ids))
    found = fetch_many([(OrderRecord, *OrderRecord.address(tenant_id, each)) for each in wanted])
    return {order.id: order for order in found if order is not None}


def of_order(tenant_id: str, order_id: str) -> InvoiceRecord | None:
    """The invoice of an order that counts, if one was asked for."""
    invoices = OrderInvoices.fetch(*OrderInvoices.address(tenant_id, order_id))
    if invoices is None or invoices.last is None:
        return None
    return InvoiceRecord.fetch(*InvoiceRecord.address(tenant_id, invoices.last))


def _options(tenant_id: str, wanted: Filter) -> tuple[str, dict[str, Any]]:
    conditions = [
        attribute == value
        for attribute, value in (
            (InvoiceRecord.status, wanted.status and wanted.status.value),
            (InvoiceRecord.member_id, wanted.member_id),
            (InvoiceRecord.order_id, wanted.order_id),
        )
        if value is not None
    ]
    options: dict[str, Any] = {"index": "gsi2" if wanted.due else "gsi1", "newest_first": not wanted.due}
    if conditions:
        first, *more = conditions
        for each in more:
            first &= each
        options["where"] = first
    if wanted.from_on or wanted.to_on:
        options["between"] = _span(tenant_id, wanted)
    return (due_invoices if wanted.due else all_invoices)(tenant_id), options


def _span(tenant_id: str, wanted: Filter) -> tuple[str, str]:
    tz = zone(get_tenant(tenant_id).timezone)
    first, last = wanted.from_on or _FIRST_ON, wanted.to_on or _LAST_ON
    return sortable(day_bounds(first, tz)[0]), sortable(day_bounds(last, tz)[1])
