"""Pages of the purchase list: by supplier, to send and to print, drawn up again, topped up."""

from typing import Any

from chalicelib.campaigns.model.campaign import Status
from chalicelib.fulfilment.purchasing.forms import TopUp
from chalicelib.fulfilment.purchasing.routes import (
    ListWanted,
    freeze_purchase_list,
    read_purchase_list,
    top_up_purchase_list,
)
from chalicelib.pages.console.downloads import handed_out
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.console.supply.forms import FreezeForm, SupplierQuery
from chalicelib.pages.console.supply.views import OUTCOMES, bought, of_locked, wanted
from chalicelib.pages.shell import N_, Content, Page, Redirect, Visit, ask, may
from chalicelib.web import staff

pages = Console(__name__)

_LOOKS = staff("manager", "planner", "service")
_EDITS = staff("manager", "planner")
_OPEN = (Status.LOCKED, Status.PURCHASING)
MOST_LINES = 100


@pages.page("/console/supply/{id}/purchase-list", allow=_LOOKS, query=ListWanted)
def read_list(visit: Visit[Any]) -> Page | Redirect | Content:
    """What is bought from whom, as it was frozen, and what has changed since the version before."""
    campaign = of_locked(visit)
    if isinstance(campaign, Redirect):
        return campaign
    answered = ask(visit, read_purchase_list, query=visit.query)
    if visit.query is not None and visit.query.format in ("csv", "xlsx"):
        return handed_out(visit, answered)
    return Page(
        "console/supply/purchase_list.html",
        {
            "campaign": campaign,
            "list": answered,
            "parts_of_list": bought(answered),
            "outcomes": OUTCOMES,
            "wanted": wanted(answered),
            "titles": {line.sku_id: line.title for line in answered.lines},
            "latest": answered.version == answered.latest_version,
            "may_change": may(visit, top_up_purchase_list) and campaign.status in _OPEN,
        },
    )


@pages.form("/console/supply/{id}/purchase-list", allow=_EDITS, body=FreezeForm, again=read_list)
def freeze(visit: Visit[FreezeForm]) -> Redirect:
    """Draws the list up again."""
    version = ask(visit, freeze_purchase_list).version
    again = version != visit.body.version
    said = N_("The list is drawn up again.") if again else N_("Nothing has changed: the list stands.")
    return Redirect(f"/supply/{visit.path['id']}/purchase-list", flash=said)


@pages.page("/console/supply/{id}/top-up", allow=_EDITS, query=SupplierQuery)
def ask_units(visit: Visit[Any]) -> Page | Redirect:
    """How many units more are bought of what one supplier delivers."""
    campaign = of_locked(visit)
    if isinstance(campaign, Redirect):
        return campaign
    frozen = ask(visit, read_purchase_list)
    asked = visit.fields.get("_supplier_id") or (visit.query.supplier_id if visit.query else None) or ""
    part = next((each for each in bought(frozen) if (each.lines[0].supplier_id or "") == asked), None)
    if part is None:
        return Redirect(f"/supply/{campaign.id}/purchase-list")
    return Page(
        "console/supply/top_up.html",
        {
            "campaign": campaign,
            "part": part,
            "lines": part.lines[:MOST_LINES],
            "supplier_id": asked,
            "wanted": wanted(frozen),
        },
    )


@pages.form("/console/supply/{id}/top-up", allow=_EDITS, body=TopUp, again=ask_units)
def top_up(visit: Visit[TopUp]) -> Redirect:
    """Buys so many more."""
    ask(visit, top_up_purchase_list, body=visit.body)
    return Redirect(f"/supply/{visit.path['id']}/purchase-list", flash=N_("The purchase list has the new units."))
