"""A product that was brought in is taken back, or a SKU that was brought in beside others.

It leaves in two steps: out of the shop first, so that nothing new begins with it, then for good, when what had begun
would be seen by now. Each step is for a product that nobody has changed.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
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
from chalicelib.db import Refused, Transaction, change, fetch_many
from chalicelib.kernel.folding import fold
from chalicelib.kernel.principal import Principal
from chalicelib.tenants.service.audit import audit


@dataclass(frozen=True, slots=True)
class Held:
    """A product with its SKUs, and of each the first entries of its ledger, two at most."""

    product: ProductRecord
    skus: Sequence[SkuRecord]
    entries: Mapping[str, Sequence[StockEntryRecord]]

    def only(self, sku_id: str) -> "Held":
        """The same with one of its SKUs."""
        return replace(self, skus=[sku for sku in self.skus if sku.sku_id == sku_id])

    @property
    def as_brought(self) -> bool:
        """Whether its SKUs, which were brought in beside others, are what they were."""
        rows = {sku.sku_id: sku.to_json() for sku in self.product.skus}
        return all(sku.brought_as["sku"] == rows.get(sku.sku_id) for sku in self.skus)

    def stock_moved(self, cause: str) -> bool:
        """Whether units have moved since it was brought in for a ``cause``."""
        entries = {str(sku.sku_id): self.entries[str(sku.sku_id)] for sku in self.skus}
        others = any(entry.cause != cause for each in entries.values() for entry in each)
        opened = {sku_id: sum(int(entry.delta) for entry in each) for sku_id, each in entries.items()}
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
        _delete(tx, sku, found.entries[str(sku.sku_id)])
    audit(tx, tenant_id, by, "product.removed", f"product:{product_id}", now, {"title": found.product.title})
    along(tx)
    tx.commit()


def _delete(tx: Transaction, sku: SkuRecord, entries: Sequence[StockEntryRecord]) -> None:
    """Adds the end of a SKU with its code and ledger, refused where units have moved since it was read."""
    at_rest = (SkuRecord.free == int(sku.free)) & (SkuRecord.allocated == 0)
    tx.delete(f"sku:{sku.sku_id}", SkuRecord, str(sku.pk), str(sku.sk), condition=at_rest)
    own, address = CodeRecord.sku_id == str(sku.sku_id), CodeRecord.address(sku.tenant_id, fold(sku.code))
    tx.delete(f"code:{sku.sku_id}", CodeRecord, *address, condition=own)
    for entry in entries:
        tx.delete(f"entry:{entry.entry_id}", StockEntryRecord, str(entry.pk), str(entry.sk))


def leave_alone(tenant_id: str, sku_id: str) -> None:
    """Takes a SKU out of the shop, of a product that stays: no campaign can offer it, unless somebody writes the
    product anew. Repeated, it changes nothing.
    """
    tx = Transaction()
    address, there = SkuRecord.address(tenant_id, sku_id), SkuRecord.pk.exists()
    tx.update("sku", SkuRecord, *address, actions=[SkuRecord.status.set(ARCHIVED)], condition=there)
    with suppress(Refused):  # it is gone
        tx.commit()


def stay_beside(tenant_id: str, product_id: str, sku_id: str) -> None:
    """Has a SKU stay that was leaving: it is in the shop where its product is."""

    def decide(product: ProductRecord | None, tx: Transaction) -> None:
        if product is None:
            return
        product.stays_untouched()
        tx.replace("product", product)
        address, status = SkuRecord.address(tenant_id, sku_id), SkuRecord.status.set(product.status)
        tx.update("sku", SkuRecord, *address, actions=[status], condition=SkuRecord.pk.exists())

    change(lambda: _read(tenant_id, product_id), decide)


def take_out(found: Held, by: Principal, now: datetime, *, along: Callable[[Transaction], None]) -> None:
    """Takes SKUs out of a product that stays, as ``take_back`` does with all of it. Raises Refused where something of
    it has changed since it was read.
    """
    product, gone = found.product, {str(sku.sku_id) for sku in found.skus}
    tx = Transaction()
    product.skus = [sku for sku in product.skus if sku.sku_id not in gone]
    product.updated_at = now
    product.stays_untouched()
    tx.replace("product", product)
    tx.put("card", CardRecord.of(product))
    for sku in found.skus:
        _delete(tx, sku, found.entries[str(sku.sku_id)])
    changes = {"skus": [sku.to_json() for sku in product.skus]}
    audit(tx, product.tenant_id, by, "product.changed", f"product:{product.product_id}", now, changes)
    along(tx)
    tx.commit()
