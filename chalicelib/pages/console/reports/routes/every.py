"""The page of any report: a form made of its query, its charts, its table, and its files."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from chalicelib.channels.routes import list_channels
from chalicelib.insight.intake.model.kinds import BRIEF
from chalicelib.insight.report_jobs.routes import start_report_job
from chalicelib.insight.reports.catalogue import UnknownReport, named
from chalicelib.insight.reports.report import Report
from chalicelib.insight.reports.routes import read_report
from chalicelib.insight.reports.whole import ReportQuery
from chalicelib.kernel.errors import DomainError, NotFound
from chalicelib.members.routes import read_member
from chalicelib.pages.console.charts import percents
from chalicelib.pages.console.choosing import campaigns
from chalicelib.pages.console.downloads import handed_out
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.console.reports.forms import ReportFileForm
from chalicelib.pages.console.reports.model.fields import Field, fields_of
from chalicelib.pages.console.reports.model.wording import ALL, USUAL_PATHS
from chalicelib.pages.console.reports.views.every import ReportShown
from chalicelib.pages.shell import N_, Content, Page, Redirect, Visit, ask, may
from chalicelib.web import STYLES_ALONE, staff

pages = Console(__name__)

_READERS = staff("manager", "planner", "analyst")
_SVG = "image/svg+xml"
_POLICY = {"Content-Security-Policy": STYLES_ALONE}
_OF_A_PICTURE = {"format", "chart", "width"}
_OF_A_LIST = {"members", "limit", "cursor"}
_MEMBERS_AT_ONCE = 50
_CHANNELS = 100
_CAMPAIGN = "campaign"


@pages.page("/console/reports/{name}", allow=_READERS, query=ReportQuery)
def report(visit: Visit[Any]) -> Page:
    """A report as it is asked for in the address."""
    found, asked = _named(visit), _table(_asked(visit))
    shown, refusal = None, None
    try:
        shown = ReportShown.of(found, _read(visit, asked), visit.language)
    except DomainError as refused:
        refusal = refused
    values = {
        "name": found.name,
        "title": found.called.said(visit.language),
        "tells": found.tells.said(visit.language) if found.tells else "",
        "fields": [_with_titles(visit, each) for each in fields_of(found.query, asked)],
        "asked": asked,
        "sent_as": urlencode(asked),
        "shown": shown,
        "refusal": refusal,
    }
    return Page("console/reports/report.html", values, status=refusal.status if refusal else 200)


@pages.page("/console/reports/{name}/members", allow=_READERS, query=ReportQuery)
def members_behind(visit: Visit[Any]) -> Page:
    """The members behind a figure of a report, page by page."""
    found, asked = _named(visit), _asked(visit)
    members, table = asked.get("members", ""), _table(asked)
    view, refusal, cell = None, None, []
    try:
        view = _read(visit, {**asked, "members": members, "limit": str(_MEMBERS_AT_ONCE)})
        cell = ReportShown.of(found, _read(visit, table), visit.language).named(members)
    except DomainError as refused:
        refusal = refused
    values = {
        "name": found.name,
        "title": found.called.said(visit.language),
        "asked": table,
        "members": members,
        "cell": cell,
        "found": getattr(view, "at_risk", None) or getattr(view, "members", None),
        "following": getattr(view, "next_cursor", None),
        "opens": may(visit, read_member),
        "percents": percents,
        "refusal": refusal,
    }
    return Page("console/reports/behind.html", values, status=refusal.status if refusal else 200)


@pages.page("/console/reports/{name}/file", allow=_READERS, query=ReportQuery)
def report_file(visit: Visit[Any]) -> Content | Redirect:
    """The same as a file, in a moment."""
    return handed_out(visit, _read(visit, {"format": "csv", **_asked(visit), **_form(visit)}))


@pages.page("/console/reports/{name}/chart", allow=_READERS, query=ReportQuery)
def report_chart(visit: Visit[Any]) -> Content:
    """One of its charts as a picture."""
    given = visit.query.model_dump(mode="json", include=_OF_A_PICTURE, exclude_none=True)
    picture = {key: str(value) for key, value in given.items()}
    return Content(_read(visit, {**_asked(visit), **picture, "format": "svg"}).text, _SVG, headers=_POLICY)


@pages.form("/console/reports/{name}/file", allow=_READERS, body=ReportFileForm, again=report)
def write_report_file(visit: Visit[ReportFileForm]) -> Redirect:
    """Begins to write all of it into a file, in the background."""
    body = visit.body
    wanted = {"name": _named(visit).name, "parameters": dict(parse_qsl(body.parameters)), "format": body.format}
    job = ask(visit, start_report_job, body=wanted)
    return Redirect(f"/jobs/{job.id}", flash=N_("The file is being written. You may leave this page."))


def _named(visit: Visit[Any]) -> Report[Any, Any]:
    """The report of the address. Raises NotFound."""
    try:
        return named(visit.path["name"])
    except UnknownReport as unknown:
        raise NotFound("There is no such report.", detail_zh="没有该报表。") from unknown


def _asked(visit: Visit[Any]) -> dict[str, str]:
    """The report's parameters as its address has them, without what says how it is shown."""
    if visit.query is None:
        return {}
    given = visit.query.model_dump(mode="json", exclude_unset=True, exclude=_OF_A_PICTURE)
    said = {key: ",".join(value) if isinstance(value, list) else str(value) for key, value in given.items() if value}
    return dict(sorted(said.items()))


def _with_titles(visit: Visit[Any], field: Field) -> Field:
    """A group buy or a channel is chosen by its title, a path by its steps; what else is named by its id is kept."""
    if field.name == "id" and visit.path["name"] != _CAMPAIGN:
        return replace(field, type="hidden")
    unchosen = ALL
    if field.name in ("campaign", "id"):
        found = campaigns(visit, [field.value])
        unchosen = "" if field.name == "id" else ALL
    elif field.name == "channel":
        found = {each.id: each.title for each in ask(visit, list_channels, limit=_CHANNELS).items}
    elif field.name == "steps":
        path = field.value or field.usual
        found = {each: _said(each, visit.language) for each in (path, *USUAL_PATHS)}
        field, unchosen = replace(field, value=path), ""
    else:
        return field
    if field.value:
        found = {field.value: field.value, **found}
    return replace(field, type="choice", choices=tuple(found.items()), unchosen=unchosen, titles=True)


def _said(steps: str, language: str) -> str:
    """A path by what its steps are called; one that there is not as it is typed."""
    return " → ".join(BRIEF[each][language == "zh"] if each in BRIEF else each for each in steps.split(","))


def _table(asked: dict[str, str]) -> dict[str, str]:
    """What asks for the table around the figure whose members are asked for."""
    return {name: value for name, value in asked.items() if name not in _OF_A_LIST}


def _form(visit: Visit[Any]) -> dict[str, str]:
    return {"format": visit.query.format} if visit.query is not None and visit.query.format else {}


def _read(visit: Visit[Any], query: dict[str, str]) -> Any:
    return ask(visit, read_report, path={"name": _named(visit).name}, query=query)
