"""Use cases of suppliers: who they are, and what they ask for a SKU."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from chalicelib.catalog.model.products import WrongCurrency
from chalicelib.catalog.service.set_aside import get_sku
from chalicelib.db import Page, Refused, Transaction, change, check_revision, fetch_many
from chalicelib.fulfilment.suppliers.model import (
    ACTIVE,
    ARCHIVED,
    Agreement,
    SupplierArchived,
    SupplierDetails,
    SupplierInUse,
    Terms,
    check_licences,
    check_terms,
)
from chalicelib.fulfilment.suppliers.records import MainSupplierRecord, SupplierRecord, TermsRecord, supplier_list
from chalicelib.kernel.clock import zone
from chalicelib.kernel.counting import counted
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.folding import fold
from chalicelib.kernel.ids import derived_id, new_id
from chalicelib.kernel.local_day import local_date
from chalicelib.kernel.principal import Principal
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.brand import get_tenant

_NAMED = 20
_FIELDS = tuple(SupplierDetails.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Agreed:
    """A supplier's terms for a SKU, and whether the supplier is the SKU's main one."""

    record: TermsRecord
    main: bool


def get_supplier(tenant_id: str, supplier_id: str, *, consistent: bool = False) -> SupplierRecord:
    """A supplier, archived or not. Raises NotFound."""
    found = SupplierRecord.fetch(*SupplierRecord.address(tenant_id, supplier_id), consistent=consistent)
    if found is None:
        raise NotFound("There is no such supplier.", detail_zh="该供应商不存在。")
    return found


def list_suppliers(
    tenant_id: str, status: str | None, limit: int, cursor: dict[str, Any] | None
) -> Page[SupplierRecord]:
    """The tenant's suppliers, newest first."""
    where = None if status is None else SupplierRecord.status == status
    return SupplierRecord.page(
        supplier_list(tenant_id), index="gsi1", newest_first=True, limit=limit, cursor=cursor, where=where
    )


def create_supplier(tenant_id: str, details: SupplierDetails, by: Principal, now: datetime) -> SupplierRecord:
    """Adds a supplier. Raises WrongCurrency."""
    supplier_id = new_id(now)
    supplier = SupplierRecord(
        *SupplierRecord.address(tenant_id, supplier_id),
        id=supplier_id, currency=get_tenant(tenant_id).currency, created_at=now,
    )  # fmt: skip
    _apply(supplier, details, _FIELDS)
    tx = Transaction()
    tx.create("supplier", supplier)
    audit(tx, tenant_id, by, "supplier.created", f"supplier:{supplier_id}", now)
    tx.commit()
    return supplier


def suppliers_named(
    tenant_id: str, names: Collection[str], by: Principal, now: datetime, *, create: bool = True
) -> dict[str, SupplierRecord]:
    """The suppliers of these names, by the folded name; those that the tenant has not are created, each once however
    often and by whomever they are asked for at the same time. Without ``create`` they are left out.
    """
    wanted = {fold(name): name for name in names}
    if not wanted:
        return {}
    found: dict[str, SupplierRecord] = {}
    for each in SupplierRecord.every(supplier_list(tenant_id), index="gsi1"):
        if fold(each.name) in wanted and (fold(each.name) not in found or each.status == ACTIVE):
            found[fold(each.name)] = each
    for folded, name in wanted.items():
        if folded not in found and create:
            found[folded] = _named(tenant_id, name, by, now)
    return found


def _named(tenant_id: str, name: str, by: Principal, now: datetime) -> SupplierRecord:
    """A supplier under the id that follows from its name: a second one of the same name is refused by its key."""
    supplier_id = derived_id(tenant_id, "supplier", fold(name))
    supplier = SupplierRecord(
        *SupplierRecord.address(tenant_id, supplier_id),
        id=supplier_id, currency=get_tenant(tenant_id).currency, created_at=now,
    )  # fmt: skip
    _apply(supplier, SupplierDetails(name), _FIELDS)
    tx = Transaction()
    tx.create("supplier", supplier)
    audit(tx, tenant_id, by, "supplier.created", f"supplier:{supplier_id}", now)
    try:
        tx.commit()
    except Refused:
        return get_supplier(tenant_id, supplier_id, consistent=True)
    return supplier


def begin_terms(tx: Transaction, supplier: SupplierRecord, sku_id: str, cost_minor: int, now: datetime) -> None:
    """Adds to the transaction that creates a SKU whom it is bought from, at what cost of one unit (minor units)."""
    agreed = Agreement(sku_id, Terms(cost_minor), supplier.currency)
    tx.create(f"terms:{sku_id}", _terms(supplier.tenant_id, supplier.id, agreed, now))
    address = MainSupplierRecord.address(supplier.tenant_id, sku_id)
    tx.create(f"main:{sku_id}", MainSupplierRecord(*address, supplier_id=supplier.id))


