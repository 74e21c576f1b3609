"""Fulfilment over HTTP: what to buy, and how to sort it."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.fulfilment.sorting import service
from chalicelib.fulfilment.sorting.views import printing
from chalicelib.fulfilment.sorting.views.sheets import SORTING_HEADER, SortingSheetsView, sorting_rows
from chalicelib.fulfilment.sorting.views.workbook import workbook
from chalicelib.kernel.errors import NotFound
from chalicelib.media.service.downloads import hand_out, offer
from chalicelib.orders.errors import CampaignNotLocked, NotAPickupPoint
from chalicelib.tenants.service.brand import get_tenant
from chalicelib.web import STYLES_ALONE, Answer, Call, Csv, File, Html, Query, Router, UlidStr, staff
from chalicelib.web.names import file_name
from chalicelib.web.workbooks import book

routes = Router(__name__)

LOOKS = staff("manager", "planner", "service")


class SheetFilter(Query):
    """One pickup point, or all; ``html`` is for A4 paper, in parts of 1,000 parcels, to which Link headers lead."""

    format: Literal["json", "csv", "xlsx", "html"] | None = None
    pickup_point_id: UlidStr | None = None
    part: Annotated[int, Field(ge=1, le=10_000)] = 1


@routes.get(
    "/v1/campaigns/{id}/sorting-sheets", allow=LOOKS, query=SheetFilter, answer=SortingSheetsView, csv=True, xlsx=True,
    html=True, tag="fulfilment", errors=(NotFound, CampaignNotLocked, NotAPickupPoint),
    summary="Read who gets what at each pickup point of a locked campaign",
)  # fmt: skip
def read_sorting_sheets(call: Call[None]) -> SortingSheetsView | Csv | File | Answer:
    campaign_id, point_id = call.path["id"], call.query.pickup_point_id
    if wants_html(call):
        found = service.sorting(
            call.tenant_id, campaign_id, point_id, part=call.query.part, most_parcels=printing.MOST_PARCELS
        )
        point = f"&pickup_point_id={point_id}" if point_id else ""
        return printed(call, found, f"/v1/campaigns/{campaign_id}/sorting-sheets?format=html{point}")
    found = service.sorting(call.tenant_id, campaign_id, point_id)
    return as_table(call, found, "sorting-sheets") if call.wants_table else SortingSheetsView.of(found)


def wants_html(call: Call[None]) -> bool:
    """Whether sheets are wanted for paper: by ``format`` or, without it, by the Accept header of a browser."""
    asked = call.query.format
    return asked == "html" or (asked is None and (call.header("accept") or "").startswith("text/html"))


def as_table(call: Call[None], found: service.SortingSheets, name: str) -> Csv | File | Answer:
    """Sheets as a table, or as a workbook with a sheet for each pickup point."""
    called = f"{name} {found.campaign.title}"
    if call.wants_xlsx:
        return offer(call, book(file_name(called, "xlsx"), *workbook(found, call.locale)))
    return hand_out(call, Csv(file_name(called, "csv"), SORTING_HEADER, sorting_rows(found)))


def printed(call: Call[None], found: service.SortingSheets, here: str) -> Answer:
    """Sheets for paper, or a part of them; the Link header leads to the next part (RFC 8288). ``here`` is the address
    of all parts.
    """
    headers = {"Content-Security-Policy": STYLES_ALONE}
    if found.part < found.parts:
        headers["Link"] = f'<{call.base_url}{here}&part={found.part + 1}>; rel="next"'
    page = printing.page(found, get_tenant(call.tenant_id), call.locale, call.now)
    return Answer(Html(page), headers=headers)
