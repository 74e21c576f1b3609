"""Use cases of products: create, change, read. Stock is in ``ledger`` and ``set_aside``, lists are in ``listing``."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from chalicelib.catalog.model.pictures import texts_for
from chalicelib.catalog.model.prices import price_changes
from chalicelib.catalog.model.products import (
    MAX_SKUS,
    ProductDetails,
    Sku,
    SkuChange,
    changed_skus,
    code_claims,
    duplicate_code,
)
from chalicelib.catalog.records import ACTIVE, CardRecord, CodeRecord, PriceChangeRecord, ProductRecord, SkuRecord
from chalicelib.catalog.service.ledger import open_with
from chalicelib.db import Refused, Transaction, change, check_revision, fetch_many
from chalicelib.kernel.clock import sortable
from chalicelib.kernel.errors import NotFound, Unavailable
from chalicelib.kernel.folding import fold
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.principal import Principal
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.brand import get_tenant


def create_product(
    tenant_id: str, details: ProductDetails, skus: Sequence[SkuChange], by: Principal, now: datetime
) -> ProductRecord:
    """Creates a product with its SKUs, claims their codes and adds its card to the lists, in one transaction.

    ``details`` has a title at least. Raises DuplicateSkuCode, WrongCurrency or Invalid, which a
    picture that was not uploaded is.
    """
    currency = get_tenant(tenant_id).currency
    # Imported here: whoever reads a brand or a product names no picture.
    from chalicelib.media.service import pictures

    pictures.keep(tenant_id, _pictures(details))
    product_id = new_id(now)
    product = ProductRecord(
        *ProductRecord.address(tenant_id, product_id),
        product_id=product_id, currency=currency, created_at=now, updated_at=now,
        **{"status": ACTIVE, **details.stated},
    )  # fmt: skip
    product.image_alts = texts_for(product.images, {}, details.image_alts)
    product.skus = changed_skus((), skus, currency, partial(new_id, now))
    tx = Transaction()
    tx.create("product", product)
    write_around(tx, product, ())
    audit(tx, tenant_id, by, "product.created", f"product:{product_id}", now)
    try:
        tx.commit()
    except Refused as refused:
        _refuse_taken_code(skus, refused)
        raise
    return product


@dataclass(frozen=True, slots=True)
class Brought:
    """A product that comes from elsewhere, under an id that its source always gives. ``skus`` have ids likewise;
    ``stock`` are the units on the shelf by SKU id, without those of which none are counted; ``reason`` is what the
    ledger says of them, ``cause`` what names the source for ever.
    """

    product_id: str
    details: ProductDetails
    skus: Sequence[Sku]
    stock: Mapping[str, int]
    reason: str
    cause: str


def bring_in(
    tenant_id: str,
    brought: Brought,
    by: Principal,
    now: datetime,
    *,
    along: Callable[[Transaction], None] = lambda tx: None,
) -> None:
    """Creates a product that comes from elsewhere, with its stock and what ``along`` adds, in one transaction.

    ``details`` has a title and no pictures. Raises DuplicateSkuCode, also where the same was brought in before.
    """
    product = ProductRecord(
        *ProductRecord.address(tenant_id, brought.product_id),
        product_id=brought.product_id, currency=get_tenant(tenant_id).currency, created_at=now, updated_at=now,
        **{"status": ACTIVE, **brought.details.stated},
    )  # fmt: skip
    product.skus = brought.skus
    tx = Transaction()
    tx.create("product", product)

    def opened(sku: SkuRecord) -> None:
        if sku.sku_id in brought.stock:
            open_with(tx, sku, brought.stock[sku.sku_id], brought.reason, brought.cause, by, now)

    write_around(tx, product, (), opened)
    audit(tx, tenant_id, by, "product.created", f"product:{brought.product_id}", now)
    along(tx)
    try:
        tx.commit()
    except Refused as refused:
        _refuse_taken_code(brought.skus, refused)
        raise


def add_brought(
    tenant_id: str,
    brought: Brought,
    by: Principal,
    now: datetime,
    *,
    along: Callable[[Transaction], None] = lambda tx: None,
) -> None:
    """Adds the SKUs that come from elsewhere to the product that stands under the id, with their stock and what
    ``along`` adds, in one transaction; of the product itself nothing is changed. Repeated, it adds nothing.

    Raises NotFound, DuplicateSkuCode, and Unavailable where the product takes none at this moment: whoever asked
    whether it does looks again.
    """

    new = {sku.sku_id: sku for sku in brought.skus}

    def opened(tx: Transaction, sku: SkuRecord) -> None:
        sku.brought_as = {"sku": new[sku.sku_id].to_json(), "at": sortable(now)}
        if sku.sku_id in brought.stock:
            open_with(tx, sku, brought.stock[sku.sku_id], brought.reason, brought.cause, by, now)

    def decide(product: ProductRecord, tx: Transaction) -> None:
        before = product.skus
        known = {sku.sku_id for sku in before}
        if all(sku.sku_id in known for sku in brought.skus):
            return
        if product.status != ACTIVE or len(before) + len(brought.skus) > MAX_SKUS:
            raise Unavailable(
                "The product was changed at this moment; please try again.", detail_zh="商品刚被修改，请重试。"
            )
        product.skus = [*before, *brought.skus]
        product.updated_at = now
        tx.replace("product", product)
        write_around(tx, product, before, partial(opened, tx))
        changes = {"skus": [sku.to_json() for sku in product.skus]}
        audit(tx, tenant_id, by, "product.changed", f"product:{brought.product_id}", now, changes)
        along(tx)

    change(
        lambda: get_product(tenant_id, brought.product_id, consistent=True),
        decide,
        refused=partial(_refuse_taken_code, brought.skus),
    )


def edit_product(
    tenant_id: str,
    product_id: str,
    details: ProductDetails,
    skus: Sequence[SkuChange],
    if_match: int | None,
    by: Principal,
    now: datetime,
) -> ProductRecord:
    """Changes what ``details`` say, and the SKUs named; what is not named stays.

    Campaigns keep the titles and prices that they copied. Raises Stale when ``if_match`` is not the stored revision,
    DuplicateSkuCode, WrongCurrency, Invalid or NotFound.
    """

    # Imported here: whoever reads a brand or a product names no picture.
    from chalicelib.media.service import pictures

    pictures.keep(tenant_id, _pictures(details))

    def decide(product: ProductRecord, tx: Transaction) -> ProductRecord:
        check_revision(product, if_match)
        before, described = product.skus, product.image_alts or {}
        product.skus = changed_skus(before, skus, product.currency, partial(new_id, now))
        for name, value in details.stated.items():
            setattr(product, name, value)
        product.image_alts = texts_for(product.images, described, details.image_alts)
        product.updated_at = now
        tx.replace("product", product)
        write_around(tx, product, before)
        changes = {**details.stated, **({"skus": [sku.to_json() for sku in product.skus]} if skus else {})}
        audit(tx, tenant_id, by, "product.changed", f"product:{product_id}", now, changes)
        return product

    return change(
        lambda: get_product(tenant_id, product_id, consistent=True), decide, refused=partial(_refuse_taken_code, skus)
    )


def _pictures(details: ProductDetails) -> Iterable[tuple[str, str]]:
    return ((f"/images/{index}", address) for index, address in enumerate(details.images or ()))


def write_around(
    tx: Transaction,
    product: ProductRecord,
    before: Sequence[Sku],
    opened: Callable[[SkuRecord], None] = lambda sku: None,
) -> None:
    """Adds what follows from the product: its card, its SKU records, what changed of their prices, the claims of its
    codes. ``opened`` sees each new SKU before it is added.
    """
    tenant_id = product.tenant_id
    tx.put("card", CardRecord.of(product))
    if changes := price_changes(before, product.skus):
        tx.create("prices", PriceChangeRecord.of(product, changes))
    known = {sku.sku_id for sku in before}
    for sku in product.skus:
        if sku.sku_id in known:
            tx.update(
                f"sku:{sku.sku_id}",
                SkuRecord,
                *SkuRecord.address(tenant_id, sku.sku_id),
                actions=_copied(product, sku),
                condition=SkuRecord.pk.exists(),
            )
        else:
            record = SkuRecord.of(product, sku)
            opened(record)
            tx.create(f"sku:{sku.sku_id}", record)
    claims = code_claims(before, product.skus)
    for code, sku_id in claims.added.items():
        tx.create(f"code:{code}", CodeRecord.of(tenant_id, code, sku_id, product.product_id))
    for code, (_, sku_id) in claims.moved.items():
        tx.put(f"moved:{code}", CodeRecord.of(tenant_id, code, sku_id, product.product_id))
    for code in claims.dropped:
        tx.delete(f"dropped:{code}", CodeRecord, *CodeRecord.address(tenant_id, code))


def _copied(product: ProductRecord, sku: Sku) -> list[Any]:
    """What a SKU record repeats of its product; the stock beside it is left alone."""
    values = SkuRecord.of(product, sku)
    names = [
        "code", "title", "product_title", "price_minor", "status", "return_days", "exchange_days", "repair_days",
        "supply",
    ]  # fmt: skip
    if sku.cost_minor is not None:
        names.append("cost_minor")
    content, tax = SkuRecord.stored_content, SkuRecord.tax_bps
    return [
        *(getattr(SkuRecord, name).set(getattr(values, name)) for name in names),
        content.set(values.stored_content) if values.stored_content else content.remove(),
        tax.set(sku.tax_bps) if sku.tax_bps is not None else tax.remove(),
    ]


def _refuse_taken_code(skus: Sequence[SkuChange | Sku], refused: Refused) -> None:
    """A refused claim becomes DuplicateSkuCode at the entry that asked for the code."""
    for index, asked in enumerate(skus):
        if asked.code is not None and f"code:{fold(asked.code)}" in refused.names:
            raise duplicate_code(asked.code, index) from refused


def get_product(tenant_id: str, product_id: str, *, consistent: bool = False) -> ProductRecord:
    """The product. Raises NotFound."""
    product = ProductRecord.fetch(*ProductRecord.address(tenant_id, product_id), consistent=consistent)
    if product is None:
        raise NotFound("There is no such product.", detail_zh="没有该商品。")
    return product


def get_shown(tenant_id: str, product_ids: Sequence[str]) -> list[ProductRecord]:
    """Products as shoppers may see them, in this order. Raises NotFound for one that is absent or archived."""
    found = shown_among(tenant_id, product_ids)
    if len(found) < len(set(product_ids)):
        raise NotFound("There is no such product.", detail_zh="没有该商品。")
    return [found[each] for each in product_ids]


def shown_among(tenant_id: str, product_ids: Sequence[str]) -> dict[str, ProductRecord]:
    """Those of these products that shoppers may see, by id in this order."""
    found = fetch_many([(ProductRecord, *ProductRecord.address(tenant_id, each)) for each in product_ids])
    return {each.product_id: each for each in found if each is not None and each.status == ACTIVE}


def find_by_codes(tenant_id: str, codes: Sequence[str], *, consistent: bool = False) -> dict[str, CodeRecord]:
    """Whose the codes are (SKU and product id), by the code as it was asked for; unknown ones are left out."""
    wanted = list(dict.fromkeys(codes))
    addresses = [(CodeRecord, *CodeRecord.address(tenant_id, fold(code))) for code in wanted]
    found = fetch_many(addresses, consistent=consistent)
    return {code: claim for code, claim in zip(wanted, found, strict=True) if claim is not None}
