"""Pages of what has closed: what each group buy waits for, how far its supply has come, and moving it on."""

from typing import Any

from chalicelib.campaigns.model.campaign import FROM_LOCK, Status
from chalicelib.campaigns.routes import list_campaigns, read_campaign
from chalicelib.fulfilment.purchasing.routes import read_purchase_list
from chalicelib.fulfilment.receiving.forms import Advance
from chalicelib.fulfilment.receiving.routes import advance_campaign, read_supply, record_receipt
from chalicelib.fulfilment.sorting.routes import read_sorting_sheets
from chalicelib.orders.routes.orders import list_orders
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.console.said import CAMPAIGN
from chalicelib.pages.console.supply.forms import AdvanceQuery
from chalicelib.pages.console.supply.model import STEPS, WAITS, WAY, ahead, passed_to, waits_for
from chalicelib.pages.console.supply.views import Totals, incoming, supplier_names
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask, ask_at, may
from chalicelib.web import staff

pages = Console(__name__)

_LOOKS = staff("manager", "planner", "service", "analyst")
_EDITS = staff("manager", "planner")
_MOVED = {
    "purchasing": N_("It is noted that the goods are ordered."),
    "received": N_("It is noted that the goods are here."),
    "sorted": N_("It is noted that the parcels are packed."),
    "at_pickup": N_("The parcels are at the pickup points. Everybody who ordered is told now."),
    "completed": N_("The group buy is completed."),
}


@pages.page("/console/supply", allow=_LOOKS)
def overview(visit: Visit[None]) -> Page:
    """The group buys on their way from the close to the last handover, by what they wait for."""
    groups = []
    for status in WAY:
        found = ask(visit, list_campaigns, query={"status": status.value}, limit=20)
        if found.items:
            groups.append((CAMPAIGN[status], WAITS[status], found.items, found.last_key is not None))
    return Page("console/supply/overview.html", {"groups": groups})


@pages.page("/console/supply/{id}", allow=_LOOKS)
def show(visit: Visit[None]) -> Page:
    """How far one group buy's supply has come, and what it waits for."""
    campaign, revision = ask_at(visit, read_campaign)
    values: dict[str, Any] = {"campaign": campaign, "state": CAMPAIGN[campaign.status], "revision": revision}
    if campaign.status not in FROM_LOCK:
        return Page("console/supply/not_closed.html", values)
    supply = ask(visit, read_supply)
    names = supplier_names(visit)
    steps, totals = ahead(campaign.status), Totals.of(supply)
    return Page(
        "console/supply/supply.html",
        {
            **values,
            "supply": supply,
            "totals": totals,
            "suppliers": incoming(supply, names),
            "way": [(CAMPAIGN[each], each == campaign.status) for each in WAY],
            "waits": waits_for(Status(campaign.status), totals.expected),
            "next": steps[0] if steps else None,
            "receiving": campaign.status not in (Status.COMPLETED, Status.SETTLED),
            "may_orders": may(visit, list_orders),
            "may_record": may(visit, record_receipt),
            "may_advance": may(visit, advance_campaign),
            "may_buy": may(visit, read_purchase_list),
            "may_sort": may(visit, read_sorting_sheets),
        },
    )


@pages.page("/console/supply/{id}/advance", allow=_EDITS, query=AdvanceQuery)
def look_ahead(visit: Visit[Any]) -> Page | Redirect:
    """What will happen when the group buy moves on, and who is written to."""
    campaign, revision = ask_at(visit, read_campaign)
    steps = ahead(campaign.status)
    if campaign.status not in FROM_LOCK or not steps:
        if visit.refused is not None:
            raise visit.refused
        return Redirect(f"/supply/{campaign.id}")
    asked = visit.fields.get("to") or (visit.query.to if visit.query else None)
    to = Status(asked) if asked in {step.to.value for step in steps} else steps[0].to
    supply = ask(visit, read_supply)
    expected = [line for line in supply.lines if line.expected]
    return Page(
        "console/supply/advance.html",
        {
            "campaign": campaign,
            "revision": revision,
            "state": CAMPAIGN[campaign.status],
            "last": campaign.history[-1] if campaign.history else None,
            "to": STEPS[to],
            "passed": passed_to(campaign.status, to),
            "others": [step for step in steps if step.to != to],
            "expected": expected if to != Status.PURCHASING else [],
            "busy": supply.stage != "idle",
        },
    )


@pages.form("/console/supply/{id}/advance", allow=_EDITS, body=Advance, again=look_ahead)
def advance(visit: Visit[Advance]) -> Redirect:
    """Moves it on."""
    ask(visit, advance_campaign, body=visit.body)
    return Redirect(f"/supply/{visit.path['id']}", flash=_MOVED[visit.body.to])
