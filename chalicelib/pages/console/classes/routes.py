"""Pages of classes: where they part; how many members are of each; their scores; and the members behind a figure."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.insight.model.rfm import SCORES
from chalicelib.insight.reports.classes import CLASSES
from chalicelib.insight.reports.report import Report
from chalicelib.insight.reports.rfm import RFM
from chalicelib.insight.reports.routes import read_report
from chalicelib.kernel.errors import DomainError, Invalid
from chalicelib.members.routes import read_classes, read_member, set_classes
from chalicelib.pages.console.charts import percents, titles
from chalicelib.pages.console.classes.forms import (
    ClassesPage,
    ClassesTyped,
    ClassMembersPage,
    RfmMembersPage,
    RfmPage,
)
from chalicelib.pages.console.classes.views import RfmShown
from chalicelib.pages.console.downloads import handed_out
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.console.said import CLASS
from chalicelib.pages.shell import N_, Content, Page, Redirect, Visit, ask, ask_at, may
from chalicelib.segments.routes import create_segment
from chalicelib.web import staff

pages = Console(__name__)

_LOOKS = staff("manager", "editor", "planner", "service", "analyst")
_PLANS = staff("manager", "planner")
_READERS = staff("manager", "analyst")
_COUNTS = ("manager", "analyst")
_MEMBERS_AT_ONCE = "50"


@pages.page("/console/member-classes", allow=_LOOKS)
def thresholds(visit: Visit[Any]) -> Page:
    """By which days members are new, active, dormant or churned."""
    found, revision = ask_at(visit, read_classes)
    values = {
        "thresholds": found,
        "revision": revision,
        "may_change": may(visit, set_classes),
        "reads_reports": visit.principal.has(*_COUNTS),
    }
    return Page("console/classes/thresholds.html", values)


@pages.form("/console/member-classes", allow=_PLANS, body=ClassesTyped, again=thresholds)
def change_thresholds(visit: Visit[ClassesTyped]) -> Redirect:
    """Sets all of them."""
    ask(visit, set_classes, body=visit.body.asked())
    return Redirect("/member-classes", flash=N_("It is saved. It holds for every member and every report at once."))


@pages.page("/console/reports/classes", allow=_READERS, query=ClassesPage)
def classes(visit: Visit[Any]) -> Page:
    """How many members are of each class, and how many were a month before."""
    return _page(visit, CLASSES, lambda view: view, percents=percents)


@pages.page("/console/reports/classes/file", allow=_READERS, query=ClassesPage)
def classes_file(visit: Visit[Any]) -> Content | Redirect:
    """The same as a file."""
    return _file(visit, "classes")


@pages.page("/console/reports/classes/members", allow=_READERS, query=ClassMembersPage)
def class_members(visit: Visit[Any]) -> Page:
    """The members of a class."""
    named = CLASS.get(visit.query.members)
    return _members(visit, "classes", {"name": named.name if named else ""})


@pages.page("/console/reports/classes/members/file", allow=_READERS, query=ClassMembersPage)
def class_members_file(visit: Visit[Any]) -> Content | Redirect:
    """The members of a class as a file."""
    return _file(visit, "classes")


@pages.page("/console/reports/rfm", allow=_READERS, query=RfmPage)
def rfm(visit: Visit[Any]) -> Page:
    """How recently, how often and for how much members order."""
    return _page(visit, RFM, RfmShown.of, scores=SCORES[::-1])


@pages.page("/console/reports/rfm/file", allow=_READERS, query=RfmPage)
def rfm_file(visit: Visit[Any]) -> Content | Redirect:
    """The same as a file, with all scores."""
    return _file(visit, "rfm")


@pages.page("/console/reports/rfm/members", allow=_READERS, query=RfmMembersPage)
def rfm_members(visit: Visit[Any]) -> Page:
    """The members who have three scores, or two and any value."""
    scores = visit.query.members.split(":")
    narrowed = visit.query.asked().keys() & {"from_on", "as_of", "of_class"}
    values = {
        "scores": scores if len(scores) == len("rfm") else None,
        # A segment's scores are those of all members and days: not those of a narrower report.
        "segments": may(visit, create_segment) and not narrowed,
    }
    return _members(visit, "rfm", values)


@pages.page("/console/reports/rfm/members/file", allow=_READERS, query=RfmMembersPage)
def rfm_members_file(visit: Visit[Any]) -> Content | Redirect:
    """The members who have some scores, as a file."""
    return _file(visit, "rfm")


def _page(visit: Visit[Any], report: Report[Any, Any], shown: Callable[[Any], Any], **values: Any) -> Page:
    """The report as it is shown, with what its charts are called, or why it cannot be."""
    refusal = None
    try:
        view = _report(visit, report.name, visit.query.asked())
        values |= {"shown": shown(view), "view": view, "charts": titles(report, view, visit.language)}
    except DomainError as refused:
        refusal = refused
    values |= {"asked": defaultdict(str, visit.query.asked()), "refusal": refusal, "classes": CLASS,
               "looks": may(visit, read_classes),
               "class_choices": [(each, state.name) for each, state in CLASS.items()]}  # fmt: skip
    return Page(f"console/classes/{report.name}.html", values, status=refusal.status if refusal else 200)


def _members(visit: Visit[Any], name: str, values: Mapping[str, Any]) -> Page:
    asked = visit.query.asked()
    table = {key: value for key, value in asked.items() if key not in ("members", "cursor")}
    shown = {**values, "asked": table, "named": visit.query.members, "report": name, "opens": may(visit, read_member)}
    try:
        view = _report(visit, name, {**asked, "limit": _MEMBERS_AT_ONCE})
    except Invalid:  # the address names no such figure
        view = None
    return Page("console/classes/members.html", {**shown, "view": view})


def _report(visit: Visit[Any], name: str, asked: Mapping[str, str]) -> Any:
    query = {key: value for key, value in asked.items() if key != "format"}
    return ask(visit, read_report, path={"name": name}, query=query)


def _file(visit: Visit[Any], name: str) -> Content | Redirect:
    asked = {"format": "csv", **visit.query.asked()}
    return handed_out(visit, ask(visit, read_report, path={"name": name}, query=asked))
