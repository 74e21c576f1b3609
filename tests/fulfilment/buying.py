"""Suppliers and receipts for tests, set up through the use cases."""

from typing import Any

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.fulfilment.purchasing import service as purchasing
from chalicelib.fulfilment.purchasing.model import PurchaseLine
from chalicelib.fulfilment.purchasing.records import SupplyRecord
from chalicelib.fulfilment.receiving.model.receipts import Arrival
from chalicelib.fulfilment.receiving.records import ReceiptRecord
from chalicelib.fulfilment.receiving.service import allocating
from chalicelib.fulfilment.receiving.service import receipts as receiving
from chalicelib.fulfilment.suppliers import service as suppliers
from chalicelib.fulfilment.suppliers.model import Agreement, SupplierDetails, Terms
from chalicelib.kernel import clock
from chalicelib.kernel.money import Money
from chalicelib.orders.records import OrderRecord
from tests.orders.store import Store


def supplier(store: Store, name: str = "Orchard", minimum: int = 0, **fields: Any) -> str:
    """A supplier; ``minimum`` in minor units."""
    details = SupplierDetails(name, minimum=Money(minimum, "CNY") if minimum else None, **fields)
    return str(suppliers.create_supplier(store.tenant_id, details, store.staff, clock.now()).id)


def agree(store: Store, supplier_id: str, sku: int, **terms: Any) -> None:
    """The supplier delivers the store's nth SKU, at 4.00 unless stated otherwise."""
    agreed = Agreement(store.skus[sku], Terms(**{"cost_minor": 400, **terms}), "CNY", main=True)
    suppliers.agree(store.tenant_id, supplier_id, agreed, store.staff, clock.now())


def frozen(store: Store, campaign_id: str) -> dict[int, PurchaseLine]:
    """The latest purchase list, by the SKU's number in the store."""
    lines = purchasing.freeze(store.tenant_id, campaign_id, clock.now()).lines
    return {store.skus.index(line.sku_id): line for line in lines}


def locked(store: Store, *quantities: int, sku: int = 0) -> tuple[CampaignRecord, list[OrderRecord]]:
    """A locked campaign of the store's SKUs with an order of each of these quantities, in this order."""
    campaign = store.publish(100, 100)
    units = [[0] * sku + [quantity] for quantity in quantities]
    orders = [store.place(campaign, *each, member=n, key=f"k{n}") for n, each in enumerate(units)]
    store.lock(campaign)
    return campaign, orders


def receive(
    store: Store, campaign_id: str, supplier_id: str | None, *arrivals: Arrival, key: str = "r-1"
) -> ReceiptRecord:
    """Records what came; nothing follows yet."""
    delivery = receiving.Delivery(supplier_id, arrivals, "", key, "hash", store.staff)
    return receiving.receive(store.tenant_id, campaign_id, delivery, clock.now())


def allocate(store: Store, campaign_id: str) -> int:
    """Works the pass over the orders off; how many steps it took."""
    steps = 0
    while (found := supply(store, campaign_id)) is not None and found.is_busy:
        allocating.allocate_next(store.tenant_id, campaign_id, clock.now())
        steps += 1
        assert steps < 100
    return steps


def supply(store: Store, campaign_id: str) -> SupplyRecord | None:
    """How far the supply has come."""
    return SupplyRecord.fetch(*SupplyRecord.address(store.tenant_id, campaign_id), consistent=True)
