"""The page of what members want."""

from typing import Any

from chalicelib.insight.reports.report import FormQuery
from chalicelib.insight.reports.routes import read_report
from chalicelib.pages.console.downloads import handed_out
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.shell import Content, Page, Redirect, Visit, ask
from chalicelib.web import staff

pages = Console(__name__)

_MOST = 200
"""Products that the page shows; all are in the file."""


class WantedPage(FormQuery):
    """Whether as a file."""


@pages.page("/console/wanted", allow=staff("manager", "planner", "analyst"), query=WantedPage)
def wanted(visit: Visit[Any]) -> Page | Content | Redirect:
    """What members want, the most waited for first."""
    path = {"name": "wanted"}
    if visit.query.format in ("csv", "xlsx"):
        return handed_out(visit, ask(visit, read_report, path=path, query={"format": visit.query.format}))
    view = ask(visit, read_report, path=path, query={})
    return Page("console/wanted/wanted.html", {"view": view, "rows": view.rows[:_MOST], "most": _MOST})
