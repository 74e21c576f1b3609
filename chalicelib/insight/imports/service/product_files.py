"""A file of products: checked and kept, then worked through in the background, slice after slice.

A product's id follows from the job and from its first row, and a SKU's from the job and its row, so a slice that is
worked again after a crash recognises what it made: a product, its stock, its supplier's terms and the claims of its
codes are one transaction. Nothing that stands is written over: variants that a product has not yet are added to it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from chalicelib.catalog.model.products import DuplicateSkuCode
from chalicelib.fulfilment.suppliers.model import ACTIVE
from chalicelib.fulfilment.suppliers.service import suppliers_named
from chalicelib.insight.activity.model import csv as csvrows
from chalicelib.insight.activity.model.reasons import Reason
from chalicelib.insight.activity.service.imported_orders import Outcome
from chalicelib.insight.imports.model import product_rows
from chalicelib.insight.imports.model.kinds import PRODUCTS
from chalicelib.insight.imports.model.product_rows import Goods, ProductRow
from chalicelib.insight.imports.model.standing import Standing, called_alike, compare
from chalicelib.insight.imports.service import walking
from chalicelib.insight.imports.service.bringing_products import (
    Suppliers,
    add_to,
    bring_in,
    faults,
    product_id,
    sku_ids,
)
from chalicelib.insight.imports.service.standing_products import as_standing, is_called_alike, of, standing_with
from chalicelib.insight.imports.service.walking import Seen, Work
from chalicelib.jobs.records import JobRecord
from chalicelib.kernel.folding import fold

SLICE_ROWS = 100
"""Rows between two commits of the job: each product is a transaction of its own."""

Add = Callable[[Standing, Sequence[ProductRow]], None]


def work(tenant_id: str, job_id: str, now: datetime) -> None:
    """Works on it for a while. A message that comes twice, late or after a crash does no harm."""
    walking.walk(Work(PRODUCTS, SLICE_ROWS, _slices, _apply, _attempt), tenant_id, job_id, now)


def _slices(job: JobRecord, rows: Iterator[csvrows.Row]) -> Iterator[list[csvrows.Row]]:
    return product_rows.slices(rows, SLICE_ROWS, list(job.params["columns"]).index("title"))


def _apply(job: JobRecord, found: Sequence[csvrows.Row], now: datetime) -> Outcome:
    goods, outcome = _read(job, found)
    suppliers = suppliers_named(job.tenant_id, _suppliers(goods), walking.beginner(job), now)
    goods = _with_active(goods, suppliers, outcome)
    standing = standing_with(job.tenant_id, goods)
    for each in goods:
        try:
            standing |= _take_in(job, each, standing, suppliers, now, outcome)
        except DuplicateSkuCode:  # another import, or a person, was faster
            standing |= standing_with(job.tenant_id, [each])
            standing |= _take_in(job, each, standing, suppliers, now, outcome)
    return outcome


def _take_in(
    job: JobRecord,
    goods: Goods,
    standing: Mapping[str, Standing],
    suppliers: Suppliers,
    now: datetime,
    outcome: Outcome,
) -> dict[str, Standing]:
    """Makes a product, or adds to the one that stands, or says what keeps it from that; what stands then besides."""

    def add(to: Standing, new: Sequence[ProductRow]) -> None:
        add_to(job, goods, to.product_id, new, suppliers, now)

    there = of(goods, standing)
    if there:
        return _beside(job, goods, there, add, outcome)
    if is_called_alike(job.tenant_id, goods, standing.values()):
        _refuse(goods, called_alike(goods), outcome)
        return {}
    bring_in(job, goods, suppliers, now)
    outcome.imported += len(goods.rows)
    return as_standing(goods, product_id(job, goods))


def _attempt(job: JobRecord, found: Sequence[csvrows.Row], now: datetime, seen: Seen) -> Outcome:
    goods, outcome = _read(job, found)
    known = suppliers_named(job.tenant_id, _suppliers(goods), walking.beginner(job), now, create=False)
    goods = _with_active(goods, known, outcome)
    standing = standing_with(job.tenant_id, goods)
    for each in goods:
        there = of(each, standing) | of(each, seen.said)
        if there:
            seen.said |= _beside(job, each, there, _nothing, outcome)
        elif is_called_alike(job.tenant_id, each, seen.said.values()):
            _refuse(each, called_alike(each), outcome)
        else:
            seen.said |= as_standing(each, product_id(job, each))
            outcome.imported += len(each.rows)
    return outcome


def _nothing(to: Standing, new: Sequence[ProductRow]) -> None:
    """What a trial adds."""


def _beside(
    job: JobRecord, goods: Goods, there: Mapping[str, Standing], add: Add, outcome: Outcome
) -> dict[str, Standing]:
    """Counts a product of which some codes are known, and adds what the one that stands has not yet. Answers what
    stands then besides.
    """
    verdict = compare(goods, there, product_id(job, goods), sku_ids(job, goods))
    if verdict.wrong:
        _refuse(goods, verdict.wrong, outcome)
        return {}
    to = next(iter(there.values()))
    if verdict.new:
        add(to, verdict.new)
    outcome.imported += verdict.own + len(verdict.new)
    if to.product_id != product_id(job, goods):
        outcome.added += verdict.own + len(verdict.new)
    outcome.duplicates += verdict.same
    return to.with_rows(verdict.new)


def _refuse(goods: Goods, wrong: Mapping[int, Reason], outcome: Outcome) -> None:
    outcome.errors += product_rows.left_out([row.number for row in goods.rows], wrong)


def _read(job: JobRecord, found: Sequence[csvrows.Row]) -> tuple[list[Goods], Outcome]:
    """The products of a slice that the catalogue would take, and what is wrong with the others."""
    read = product_rows.read(found, job.params["columns"], job.params["currency"])
    outcome = Outcome(duplicates=read.repeated, errors=read.bad)
    good: list[Goods] = []
    for goods in read.goods:
        if wrong := faults(goods, job.params["currency"]):
            _refuse(goods, wrong, outcome)
        else:
            good.append(goods)
    return good, outcome


def _suppliers(goods: Sequence[Goods]) -> list[str]:
    return list(dict.fromkeys(name for each in goods for name in each.suppliers))


def _with_active(goods: Sequence[Goods], suppliers: Suppliers, outcome: Outcome) -> list[Goods]:
    """The products without those of a supplier whom the brand has archived."""
    archived = {name for name, supplier in suppliers.items() if supplier.status != ACTIVE}
    good: list[Goods] = []
    for each in goods:
        if wrong := {row.number: _archived(row.supplier) for row in each.rows if fold(row.supplier) in archived}:
            _refuse(each, wrong, outcome)
        else:
            good.append(each)
    return good


def _archived(supplier: str) -> Reason:
    return Reason(
        f"the supplier '{supplier}' is archived: take it back from the archive, or name another one",
        f"供应商“{supplier}”已归档，请先恢复或更换供应商",
    )
