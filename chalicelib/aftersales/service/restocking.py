"""Goods that came back go into the SKU's stock again, each case once."""

from collections import Counter

from chalicelib.aftersales.records import AfterSaleRecord
from chalicelib.aftersales.service.handling import get_case
from chalicelib.catalog.model.stock import Source
from chalicelib.catalog.service.ledger import take_back


def restock(tenant_id: str, case_id: str) -> None:
    """Puts the units that are fit for the shelf back, where the SKU's stock counts; what is written off stays out."""
    case = get_case(tenant_id, case_id, consistent=True)
    for sku_id, units in _fit(case).items():
        source = Source(f"aftersale:{case.id}", case.received_by, case.received_at)
        take_back(tenant_id, sku_id, units, case.reason, source)


def _fit(case: AfterSaleRecord) -> Counter[str]:
    skus = {line.offer_id: line.sku_id for line in case.lines}
    units: Counter[str] = Counter()
    for line in case.arrived or []:
        if line.disposition == "restock":
            units[skus[line.offer_id]] += line.units
    return units
