"""Use cases of batches: a brand makes, changes, pauses and watches them."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.catalog.records import ProductRecord
from chalicelib.coupons.errors import BelowUsed, CodeTaken
from chalicelib.coupons.model.batches import Changes, Wanted, check, check_budget, check_currency
from chalicelib.coupons.model.codes import folded
from chalicelib.coupons.model.parts import divided, number_of_parts
from chalicelib.coupons.records import BatchRecord, CodeRecord, PartRecord
from chalicelib.coupons.service.making import begin_making
from chalicelib.db import Page, Refused, Transaction, change, check_revision, fetch_many
from chalicelib.kernel.counting import counted
from chalicelib.kernel.errors import FieldError, Invalid, NotFound
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.money import Money
from chalicelib.kernel.principal import Principal
from chalicelib.kernel.unset import UNSET, fields_set
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


@dataclass(slots=True)
class _Found:
    """A batch with all of its parts, as they are changed together."""

    batch: BatchRecord
    parts: list[PartRecord]


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


def edit_batch(
    tenant_id: str, batch_id: str, changes: Changes, if_match: int | None, by: Principal, now: datetime
) -> BatchRecord:
    """Changes what a batch is called, pauses or resumes it, or changes how many may be used and what they may cost.

    What members have keeps what it promised: a pause ends the handing out, and a limit may not fall below what was
    used. Raises NotFound, Stale, BelowUsed, AmountInAnotherCurrency, BudgetBelowOneUse.
    """

    def read() -> _Found:
        batch = get_batch(tenant_id, batch_id, consistent=True)
        return _Found(batch, fetch_many(batch.part_addresses, consistent=True))

    def decide(found: _Found, tx: Transaction) -> BatchRecord:
        batch = found.batch
        check_revision(batch, if_match)
        said = fields_set(changes)
        batch.title = said.get("title", batch.title)
        if "status" in said:
            batch.paused = said["status"] == "paused"
        if changes.total is not UNSET:
            batch.total = changes.total
        if changes.budget is not UNSET:
            _change_budget(batch, changes.budget)
        if said.keys() - {"title"}:
            _change_parts(tx, found)
        tx.replace("batch", batch)
        audit(tx, tenant_id, by, "coupon_batch.changed", f"coupon_batch:{batch_id}", now, _audited(said))
        return batch

    return change(read, decide)


def _change_budget(batch: BatchRecord, budget: Money | None) -> None:
    terms = batch.terms
    check_currency("budget", budget, terms.currency)
    one_use = None if terms.most_minor is None else Money(terms.most_minor, terms.currency)
    check_budget(budget, one_use)
    batch.budget_minor = None if budget is None else budget.amount_minor


def _change_parts(tx: Transaction, found: _Found) -> None:
    """Divides what is left over the parts anew; refused where an order has used one meanwhile, and done again."""
    batch, effect = found.batch, Effect.of(found.parts)
    _check_not_below(batch, effect)
    uses = divided(None if batch.total is None else int(batch.total) - effect.used, len(found.parts))
    budget = divided(None if batch.budget_minor is None else int(batch.budget_minor) - effect.spent_minor, len(uses))
    for n, part in enumerate(found.parts):
        part.uses_left, part.budget_left_minor, part.open = uses[n], budget[n], not batch.paused
        tx.replace(f"part:{n}", part)


def _check_not_below(batch: BatchRecord, effect: Effect) -> None:
    if batch.total is not None and int(batch.total) < effect.used:
        raise BelowUsed(
            f"Coupons are in {counted(effect.used, 'order')} already; allow that many or more.",
            detail_zh=f"已有 {effect.used} 张用于订单，请设为不少于该数量。",
            errors=(FieldError("/limits/total", f"at least {effect.used}", f"至少 {effect.used}"),),
            extra={"used": effect.used},
        )
    if batch.budget is not None and batch.budget.amount_minor < effect.spent_minor:
        spent = Money(effect.spent_minor, batch.budget.currency)
        raise BelowUsed(
            f"{spent:en} was taken off orders already; give a budget of that much or more.",
            detail_zh=f"订单已优惠 {spent:zh}，预算不能低于该金额。",
            errors=(FieldError("/budget", f"at least {spent:en}", f"至少 {spent:zh}"),),
            extra={"used": spent.as_json()},
        )


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


def _audited(said: dict[str, Any]) -> dict[str, Any]:
    budget = said.get("budget")
    return said | ({"budget": budget and budget.amount_minor} if "budget" in said else {})
