"""Fulfilment over HTTP: what to buy, and how to sort it."""

from typing import Literal

from chalicelib.fulfilment import service
from chalicelib.fulfilment.views import (
    SORTING_HEADER,
    SortingSheetsView,
    sorting_rows,
)
from chalicelib.kernel.errors import NotFound
from chalicelib.orders.errors import CampaignNotLocked, NotAPickupPoint
from chalicelib.web import Call, Csv, Query, Router, UlidStr, staff

routes = Router(__name__)

LOOKS = staff("manager", "planner", "service")


class TableFormat(Query):
    """As JSON, or as a table; without ``format`` the Accept header decides."""

    format: Literal["json", "csv"] | None = None


class SheetFilter(TableFormat):
    """One pickup point, or all."""

    pickup_point_id: UlidStr | None = None


@routes.get(
    "/v1/campaigns/{id}/sorting-sheets", allow=LOOKS, query=SheetFilter, answer=SortingSheetsView, csv=True,
    tag="fulfilment", errors=(NotFound, CampaignNotLocked, NotAPickupPoint),
    summary="Read who gets what at each pickup point of a locked campaign",
)  # fmt: skip
def read_sorting_sheets(call: Call[None]) -> SortingSheetsView | Csv:
    campaign_id = call.path["id"]
    found = service.sorting(call.tenant_id, campaign_id, call.query.pickup_point_id)
    if call.wants_csv:
        return Csv(f"sorting-sheets-{campaign_id}.csv", SORTING_HEADER, sorting_rows(found))
    return SortingSheetsView.of(found)
