"""Goods that came back go into the SKU's stock again, each part of a case once."""

from collections import Counter

from chalicelib.aftersales.model.arrivals import Part
from chalicelib.aftersales.model.cases import Kind
from chalicelib.aftersales.records import AfterSaleRecord
from chalicelib.aftersales.service.handling import get_case
from chalicelib.catalog.model.stock import Source
from chalicelib.catalog.service.ledger import take_back
from chalicelib.orders.service.reading import get_order


def restock(tenant_id: str, case_id: str) -> None:
    """Puts the units that are fit for the shelf back, where the SKU's stock counts; what is written off stays out, and
    so does what is to be repaired: it is the member's. Of a line that was given as several SKUs nobody knows which came
    back, so staff put it in by an adjustment.
    """
    case = get_case(tenant_id, case_id, consistent=True)
    for number, part in enumerate(case.parts, 1):
        cause = f"aftersale:{case.id}" + (f":{number}" if number > 1 else "")
        for sku_id, units in _fit(case, part).items():
            take_back(tenant_id, sku_id, units, case.reason, Source(cause, part.by, part.at))


def _fit(case: AfterSaleRecord, part: Part) -> Counter[str]:
    if case.kind == Kind.REPAIR:
        return Counter()
    skus = {line.offer_id: [line.sku_id] for line in case.lines}
    skus |= {line.offer_id: list(line.given) for line in get_order(case.tenant_id, case.order_id).lines}
    units: Counter[str] = Counter()
    for line in part.lines:
        if line.disposition == "restock" and len(skus[line.offer_id]) == 1:
            units[skus[line.offer_id][0]] += line.units
    return units
