"""Units of a return or an exchange that was granted count for the supplier who delivered them, once."""

from collections import Counter

from chalicelib.aftersales.model.cases import GRANTED, Kind
from chalicelib.aftersales.records import AfterSaleRecord
from chalicelib.aftersales.service.handling import get_case
from chalicelib.complaints.records import ComplaintRecord
from chalicelib.db import Transaction, change
from chalicelib.fulfilment.purchasing.records import PurchaseListRecord
from chalicelib.fulfilment.suppliers.records import SupplierUnits
from chalicelib.fulfilment.suppliers.service import today_of


def count_for_suppliers(tenant_id: str, case_id: str) -> None:
    """Counts a granted case's units for whom the campaign bought them from, on the day of the decision. However often
    it is called they count once; units of the brand's own shelf count for nobody, and those that a complaint about the
    supplier was resolved with count with the complaint.
    """
    case = get_case(tenant_id, case_id, consistent=True)
    if case.kind == Kind.REPAIR or case.status not in GRANTED or case.decided_at is None:
        return
    listed = PurchaseListRecord.latest(tenant_id, case.campaign_id)
    bought_from = listed.bought_from if listed else {}
    units: Counter[str] = Counter()
    for line in case.lines:
        if supplier_id := bought_from.get(line.sku_id):
            units[supplier_id] += line.units
    on = today_of(tenant_id, case.decided_at)
    complained_of = _complained_of(case)
    for supplier_id, returned in units.items():
        if SupplierUnits.partition(tenant_id, supplier_id) == complained_of:
            continue
        _count(SupplierUnits.address(tenant_id, supplier_id, on, f"aftersale:{case_id}"), returned)


def _complained_of(case: AfterSaleRecord) -> str | None:
    """Where the complaint that a case makes good counts, if it counts for a supplier."""
    if case.complaint_id is None:
        return None
    complaint = ComplaintRecord.fetch(*ComplaintRecord.address(case.tenant_id, case.complaint_id), consistent=True)
    return str(complaint.counted[0]) if complaint is not None and complaint.counted else None


def _count(address: tuple[str, str], returned: int) -> None:
    def decide(found: SupplierUnits | None, tx: Transaction) -> None:
        if found is None:
            tx.create("units", SupplierUnits(*address, returned=returned))

    change(lambda: SupplierUnits.fetch(*address, consistent=True), decide)
