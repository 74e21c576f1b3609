"""Use cases of batches: a brand makes them, and sees what comes of each."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.catalog.records import ProductRecord
from chalicelib.coupons.errors import CodeTaken
from chalicelib.coupons.model.batches import Wanted, check
from chalicelib.coupons.model.codes import folded
from chalicelib.coupons.model.parts import divided, number_of_parts
from chalicelib.coupons.records import BatchRecord, CodeRecord, PartRecord
from chalicelib.coupons.service.making import begin_making
from chalicelib.db import Page, Refused, Transaction, fetch_many
from chalicelib.kernel.errors import FieldError, Invalid, NotFound
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.principal import Principal
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.brand import get_tenant


@dataclass(frozen=True, slots=True)
class Effect:
    """What came of a batch: coupons that members got, orders that use one, and what these took off their prices, in
    minor units of the brand's currency.
    """

    granted: int
    used: int
    spent_minor: int

    @classmethod
    def of(cls, parts: Sequence[PartRecord]) -> "Effect":
        names = ("granted", "used", "spent_minor")
        return cls(*(sum(int(getattr(part, name)) for part in parts) for name in names))


def create_batch(tenant_id: str, wanted: Wanted, locale: str, by: Principal, now: datetime) -> BatchRecord:
    """Makes a batch, from which coupons are handed out at once; single codes are drawn in the background.

    Raises TermsRefused, AmountInAnotherCurrency, BudgetBelowOneUse, CodeTaken, and Invalid for an unknown product.
    """
    terms = wanted.terms(get_tenant(tenant_id).currency)
    check(wanted, now)
    _check_products(tenant_id, wanted.goods.product_ids)
    batch_id, total = new_id(now), wanted.total if wanted.count is None else (wanted.total or wanted.count)
    budget_minor = wanted.budget.amount_minor if wanted.budget else None
    batch = BatchRecord(
        *BatchRecord.address(tenant_id, batch_id),
        id=batch_id, title=wanted.title, purpose=wanted.purpose, stored_terms=terms.as_json(),
        stored_validity=wanted.validity.as_json(), code=wanted.code, code_count=wanted.count,
        per_member=wanted.per_member, total=total, budget_minor=budget_minor,
        parts=number_of_parts(total, budget_minor, terms.most_minor), created_at=now, created_by=by.label,
    )  # fmt: skip
    tx = Transaction()
    _lay_out(tx, batch)
    if wanted.code is not None:
        place = CodeRecord.address(tenant_id, folded(wanted.code))
        tx.create("code", CodeRecord(*place, batch_id=batch_id))
    if wanted.count is not None:
        batch.seed = secrets.token_hex(32)
        begin_making(tx, batch, locale, now)
    tx.create("batch", batch)
    audit(tx, tenant_id, by, "coupon_batch.created", f"coupon_batch:{batch_id}", now, {"title": wanted.title})
    try:
        tx.commit()
    except Refused as refusal:
        raise _taken(wanted.code) if "code" in refusal.names else refusal from refusal
    return batch


def get_batch(tenant_id: str, batch_id: str, *, consistent: bool = False) -> BatchRecord:
    """A batch. Raises NotFound."""
    found = BatchRecord.fetch(*BatchRecord.address(tenant_id, batch_id), consistent=consistent)
    if found is None:
        raise NotFound("There is no such batch of coupons.", detail_zh="没有该批次的优惠券。")
    return found


def list_batches(tenant_id: str, limit: int, cursor: dict[str, Any] | None) -> Page[BatchRecord]:
    """The brand's batches, newest first."""
    return BatchRecord.page(
        BatchRecord.of_tenant(tenant_id), index="gsi1", limit=limit, cursor=cursor, newest_first=True
    )


def effect_of(batch: BatchRecord) -> Effect:
    """What came of a batch."""
    return Effect.of(fetch_many(batch.part_addresses, consistent=True))


def _lay_out(tx: Transaction, batch: BatchRecord) -> None:
    parts = int(batch.parts)
    budgets = divided(None if batch.budget_minor is None else int(batch.budget_minor), parts)
    totals = divided(None if batch.total is None else int(batch.total), parts)
    for n, (uses, budget) in enumerate(zip(totals, budgets, strict=True)):
        place = PartRecord.address(batch.tenant_id, batch.id, n)
        tx.create(f"part:{n}", PartRecord(*place, uses_left=uses, budget_left_minor=budget))


def _check_products(tenant_id: str, product_ids: Sequence[str]) -> None:
    addresses = [(ProductRecord, *ProductRecord.address(tenant_id, each)) for each in product_ids]
    found = fetch_many(addresses) if addresses else []
    if unknown := [at for at, product in enumerate(found) if product is None]:
        raise Invalid.at(
            f"/scope/product_ids/{unknown[0]}", "There is no such product; choose from the list of products.",
            "没有该商品，请从商品列表中选择。",
        )  # fmt: skip


def _taken(code: str | None) -> CodeTaken:
    return CodeTaken(
        f"Another batch has the code {code}, or one that reads like it; choose another.",
        detail_zh=f"券码 {code} 或与其相近的写法已被使用，请换一个。",
        errors=(FieldError("/codes/code", "choose another code", "请换一个券码"),),
    )
