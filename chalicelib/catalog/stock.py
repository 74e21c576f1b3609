"""Stock of SKUs: corrections with a ledger, and what campaigns set aside.

Stock counts from a SKU's first correction on; before it, the SKU may be offered freely, since it is bought from the
supplier after the close. At any time ``free + allocated`` is the sum of the SKU's ledger.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from chalicelib.catalog.model import InsufficientStock, adjusted
from chalicelib.catalog.records import SkuRecord, StockEntryRecord
from chalicelib.db import Page, Refused, Transaction, fetch_many
from chalicelib.kernel.errors import IdempotencyMismatch, NotFound, Unavailable
from chalicelib.kernel.ids import derived_id
from chalicelib.web.principal import Principal

_TRIES = 10


def get_sku(tenant_id: str, sku_id: str) -> SkuRecord:
    """The SKU with its stock. Raises NotFound."""
    sku = SkuRecord.fetch(*SkuRecord.address(tenant_id, sku_id))
    if sku is None:
        raise _no_sku(sku_id)
    return sku


def get_skus(tenant_id: str, sku_ids: Collection[str], *, consistent: bool = False) -> dict[str, SkuRecord]:
    """The SKUs by id, in one request for each hundred; ids that the tenant does not have are left out."""
    wanted = list(dict.fromkeys(sku_ids))
    found = fetch_many([(SkuRecord, *SkuRecord.address(tenant_id, sku_id)) for sku_id in wanted], consistent=consistent)
    return {sku_id: sku for sku_id, sku in zip(wanted, found, strict=True) if sku is not None}


def adjust_stock(
    tenant_id: str, sku_id: str, delta: int, reason: str, key: str, body_hash: str, by: Principal, now: datetime
) -> StockEntryRecord:
    """Corrects a SKU's free stock by ``delta`` units: a ledger entry and the balance in one transaction.

    The entry's id comes from the Idempotency-Key ``key``, so the entry is its own marker: the same key answers with the
    first entry for ever. Raises InsufficientStock, IdempotencyMismatch for another body under the key, or NotFound.
    """
    entry_id = derived_id(tenant_id, "adjustment", sku_id, key)
    entry_at = StockEntryRecord.address(tenant_id, sku_id, entry_id)
    sku_at = SkuRecord.address(tenant_id, sku_id)
    for _ in range(_TRIES):
        first, sku = fetch_many([(StockEntryRecord, *entry_at), (SkuRecord, *sku_at)], consistent=True)
        if first is not None:
            return _same(first, body_hash)
        if sku is None:
            raise _no_sku(sku_id)
        entry = StockEntryRecord(
            *entry_at, entry_id=entry_id, sku_id=sku_id, delta=delta, reason=reason, at=now, by=by.label,
            body_hash=body_hash, free_after=adjusted(sku.free, delta),
        )  # fmt: skip
        entry.file(tenant_id, now)
        if _record(entry, sku):
            return entry
    raise Unavailable("Others change this stock at the same time; please send it again.", retry_after=1)


def _record(entry: StockEntryRecord, seen: SkuRecord) -> bool:
    """Commits an entry against the balance it was computed from; False when another write came between."""
    tx = Transaction()
    tx.create("entry", entry)
    tx.update(
        "sku",
        SkuRecord,
        *SkuRecord.address(seen.tenant_id, seen.sku_id),
        actions=[SkuRecord.free.set(entry.free_after), SkuRecord.tracked.set(True)],
        condition=SkuRecord.free == seen.free,
    )
    try:
        tx.commit()
    except Refused:
        return False
    return True


def _same(first: StockEntryRecord, body_hash: str) -> StockEntryRecord:
    if first.body_hash != body_hash:
        raise IdempotencyMismatch(
            "This Idempotency-Key was used for another adjustment of the SKU; use a new key for a new adjustment.",
            detail_zh="该幂等键已用于另一次库存调整，请使用新的键。",
        )
    return first


def list_adjustments(tenant_id: str, sku_id: str, limit: int, cursor: dict[str, Any] | None) -> Page[StockEntryRecord]:
    """A SKU's ledger, newest first. Raises NotFound."""
    get_sku(tenant_id, sku_id)
    return StockEntryRecord.page(
        StockEntryRecord.partition(tenant_id, sku_id), index="gsi1", newest_first=True, limit=limit, cursor=cursor
    )


def allocate(tx: Transaction, tenant_id: str, quantities: Mapping[str, int]) -> dict[str, int]:
    """Adds to a transaction what sets units of tracked SKUs aside, as operations named ``sku:<id>``.

    Returns what was really set aside, by SKU: keep it, and hand it to :func:`release`, since a SKU may become tracked
    later. Raises InsufficientStock when stock is short already; a refused operation says the same of a moment later.
    """
    skus = get_skus(tenant_id, quantities, consistent=True)
    taken = {sku_id: units for sku_id, units in quantities.items() if sku_id in skus and skus[sku_id].tracked}
    for sku_id, units in taken.items():
        sku = skus[sku_id]
        if sku.free < units:
            raise InsufficientStock(
                f"Only {sku.free} units of {sku.product_title} ({sku.code}) are free; {units} are wanted.",
                detail_zh=f"{sku.product_title}（{sku.code}）仅剩 {sku.free} 件可用，需要 {units} 件。",
                extra={"sku_id": sku_id, "free": sku.free},
            )
        _move(tx, tenant_id, sku_id, -units, SkuRecord.free >= units)
    return taken


def release(tx: Transaction, tenant_id: str, quantities: Mapping[str, int]) -> None:
    """Adds to a transaction what gives units back to free stock, as operations named ``sku:<id>``.

    Never more than is set aside: stock is not made from nothing.
    """
    skus = get_skus(tenant_id, quantities, consistent=True)
    for sku_id, units in quantities.items():
        back = min(units, int(skus[sku_id].allocated)) if sku_id in skus else 0
        if back > 0:
            _move(tx, tenant_id, sku_id, back, SkuRecord.allocated >= back)


def _move(tx: Transaction, tenant_id: str, sku_id: str, to_free: int, condition: Any) -> None:
    tx.update(
        f"sku:{sku_id}",
        SkuRecord,
        *SkuRecord.address(tenant_id, sku_id),
        actions=[SkuRecord.free.add(to_free), SkuRecord.allocated.add(-to_free)],
        condition=condition,
    )


def _no_sku(sku_id: str) -> NotFound:
    return NotFound(f"There is no SKU {sku_id}.", detail_zh=f"没有规格 {sku_id}。")
