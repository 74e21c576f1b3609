"""A complaint that is resolved as a supplier's doing counts for that supplier once, with the units it is about."""

from datetime import datetime

from chalicelib.complaints.model.remedies import Party
from chalicelib.complaints.records import ComplaintRecord
from chalicelib.complaints.service.supplied import suppliers_of
from chalicelib.db import Transaction
from chalicelib.fulfilment.suppliers.records import SupplierUnits
from chalicelib.fulfilment.suppliers.service import today_of
from chalicelib.orders.service.reading import get_order


def count_for_supplier(tx: Transaction, complaint: ComplaintRecord, now: datetime) -> None:
    """Adds to the transaction that resolves a complaint that its units count for the supplier whose doing it was, on
    the day on which it was first resolved so; one that was another's before counts there no more.
    """
    before: tuple[str, str] | None = tuple(complaint.counted) if complaint.counted else None
    tenant_id, after = complaint.tenant_id, None
    if complaint.attributed_to == Party.SUPPLIER and complaint.supplier_id is not None:
        on = today_of(tenant_id, now)
        after = SupplierUnits.address(tenant_id, complaint.supplier_id, on, f"complaint:{complaint.id}")
        after = before if before and before[0] == after[0] else after
    if before is not None and before != after:
        tx.delete("units_before", SupplierUnits, *before)
    if after is not None:
        tx.put("units", SupplierUnits(*after, complained=_units(complaint), about=complaint.cause))
    complaint.counted = list(after) if after else None


def _units(complaint: ComplaintRecord) -> int:
    """Units that are exchanged for it; else those of its order that the supplier delivers; one where that says nothing,
    since something was complained of.
    """
    remedy = complaint.remedy
    if remedy is not None and remedy.units:
        return sum(remedy.units.values())
    if complaint.order_id is None:
        return 1
    order = get_order(complaint.tenant_id, complaint.order_id)
    found = suppliers_of(order)
    return sum(line.quantity for line in order.lines if found.get(line.sku_id) == complaint.supplier_id) or 1
