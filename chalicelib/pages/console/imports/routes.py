"""Pages of imports: what can be imported, one import from its file to its result, and empty files to fill in."""

from typing import Any

from chalicelib.insight.imports.routes import create_import, start_import
from chalicelib.jobs.model import Status
from chalicelib.jobs.routes import list_jobs, read_job
from chalicelib.pages.console.imports.forms import Kind, Nothing
from chalicelib.pages.console.imports.views import KINDS, STATES
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.shell import N_, Content, Page, Redirect, Visit, ask, may
from chalicelib.web import Csv, for_reader, staff
from chalicelib.web.tables import CSV, csv_text

pages = Console(__name__)

_LOOKS = staff("manager", "analyst")
_IMPORTS = staff("manager")
_UNDER_WAY = (Status.QUEUED, Status.RUNNING)


@pages.page("/console/imports", allow=_LOOKS, paged=True)
def imports(visit: Visit[Any]) -> Page:
    """What can be imported, and the imports so far, newest first; the other jobs of the brand are left out."""
    found = ask(visit, list_jobs, limit=visit.limit, cursor=visit.cursor)
    values = {
        "jobs": [job for job in found.items if job.kind in KINDS],
        "following": "" if visit.refused else visit.following(found.last_key),
        "kinds": KINDS,
        "states": STATES,
        "imports": may(visit, create_import),
    }
    return Page("console/imports/list.html", values)


@pages.form("/console/imports", allow=_IMPORTS, body=Kind, again=imports)
def begin(visit: Visit[Kind]) -> Redirect:
    """A new import, which awaits its file."""
    announced = ask(visit, create_import, body={"kind": visit.body.kind})
    return Redirect(f"/imports/{announced.id}")


@pages.page("/console/imports/{id}", allow=_LOOKS)
def show_import(visit: Visit[Any]) -> Page:
    """An import: where its file goes, how far it is, or what came of it."""
    job = ask(visit, read_job)
    values = {
        "job": job,
        "kind": KINDS.get(job.kind),
        "state": STATES[job.status],
        "awaits": job.status == Status.AWAITING_UPLOAD,
        "under_way": job.status in _UNDER_WAY,
    }
    return Page("console/imports/import.html", values)


@pages.form("/console/imports/{id}/start", allow=_IMPORTS, body=Nothing, again=show_import)
def start(visit: Visit[Nothing]) -> Redirect:
    """Sets out on the file that was sent."""
    ask(visit, start_import)
    return Redirect(f"/imports/{visit.path['id']}", flash=N_("The import has begun. You can leave this page."))


@pages.page("/console/imports/template-orders", allow=_LOOKS)
def order_template(visit: Visit[None]) -> Content:
    """An empty file of orders, to be filled in."""
    return _template(visit, "orders")


@pages.page("/console/imports/template-members", allow=_LOOKS)
def member_template(visit: Visit[None]) -> Content:
    """An empty file of members, to be filled in."""
    return _template(visit, "members")


def _template(visit: Visit[Any], kind: str) -> Content:
    table = for_reader(Csv(f"{kind}.csv", KINDS[kind].titles, []), visit.language)
    return Content(csv_text(table), CSV, headers={"Content-Disposition": f'attachment; filename="{table.filename}"'})