def terms_by_sku(tenant_id: str) -> dict[str, list[TermsRecord]]:
    """The terms of all suppliers, by SKU id."""
    found: dict[str, list[TermsRecord]] = {}
    for supplier in SupplierRecord.every(supplier_list(tenant_id), index="gsi1"):
        partition = SupplierRecord.partition(tenant_id, supplier.id)
        for terms in TermsRecord.every(partition, begins_with=TermsRecord.prefix(), consistent=True):
            found.setdefault(str(terms.sku_id), []).append(terms)
    return found


def drop_terms(tx: Transaction, terms: TermsRecord) -> None:
    """Adds to the transaction that deletes a SKU the end of the only terms for it, which are refused at
    ``terms:<sku>`` where they have changed since they were read.
    """
    unchanged, own = TermsRecord.updated_at == terms.updated_at, MainSupplierRecord.supplier_id == terms.supplier_id
    tx.delete(f"terms:{terms.sku_id}", TermsRecord, str(terms.pk), str(terms.sk), condition=unchanged)
    address = MainSupplierRecord.address(terms.tenant_id, str(terms.sku_id))
    tx.delete(f"main:{terms.sku_id}", MainSupplierRecord, *address, condition=own)


def edit_supplier(
    tenant_id: str,
    supplier_id: str,
    details: SupplierDetails,
    fields: Collection[str],
    if_match: int | None,
    by: Principal,
    now: datetime,
) -> SupplierRecord:
    """Changes the named fields of a supplier; ``status`` archives it, or takes it back.

    Raises NotFound, Stale, WrongCurrency, and SupplierInUse where SKUs would be left without a supplier.
    """

    def decide(supplier: SupplierRecord, tx: Transaction) -> SupplierRecord:
        check_revision(supplier, if_match)
        if "status" in fields and details.status == ARCHIVED and supplier.status == ACTIVE:
            _check_unused(tenant_id, supplier_id)
        _apply(supplier, details, fields)
        tx.replace("supplier", supplier)
        audit(tx, tenant_id, by, "supplier.changed", f"supplier:{supplier_id}", now, {"fields": sorted(fields)})
        return supplier

    return change(partial(get_supplier, tenant_id, supplier_id, consistent=True), decide)


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


def agree(tenant_id: str, supplier_id: str, agreed: Agreement, by: Principal, now: datetime) -> Agreed:
    """Writes a supplier's terms for a SKU, in place of earlier ones.

    What of the supplier allows it, such as its licences, is so in the very write. Raises NotFound, SupplierArchived,
    LicenceOver, WrongCurrency, and what ``check_terms`` does.
    """
    check_terms(agreed.terms)
    get_sku(tenant_id, agreed.sku_id)

    def read() -> tuple[SupplierRecord, MainSupplierRecord | None]:
        return get_supplier(tenant_id, supplier_id, consistent=True), _main_supplier(tenant_id, agreed.sku_id)

    def decide(found: tuple[SupplierRecord, MainSupplierRecord | None], tx: Transaction) -> Agreed:
        supplier, main = found
        _check_may_agree(supplier, agreed, today_of(tenant_id, now))
        tx.check(
            "supplier", SupplierRecord, str(supplier.pk), str(supplier.sk), SupplierRecord.rev == int(supplier.rev)
        )
        record = _terms(tenant_id, supplier_id, agreed, now)
        tx.put("terms", record)
        audit(tx, tenant_id, by, "supplier.terms", f"supplier:{supplier_id}", now, {"sku_id": agreed.sku_id})
        return Agreed(record, _choose_main(tx, main, tenant_id, supplier_id, agreed))

    return change(read, decide)


def _check_may_agree(supplier: SupplierRecord, agreed: Agreement, today: date) -> None:
    check_licences({supplier.name: supplier.licences}, today)
    if supplier.status == ARCHIVED:
        raise SupplierArchived("Take the supplier back from the archive first.", detail_zh="请先恢复该供应商。")
    if agreed.currency != supplier.currency:
        message = f"Your currency is {supplier.currency}; {agreed.currency} is not taken."
        raise WrongCurrency.at("/cost/currency", message, f"店铺币种为 {supplier.currency}。")


def _terms(tenant_id: str, supplier_id: str, agreed: Agreement, now: datetime) -> TermsRecord:
    record = TermsRecord(
        *TermsRecord.address(tenant_id, supplier_id, agreed.sku_id),
        supplier_id=supplier_id, sku_id=agreed.sku_id, code=agreed.code, currency=agreed.currency, updated_at=now,
    )  # fmt: skip
    record.terms = agreed.terms
    return record


