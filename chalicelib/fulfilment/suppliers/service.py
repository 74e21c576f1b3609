"""Use cases of suppliers: who they are, and what they ask for a SKU."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from chalicelib.catalog.model.products import WrongCurrency
from chalicelib.catalog.service.set_aside import get_sku
from chalicelib.db import Page, Refused, Transaction, fetch_many
from chalicelib.fulfilment.suppliers.model import Agreement, SupplierArchived, SupplierInUse, check_terms
from chalicelib.fulfilment.suppliers.records import (
    ACTIVE,
    ARCHIVED,
    MainSupplierRecord,
    SupplierRecord,
    TermsRecord,
    supplier_list,
)
from chalicelib.kernel.errors import NotFound, Stale, Unavailable
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.principal import Principal
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.brand import get_tenant

_TRIES = 3
_NAMED = 20


def get_supplier(tenant_id: str, supplier_id: str, *, consistent: bool = False) -> SupplierRecord:
    """A supplier, archived or not. Raises NotFound."""
    found = SupplierRecord.fetch(*SupplierRecord.address(tenant_id, supplier_id), consistent=consistent)
    if found is None:
        raise NotFound(f"There is no supplier {supplier_id}.", detail_zh=f"供应商 {supplier_id} 不存在。")
    return found


def list_suppliers(
    tenant_id: str, status: str | None, limit: int, cursor: dict[str, Any] | None
) -> Page[SupplierRecord]:
    """The tenant's suppliers, newest first."""
    where = None if status is None else SupplierRecord.status == status
    return SupplierRecord.page(
        supplier_list(tenant_id), index="gsi1", newest_first=True, limit=limit, cursor=cursor, where=where
    )


def create_supplier(tenant_id: str, details: Mapping[str, Any], by: Principal, now: datetime) -> SupplierRecord:
    """Adds a supplier. ``details`` are its fields; an amount is Money. Raises WrongCurrency."""
    supplier_id = new_id(now)
    supplier = SupplierRecord(
        *SupplierRecord.address(tenant_id, supplier_id),
        id=supplier_id, status=ACTIVE, note="", currency=get_tenant(tenant_id).currency, created_at=now,
    )  # fmt: skip
    supplier.gsi1pk, supplier.gsi1sk = supplier_list(tenant_id), supplier_id
    _apply(supplier, details)
    tx = Transaction()
    tx.create("supplier", supplier)
    audit(tx, tenant_id, by, "supplier.created", f"supplier:{supplier_id}", now)
    tx.commit()
    return supplier


def edit_supplier(
    tenant_id: str, supplier_id: str, details: Mapping[str, Any], if_match: int | None, by: Principal, now: datetime
) -> SupplierRecord:
    """Changes what is named; ``status`` archives the supplier, or takes it back.

    Raises NotFound, Stale, WrongCurrency, and SupplierInUse where SKUs would be left without a supplier.
    """
    supplier = get_supplier(tenant_id, supplier_id, consistent=True)
    if if_match not in (None, supplier.rev):
        raise _stale()
    if details.get("status") == ARCHIVED and supplier.status == ACTIVE:
        _check_unused(tenant_id, supplier_id)
    _apply(supplier, details)
    tx = Transaction()
    tx.replace("supplier", supplier)
    audit(tx, tenant_id, by, "supplier.changed", f"supplier:{supplier_id}", now, {"fields": sorted(details)})
    try:
        tx.commit()
    except Refused:
        raise _stale() from None
    return supplier


def list_terms(
    tenant_id: str, supplier_id: str, limit: int, cursor: dict[str, Any] | None
) -> tuple[Page[TermsRecord], set[str]]:
    """A supplier's terms by SKU id, and of which of those SKUs it is the main supplier. Raises NotFound."""
    get_supplier(tenant_id, supplier_id)
    partition = SupplierRecord.partition(tenant_id, supplier_id)
    page = TermsRecord.page(partition, begins_with=TermsRecord.prefix(), limit=limit, cursor=cursor)
    return page, mains(tenant_id, supplier_id, [terms.sku_id for terms in page.items])


def mains(tenant_id: str, supplier_id: str, sku_ids: Collection[str]) -> set[str]:
    """Those of the SKUs of which the supplier is the main one."""
    main = _main_suppliers(tenant_id, sku_ids)
    return {sku_id for sku_id in sku_ids if main.get(sku_id) == supplier_id}


def agree(
    tenant_id: str, supplier_id: str, agreed: Agreement, by: Principal, now: datetime
) -> tuple[TermsRecord, bool]:
    """Writes a supplier's terms for a SKU, in place of earlier ones; the answer says whether it is the SKU's main one.

    Raises NotFound, SupplierArchived, WrongCurrency, and what ``check_terms`` does.
    """
    check_terms(agreed.terms)
    supplier = get_supplier(tenant_id, supplier_id)
    if supplier.status == ARCHIVED:
        raise SupplierArchived("Take the supplier back from the archive first.", detail_zh="请先恢复该供应商。")
    if agreed.currency != supplier.currency:
        message = f"Your currency is {supplier.currency}; {agreed.currency} is not taken."
        raise WrongCurrency.at("/cost/currency", message, f"店铺币种为 {supplier.currency}。")
    get_sku(tenant_id, agreed.sku_id)
    for _ in range(_TRIES):
        tx = Transaction()
        record = _terms(tenant_id, supplier_id, agreed, now)
        tx.put("terms", record)
        main = _choose_main(tx, tenant_id, supplier_id, agreed)
        audit(tx, tenant_id, by, "supplier.terms", f"supplier:{supplier_id}", now, {"sku_id": agreed.sku_id})
        try:
            tx.commit()
            return record, main
        except Refused:
            continue
    raise _contended()


