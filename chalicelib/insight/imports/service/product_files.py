"""A file of products: checked and kept, then worked through in the background, slice after slice.

A product's id follows from the job and from its first row, so a slice that is worked again after a crash recognises
what it made: the product, its stock, its supplier's terms and the claims of its codes are one transaction. A code that
is known already is never written over: what stands is changed on the product's page.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from pydantic import ValidationError

from chalicelib.catalog.forms import NewProduct, product_details
from chalicelib.catalog.model.products import DuplicateSkuCode, Sku
from chalicelib.catalog.records import CodeRecord, ProductRecord
from chalicelib.catalog.service import products
from chalicelib.db import Transaction, fetch_many
from chalicelib.fulfilment.suppliers.model import ACTIVE
from chalicelib.fulfilment.suppliers.records import SupplierRecord
from chalicelib.fulfilment.suppliers.service import begin_terms, suppliers_named
from chalicelib.insight.activity.model import csv as csvrows
from chalicelib.insight.activity.model.reasons import Reason, column
from chalicelib.insight.activity.service.imported_orders import Outcome
from chalicelib.insight.imports.model import product_rows
from chalicelib.insight.imports.model.kinds import PRODUCTS
from chalicelib.insight.imports.model.product_rows import Goods
from chalicelib.insight.imports.service import walking
from chalicelib.insight.imports.service.walking import Seen, Work
from chalicelib.jobs.records import JobRecord
from chalicelib.kernel.clock import parse_instant
from chalicelib.kernel.folding import fold
from chalicelib.kernel.ids import dated_id
from chalicelib.web.problems import faults_of

SLICE_ROWS = 100
"""Rows between two commits of the job: each product is a transaction of its own."""

_STOCK = {"en": "Stock of the imported list", "zh": "导入清单中的库存"}


@dataclass(frozen=True, slots=True)
class Standing:
    """A product that has some codes already: its id, its title, and its prices (minor units) by folded code."""

    product_id: str
    title: str
    prices: Mapping[str, int]


def work(tenant_id: str, job_id: str, now: datetime) -> None:
    """Works on it for a while. A message that comes twice, late or after a crash does no harm."""
    walking.walk(Work(PRODUCTS, SLICE_ROWS, _slices, _apply, _attempt), tenant_id, job_id, now)


def _slices(job: JobRecord, rows: Iterator[csvrows.Row]) -> Iterator[list[csvrows.Row]]:
    return product_rows.slices(rows, SLICE_ROWS, list(job.params["columns"]).index("title"))


def _apply(job: JobRecord, found: Sequence[csvrows.Row], now: datetime) -> Outcome:
    goods, outcome = _read(job, found)
    suppliers = suppliers_named(job.tenant_id, _suppliers(goods), walking.beginner(job), now)
    goods = _with_active(goods, suppliers, outcome)
    standing = _standing(job.tenant_id, goods)
    for each in goods:
        there = _of(each, standing)
        if not there:
            try:
                _bring_in(job, each, suppliers.get(fold(each.supplier)), now)
            except DuplicateSkuCode:  # another import, or a person, was faster
                there = _of(each, _standing(job.tenant_id, [each]))
            else:
                standing |= _as_standing(each, product_id(job, each))
                outcome.imported += len(each.rows)
        if there:
            _judge(each, there, product_id(job, each), outcome)
    return outcome


def _attempt(job: JobRecord, found: Sequence[csvrows.Row], now: datetime, seen: Seen) -> Outcome:
    goods, outcome = _read(job, found)
    known = suppliers_named(job.tenant_id, _suppliers(goods), walking.beginner(job), now, create=False)
    goods = _with_active(goods, known, outcome)
    standing = _standing(job.tenant_id, goods)
    for each in goods:
        there = _of(each, standing) | _of(each, seen.said)
        if there:
            _judge(each, there, product_id(job, each), outcome)
        else:
            seen.said |= _as_standing(each, product_id(job, each))
            outcome.imported += len(each.rows)
    return outcome


def product_id(job: JobRecord, goods: Goods) -> str:
    """The id of what a job makes of some rows: their order in the file is that in which the products are listed."""
    return id_of_row(job, goods.number)


def id_of_row(job: JobRecord, number: int) -> str:
    """The id of the product that a job makes of the rows from this one on."""
    at = parse_instant(job.params["started_at"]) + timedelta(milliseconds=number)
    return dated_id(at, job.tenant_id, job.id, str(number))


def cause_of(job: JobRecord) -> str:
    """What the ledger names as the cause of the units that a job puts on the shelf."""
    return f"import:{job.id}"


def _read(job: JobRecord, found: Sequence[csvrows.Row]) -> tuple[list[Goods], Outcome]:
    """The products of a slice that the catalogue would take, and what is wrong with the others."""
    read = product_rows.read(found, job.params["columns"], job.params["currency"])
    outcome = Outcome(duplicates=read.repeated, errors=read.bad)
    good: list[Goods] = []
    for goods in read.goods:
        if wrong := _faults(goods, job.params["currency"]):
            outcome.errors += product_rows.left_out([row.number for row in goods.rows], wrong)
        else:
            good.append(goods)
    return good, outcome


def _form(goods: Goods, currency: str) -> dict[str, object]:
    """What the catalogue's own form is asked about."""
    shared = {name: text for name, text in goods.rows[0].shared.items() if name != "supplier"}
    skus = [
        {
            "code": row.code,
            "title": row.variant or goods.title,
            "price": {"amount_minor": row.price_minor, "currency": currency},
            "cost": None if row.cost_minor is None else {"amount_minor": row.cost_minor, "currency": currency},
            "content": None if row.content is None else {"quantity": row.content.quantity, "unit": row.content.unit},
        }
        for row in goods.rows
    ]
    return {"title": goods.title, **shared, "skus": skus}