def _choose_main(
    tx: Transaction, main: MainSupplierRecord | None, tenant_id: str, supplier_id: str, agreed: Agreement
) -> bool:
    """Adds what makes the supplier the SKU's main one, if it becomes so; whether it is then."""
    if main is None:
        if agreed.main is not False:
            address = MainSupplierRecord.address(tenant_id, agreed.sku_id)
            tx.create("main", MainSupplierRecord(*address, supplier_id=supplier_id))
        return agreed.main is not False
    if agreed.main and main.supplier_id != supplier_id:
        main.supplier_id = supplier_id
        tx.replace("main", main)
    return bool(main.supplier_id == supplier_id)


def _main_supplier(tenant_id: str, sku_id: str) -> MainSupplierRecord | None:
    return MainSupplierRecord.fetch(*MainSupplierRecord.address(tenant_id, sku_id), consistent=True)


def end_terms(tenant_id: str, supplier_id: str, sku_id: str, by: Principal, now: datetime) -> None:
    """Ends the terms for a SKU; where the supplier was its main one, the SKU has none then. Raises NotFound."""
    address = TermsRecord.address(tenant_id, supplier_id, sku_id)
    if TermsRecord.fetch(*address, consistent=True) is None:
        raise NotFound("The supplier has no terms for this SKU.", detail_zh="该供应商没有此规格的供货条款。")

    def decide(main: MainSupplierRecord | None, tx: Transaction) -> None:
        tx.delete("terms", TermsRecord, *address)
        if main is not None and main.supplier_id == supplier_id:
            unchanged = MainSupplierRecord.supplier_id == supplier_id
            tx.delete("main", MainSupplierRecord, str(main.pk), str(main.sk), condition=unchanged)
        audit(tx, tenant_id, by, "supplier.terms_ended", f"supplier:{supplier_id}", now, {"sku_id": sku_id})

    change(partial(_main_supplier, tenant_id, sku_id), decide)


def today_of(tenant_id: str, now: datetime) -> date:
    """The brand's own day."""
    return local_date(now, zone(get_tenant(tenant_id).timezone))


def check_suppliers(tenant_id: str, supplier_ids: Collection[str], now: datetime) -> None:
    """Raises LicenceOver where something is to be bought from a supplier one of whose licences is over."""
    addresses = [(SupplierRecord, *SupplierRecord.address(tenant_id, each)) for each in dict.fromkeys(supplier_ids)]
    found = fetch_many(addresses, consistent=True) if addresses else []
    check_licences({each.name: each.licences for each in found if each is not None}, today_of(tenant_id, now))


@dataclass(frozen=True, slots=True)
class MainSource:
    """From whom a SKU is bought, and on what terms."""

    supplier: SupplierRecord
    terms: TermsRecord


def sources(tenant_id: str, sku_ids: Collection[str]) -> dict[str, MainSource]:
    """The main source of each SKU; SKUs without an active main supplier are left out.

    Two batch reads, whatever the number of SKUs up to fifty.
    """
    main = _main_suppliers(tenant_id, sku_ids)
    addresses: list[Any] = [(SupplierRecord, *SupplierRecord.address(tenant_id, each)) for each in set(main.values())]
    addresses += [(TermsRecord, *TermsRecord.address(tenant_id, supplier, sku)) for sku, supplier in main.items()]
    found = fetch_many(addresses, consistent=True) if addresses else []
    suppliers = {each.id: each for each in found if isinstance(each, SupplierRecord) and each.status == ACTIVE}
    terms = {each.sku_id: each for each in found if isinstance(each, TermsRecord)}
    return {
        sku_id: MainSource(suppliers[supplier_id], terms[sku_id])
        for sku_id, supplier_id in main.items()
        if supplier_id in suppliers and sku_id in terms
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
            f"It is the main supplier of {counted(len(used), 'SKU')}; give "
            "those another one first, or end their terms.",
            detail_zh=f"该供应商仍是 {len(used)} 个规格的主供应商，请先更换或终止供货条款。",
            extra={"sku_ids": used[:_NAMED]},
        )


def _apply(supplier: SupplierRecord, details: SupplierDetails, fields: Collection[str]) -> None:
    stated: dict[str, Any] = {name: getattr(details, name) for name in fields if name != "minimum"}
    if "below_minimum" in stated:
        stated["below_minimum"] = details.below_minimum.value
    for name, value in stated.items():
        setattr(supplier, name, value)
    if "minimum" not in fields:
        return
    minimum = details.minimum
    if minimum is not None and minimum.currency != supplier.currency:
        message = f"Your currency is {supplier.currency}; {minimum.currency} is not taken."
        raise WrongCurrency.at("/minimum/currency", message, f"店铺币种为 {supplier.currency}。")
    supplier.minimum_minor = minimum.amount_minor if minimum is not None else 0
