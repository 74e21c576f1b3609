"""Pages of booked costs: those that there are, one of them, and a new one."""

from typing import Any

from chalicelib.channels.routes import list_channels
from chalicelib.insight.costs.forms import CostQuery
from chalicelib.insight.costs.model import RangeInvalid
from chalicelib.insight.costs.routes import book_cost, change_cost, get_cost, list_costs, remove_cost
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.pages.console import choosing
from chalicelib.pages.console.costs.forms import CostForm, Nothing
from chalicelib.pages.console.costs.model import KINDS
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask, ask_at, may
from chalicelib.pages.shell.typed import Reading, at_fields, without_minor, written
from chalicelib.pickup_points.routes import list_pickup_points
from chalicelib.web import Paged, staff

pages = Console(__name__)

_READS = staff("manager", "analyst")
_BOOKS = staff("manager")
_KINDS = list(KINDS.items())


@pages.page("/console/costs", allow=_READS, query=CostQuery, paged=True)
def costs(visit: Visit[None]) -> Page:
    """Booked costs, those that begin last first."""
    wrong = None
    try:
        found = ask(visit, list_costs, query=visit.query, limit=visit.limit, cursor=visit.cursor)
    except RangeInvalid as refusal:
        found, wrong = Paged([], None), refusal
    values = {
        "costs": found.items,
        "following": visit.following(found.last_key),
        "asked": visit.query,
        "wrong": wrong,
        "kinds": KINDS,
        "choices": _KINDS,
        "books": may(visit, book_cost),
        "campaigns": choosing.campaigns(visit, [each.campaign_id for each in found.items]),
    }
    return Page("console/costs/costs.html", values)


@pages.page("/console/costs/new", allow=_BOOKS)
def begin(visit: Visit[Any]) -> Page:
    """Something that was paid, and what for."""
    today = local_date(visit.now, zone(visit.brand.timezone)).isoformat()
    return Page("console/costs/new.html", {"kinds": _KINDS, "today": today, **_subjects(visit)})


@pages.form("/console/costs/new", allow=_BOOKS, body=CostForm, again=begin)
def book(visit: Visit[CostForm]) -> Redirect:
    """Books it, once for each form."""
    with at_fields(without_minor):
        ask(visit, book_cost, body=visit.body.cost(_reading(visit)))
    return Redirect("/costs", flash=N_("The cost is booked."))


@pages.page("/console/costs/{id}", allow=_READS)
def cost(visit: Visit[Any]) -> Page:
    """One cost."""
    found, revision = ask_at(visit, get_cost)
    values = {
        "cost": found,
        "revision": revision,
        "kinds": _KINDS,
        "kind": KINDS[found.kind],
        "amount": written(found.amount),
        "books": may(visit, change_cost),
        **_subjects(visit, found.campaign_id, found.product_id),
    }
    return Page("console/costs/cost.html", values)


@pages.form("/console/costs/{id}", allow=_BOOKS, body=CostForm, again=cost)
def change(visit: Visit[CostForm]) -> Redirect:
    """Changes it: every report counts it so from then on."""
    with at_fields(without_minor):
        ask(visit, change_cost, body=visit.body.cost(_reading(visit)))
    return Redirect("/costs", flash=N_("The cost is changed."))


@pages.form("/console/costs/{id}/remove", allow=_BOOKS, body=Nothing, again=cost)
def remove(visit: Visit[Nothing]) -> Redirect:
    """Takes it out of every report."""
    ask(visit, remove_cost)
    return Redirect("/costs", flash=N_("The cost is removed."))


def _reading(visit: Visit[Any]) -> Reading:
    return Reading(visit.brand.currency, zone(visit.brand.timezone))


def _subjects(visit: Visit[Any], campaign_id: str | None = None, product_id: str | None = None) -> dict[str, Any]:
    """What a cost may be for."""
    points = ask(visit, list_pickup_points, limit=100).items
    channels = ask(visit, list_channels, limit=100).items
    products = choosing.products(visit, [product_id or ""])
    return {
        "campaigns": list(choosing.campaigns(visit, [campaign_id or ""]).items()),
        "products": [(each.id, each.title) for each in products],
        "points": [(each.id, each.name) for each in points],
        "channels": [(each.id, each.title) for each in channels],
    }
