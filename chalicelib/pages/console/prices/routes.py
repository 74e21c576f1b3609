"""Pages of prices: what needs a look, a product's prices over its life, and the brand's rules of them."""

from typing import Any

from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.local_day import local_date
from chalicelib.pages.console.downloads import handed_out
from chalicelib.pages.console.people import people
from chalicelib.pages.console.prices.forms import FloorPage, RulesPage, SeenPage, StagePage, TableQuery, named
from chalicelib.pages.console.prices.model import MOST_PRICES, STAGES, UNITS, WEEKDAYS
from chalicelib.pages.console.prices.views import ProductShown
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.shell import N_, Content, Page, Redirect, Visit, ask, ask_at, may
from chalicelib.pages.shell.saying import Saying
from chalicelib.pages.shell.typed import Reading, at_fields, written
from chalicelib.pricing.forms.prices import NewCompetitorPrice
from chalicelib.pricing.routes import (
    edit_pricing,
    list_alerts,
    list_competitor_prices,
    list_history,
    read_price_rules,
    read_pricing,
    record_price,
    set_price_rules,
)
from chalicelib.web import staff

pages = Console(__name__)

_LOOKS = staff("manager", "editor", "planner", "service", "analyst")
_PLANS = staff("manager", "planner")
_RECORDS = staff("manager", "planner", "editor")
_LATEST = 10


@pages.page("/console/prices", allow=_LOOKS, paged=True)
def watch(visit: Visit[None]) -> Page:
    """The products of whose prices some need a look, and what was seen of competitors last."""
    found = ask(visit, list_alerts, limit=visit.limit, cursor=visit.cursor)
    seen = ask(visit, list_competitor_prices, limit=_LATEST)
    values = {
        "watched": [(each, [alert for alert in each.alerts if alert.ended_at is None]) for each in found.items],
        "following": visit.following(found.last_key),
        "seen": seen.items,
        "people": people(visit),
        "units": UNITS,
    }
    return Page("console/prices/watch.html", values)


@pages.page("/console/prices/file", allow=_LOOKS, query=TableQuery)
def competitors_file(visit: Visit[Any]) -> Content | Redirect:
    """All that was seen of competitors, as a table."""
    return handed_out(visit, ask(visit, list_competitor_prices, query={"format": visit.query.format}))


@pages.page("/console/prices/rules", allow=_LOOKS)
def rules(visit: Visit[Any]) -> Page:
    """The floor of all products, when a competitor is an alert, and what is wanted in each stage."""
    found, revision = ask_at(visit, read_price_rules)
    values = {
        "rules": found,
        "revision": revision,
        "floor_amount": written(found.floor.amount) if found.floor else "",
        "stages": [(name, shown, getattr(found.stages, name)) for name, shown in STAGES.items()],
        "weekdays": list(WEEKDAYS.items()),
        "plans": may(visit, set_price_rules),
    }
    return Page("console/prices/rules.html", values)


@pages.form("/console/prices/rules", allow=_PLANS, body=RulesPage, again=rules)
def change_rules(visit: Visit[RulesPage]) -> Redirect:
    """Sets all of them."""
    with at_fields(named):
        ask(visit, set_price_rules, body=visit.body.rules(_reading(visit)))
    return Redirect("/prices/rules", flash=N_("It is saved. No price has been changed."))


@pages.page("/console/products/{id}/pricing", allow=_LOOKS)
def pricing(visit: Visit[Any]) -> Page:
    """A product's stage with what it rests on, its prices and floors, competitors, and what needs a look."""
    found, revision = ask_at(visit, read_pricing)
    history = ask(visit, list_history, limit=MOST_PRICES)
    values = {
        "shown": ProductShown.of(found, Saying(visit.language, zone(visit.brand.timezone))),
        "revision": revision,
        "people": people(visit),
        "history": history.items,
        "more_history": history.last_key is not None,
        "floor_amount": written(found.floor.amount) if found.floor else "",
        "stages": STAGES,
        "units": UNITS,
        "titles": {sku.id: sku.title for sku in found.skus},
        "today": local_date(visit.now, zone(visit.brand.timezone)),
        "plans": may(visit, edit_pricing),
        "records": may(visit, record_price),
    }
    return Page("console/prices/product.html", values)


@pages.form("/console/products/{id}/pricing/stage", allow=_PLANS, body=StagePage, again=pricing)
def set_stage(visit: Visit[StagePage]) -> Redirect:
    """Confirms the stage, or sets another."""
    with at_fields(named):
        ask(visit, edit_pricing, body=visit.body.stated())
    return _back(visit, N_("The stage is kept. No price has been changed."))


@pages.form("/console/products/{id}/pricing/floor", allow=_PLANS, body=FloorPage, again=pricing)
def set_floor(visit: Visit[FloorPage]) -> Redirect:
    """Sets the product's own floor, or leaves it to the brand's."""
    with at_fields(named):
        ask(visit, edit_pricing, body={"floor": visit.body.floor(_reading(visit))})
    return _back(visit, N_("The margin floor is kept. It holds for group buys that are published from now on."))


@pages.form("/console/products/{id}/pricing/competitors", allow=_RECORDS, body=SeenPage, again=pricing)
def add_price(visit: Visit[SeenPage]) -> Redirect:
    """Records what a competitor asks for one of the product's SKUs."""
    product = ask(visit, read_pricing)
    if visit.body.sku_id not in {sku.id for sku in product.skus}:
        raise Invalid.at("/sku_id", "Choose one of its SKUs.", "请选择该商品的规格。")
    reading = _reading(visit)
    seen = visit.body.seen(reading, local_date(visit.now, reading.zone))
    with reading.together(), at_fields(named):
        form = visit.form(NewCompetitorPrice, seen)
    with at_fields(named):
        ask(visit, record_price, body=form)
    return _back(visit, N_("The price is kept. You are told here if it is much lower than yours."))


@pages.page("/console/products/{id}/pricing/file", allow=_LOOKS, query=TableQuery)
def history_file(visit: Visit[Any]) -> Content | Redirect:
    """All prices that the product had, as a table."""
    return handed_out(visit, ask(visit, list_history, query={"format": visit.query.format}))


def _back(visit: Visit[Any], flash: str) -> Redirect:
    return Redirect(f"/products/{visit.path['id']}/pricing", flash=flash)


def _reading(visit: Visit[Any]) -> Reading:
    return Reading(visit.brand.currency, zone(visit.brand.timezone))
