"""The prices that a product's SKUs had in the shop."""

from datetime import datetime

from chalicelib.catalog.model.prices import ListPrice, PriceChange, list_prices
from chalicelib.catalog.records import PriceChangeRecord, ProductRecord
from chalicelib.kernel.ids import id_made_at


def price_changes_of(tenant_id: str, product_id: str) -> list[tuple[datetime, PriceChange]]:
    """Every change of the prices and costs of a product's SKUs, the oldest first."""
    found = PriceChangeRecord.every(PriceChangeRecord.partition(tenant_id, product_id))
    return [(each.at, change) for each in found for change in each.changes]


def list_prices_of(product: ProductRecord, changes: list[tuple[datetime, PriceChange]]) -> dict[str, list[ListPrice]]:
    """What each SKU cost in the shop since it was made, by its id, the oldest first."""
    latest = changes[-1][0] if changes else product.updated_at
    return {sku.sku_id: list_prices(sku, _since(product, sku.sku_id, latest), changes) for sku in product.skus}


def _since(product: ProductRecord, sku_id: str, latest: datetime) -> datetime:
    """When a SKU was made: its id says it, where its source did not give it one of another time."""
    made_at = id_made_at(sku_id)
    return made_at if product.created_at <= made_at <= max(latest, product.updated_at) else product.created_at
