"""Use cases of booked costs."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from pynamodb.expressions.condition import Condition

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.catalog.records import ProductRecord
from chalicelib.channels.records import ChannelRecord
from chalicelib.db import Page, Refused, TenantRecord, Transaction, change, check_revision, fetch_many
from chalicelib.insight.costs.model import Cost, CostInAnotherCurrency, CostKind, RangeInvalid, UnknownSubject
from chalicelib.insight.costs.records import CostBook, CostRecord
from chalicelib.kernel.errors import IdempotencyMismatch, NotFound
from chalicelib.kernel.ids import derived_id
from chalicelib.kernel.money import Money
from chalicelib.kernel.principal import Principal
from chalicelib.pickup_points.records import PickupPointRecord
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.brand import get_tenant

_SUBJECTS: Mapping[str, tuple[type[TenantRecord], str, str]] = {
    "campaign_id": (CampaignRecord, "campaign", "团购"),
    "product_id": (ProductRecord, "product", "商品"),
    "pickup_point_id": (PickupPointRecord, "pickup point", "自提点"),
    "channel_id": (ChannelRecord, "channel", "渠道"),
}


@dataclass(frozen=True, slots=True)
class CostFilter:
    """Costs that touch local days, both included; of a kind; of a campaign."""

    from_on: date | None = None
    to_on: date | None = None
    kind: CostKind | None = None
    campaign_id: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """Who asks for a cost to be booked, and how the request is told apart from others."""

    key: str
    body_hash: str
    by: Principal


def book_cost(tenant_id: str, cost: Cost, currency: str, request: Request, now: datetime) -> CostRecord:
    """Books a cost; under one key there is one, however often it is sent.

    Raises RangeInvalid, UnknownSubject, CostInAnotherCurrency, IdempotencyMismatch.
    """
    cost.check()
    _check_currency(tenant_id, currency)
    cost_id = derived_id(tenant_id, "cost", request.by.label, request.key)
    record = CostRecord(
        *CostRecord.address(tenant_id, cost_id), id=cost_id, currency=currency, body_hash=request.body_hash,
        created_at=now, updated_at=now,
    )  # fmt: skip
    record.cost = cost
    earlier = CostRecord.fetch(*CostRecord.address(tenant_id, cost_id), consistent=True)
    if earlier is not None:
        return _same(earlier, request)
    _check_subjects(tenant_id, cost, set(_SUBJECTS))
    tx = Transaction()
    tx.create("cost", record)
    _count(tx, tenant_id)
    audit(tx, tenant_id, request.by, "cost.booked", f"cost:{cost_id}", now, _said(asdict(cost)))
    try:
        tx.commit()
    except Refused as refused:
        if (other := refused.item("cost", CostRecord)) is not None:
            return _same(other, request)
        raise
    return record


def get_cost(tenant_id: str, cost_id: str, *, consistent: bool = False) -> CostRecord:
    """A booked cost. Raises NotFound."""
    found = CostRecord.fetch(*CostRecord.address(tenant_id, cost_id), consistent=consistent)
    if found is None:
        raise NotFound("There is no such cost.", detail_zh="没有该费用。")
    return found


def list_costs(tenant_id: str, wanted: CostFilter, limit: int, cursor: dict[str, Any] | None) -> Page[CostRecord]:
    """Booked costs, those that begin last first. Raises RangeInvalid for days that run backwards."""
    if wanted.from_on and wanted.to_on and wanted.to_on < wanted.from_on:
        raise RangeInvalid.at(
            "?to_on",
            f"The last day, {wanted.to_on}, is before the first, {wanted.from_on}; swap them.",
            f"结束日期 {wanted.to_on} 早于开始日期 {wanted.from_on}，请调换。",
        )
    return CostRecord.page(
        CostRecord.of_tenant(tenant_id), index="gsi1", between=CostRecord.beginning(wanted.from_on, wanted.to_on),
        where=_where(wanted), newest_first=True, limit=limit, cursor=cursor,
    )  # fmt: skip


def costs_between(tenant_id: str, from_on: date | None, to_on: date | None) -> Iterator[Cost]:
    """Every booked cost of which a day is among these, both included."""
    return (each.cost for each in CostRecord.touching(tenant_id, from_on, to_on))


def changes_of_costs(tenant_id: str) -> int:
    """How often the brand's costs were changed."""
    book = CostBook.fetch(*CostBook.address(tenant_id))
    return int(book.changes) if book else 0


