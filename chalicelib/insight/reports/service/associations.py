"""Goods bought together, as they were found last, and the rules that are asked for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from chalicelib.catalog.records import ProductRecord
from chalicelib.catalog.service.set_aside import get_skus
from chalicelib.db import fetch_many
from chalicelib.insight.associations.model import VERSION, ItemUnit
from chalicelib.insight.associations.records import AssociationRecord
from chalicelib.insight.model.association_results import Found
from chalicelib.insight.model.associations import Rule, Sets, by_lift, rules, telling_count
from chalicelib.insight.reports.service.association_starting import note_use
from chalicelib.insight.reports.service.window import Horizon, history, horizon
from chalicelib.jobs import service as jobs
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.ids import is_id
from chalicelib.kernel.local_day import local_date
from chalicelib.tenants.service.brand import get_tenant

MOST_RULES = 10_000
"""An answer has 6 MB at most."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Rules by the least numbers that they are to have; without ``min_count`` by the one that leaves a hundred sets."""

    unit: ItemUnit
    min_count: int | None
    min_confidence: Decimal
    max_items: int


@dataclass(frozen=True, slots=True)
class Associations:
    """The answer: rules of the orders from one local day to another, both included; without a result, none.
    ``is_current`` where nothing has changed since one looked, or too little to be told; ``job_id`` names the job that
    looks. ``titles`` are those of own products and SKUs.
    """

    timezone: str
    horizon: Horizon
    from_on: date
    to_on: date
    revision: int
    is_current: bool
    mined_at: datetime | None
    job_id: str | None
    sets: Sets | None
    min_count: int
    rules: Sequence[Rule]
    titles: Mapping[str, str]


def associations(tenant_id: str, asked: Asked, now: datetime) -> Associations:
    """What was found last, and a search begun where figures have changed. Raises Invalid for a number of orders from
    which on no sets are kept, and for more rules than an answer holds.
    """
    tz = zone(get_tenant(tenant_id).timezone)
    seen = horizon(tenant_id, tz, now, None)
    past = history(tenant_id, seen.window.ends_on)
    state = note_use(tenant_id, past.revision, local_date(now, tz), now)
    is_current = state.looked_rev == past.revision
    job_id = None if is_current else _running(tenant_id, state.job_id)
    kept = AssociationRecord.of(tenant_id, asked.unit)
    if kept is None or kept.version != VERSION:
        return Associations(
            tz.key, seen, past.begins_on, past.ends_on, past.revision, False, None, job_id, None,
            asked.min_count or 0, (), {},
        )  # fmt: skip
    found_sets = Found.unpack(kept.content)
    sets = found_sets.of(asked.max_items)
    min_count = asked.min_count or telling_count(sets, asked.max_items)
    _check_count(found_sets, min_count, asked.max_items)
    found = _rules(sets, asked, min_count)
    return Associations(
        tz.key, horizon(tenant_id, tz, now, kept.to_on), kept.from_on, kept.to_on, int(kept.figures_rev), is_current,
        kept.mined_at, job_id, sets, min_count, found, _titles(tenant_id, asked.unit, found),
    )  # fmt: skip


def _running(tenant_id: str, job_id: str | None) -> str | None:
    return job_id if job_id and jobs.unfinished(tenant_id, job_id) is not None else None


def _check_count(found: Found, min_count: int, max_items: int) -> None:
    least, of_pairs = found.of(max_items).least_count, found.pairs.least_count
    if min_count < least:
        raise Invalid.at(
            "?min_count",
            f"The smallest number of common orders that may be asked for is {least}"
            f"{f' ({of_pairs} of pairs alone)' if of_pairs < least else ''}: rarer sets are not kept.",
            f"同购订单数最小可填 {least}"
            f"{f'（仅限两种商品时为 {of_pairs}）' if of_pairs < least else ''}，更少见的组合未保留。",
        )


def _rules(sets: Sets, asked: Asked, min_count: int) -> Sequence[Rule]:
    found = list(rules(sets, min_count, asked.min_confidence, asked.max_items))
    if len(found) > MOST_RULES:
        raise Invalid.at(
            "?min_count",
            f"The answer would have {len(found):,} rules; it holds {MOST_RULES:,} at most. Ask for more common orders "
            f"(now {min_count}) or a greater confidence.",
            f"共有 {len(found):,} 条规则，超过单次返回上限 {MOST_RULES:,} 条，请提高同购订单数（当前 "
            f"{min_count}）或置信度。",
        )
    return by_lift(found)


def _titles(tenant_id: str, unit: ItemUnit, found: Iterable[Rule]) -> Mapping[str, str]:
    """The titles of products and SKUs of the catalogue; a file's own codes have none."""
    ids = sorted({name for each in found for name in (*each.a, each.b) if is_id(name)})
    if unit is ItemUnit.CATEGORY or not ids:
        return {}
    if unit is ItemUnit.SKU:
        skus = get_skus(tenant_id, ids)
        return {sku_id: f"{each.product_title} {each.title}".strip() for sku_id, each in skus.items()}
    products = fetch_many([(ProductRecord, *ProductRecord.address(tenant_id, each)) for each in ids])
    return {name: each.title for name, each in zip(ids, products, strict=True) if each is not None}
