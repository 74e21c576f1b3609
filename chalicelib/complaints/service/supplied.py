"""Who supplied what a complaint is about."""

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
