"""HTTP routes of stock: wastage, a SKU's ledger, and what a period did to all of it."""

from typing import Literal

from chalicelib.catalog.forms import MovementFilter, Wastage
from chalicelib.catalog.model.products import InsufficientStock
from chalicelib.catalog.service import ledger
from chalicelib.catalog.service.inventory import PeriodAhead, PeriodReversed, PeriodTooLong, inventory
from chalicelib.catalog.views.products import MovementView
from chalicelib.catalog.views.stock import INVENTORY_HEADER, InventoryView, inventory_rows
from chalicelib.kernel.errors import IdempotencyMismatch, NotFound
from chalicelib.media.service.downloads import hand_out
from chalicelib.web import Answer, Call, Csv, File, LocalDate, Paged, Query, Router, staff

routes = Router(__name__)

_EDITORS = staff("manager", "editor")
_READERS = staff("manager", "editor", "planner", "service", "analyst")


class Period(Query):
    """Local days of the tenant, both included; without them the thirty days up to today."""

    from_on: LocalDate | None = None
    to_on: LocalDate | None = None
    format: Literal["json", "csv", "xlsx"] | None = None


@routes.post(
    "/v1/skus/{id}/wastage", allow=_EDITORS, body=Wastage, answer=MovementView, status=201, tag="catalogue",
    summary="Write off units of a SKU", errors=(NotFound, InsufficientStock, IdempotencyMismatch), idempotency=True,
)  # fmt: skip
def waste_stock(call: Call[Wastage]) -> MovementView:
    wasted = call.body
    entry = ledger.waste(
        call.tenant_id, call.path["id"], wasted.quantity, wasted.loss, wasted.reason, call.idempotency_key,
        call.body_hash, call.principal, call.now,
    )  # fmt: skip
    return MovementView.of(entry)


@routes.get(
    "/v1/skus/{id}/movements", allow=_READERS, query=MovementFilter, answer=MovementView, paged=True, tag="catalogue",
    summary="List the entries of a SKU's stock ledger, newest first", errors=(NotFound,),
)  # fmt: skip
def list_movements(call: Call[None]) -> Paged:
    """Every change of the free stock is one entry, and the sum of all is what is free. What a campaign sets aside or
    gives back appears a moment later.
    """
    page = ledger.movements(call.tenant_id, call.path["id"], call.query.kind, call.limit, call.cursor)
    return Paged([MovementView.of(entry) for entry in page.items], page.last_key)


@routes.get(
    "/v1/inventory", allow=staff("manager", "planner", "analyst"), query=Period, answer=InventoryView, csv=True,
    xlsx=True, tag="catalogue", summary="Report the turnover and wastage of the stock over a period",
    errors=(PeriodReversed, PeriodTooLong, PeriodAhead),
)  # fmt: skip
def read_inventory(call: Call[None]) -> InventoryView | Csv | File | Answer:
    period: Period = call.query
    found = inventory(call.tenant_id, period.from_on, period.to_on, call.now)
    if call.wants_table:
        name = f"inventory-{found.from_on}-{found.to_on}.csv"
        return hand_out(call, Csv(name, INVENTORY_HEADER, inventory_rows(found)))
    return InventoryView.of(found)
