"""Products of a file go into the catalogue, by the catalogue's own rules."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from pydantic import ValidationError

from chalicelib.catalog.forms import NewProduct, product_details
from chalicelib.catalog.model.products import ProductDetails, Sku
from chalicelib.catalog.service import products
from chalicelib.db import Transaction
from chalicelib.fulfilment.suppliers.records import SupplierRecord
from chalicelib.fulfilment.suppliers.service import begin_terms
from chalicelib.insight.activity.model.reasons import Reason, column
from chalicelib.insight.imports.model.product_rows import Goods, ProductRow
from chalicelib.insight.imports.service import walking
from chalicelib.jobs.records import JobRecord
from chalicelib.kernel.clock import parse_instant
from chalicelib.kernel.folding import fold
from chalicelib.kernel.ids import dated_id
from chalicelib.kernel.percent import percent_text
from chalicelib.web.problems import faults_of

Suppliers = Mapping[str, SupplierRecord]
"""By folded name."""

_STOCK = {"en": "Stock of the imported list", "zh": "导入清单中的库存"}


def product_id(job: JobRecord, goods: Goods) -> str:
    """The id of what a job makes of some rows: their order in the file is that in which the products are listed."""
    return id_of_row(job, goods.number)


def id_of_row(job: JobRecord, number: int) -> str:
    """The id of the product that a job makes of the rows from this one on."""
    return _dated(job, number, str(number))


def sku_ids(job: JobRecord, goods: Goods) -> dict[int, str]:
    """The ids of the SKUs that a job makes of some rows, by row."""
    return {row.number: sku_id_of_row(job, row.number) for row in goods.rows}


def sku_id_of_row(job: JobRecord, number: int) -> str:
    """The id of the SKU that a job makes of a row."""
    return _dated(job, number, f"sku:{number}")


def _dated(job: JobRecord, number: int, name: str) -> str:
    at = parse_instant(job.params["started_at"]) + timedelta(milliseconds=number)
    return dated_id(at, job.tenant_id, job.id, name)


def cause_of(job: JobRecord) -> str:
    """What the ledger names as the cause of the units that a job puts on the shelf."""
    return f"import:{job.id}"


def faults(goods: Goods, currency: str) -> dict[int, Reason]:
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
        if row.supplier and row.cost_minor is None:
            words = "cost is missing: the supplier's price is needed where a supplier is named"
            wrong.setdefault(row.number, Reason(words, f"缺少{column('cost')}：填写了供应商时须填进货价"))
    return wrong


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
            "tax_rate": None if row.tax_bps is None else percent_text(row.tax_bps),
        }
        for row in goods.rows
    ]
    return {"title": goods.title, **shared, "skus": skus}


def bring_in(job: JobRecord, goods: Goods, suppliers: Suppliers, now: datetime) -> None:
    """Creates a product with all that the file says of it. Raises DuplicateSkuCode."""
    form = NewProduct.model_validate(_form(goods, job.params["currency"]), strict=False)
    brought = _brought(job, goods, product_id(job, goods), product_details(form), goods.rows)
    along = partial(_buy_from, suppliers, job, goods.rows, now)
    products.bring_in(job.tenant_id, brought, walking.beginner(job), now, along=along)


def add_to(
    job: JobRecord, goods: Goods, to: str, new: Sequence[ProductRow], suppliers: Suppliers, now: datetime
) -> None:
    """Adds the variants of some rows to a product that stands, of which nothing else is changed. Raises
    DuplicateSkuCode.
    """
    along = partial(_buy_from, suppliers, job, new, now)
    brought = _brought(job, goods, to, ProductDetails(), new)
    products.add_brought(job.tenant_id, brought, walking.beginner(job), now, along=along)


def _brought(
    job: JobRecord, goods: Goods, identifier: str, details: ProductDetails, rows: Sequence[ProductRow]
) -> products.Brought:
    ids = sku_ids(job, goods)
    skus = [
        Sku(
            ids[row.number],
            row.code,
            row.variant or goods.title,
            row.price_minor,
            row.cost_minor,
            content=row.content,
            tax_bps=row.tax_bps,
        )
        for row in rows
    ]
    stock: Mapping[str, int] = {ids[row.number]: row.stock for row in rows if row.stock is not None}
    return products.Brought(identifier, details, skus, stock, _STOCK[walking.locale(job)], cause_of(job))


def _buy_from(suppliers: Suppliers, job: JobRecord, rows: Sequence[ProductRow], now: datetime, tx: Transaction) -> None:
    """Adds whom the SKUs are bought from, where the file says it."""
    ids = sku_ids(job, Goods(tuple(rows)))
    for row in rows:
        supplier = suppliers.get(fold(row.supplier))
        if supplier is not None and row.cost_minor is not None:
            begin_terms(tx, supplier, ids[row.number], row.cost_minor, now)
