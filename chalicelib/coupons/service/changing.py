"""A brand changes a batch: what it is called, whether it is handed out, how much of it there is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.coupons.errors import BelowUsed
from chalicelib.coupons.model.batches import Changes, check_budget, check_currency
from chalicelib.coupons.model.parts import divided, raised_by
from chalicelib.coupons.records import BatchRecord, PartRecord
from chalicelib.coupons.service.batches import Effect, get_batch
from chalicelib.coupons.service.using import forget_left
from chalicelib.db import Transaction, change, check_revision, fetch_many
from chalicelib.kernel.counting import counted
from chalicelib.kernel.errors import FieldError
from chalicelib.kernel.money import Money
from chalicelib.kernel.principal import Principal
from chalicelib.kernel.unset import UNSET, fields_set
from chalicelib.tenants.service.audit import audit


@dataclass(slots=True)
class _Found:
    """A batch with all of its parts, as they are changed together."""

    batch: BatchRecord
    parts: list[PartRecord]


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
        said, before = fields_set(changes), (batch.total, batch.budget_minor)
        batch.title = said.get("title", batch.title)
        if "status" in said:
            batch.paused = said["status"] == "paused"
        if changes.total is not UNSET:
            batch.total = changes.total
        if changes.budget is not UNSET:
            _change_budget(batch, changes.budget)
        if said.keys() - {"title"}:
            _change_parts(tx, found, *before)
            forget_left(batch_id)
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


def _change_parts(tx: Transaction, found: _Found, total: float | None, budget_minor: float | None) -> None:
    """Brings the parts to what the batch says, which had these limits before. A pause and a raise pass through a rush:
    they ask nothing of what orders change meanwhile.
    """
    more, more_minor = raised_by(total, found.batch.total), raised_by(budget_minor, found.batch.budget_minor)
    if more is None or more_minor is None:
        _divide_anew(tx, found)
        return
    each = zip(divided(more, len(found.parts)), divided(more_minor, len(found.parts)), strict=True)
    for n, (uses, minor) in enumerate(each):
        actions = [
            PartRecord.uses_left.add(uses), PartRecord.budget_left_minor.add(minor),
            PartRecord.open.set(not found.batch.paused), PartRecord.rev.add(1),
        ]  # fmt: skip
        place = PartRecord.address(found.batch.tenant_id, found.batch.id, n)
        tx.update(f"part:{n}", PartRecord, *place, actions=actions, condition=PartRecord.pk.exists())


def _divide_anew(tx: Transaction, found: _Found) -> None:
    """Divides what is left over the parts; refused where an order has used one meanwhile, and done again."""
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


def _audited(said: dict[str, Any]) -> dict[str, Any]:
    budget = said.get("budget")
    return said | ({"budget": budget and budget.amount_minor} if "budget" in said else {})
