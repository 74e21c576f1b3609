"""Pages of exports: orders as a file, and what runs in the background."""

from collections import defaultdict
from dataclasses import replace
from typing import Any

from chalicelib.campaigns.routes import list_campaigns
from chalicelib.insight.exports.routes import export_orders
from chalicelib.insight.report_jobs.model import REPORT_FILE
from chalicelib.insight.report_jobs.routes import cancel_report_job
from chalicelib.jobs.routes import list_jobs, read_job
from chalicelib.kernel.errors import Invalid
from chalicelib.orders.forms.orders import OrderFilter
from chalicelib.pages.console.exports.forms import ExportForm
from chalicelib.pages.console.exports.model import ALL, FURTHER, KINDS, ORDERS, PAYMENTS, STATES, runs
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask
from chalicelib.pages.shell.onward import Onward
from chalicelib.pickup_points.routes import list_pickup_points
from chalicelib.web import staff

pages = Console(__name__)

_READERS = staff("manager", "analyst")
_WATCHERS = staff("manager", "planner", "analyst")
_CHOICES = 50
_LATEST = 10


@pages.page("/console/exports", allow=_READERS, query=OrderFilter)
def exports(visit: Visit[Any]) -> Page:
    """Which orders are wanted as a file; the filter of the list of orders comes along in the address."""
    given = {} if visit.refused or visit.query is None else visit.query.model_dump(mode="json", exclude_none=True)
    asked: dict[str, str] = defaultdict(str, {name: _typed(value) for name, value in given.items()})
    asked.update(visit.fields)
    campaigns = ask(visit, list_campaigns, limit=_CHOICES).items
    points = ask(visit, list_pickup_points, limit=_CHOICES).items
    values = {
        "asked": asked,
        "campaigns": _with([(each.id, each.title) for each in campaigns], asked["campaign_id"]),
        "points": _with([(each.id, each.name) for each in points], asked["pickup_point_id"]),
        "further": {name: asked[name] for name in FURTHER if asked[name]},
        "orders": [ALL, *ORDERS.items()],
        "payments": [ALL, *PAYMENTS.items()],
        "jobs": ask(visit, list_jobs, limit=_LATEST).items,
        "states": STATES,
        "kinds": KINDS,
    }
    return Page("console/exports/exports.html", values)


@pages.form("/console/exports", allow=_READERS, body=ExportForm, again=exports)
def export(visit: Visit[ExportForm]) -> Redirect:
    """Begins to write the file."""
    try:
        job = ask(visit, export_orders, query=visit.body.asked())
    except Invalid as refusal:
        raise _of_the_form(refusal) from refusal
    return Redirect(f"/jobs/{job.id}", flash=N_("The file is being written. You may leave this page."))


@pages.page("/console/jobs", allow=_WATCHERS, paged=True)
def jobs(visit: Visit[None]) -> Page:
    """What runs in the background, newest first."""
    found = ask(visit, list_jobs, limit=visit.limit, cursor=visit.cursor)
    values = {"jobs": found.items, "following": visit.following(found.last_key), "states": STATES, "kinds": KINDS}
    return Page("console/exports/jobs.html", values)


@pages.page("/console/jobs/{id}", allow=_WATCHERS)
def job(visit: Visit[None]) -> Page:
    """How far a job is, and where what it made is."""
    found = ask(visit, read_job)
    values = {
        "job": found, "state": STATES[found.status], "kinds": KINDS, "runs": runs(found.status),
        "ends": found.kind == REPORT_FILE.name and runs(found.status),
    }  # fmt: skip
    return Page("console/exports/job.html", values)


@pages.form("/console/jobs/{id}/cancel", allow=_WATCHERS, body=Onward, again=job)
def cancel(visit: Visit[Onward]) -> Redirect:
    """Ends the writing of a report's file."""
    ask(visit, cancel_report_job)
    return Redirect(f"/jobs/{visit.path['id']}", flash=N_("It is cancelled, and leaves no file."))


def _typed(value: Any) -> str:
    """As a form sends it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _with(choices: list[tuple[str, str]], chosen: str) -> list[tuple[str, str]]:
    """The choices, and the one that was chosen, should it be none of the latest."""
    known = not chosen or chosen in dict(choices)
    return choices if known else [*choices, (chosen, chosen)]


def _of_the_form(refusal: Invalid) -> Invalid:
    """What was refused of the filter, said of the form's fields."""
    errors = tuple(replace(each, pointer=each.pointer.replace("?", "/")) for each in refusal.errors)
    return Invalid(refusal.detail, detail_zh=refusal.detail_zh, errors=errors)