def _terms(tenant_id: str, supplier_id: str, agreed: Agreement, now: datetime) -> TermsRecord:
    record = TermsRecord(
        *TermsRecord.address(tenant_id, supplier_id, agreed.sku_id),
        supplier_id=supplier_id, sku_id=agreed.sku_id, code=agreed.code, currency=agreed.currency, updated_at=now,
    )  # fmt: skip
    record.terms = agreed.terms
    return record


def _choose_main(tx: Transaction, tenant_id: str, supplier_id: str, agreed: Agreement) -> bool:
    """Adds what makes the supplier the SKU's main one, if it becomes so; whether it is then."""
    address = MainSupplierRecord.address(tenant_id, agreed.sku_id)
    marker = MainSupplierRecord.fetch(*address, consistent=True)
    if marker is None:
        if agreed.main is not False:
            tx.create("main", MainSupplierRecord(*address, supplier_id=supplier_id))
        return agreed.main is not False
    if agreed.main and marker.supplier_id != supplier_id:
        marker.supplier_id = supplier_id
        tx.replace("main", marker)
    return bool(marker.supplier_id == supplier_id)


def end_terms(tenant_id: str, supplier_id: str, sku_id: str, by: Principal, now: datetime) -> None:
    """Ends the terms for a SKU; where the supplier was its main one, the SKU has none then. Raises NotFound."""
    address = TermsRecord.address(tenant_id, supplier_id, sku_id)
    if TermsRecord.fetch(*address, consistent=True) is None:
        raise NotFound(
            f"The supplier has no terms for SKU {sku_id}.", detail_zh=f"该供应商没有规格 {sku_id} 的供货条款。"
        )
    tx = Transaction()
    tx.delete("terms", TermsRecord, *address)
    if supplier_id == _main_suppliers(tenant_id, [sku_id]).get(sku_id):
        main_at = MainSupplierRecord.address(tenant_id, sku_id)
        tx.delete("main", MainSupplierRecord, *main_at, condition=MainSupplierRecord.supplier_id == supplier_id)
    audit(tx, tenant_id, by, "supplier.terms_ended", f"supplier:{supplier_id}", now, {"sku_id": sku_id})
    try:
        tx.commit()
    except Refused:
        raise _contended() from None


def sources(tenant_id: str, sku_ids: Collection[str]) -> dict[str, tuple[SupplierRecord, TermsRecord]]:
    """From whom each SKU is bought, and on what terms; SKUs without an active main supplier are left out.

    Two batch reads, whatever the number of SKUs up to fifty.
    """
    main = _main_suppliers(tenant_id, sku_ids)
    wanted = [(sku_id, supplier_id) for sku_id, supplier_id in main.items()]
    suppliers = {supplier_id: SupplierRecord.address(tenant_id, supplier_id) for _, supplier_id in wanted}
    addresses: list[Any] = [(SupplierRecord, *at) for at in suppliers.values()]
    addresses += [(TermsRecord, *TermsRecord.address(tenant_id, supplier, sku)) for sku, supplier in wanted]
    found = fetch_many(addresses, consistent=True) if addresses else []
    known = dict(zip(suppliers, found[: len(suppliers)], strict=True))
    return {
        sku_id: (known[supplier_id], terms)
        for (sku_id, supplier_id), terms in zip(wanted, found[len(suppliers) :], strict=True)
        if terms is not None and known[supplier_id] is not None and known[supplier_id].status == ACTIVE
    }


def _main_suppliers(tenant_id: str, sku_ids: Collection[str]) -> dict[str, str]:
    ids = list(dict.fromkeys(sku_ids))
    addresses = [(MainSupplierRecord, *MainSupplierRecord.address(tenant_id, sku_id)) for sku_id in ids]
    found = fetch_many(addresses, consistent=True) if addresses else []
    return {sku_id: marker.supplier_id for sku_id, marker in zip(ids, found, strict=True) if marker is not None}


def _check_unused(tenant_id: str, supplier_id: str) -> None:
    partition = SupplierRecord.partition(tenant_id, supplier_id)
    skus = [str(each.sku_id) for each in TermsRecord.every(partition, begins_with=TermsRecord.prefix())]
    used = sorted(mains(tenant_id, supplier_id, skus))
    if used:
        raise SupplierInUse(
            f"It is the main supplier of {len(used)} SKUs; give those another one first, or end their terms.",
            detail_zh=f"该供应商仍是 {len(used)} 个规格的主供应商，请先更换或终止供货条款。",
            extra={"sku_ids": used[:_NAMED]},
        )


def _apply(supplier: SupplierRecord, details: Mapping[str, Any]) -> None:
    for name, value in details.items():
        if name != "minimum":
            setattr(supplier, name, value)
            continue
        if value is not None and value.currency != supplier.currency:
            message = f"Your currency is {supplier.currency}; {value.currency} is not taken."
            raise WrongCurrency.at("/minimum/currency", message, f"店铺币种为 {supplier.currency}。")
        supplier.minimum_minor = value.amount_minor if value is not None else 0


def _stale() -> Stale:
    return Stale("The supplier has changed since you read it; read it again.", detail_zh="供应商已被修改，请重新读取。")


def _contended() -> Unavailable:
    message = "Others change these terms at the same time; please send it again."
    return Unavailable(message, detail_zh="供货条款正被他人修改，请重试。", retry_after=1)