def _faults(goods: Goods, currency: str) -> dict[int, Reason]:
    """What is wrong with a product by the catalogue's own rules, by row."""
    wrong: dict[int, Reason] = {}
    try:
        NewProduct.model_validate(_form(goods, currency), strict=False)
    except ValidationError as refused:
        said = zip(faults_of(refused, "en"), faults_of(refused, "zh"), strict=True)
        for en, zh in said:
            _, *path = en.pointer.split("/")
            row = goods.rows[int(path[1])] if path[0] == "skus" and len(path) > 2 else goods.rows[0]
            name = path[2] if path[0] == "skus" and len(path) > 2 else path[0]
            wrong.setdefault(row.number, Reason(f"{name}: {en.message}", f"{column(name)}：{zh.message}"))
    for row in goods.rows:
        if goods.supplier and row.cost_minor is None:
            words = "cost is missing: the supplier's price is needed where a supplier is named"
            wrong.setdefault(row.number, Reason(words, f"缺少{column('cost')}：填写了供应商时须填进货价"))
    return wrong


def _suppliers(goods: Sequence[Goods]) -> list[str]:
    return list(dict.fromkeys(each.supplier for each in goods if each.supplier))


def _with_active(goods: Sequence[Goods], suppliers: Mapping[str, SupplierRecord], outcome: Outcome) -> list[Goods]:
    """The products without those of a supplier whom the brand has archived."""
    good: list[Goods] = []
    for each in goods:
        supplier = suppliers.get(fold(each.supplier))
        if supplier is None or supplier.status == ACTIVE:
            good.append(each)
            continue
        words = f"the supplier '{each.supplier}' is archived: take it back from the archive, or name another one"
        reason = Reason(words, f"供应商“{each.supplier}”已归档，请先恢复或更换供应商")
        outcome.errors += [(row.number, reason) for row in each.rows]
    return good


