"""What is known of goods, and what they cost when they were ordered."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from chalicelib.catalog.model.prices import PriceChange
from chalicelib.catalog.records import ProductRecord, SkuRecord
from chalicelib.catalog.service.prices import price_changes_of
from chalicelib.catalog.service.set_aside import get_skus
from chalicelib.db import fetch_many
from chalicelib.insight.earnings.model.orders import Goods


class CostsOfGoods:
    """What units of SKUs cost the brand at any instant. A product's changes are read where it has changed since."""

    def __init__(self, tenant_id: str, sku_ids: Iterable[str], since: datetime) -> None:
        self._skus: Mapping[str, SkuRecord] = get_skus(tenant_id, set(sku_ids))
        ids = list(dict.fromkeys(str(sku.product_id) for sku in self._skus.values()))
        found = fetch_many([(ProductRecord, *ProductRecord.address(tenant_id, each)) for each in ids])
        changed = [id_ for id_, each in zip(ids, found, strict=True) if each is None or each.updated_at >= since]
        self._changes: Mapping[str, Sequence[tuple[datetime, PriceChange]]] = {
            id_: price_changes_of(tenant_id, id_) for id_ in changed
        }

    def at(self, placed_at: datetime, sku_ids: Iterable[str]) -> dict[str, Goods]:
        """These SKUs as they were then; one that is there no more is left out."""
        known = {sku_id: self._skus[sku_id] for sku_id in sku_ids if sku_id in self._skus}
        return {id_: Goods(str(sku.product_id), self._cost(id_, sku, placed_at)) for id_, sku in known.items()}

    def _cost(self, sku_id: str, sku: SkuRecord, placed_at: datetime) -> int | None:
        changes = self._changes.get(str(sku.product_id), ())
        later = (each for at, each in changes if at > placed_at and each.sku_id == sku_id)
        first = next(later, None)
        return sku.cost if first is None else first.cost_before