def change_cost(
    tenant_id: str, cost_id: str, changes: Mapping[str, Any], if_match: int | None, by: Principal, now: datetime
) -> CostRecord:
    """Sets what is given; an ``amount`` is money. Raises NotFound, Stale, and what booking refuses."""
    wanted = dict(changes)
    amount: Money | None = wanted.pop("amount", None)
    if amount is not None:
        _check_currency(tenant_id, amount.currency)
        wanted["amount_minor"] = amount.amount_minor

    def decide(record: CostRecord, tx: Transaction) -> CostRecord:
        check_revision(record, if_match)
        before = record.cost
        after = before.changed(wanted)
        if after == before:
            return record
        after.check()
        was = asdict(before)
        moved = {name: value for name, value in asdict(after).items() if was[name] != value}
        _check_subjects(tenant_id, after, set(moved))
        record.cost, record.updated_at = after, now
        tx.replace("cost", record)
        _count(tx, tenant_id)
        audit(tx, tenant_id, by, "cost.changed", f"cost:{cost_id}", now, _said(moved))
        return record

    return change(lambda: get_cost(tenant_id, cost_id, consistent=True), decide)


def remove_cost(tenant_id: str, cost_id: str, if_match: int | None, by: Principal, now: datetime) -> None:
    """Takes a cost out of every report; the audit keeps what it was. Raises NotFound or Stale."""

    def decide(record: CostRecord, tx: Transaction) -> None:
        check_revision(record, if_match)
        unchanged = CostRecord.rev == int(record.rev)
        tx.delete("cost", CostRecord, *CostRecord.address(tenant_id, cost_id), condition=unchanged)
        _count(tx, tenant_id)
        audit(tx, tenant_id, by, "cost.removed", f"cost:{cost_id}", now, _said(asdict(record.cost)))

    change(lambda: get_cost(tenant_id, cost_id, consistent=True), decide)


def _count(tx: Transaction, tenant_id: str) -> None:
    tx.update("book", CostBook, *CostBook.address(tenant_id), actions=[CostBook.changes.add(1)])


def _same(earlier: CostRecord, request: Request) -> CostRecord:
    if earlier.body_hash != request.body_hash:
        raise IdempotencyMismatch(
            "This Idempotency-Key already booked another cost; use a new key for a new one.",
            detail_zh="该幂等键已用于另一笔费用，请使用新的键。",
        )
    return earlier


def _check_currency(tenant_id: str, currency: str) -> None:
    own = get_tenant(tenant_id).currency
    if currency != own:
        raise CostInAnotherCurrency.at(
            "/amount/currency",
            f"Costs are booked in the brand's currency, {own}; convert the amount first.",
            f"费用须以品牌币种 {own} 登记，请先换算。",
        )


def _check_subjects(tenant_id: str, cost: Cost, among: set[str]) -> None:
    """Raises UnknownSubject for the first of what a cost is for that the brand does not have."""
    named = {name: getattr(cost, name) for name in _SUBJECTS if name in among and getattr(cost, name)}
    found = fetch_many([(_SUBJECTS[name][0], *_place(tenant_id, name, each)) for name, each in named.items()])
    for name, record in zip(named, found, strict=True):
        if record is None:
            _, en, zh = _SUBJECTS[name]
            raise UnknownSubject.at(
                f"/{name}",
                f"There is no such {en}; take the id of one of yours, or leave it out.",
                f"没有该{zh}，请填写本品牌的编号，或留空。",
            )


def _place(tenant_id: str, name: str, subject_id: str) -> tuple[str, str]:
    record: Any = _SUBJECTS[name][0]
    place: tuple[str, str] = record.address(tenant_id, subject_id)
    return place


def _where(wanted: CostFilter) -> Condition | None:
    conditions: list[Condition] = []
    if wanted.from_on:
        conditions.append(CostRecord.to_on >= wanted.from_on)
    if wanted.kind:
        conditions.append(CostRecord.kind == wanted.kind.value)
    if wanted.campaign_id:
        conditions.append(CostRecord.campaign_id == wanted.campaign_id)
    whole: Condition | None = None
    for each in conditions:
        whole = each if whole is None else whole & each
    return whole


def _said(values: Mapping[str, Any]) -> dict[str, Any]:
    """As the audit keeps it."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
