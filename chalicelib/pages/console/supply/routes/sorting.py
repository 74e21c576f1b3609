"""Pages of the sorting sheets: how much goes to which pickup point, and all of them on paper."""

from typing import Any

from chalicelib.fulfilment.sorting.routes import read_sorting_sheets
from chalicelib.fulfilment.sorting.views.printing import MOST_PARCELS
from chalicelib.fulfilment.sorting.views.sheets import SheetView
from chalicelib.pages.console.downloads import handed_out
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.console.supply.forms import PrintQuery, SheetsQuery
from chalicelib.pages.console.supply.model import documents
from chalicelib.pages.console.supply.views import of_locked
from chalicelib.pages.shell import Content, Page, Redirect, Visit, ask
from chalicelib.web import STYLES_ALONE, staff

pages = Console(__name__)

_LOOKS = staff("manager", "planner", "service")
POINTS = 60
"""Pickup points of one page on screen."""


def _parcels(sheet: SheetView) -> list[int]:
    return [len(share.orders) for share in sheet.members]


@pages.page("/console/supply/{id}/sorting-sheets", allow=_LOOKS, query=SheetsQuery)
def sheets(visit: Visit[Any]) -> Page | Redirect | Content:
    """What each pickup point receives, and the way to its sheet."""
    campaign = of_locked(visit)
    if isinstance(campaign, Redirect):
        return campaign
    form = visit.query.format
    answered = ask(visit, read_sorting_sheets, query={"format": form} if form else None)
    if form:
        return handed_out(visit, answered)
    filled = [sheet for sheet in answered.sheets if sheet.members]
    part = visit.query.part
    return Page(
        "console/supply/sheets.html",
        {
            "campaign": campaign,
            "sheets": filled[(part - 1) * POINTS : part * POINTS],
            "part": part,
            "more": len(filled) > part * POINTS,
            "points": len(filled),
            "nothing_at": [sheet.name for sheet in answered.sheets if not sheet.members],
            "parcels": sum(sum(_parcels(sheet)) for sheet in filled),
            "documents": documents([_parcels(sheet) for sheet in filled], MOST_PARCELS),
            "parcels_of": lambda sheet: sum(_parcels(sheet)),
            "units_of": lambda sheet: sum(item.quantity for item in sheet.items),
            "due_of": lambda sheet: sum(order.due.amount_minor for share in sheet.members for order in share.orders),
        },
    )


@pages.page("/console/supply/{id}/sorting-sheets/print", allow=_LOOKS, query=PrintQuery)
def printed(visit: Visit[Any]) -> Content | Redirect:
    """The sheets for A4 paper, a page or more for each pickup point."""
    campaign = of_locked(visit)
    if isinstance(campaign, Redirect):
        return campaign
    wanted = {"format": "html", "part": str(visit.query.part)}
    if visit.query.pickup_point_id:
        wanted["pickup_point_id"] = visit.query.pickup_point_id
    made = ask(visit, read_sorting_sheets, query=wanted)
    headers = {"Content-Security-Policy": STYLES_ALONE, "Referrer-Policy": "same-origin"}
    return Content(made.text, "text/html; charset=utf-8", headers=headers)
