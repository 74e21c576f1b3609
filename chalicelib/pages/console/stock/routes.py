"""Pages of stock: the shelf, one SKU with its ledger, and the report of a period."""

from typing import Any

from chalicelib.campaigns.assortment.routes import list_products
from chalicelib.catalog.forms import MovementFilter
from chalicelib.catalog.model.stock import Kind, Loss
from chalicelib.catalog.routes.products import adjust_stock, get_sku
from chalicelib.catalog.routes.stock import list_movements, read_inventory, waste_stock
from chalicelib.catalog.service.set_aside import get_skus
from chalicelib.catalog.views.products import stock_of
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import DomainError
from chalicelib.kernel.ids import is_id
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.console.stock.forms import (
    MOST_COUNTED,
    Counted,
    Days,
    Shelf,
    StockTaking,
    WrittenOff,
    beside_the_fields,
)
from chalicelib.pages.console.stock.model import FEW_DAYS, scarcest_first
from chalicelib.pages.shell import N_, Content, Page, Redirect, Visit, ask, may
from chalicelib.web import Csv, for_reader, staff
from chalicelib.web.tables import CSV, csv_text

pages = Console(__name__)

PRODUCTS_COUNTED = 10
MOST_ROWS = 200
"""Of the report on one page; all of them are in its file."""

KINDS = {
    Kind.ADJUSTMENT: N_("Corrected"), Kind.SET_ASIDE: N_("Set aside for a group buy"),
    Kind.RETURNED: N_("Back from a group buy"), Kind.RECEIVED_SURPLUS: N_("More came than was ordered"),
    Kind.WASTAGE: N_("Written off"), Kind.CUSTOMER_RETURN: N_("Sent back by a member"),
}  # fmt: skip
LOSSES = {
    Loss.EXPIRED: N_("Past its date"), Loss.DAMAGED: N_("Damaged"), Loss.LOST: N_("Lost"),
    Loss.SAMPLE: N_("Given as a sample"), Loss.OTHER: N_("Another reason"),
}  # fmt: skip
WAYS = {
    "counted": N_("So many are free, I have counted them"),
    "in": N_("So many came in"),
    "out": N_("So many went out"),
}
_READERS = staff("manager", "editor", "planner", "service", "analyst")
_EDITORS = staff("manager", "editor")
_REPORT = staff("manager", "planner", "analyst")


@pages.page("/console/stock", allow=_READERS, query=Shelf, paged=True)
def shelf(visit: Visit[None]) -> Page:
    """What is there of each SKU, by product, the newest first."""
    asked: Shelf = visit.query
    found = ask(visit, list_products, query=asked.asked, limit=visit.limit, cursor=visit.cursor)
    skus = get_skus(visit.tenant_id, [sku.id for product in found.items for sku in product.skus])
    values = {
        "rows": [(product, sku, stock_of(skus.get(sku.id))) for product in found.items for sku in product.skus],
        "following": visit.following(found.last_key),
        "asked": asked,
        "reports": may(visit, read_inventory),
        "counts": may(visit, adjust_stock),
    }
    return Page("console/stock/shelf.html", values)


@pages.page("/console/stock/count", allow=_EDITORS, query=Shelf, paged=True)
def write_count(visit: Visit[Any]) -> Page:
    """The form of a stock-taking: the SKUs of ten products at a time or, where it was refused, those that it named."""
    asked: Shelf = visit.query or Shelf()
    ids = [name.split(".")[1] for name in visit.fields if name.startswith("counts.") and name.endswith(".units")]
    following = ""
    if not visit.refused:
        found = ask(visit, list_products, query=asked.asked, limit=PRODUCTS_COUNTED, cursor=visit.cursor)
        ids = [sku.id for product in found.items for sku in product.skus]
        following = visit.following(found.last_key)
    skus = get_skus(visit.tenant_id, [each for each in ids if is_id(each)][:MOST_COUNTED])
    values = {"skus": [(sku, stock_of(sku)) for sku in skus.values()], "following": following, "asked": asked}
    return Page("console/stock/count.html", values)