def _standing(tenant_id: str, goods: Sequence[Goods]) -> dict[str, Standing]:
    """The products that have these codes already, by folded code."""
    codes = [row.code for each in goods for row in each.rows]
    claims = products.find_by_codes(tenant_id, codes, consistent=True)
    found = _products(tenant_id, claims.values())
    return {
        fold(code): found.get(str(claim.product_id), Standing(str(claim.product_id), "", {}))
        for code, claim in claims.items()
    }


def _products(tenant_id: str, claims: Iterable[CodeRecord]) -> dict[str, Standing]:
    ids = list(dict.fromkeys(str(claim.product_id) for claim in claims))
    records = fetch_many([(ProductRecord, *ProductRecord.address(tenant_id, each)) for each in ids], consistent=True)
    return {
        str(each.product_id): Standing(
            str(each.product_id), each.title, {fold(sku.code): sku.price_minor for sku in each.skus}
        )
        for each in records
        if each is not None
    }


def _as_standing(goods: Goods, identifier: str) -> dict[str, Standing]:
    prices = {fold(row.code): row.price_minor for row in goods.rows}
    return dict.fromkeys(prices, Standing(identifier, goods.title, prices))


def _of(goods: Goods, standing: Mapping[str, Standing]) -> dict[str, Standing]:
    codes = [fold(row.code) for row in goods.rows]
    return {code: standing[code] for code in codes if code in standing}


def _judge(goods: Goods, there: Mapping[str, Standing], identifier: str, outcome: Outcome) -> None:
    """Counts a product of which some codes are known: as our own from before, as a double, or as wrong."""
    owners = {each.product_id for each in there.values()}
    if owners == {identifier}:
        outcome.imported += len(goods.rows)
        return
    whole = len(there) == len(goods.rows) and len(owners) == 1
    one = next(iter(there.values()))
    if whole and not goods.differs(one.title, one.prices):
        outcome.duplicates += len(goods.rows)
        return
    wrong = {row.number: _taken(row.code, there[fold(row.code)]) for row in goods.rows if fold(row.code) in there}
    outcome.errors += product_rows.left_out([row.number for row in goods.rows], wrong)


def _taken(code: str, by: Standing) -> Reason:
    return Reason(
        f"the code '{code}' is that of '{by.title}', which stays as it is: change it on its page, or use another code",
        f"编码“{code}”已属于“{by.title}”，导入不会改动它：请在商品页修改，或更换编码",
    )


def _bring_in(job: JobRecord, goods: Goods, supplier: SupplierRecord | None, now: datetime) -> None:
    """Creates a product with all that the file says of it. Raises DuplicateSkuCode."""
    identifier = product_id(job, goods)
    started = parse_instant(job.params["started_at"])
    ids = {
        row.number: dated_id(started + timedelta(milliseconds=row.number), job.tenant_id, job.id, f"sku:{row.number}")
        for row in goods.rows
    }
    form = NewProduct.model_validate(_form(goods, job.params["currency"]), strict=False)
    brought = products.Brought(
        identifier,
        product_details(form),
        [
            Sku(
                ids[row.number],
                row.code,
                row.variant or goods.title,
                row.price_minor,
                row.cost_minor,
                content=row.content,
            )
            for row in goods.rows
        ],
        {ids[row.number]: row.stock for row in goods.rows if row.stock is not None},
        _STOCK[walking.locale(job)],
        cause_of(job),
    )
    costs = {ids[row.number]: row.cost_minor for row in goods.rows if row.cost_minor is not None}
    along = partial(_buy_from, supplier, costs, now) if supplier else _nothing_else
    products.bring_in(job.tenant_id, brought, walking.beginner(job), now, along=along)


def _buy_from(supplier: SupplierRecord, costs: Mapping[str, int], now: datetime, tx: Transaction) -> None:
    for sku_id, cost_minor in costs.items():
        begin_terms(tx, supplier, sku_id, cost_minor, now)


def _nothing_else(tx: Transaction) -> None:
    """A product without a supplier is written by itself."""
