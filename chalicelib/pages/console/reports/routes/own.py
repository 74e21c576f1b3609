"""Pages of reports: the summary of a range of days, and retention with the members behind each of its cells."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from chalicelib.insight.reports.leaving import LeavingView
from chalicelib.insight.reports.retention import RetentionView
from chalicelib.insight.reports.routes import read_report
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import DomainError, Invalid
from chalicelib.kernel.local_day import local_date
from chalicelib.members.routes import read_member
from chalicelib.pages.console.causes import ABOUT
from chalicelib.pages.console.charts import percents
from chalicelib.pages.console.downloads import handed_out
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.console.reports.forms import (
    LeavingPage,
    LeftPage,
    MembersPage,
    RatesPage,
    RetentionPage,
    SummaryPage,
)
from chalicelib.pages.console.reports.model.said import FIGURES, LEFT_FOR, MOST_PERIODS, RATES, shade, usual_from
from chalicelib.pages.console.reports.views.every import readable
from chalicelib.pages.console.reports.views.own import LeavingShown, RatesShown, RetentionShown, SummaryShown
from chalicelib.pages.shell import Content, Page, Redirect, Visit, ask, may
from chalicelib.web import staff

pages = Console(__name__)

_READERS = staff("manager", "analyst")
_MEMBERS_AT_ONCE = 50


@pages.page("/console/reports", allow=_READERS, query=SummaryPage)
def summary(visit: Visit[None]) -> Page:
    """What a range of days came to, whole and by group."""
    asked = _summary(visit)
    sent_as = urlencode({key: value for key, value in asked.items() if key != "format"})
    every = readable(visit.principal, visit.language)
    return _page(
        visit, "summary", asked, SummaryShown.of,
        names=FIGURES, sent_as=sent_as, every=every,
    )  # fmt: skip


@pages.page("/console/reports/file", allow=_READERS, query=SummaryPage)
def summary_file(visit: Visit[None]) -> Content | Redirect:
    """The same as a file."""
    return _file(visit, "summary", _summary(visit))


@pages.page("/console/reports/retention", allow=_READERS, query=RetentionPage)
def retention(visit: Visit[None]) -> Page:
    """Cohorts by the first order, and how many of each came back."""
    return _page(visit, "retention", _retention(visit), RetentionShown.of, percents=percents, shade=shade)


@pages.page("/console/reports/retention/file", allow=_READERS, query=RetentionPage)
def retention_file(visit: Visit[None]) -> Content | Redirect:
    """The same as a file, with all cohorts and periods."""
    return _file(visit, "retention", visit.query.asked())


@pages.page("/console/reports/retention/members", allow=_READERS, query=MembersPage)
def members(visit: Visit[None]) -> Page:
    """The members behind a cell."""
    asked = _retention(visit)
    cohort, _, period = visit.query.members.rpartition(":")
    values = {"asked": _table(asked), "cohort": cohort, "period": period, "opens": may(visit, read_member)}
    try:
        view: RetentionView | None = _report(visit, "retention", {**asked, "limit": str(_MEMBERS_AT_ONCE)})
    except Invalid:  # figures were counted anew since, and it is in the table no more
        view = None
    return Page("console/reports/members.html", {**values, "view": view})


@pages.page("/console/reports/leaving", allow=_READERS, query=LeavingPage)
def leaving(visit: Visit[None]) -> Page:
    """Who left and why, by month, with what they wrote."""
    opens = may(visit, read_member)
    return _page(visit, "leaving", visit.query.asked(), LeavingShown.of, why=LEFT_FOR, percents=percents, opens=opens)


@pages.page("/console/reports/leaving/file", allow=_READERS, query=LeavingPage)
def leaving_file(visit: Visit[None]) -> Content | Redirect:
    """The same as a file."""
    return _file(visit, "leaving", visit.query.asked())


@pages.page("/console/reports/leaving/members", allow=_READERS, query=LeftPage)
def members_who_left(visit: Visit[None]) -> Page:
    """The members behind a cell."""
    asked = visit.query.asked()
    month, _, reason = visit.query.members.rpartition(":")
    values = {"asked": _table(asked), "month": month, "reason": LEFT_FOR.get(reason), "opens": may(visit, read_member)}
    try:
        view: LeavingView | None = _report(visit, "leaving", {**asked, "limit": str(_MEMBERS_AT_ONCE)})
    except Invalid:
        view = None
    return Page("console/reports/left.html", {**values, "view": view})


@pages.page("/console/reports/service-rates", allow=_READERS, query=RatesPage)
def service_rates(visit: Visit[None]) -> Page:
    """How many praise and complain."""
    asked, names = visit.query.asked(), {"names": RATES, "about": ABOUT, "percents": percents}
    return _page(visit, "service-rates", asked, RatesShown.of, template="rates", **names)


@pages.page("/console/reports/service-rates/file", allow=_READERS, query=RatesPage)
def service_rates_file(visit: Visit[None]) -> Content | Redirect:
    """The same as a file."""
    return _file(visit, "service-rates", visit.query.asked())


def _summary(visit: Visit[Any]) -> dict[str, str]:
    """What is asked for; the last days where none are named."""
    asked: dict[str, str] = visit.query.asked()
    if "from_on" not in asked and "to_on" not in asked:
        asked["from_on"] = usual_from(local_date(visit.now, zone(visit.brand.timezone))).isoformat()
    return asked


def _retention(visit: Visit[Any]) -> dict[str, str]:
    """What is asked for, with as many periods as a page shows."""
    asked: dict[str, str] = visit.query.asked()
    if asked["mode"] != "bracket":
        asked.setdefault("periods", str(MOST_PERIODS))
    return asked


def _table(asked: dict[str, str]) -> dict[str, str]:
    """What asks for the table around the cell whose members are asked for."""
    return {name: value for name, value in asked.items() if name not in ("members", "cursor")}


def _page(
    visit: Visit[None],
    name: str,
    asked: dict[str, Any],
    shown: Callable[[Any, str], Any],
    template: str = "",
    **values: Any,
) -> Page:
    """A report as it is shown, or why it cannot be; in its own template unless another is named."""
    view, refusal = None, None
    try:
        view = shown(_report(visit, name, asked), visit.language)
    except DomainError as refused:
        refusal = refused
    values |= {"asked": defaultdict(str, asked), "shown": view, "refusal": refusal}
    return Page(f"console/reports/{template or name}.html", values, status=refusal.status if refusal else 200)


def _report(visit: Visit[Any], name: str, asked: dict[str, str]) -> Any:
    query = {key: value for key, value in asked.items() if key != "format"}
    return ask(visit, read_report, path={"name": name}, query=query)


def _file(visit: Visit[Any], name: str, asked: dict[str, str]) -> Content | Redirect:
    return handed_out(visit, ask(visit, read_report, path={"name": name}, query={"format": "csv", **asked}))
