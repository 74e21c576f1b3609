"""The ledger of a SKU's stock: every change of its free units is one entry, and one cause makes one entry.

Corrections, wastage, returns and surplus write the entry and the balance in one transaction. What a campaign sets aside
or gives back moves many SKUs in one transaction, which has no room for an entry each: there an event on each SKU
carries the entry, and it is written from the stream.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.catalog.model.products import adjusted
from chalicelib.catalog.model.stock import Kind, Loss, Source
from chalicelib.catalog.records import SkuRecord, StockEntryRecord, stocked_skus
from chalicelib.catalog.service.set_aside import get_sku, no_sku
from chalicelib.db import Page, Refused, Transaction, change, fetch_many
from chalicelib.kernel.clock import parse_instant
from chalicelib.kernel.errors import IdempotencyMismatch
from chalicelib.kernel.ids import derived_id
from chalicelib.kernel.principal import Principal
from chalicelib.tenants.service.audit import audit


@dataclass(frozen=True, slots=True)
class _Found:
    """What is stored under an entry's key, and its SKU."""

    entry: StockEntryRecord | None
    sku: SkuRecord | None


def adjust_stock(
    tenant_id: str, sku_id: str, delta: int, reason: str, key: str, body_hash: str, by: Principal, now: datetime
) -> StockEntryRecord:
    """Corrects a SKU's free stock by ``delta`` units: a ledger entry and the balance in one transaction.

    The entry's id comes from the Idempotency-Key ``key``, so the entry is its own marker: the same key answers with the
    first entry for ever. Raises InsufficientStock, IdempotencyMismatch for another body under the key, or NotFound.
    """
    entry = _entry(tenant_id, sku_id, Kind.ADJUSTMENT, key, now)
    entry.delta, entry.reason, entry.by, entry.body_hash = delta, reason, by.label, body_hash
    return _keyed(entry, by)


def open_with(
    tx: Transaction, sku: SkuRecord, units: int, reason: str, cause: str, by: Principal, now: datetime
) -> None:
    """Adds to the transaction that creates a SKU what is on the shelf of it from the beginning: its stock is tracked,
    and units above zero are the first entry of its ledger.
    """
    tenant_id, sku_id = sku.tenant_id, str(sku.sku_id)
    sku.free, sku.tracked = adjusted(0, units), True
    sku.gsi1pk, sku.gsi1sk = stocked_skus(tenant_id), sku_id
    if units:
        entry = _entry(tenant_id, sku_id, Kind.ADJUSTMENT, cause, now)
        entry.delta, entry.reason, entry.cause, entry.by, entry.free_after = units, reason, cause, by.label, units
        tx.create(f"entry:{sku_id}", entry)


def waste(
    tenant_id: str,
    sku_id: str,
    units: int,
    loss: Loss,
    reason: str,
    key: str,
    body_hash: str,
    by: Principal,
    now: datetime,
) -> StockEntryRecord:
    """Writes ``units`` of a SKU off, saying what became of them. Raises as :func:`adjust_stock` does."""
    entry = _entry(tenant_id, sku_id, Kind.WASTAGE, key, now)
    entry.delta, entry.reason, entry.loss, entry.by, entry.body_hash = -units, reason, loss.value, by.label, body_hash
    return _keyed(entry, by)


def put_in(tenant_id: str, sku_id: str, units: int, kind: Kind, reason: str, source: Source) -> StockEntryRecord:
    """Adds units that came from outside: a supplier's surplus, or goods that a member gave back.

    One entry for each ``source.cause``, however often it is called; a SKU that was not tracked becomes so. Raises
    NotFound.
    """
    entry = _entry(tenant_id, sku_id, kind, source.cause, source.at)
    entry.delta, entry.reason, entry.cause, entry.by = units, reason, source.cause, source.by
    return _recorded(entry)


def take_back(tenant_id: str, sku_id: str, units: int, reason: str, source: Source) -> StockEntryRecord | None:
    """Puts goods that a member gave back into stock, where the SKU is tracked; elsewhere there is none to put them in,
    and the answer is None. Raises NotFound.
    """
    if not get_sku(tenant_id, sku_id).tracked:
        return None
    return put_in(tenant_id, sku_id, units, Kind.CUSTOMER_RETURN, reason, source)


