"""Pages of what earns points, what they pay, and of the tiers."""

from typing import Any

from chalicelib.insight.reports.routes import read_report
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import DomainError
from chalicelib.loyalty.points.routes import read_rules, set_rules
from chalicelib.loyalty.tiers.routes import read_tiers, set_tiers
from chalicelib.pages.console.loyalty import views
from chalicelib.pages.console.loyalty.forms import MOST_TIERS, RulesPage, TiersPage
from chalicelib.pages.console.loyalty.model import MEASURES
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask, ask_at, may
from chalicelib.pages.shell.typed import Reading, written
from chalicelib.web import staff

pages = Console(__name__)

_LOOKS = staff("manager", "editor", "planner", "service", "analyst")
_PLANS = staff("manager", "planner")
_READS_EFFECTS = ("manager", "planner", "analyst")
_ROWS = 4
"""Tiers for which there is room at first."""


@pages.page("/console/points-rules", allow=_LOOKS)
def rules(visit: Visit[Any]) -> Page:
    """What earns how many points, and what they pay."""
    found, revision = ask_at(visit, read_rules)
    spend = found.spend
    values = {
        "rows": views.rule_fields(found),
        "spend": spend,
        "worth": written(spend.worth) if spend else "",
        "revision": revision,
        "may_change": may(visit, set_rules),
        "outstanding": _outstanding(visit) if visit.principal.has(*_READS_EFFECTS) else None,
    }
    return Page("console/loyalty/rules.html", values)


@pages.form("/console/points-rules", allow=_PLANS, body=RulesPage, again=rules)
def change_rules(visit: Visit[RulesPage]) -> Redirect:
    """Sets all of them."""
    try:
        ask(visit, set_rules, body=visit.body.rules(_reading(visit)))
    except DomainError as refusal:
        raise visit.body.beside(refusal) from refusal
    return Redirect("/points-rules", flash=N_("It is saved. It holds from now on."))


@pages.page("/console/tiers", allow=_LOOKS)
def tiers(visit: Visit[Any]) -> Page:
    """By what members rise, and what each tier is good for."""
    found, revision = ask_at(visit, read_tiers)
    typed = sum(1 for name in visit.fields if name.startswith("tiers.") and name.endswith(".title"))
    values = {
        "tiers": found,
        "rows": views.tier_fields(found, visit.brand.currency, min(MOST_TIERS, max(_ROWS, typed))),
        "measures": list(MEASURES.items()),
        "revision": revision,
        "may_change": may(visit, set_tiers),
        "reads_effects": visit.principal.has(*_READS_EFFECTS),
    }
    return Page("console/loyalty/tiers.html", values)


@pages.form("/console/tiers", allow=_PLANS, body=TiersPage, again=tiers)
def change_tiers(visit: Visit[TiersPage]) -> Redirect:
    """Sets all of them."""
    try:
        ask(visit, set_tiers, body=visit.body.asked(_reading(visit)))
    except DomainError as refusal:
        raise visit.body.beside(refusal) from refusal
    return Redirect("/tiers", flash=N_("It is saved. Members rise at once."))


def _outstanding(visit: Visit[Any]) -> Any:
    """The points that members can still use."""
    return ask(visit, read_report, path={"name": "points"}, query={}).outstanding


def _reading(visit: Visit[Any]) -> Reading:
    return Reading(visit.brand.currency, zone(visit.brand.timezone))
