"""Pages of reports that come by e-mail."""

from urllib.parse import parse_qsl

from chalicelib.insight.report_schedules.routes import (
    create_report_schedule,
    create_standard_schedules,
    delete_report_schedule,
    edit_report_schedule,
    list_report_schedules,
)
from chalicelib.insight.reports.catalogue import REPORTS
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.console.reports.forms import ScheduleForm, SchedulePage, StandardForm
from chalicelib.pages.console.reports.model.said import EVERY, MAIL_FORMATS, SCHEDULED, WEEKDAYS
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask
from chalicelib.pages.shell.onward import Onward
from chalicelib.tenants.routes import read_staff
from chalicelib.web import staff

pages = Console(__name__)

_READERS = staff("manager", "planner", "analyst")
_SELLERS = staff("manager", "analyst")


@pages.page("/console/report-schedules", allow=_READERS, query=SchedulePage, paged=True)
def schedules(visit: Visit[None]) -> Page:
    """What comes by e-mail, and a form for more."""
    found = ask(visit, list_report_schedules, limit=visit.limit, cursor=visit.cursor)
    readable = {name: each for name, each in REPORTS.items() if visit.principal.has(*each.roles)}
    values = {
        "found": found.items,
        "following": visit.following(found.last_key),
        "titles": {name: each.called.said(visit.language) for name, each in REPORTS.items()},
        "reports": [(name, each.called.said(visit.language)) for name, each in readable.items()],
        "name": (visit.query.name if visit.query else "") or "summary",
        "parameters": visit.query.parameters if visit.query else "",
        "own": ask(visit, read_staff, path={"id": visit.principal.id}).email or "",
        "every": EVERY,
        "weekdays": [(str(at), each) for at, each in enumerate(WEEKDAYS)],
        "formats": MAIL_FORMATS,
        "states": SCHEDULED,
        "sells": visit.principal.has("manager", "analyst"),
    }
    return Page("console/reports/schedules.html", values)


@pages.form("/console/report-schedules", allow=_READERS, body=ScheduleForm, again=schedules)
def add(visit: Visit[ScheduleForm]) -> Redirect:
    """Has a report sent."""
    body = visit.body
    wanted = {
        "name": body.name, "parameters": dict(parse_qsl(body.parameters)), "format": body.format, "every": body.every,
        "at": body.at, "weekday": body.weekday, "day": body.day, "recipients": body.addresses,
    }  # fmt: skip
    ask(visit, create_report_schedule, body=wanted)
    return Redirect("/report-schedules", flash=N_("It will be sent from now on."))


@pages.form("/console/report-schedules/standard", allow=_SELLERS, body=StandardForm, again=schedules)
def add_standard(visit: Visit[StandardForm]) -> Redirect:
    """Has the reviews of each day, week, month, quarter and year sent."""
    ask(visit, create_standard_schedules, body={"recipients": visit.body.addresses})
    return Redirect("/report-schedules", flash=N_("The reviews will be sent from now on."))


@pages.form("/console/report-schedules/{id}/pause", allow=_READERS, body=Onward, again=schedules)
def pause(visit: Visit[Onward]) -> Redirect:
    """Sends it no more for now."""
    ask(visit, edit_report_schedule, body={"status": "paused"})
    return Redirect("/report-schedules", flash=N_("It is paused."))


@pages.form("/console/report-schedules/{id}/resume", allow=_READERS, body=Onward, again=schedules)
def resume(visit: Visit[Onward]) -> Redirect:
    """Sends it again from now on."""
    ask(visit, edit_report_schedule, body={"status": "active"})
    return Redirect("/report-schedules", flash=N_("It will be sent from now on."))


@pages.form("/console/report-schedules/{id}/delete", allow=_READERS, body=Onward, again=schedules)
def delete(visit: Visit[Onward]) -> Redirect:
    """Sends it never again."""
    ask(visit, delete_report_schedule)
    return Redirect("/report-schedules", flash=N_("It is not sent any more."))