@pages.form("/console/stock/count", allow=_EDITORS, body=StockTaking, again=write_count)
def count(visit: Visit[StockTaking]) -> Redirect:
    """Corrects each SKU that differs, once for each form: what was corrected stays so if a later one is refused, and
    the form can be sent again.
    """
    for sku_id, adjustment in visit.body.asked().items():
        try:
            ask(visit, adjust_stock, body=adjustment, path={"id": sku_id}, key=visit.key + sku_id)
        except DomainError as refusal:
            raise beside_the_fields(refusal, {"delta": f"counts/{sku_id}/units"}) from refusal
    return Redirect("/stock", flash=N_("The stock is as you have counted it."))


@pages.page("/console/stock/turnover", allow=_REPORT, query=Days)
def turnover(visit: Visit[None]) -> Page:
    """What a period did to the stock, what runs out first on top; a period that cannot be is refused above it."""
    asked: Days = visit.query
    values: dict[str, Any] = {"asked": asked, "refused": None, "few_days": FEW_DAYS, "most": MOST_ROWS}
    try:
        report = ask(visit, read_inventory, query=asked.asked)
    except DomainError as refusal:
        return Page("console/stock/turnover.html", values | {"refused": refusal, "report": None}, refusal.status)
    days = (report.to_on - report.from_on).days + 1
    return Page("console/stock/turnover.html", values | {"report": report, "rows": scarcest_first(report.rows, days)})


@pages.page("/console/stock/turnover/file", allow=_REPORT, query=Days)
def turnover_file(visit: Visit[None]) -> Content:
    """The same as a file for a spreadsheet, in the reader's language."""
    table: Csv = ask(visit, read_inventory, query={**visit.query.asked, "format": "csv"})
    text = csv_text(for_reader(table, visit.language, zone(visit.brand.timezone)))
    return Content(text, CSV, headers={"Content-Disposition": f'attachment; filename="{table.filename}"'})


@pages.page("/console/skus/{id}", allow=_READERS, query=MovementFilter, paged=True)
def show_sku(visit: Visit[Any]) -> Page:
    """A SKU's stock and its ledger, newest first, with the forms that change it."""
    ledger = ask(visit, list_movements, query=visit.query, limit=visit.limit, cursor=visit.cursor)
    values = {
        "sku": ask(visit, get_sku),
        "ledger": ledger.items,
        "following": "" if visit.refused else visit.following(ledger.last_key),
        "kind": (visit.query and visit.query.kind) or "",
        "kinds": KINDS,
        "losses": LOSSES,
        "ways": WAYS,
        "adjusts": may(visit, adjust_stock),
    }
    return Page("console/stock/sku.html", values)


@pages.form("/console/skus/{id}/adjustments", allow=_EDITORS, body=Counted, again=show_sku)
def adjust(visit: Visit[Counted]) -> Redirect:
    """Corrects the free units, once for each form."""
    asked = visit.body.asked()
    try:
        ask(visit, adjust_stock, body=asked)
    except DomainError as refusal:
        raise beside_the_fields(refusal, {"delta": "units"}) from refusal
    return Redirect(f"/skus/{visit.path['id']}", flash=N_("The stock is corrected."))


@pages.form("/console/skus/{id}/wastage", allow=_EDITORS, body=WrittenOff, again=show_sku)
def write_off(visit: Visit[WrittenOff]) -> Redirect:
    """Writes units off, once for each form."""
    try:
        ask(visit, waste_stock, body=visit.body.asked())
    except DomainError as refusal:
        raise beside_the_fields(refusal, {"reason": "why"}) from refusal
    return Redirect(
        f"/skus/{visit.path['id']}", flash=N_("The units are written off. To undo it, count them in again.")
    )
