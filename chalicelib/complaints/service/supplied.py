"""Who supplied what a complaint is about, and what that cost."""

from chalicelib.fulfilment.purchasing.records import PurchaseListRecord
from chalicelib.fulfilment.suppliers.service import sources
from chalicelib.orders.records import OrderRecord


def suppliers_of(order: OrderRecord) -> dict[str, str]:
    """The supplier of each SKU of an order's lines: whom its campaign bought it from, whoever is the main one since. Of
    what stands on no purchase list, the main one; what the brand had itself is nobody's.
    """
    listed = PurchaseListRecord.latest(order.tenant_id, order.campaign_id)
    known = listed.bought_from if listed else {}
    skus = list(dict.fromkeys(line.sku_id for line in order.lines))
    main = sources(order.tenant_id, [each for each in skus if each not in known])
    found = {sku_id: source.supplier.id for sku_id, source in main.items()} | known
    return {each: supplier_id for each in skus if (supplier_id := found.get(each)) is not None}


def unit_costs_of(order: OrderRecord) -> dict[str, int]:
    """What a unit of each SKU of an order's lines cost, in minor units: as its campaign bought it; of what stands on no
    purchase list with a cost, by the terms of the main supplier. Those of which neither is known are left out.
    """
    listed = PurchaseListRecord.latest(order.tenant_id, order.campaign_id)
    bought = {line.sku_id: line.cost_minor for line in listed.lines if line.cost_minor is not None} if listed else {}
    skus = list(dict.fromkeys(line.sku_id for line in order.lines))
    main = sources(order.tenant_id, [each for each in skus if each not in bought])
    agreed = {sku_id: int(source.terms.cost_minor) for sku_id, source in main.items()}
    return {each: cost for each in skus if (cost := bought.get(each, agreed.get(each))) is not None}
