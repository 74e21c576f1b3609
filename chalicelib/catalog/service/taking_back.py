"""A product that was brought in is taken back.

It leaves in two steps: out of the shop first, so that nothing new begins with it, then for good, when what had begun
would be seen by now. Each step is for a product that nobody has changed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.catalog.records import (
    ACTIVE,
    ARCHIVED,
    CardRecord,
    CodeRecord,
    ProductRecord,
    SkuRecord,
    StockEntryRecord,
)
from chalicelib.catalog.service.ledger import first_entries
from chalicelib.catalog.service.products import write_around
from chalicelib.catalog.service.set_aside import get_skus
from chalicelib.db import Transaction, change, fetch_many
from chalicelib.kernel.folding import fold
from chalicelib.kernel.principal import Principal
from chalicelib.tenants.service.audit import audit


@dataclass(frozen=True, slots=True)
class Held:
    """A product with its SKUs, and of each the first entries of its ledger, two at most."""

    product: ProductRecord
    skus: Sequence[SkuRecord]
    entries: Mapping[str, Sequence[StockEntryRecord]]

    def stock_moved(self, cause: str) -> bool:
        """Whether units have moved since it was brought in for a ``cause``."""
        others = any(entry.cause != cause for entries in self.entries.values() for entry in entries)
        opened = {sku_id: sum(int(entry.delta) for entry in entries) for sku_id, entries in self.entries.items()}
        return others or any(sku.allocated or int(sku.free) != opened[str(sku.sku_id)] for sku in self.skus)


def held(tenant_id: str, product_ids: Sequence[str]) -> dict[str, Held]:
    """Products with what stands with them, by id, read consistently; those that are gone are left out."""
    addresses = [(ProductRecord, *ProductRecord.address(tenant_id, each)) for each in product_ids]
    products = [each for each in fetch_many(addresses, consistent=True) if each is not None]
    skus = get_skus(tenant_id, [sku.sku_id for each in products for sku in each.skus], consistent=True)
    return {str(each.product_id): _held(each, skus) for each in products}


def _held(product: ProductRecord, skus: Mapping[str, SkuRecord]) -> Held:
    own = [skus[sku.sku_id] for sku in product.skus if sku.sku_id in skus]
    entries = {str(sku.sku_id): first_entries(product.tenant_id, str(sku.sku_id), 2) for sku in own}
    return Held(product, own, entries)


def brought_between(tenant_id: str, first_id: str, last_id: str, limit: int) -> Sequence[CardRecord]:
    """The cards of so many products with ids from the one to the other, by creation."""
    partition = CardRecord.partition(tenant_id, None)
    return CardRecord.page(partition, between=(first_id, last_id), limit=limit, consistent=True).items


def leave(tenant_id: str, product_id: str, source: str, now: datetime) -> None:
    """Takes a product that nobody has changed out of the shop: no campaign can offer it any more. Repeated, it changes
    nothing.
    """

    def decide(product: ProductRecord | None, tx: Transaction) -> None:
        if product is None or not product.untouched or product.leaving_with is not None:
            return
        product.leaving_with = source
        _write(tx, product, ARCHIVED, now)

    change(lambda: _read(tenant_id, product_id), decide)


def stay(tenant_id: str, product_id: str, now: datetime) -> None:
    """Has a product stay that was leaving: in the shop again, unless somebody has changed it meanwhile."""

    def decide(product: ProductRecord | None, tx: Transaction) -> None:
        if product is None or product.leaving_with is None:
            return
        product.leaving_with = None
        _write(tx, product, ACTIVE if product.untouched else product.status, now)

    change(lambda: _read(tenant_id, product_id), decide)


def _read(tenant_id: str, product_id: str) -> ProductRecord | None:
    return ProductRecord.fetch(*ProductRecord.address(tenant_id, product_id), consistent=True)


def _write(tx: Transaction, product: ProductRecord, status: str, now: datetime) -> None:
    product.status = status
    product.updated_at = now
    product.stays_untouched()
    tx.replace("product", product)
    write_around(tx, product, product.skus)


def take_back(found: Held, by: Principal, now: datetime, *, along: Callable[[Transaction], None]) -> None:
    """Deletes a product with its SKUs, their codes and ledgers, and what ``along`` adds, in one transaction. Raises
    Refused where something of it has changed since it was read.
    """
    tenant_id, product_id = found.product.tenant_id, str(found.product.product_id)
    tx = Transaction()
    unchanged = ProductRecord.rev == int(found.product.rev)
    tx.delete("product", ProductRecord, *ProductRecord.address(tenant_id, product_id), condition=unchanged)
    tx.delete("card", CardRecord, *CardRecord.address(tenant_id, product_id))
    for sku in found.skus:
        at_rest = (SkuRecord.free == int(sku.free)) & (SkuRecord.allocated == 0)
        tx.delete(f"sku:{sku.sku_id}", SkuRecord, *SkuRecord.address(tenant_id, str(sku.sku_id)), condition=at_rest)
        own = CodeRecord.sku_id == str(sku.sku_id)
        tx.delete(f"code:{sku.sku_id}", CodeRecord, *CodeRecord.address(tenant_id, fold(sku.code)), condition=own)
    for entry in _entries(found):
        tx.delete(f"entry:{entry.entry_id}", StockEntryRecord, str(entry.pk), str(entry.sk))
    audit(tx, tenant_id, by, "product.removed", f"product:{product_id}", now, {"title": found.product.title})
    along(tx)
    tx.commit()


def _entries(found: Held) -> Iterator[StockEntryRecord]:
    for entries in found.entries.values():
        yield from entries