def post(tenant_id: str, event_id: str, data: Mapping[str, Any]) -> None:
    """Writes the entry that an event on a SKU carries; the event's id makes a second delivery harmless."""
    entry = _entry(tenant_id, data["sku_id"], Kind(data["kind"]), event_id, parse_instant(data["at"]))
    entry.delta, entry.reason, entry.cause, entry.by = data["delta"], data["kind"], data["cause"], data["by"]
    tx = Transaction()
    tx.create("entry", entry)
    try:
        tx.commit()
    except Refused:
        return


def movements(
    tenant_id: str, sku_id: str, kind: Kind | None, limit: int, cursor: dict[str, Any] | None
) -> Page[StockEntryRecord]:
    """A SKU's ledger, newest first; of one kind, or all. Raises NotFound."""
    get_sku(tenant_id, sku_id)
    where: Any = None if kind is None else StockEntryRecord.kind == kind.value
    if kind is Kind.ADJUSTMENT:  # the first entries name no kind
        where |= StockEntryRecord.kind.does_not_exist()
    return StockEntryRecord.page(
        StockEntryRecord.partition(tenant_id, sku_id),
        index="gsi1", newest_first=True, limit=limit, cursor=cursor, where=where,
    )  # fmt: skip


def list_adjustments(tenant_id: str, sku_id: str, limit: int, cursor: dict[str, Any] | None) -> Page[StockEntryRecord]:
    """The corrections in a SKU's ledger, newest first. Raises NotFound."""
    return movements(tenant_id, sku_id, Kind.ADJUSTMENT, limit, cursor)


def first_entries(tenant_id: str, sku_id: str, most: int) -> list[StockEntryRecord]:
    """So many entries of a SKU's ledger at most, in no order, read consistently: of one of which nothing has moved
    since it was opened, all.
    """
    partition, prefix = StockEntryRecord.address(tenant_id, sku_id, "")
    return StockEntryRecord.page(partition, begins_with=prefix, limit=most, consistent=True).items


def _entry(tenant_id: str, sku_id: str, kind: Kind, cause: str, at: datetime) -> StockEntryRecord:
    entry_id = derived_id(tenant_id, kind.value, sku_id, cause)
    address = StockEntryRecord.address(tenant_id, sku_id, entry_id)
    return StockEntryRecord(*address, entry_id=entry_id, sku_id=sku_id, kind=kind.value, at=at)


def _keyed(entry: StockEntryRecord, by: Principal) -> StockEntryRecord:
    stored = _recorded(entry, by)
    if stored.body_hash != entry.body_hash:
        raise IdempotencyMismatch(
            "This Idempotency-Key was used for another change of the SKU's stock; use a new key for a new one.",
            detail_zh="该幂等键已用于另一次库存变动，请使用新的键。",
        )
    return stored


def _recorded(entry: StockEntryRecord, staff: Principal | None = None) -> StockEntryRecord:
    """The entry as it is stored, with the balance that follows from it: now, or by an earlier call. What ``staff`` do
    is in the audit log.
    """
    sku_at = SkuRecord.address(entry.tenant_id, entry.sku_id)

    def decide(found: _Found, tx: Transaction) -> StockEntryRecord:
        if found.entry is not None:
            return found.entry
        if found.sku is None:
            raise no_sku(str(entry.sku_id))
        entry.free_after = adjusted(int(found.sku.free), int(entry.delta))
        tx.create("entry", entry)
        balance = [
            SkuRecord.free.set(entry.free_after),
            SkuRecord.tracked.set(True),
            SkuRecord.gsi1pk.set(stocked_skus(entry.tenant_id)),
            SkuRecord.gsi1sk.set(entry.sku_id),
        ]
        tx.update("sku", SkuRecord, *sku_at, actions=balance, condition=SkuRecord.free == found.sku.free)
        if staff is not None:
            _audit(tx, entry, staff)
        return entry

    wanted = [(StockEntryRecord, entry.pk, entry.sk), (SkuRecord, *sku_at)]
    return change(lambda: _Found(*fetch_many(wanted, consistent=True)), decide)


def _audit(tx: Transaction, entry: StockEntryRecord, by: Principal) -> None:
    told = {"delta": int(entry.delta), "reason": entry.reason} | ({"loss": entry.loss} if entry.loss else {})
    action = "stock.wasted" if entry.kind == Kind.WASTAGE else "stock.adjusted"
    audit(tx, entry.tenant_id, by, action, f"sku:{entry.sku_id}", entry.at, told)
