"""Stock of SKUs: what is free, and what campaigns set aside. ``ledger`` has every other change.

What is free is the sum of the SKU's ledger. Whether a campaign takes from it is the SKU's ``supply``.
"""

from collections.abc import Collection, Mapping
from typing import Any

from chalicelib.catalog.model.products import InsufficientStock, Supply
from chalicelib.catalog.model.stock import Kind, Source
from chalicelib.catalog.records import SkuRecord
from chalicelib.db import Transaction, fetch_many
from chalicelib.kernel.clock import sortable
from chalicelib.kernel.counting import are
from chalicelib.kernel.errors import NotFound


def get_sku(tenant_id: str, sku_id: str) -> SkuRecord:
    """The SKU with its stock. Raises NotFound."""
    sku = SkuRecord.fetch(*SkuRecord.address(tenant_id, sku_id))
    if sku is None:
        raise no_sku(sku_id)
    return sku


def get_skus(tenant_id: str, sku_ids: Collection[str], *, consistent: bool = False) -> dict[str, SkuRecord]:
    """The SKUs by id, in one request for each hundred; ids that the tenant does not have are left out."""
    wanted = list(dict.fromkeys(sku_ids))
    found = fetch_many([(SkuRecord, *SkuRecord.address(tenant_id, sku_id)) for sku_id in wanted], consistent=consistent)
    return {sku_id: sku for sku_id, sku in zip(wanted, found, strict=True) if sku is not None}


def allocate(tx: Transaction, tenant_id: str, quantities: Mapping[str, int], source: Source) -> dict[str, int]:
    """Adds to a transaction what sets units aside, as operations named ``sku:<id>``.

    Of a SKU that is bought ``to_order`` that is nothing, of one from ``stock`` all, of one of ``both`` what is free.
    The ledger's entries are carried by events of the SKUs. Returns what was really set aside, by SKU: keep it, and hand
    it to :func:`release`; the rest is to be bought. Raises InsufficientStock when stock is short already; a refused
    operation says the same of a moment later.
    """
    skus = get_skus(tenant_id, quantities, consistent=True)
    wanted = {sku_id: _from_shelf(skus[sku_id], units) for sku_id, units in quantities.items() if sku_id in skus}
    taken = {sku_id: units for sku_id, units in wanted.items() if units}
    for sku_id, units in taken.items():
        _move(tx, tenant_id, sku_id, -units, SkuRecord.free >= units, source)
    return taken


def _from_shelf(sku: SkuRecord, units: int) -> int:
    if sku.supply == Supply.TO_ORDER:
        return 0
    if sku.supply == Supply.BOTH:
        return min(int(sku.free), units)
    if sku.free < units:
        raise InsufficientStock(
            f"Of {sku.product_title} ({sku.code}) only {sku.free} of {units} {are(int(sku.free))} free on the shelf. "
            'Offer at most that many, put more there, or set the supply of the SKU to "both", so the rest is bought.',
            detail_zh=f"{sku.product_title}（{sku.code}）货架仅剩 {sku.free} 件可用，需要 {units} 件。"
            "请减少数量、补充库存，或将该规格的供货方式改为“both”：先用库存，不足部分采购。",
            extra={"sku_id": sku.sku_id, "free": int(sku.free), "supply": sku.supply},
        )
    return units


def release(tx: Transaction, tenant_id: str, quantities: Mapping[str, int], source: Source) -> None:
    """Adds to a transaction what gives units back to free stock, as operations named ``sku:<id>``.

    Never more than is set aside: stock is not made from nothing.
    """
    skus = get_skus(tenant_id, quantities, consistent=True)
    for sku_id, units in quantities.items():
        back = min(units, int(skus[sku_id].allocated)) if sku_id in skus else 0
        if back > 0:
            _move(tx, tenant_id, sku_id, back, SkuRecord.allocated >= back, source)


def _move(tx: Transaction, tenant_id: str, sku_id: str, to_free: int, condition: Any, source: Source) -> None:
    kind = Kind.RETURNED if to_free > 0 else Kind.SET_ASIDE
    carried = {"sku_id": sku_id, "kind": kind.value, "delta": to_free, "cause": source.cause, "by": source.by}
    tx.update(
        f"sku:{sku_id}",
        SkuRecord,
        *SkuRecord.address(tenant_id, sku_id),
        actions=[
            SkuRecord.free.add(to_free),
            SkuRecord.allocated.add(-to_free),
            SkuRecord.emission("stock.moved", source.at, at=sortable(source.at), **carried),
        ],
        condition=condition,
    )


def no_sku(sku_id: str) -> NotFound:
    """The refusal of a SKU that the tenant does not have."""
    return NotFound("There is no such SKU.", detail_zh="没有该规格。")
