"""Pages of effects: all that lowers prices side by side, one of it day by day, points, and tiers."""

from collections import defaultdict
from typing import Any

from chalicelib.insight.reports.routes import read_report
from chalicelib.kernel.errors import Invalid
from chalicelib.pages.console.downloads import handed_out
from chalicelib.pages.console.growth.forms import DaysPage, FilePage
from chalicelib.pages.console.growth.model import ACTIONS, KINDS, STATES, WAYS
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.shell import Content, Page, Redirect, Visit, ask
from chalicelib.web import staff

pages = Console(__name__)

_READERS = staff("manager", "planner", "analyst")


@pages.page("/console/growth", allow=_READERS, query=FilePage)
def overview(visit: Visit[Any]) -> Page | Content | Redirect:
    """Everything that lowers prices: what it costs, and what is left of its budget."""
    if visit.query.format in ("csv", "xlsx"):
        return _file(visit, "growth", {"format": visit.query.format})
    values = {
        "view": _report(visit, "growth", {}),
        "points": _report(visit, "points", {}).outstanding,
        "kinds": KINDS,
        "states": STATES,
        "ways": WAYS,
    }
    return Page("console/growth/overview.html", values)


@pages.page("/console/growth/promotion/{id}", allow=_READERS, query=DaysPage)
def promotion(visit: Visit[Any]) -> Page | Content | Redirect:
    """A promotion, day by day."""
    return _days(visit, "promotion", "/promotions/")


@pages.page("/console/growth/coupon-batch/{id}", allow=_READERS, query=DaysPage)
def coupon_batch(visit: Visit[Any]) -> Page | Content | Redirect:
    """A batch of coupons, day by day."""
    return _days(visit, "coupon-batch", "/coupons/")


@pages.page("/console/growth/points", allow=_READERS, query=DaysPage)
def points(visit: Visit[Any]) -> Page | Content | Redirect:
    """What points are given and taken for, and what of them is outstanding."""
    return _ranged(visit, "points", {}, "console/growth/points.html", {"actions": ACTIONS})


@pages.page("/console/growth/tiers", allow=_READERS, query=DaysPage)
def tiers(visit: Visit[Any]) -> Page | Content | Redirect:
    """What each tier costs, and what its members' orders bring."""
    return _ranged(visit, "tiers", {}, "console/growth/tiers.html", {})


def _days(visit: Visit[Any], name: str, way: str) -> Page | Content | Redirect:
    subject = visit.path["id"]
    values = {"states": STATES, "kind": KINDS[name.replace("-", "_")], "way": f"{way}{subject}",
              "this": f"/growth/{name}/{subject}"}  # fmt: skip
    return _ranged(visit, name, {"id": subject}, "console/growth/days.html", values)


def _ranged(
    visit: Visit[Any], name: str, about: dict[str, str], template: str, values: dict[str, Any]
) -> Page | Content | Redirect:
    """A report on days, as a page or as a file. What cannot be asked for is refused beside what asks for it."""
    asked = visit.query.asked()
    if visit.query.format in ("csv", "xlsx"):
        return _file(visit, name, {**about, **asked})
    view, refusal = None, None
    try:
        view = _report(visit, name, {**about, **asked})
    except Invalid as refused:
        refusal = refused
    shown = {**values, "asked": defaultdict(str, asked), "view": view, "refusal": refusal}
    return Page(template, shown, status=refusal.status if refusal else 200)


def _report(visit: Visit[Any], name: str, asked: dict[str, str]) -> Any:
    return ask(visit, read_report, path={"name": name}, query=asked)


def _file(visit: Visit[Any], name: str, asked: dict[str, str]) -> Content | Redirect:
    return handed_out(visit, ask(visit, read_report, path={"name": name}, query=asked))
