"""Pages of imports: what can be imported, one import from its file to its result, and empty files to fill in."""

from typing import Any

from chalicelib.insight.activity.model.columns import BadHeader
from chalicelib.insight.imports.errors import BadWorkbook, FileReplaced, FileTooLarge, NotUploaded
from chalicelib.insight.imports.forms import MOST_HEADER_ROW
from chalicelib.insight.imports.model.undoing import UNDO
from chalicelib.insight.imports.routes import create_import, preview_import, start_import, undo_import
from chalicelib.jobs.model import STARTABLE, Status
from chalicelib.jobs.routes import list_jobs, read_job
from chalicelib.jobs.views import JobView
from chalicelib.pages.console.imports.forms import LEFT_OUT, Columns, Kind, Looked, Nothing, Titles, Undo
from chalicelib.pages.console.imports.views import KINDS, STATES, UNDONE
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.shell import N_, Content, Page, Redirect, Visit, ask, may
from chalicelib.pages.shell.words import said
from chalicelib.web import Csv, for_reader, staff
from chalicelib.web.tables import CSV, csv_text

pages = Console(__name__)

_LOOKS = staff("manager", "analyst")
_IMPORTS = staff("manager")
_UNDER_WAY = (Status.QUEUED, Status.RUNNING)
_OVER = (Status.DONE, Status.FAILED)


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


@pages.page("/console/imports/{id}", allow=_LOOKS, query=Looked)
def show_import(visit: Visit[Any]) -> Page:
    """An import: where its file goes, how far it is, or what came of it; the undoing of one likewise."""
    job = ask(visit, read_job)
    if job.kind == UNDO.name:
        return _undoing(visit, job)
    values = {
        "job": job,
        "kind": KINDS.get(job.kind),
        "state": STATES[job.status],
        "awaits": job.status == Status.AWAITING_UPLOAD,
        "checked": job.status == Status.CHECKED,
        "under_way": job.status in _UNDER_WAY,
        "imports": may(visit, start_import),
        "over": job.status in _OVER and not job.dry_run,
        "file": None,
        **_columns(visit, job),
    }
    return Page("console/imports/import.html", values)


def _undoing(visit: Visit[Any], job: JobView) -> Page:
    values = {
        "job": job,
        "state": UNDONE[job.status],
        "under_way": job.status in _UNDER_WAY,
        "undoes": may(visit, undo_import),
    }
    return Page("console/imports/undo.html", values)


def _columns(visit: Visit[Any], job: JobView) -> dict[str, Any]:
    """The columns of a file that waits, with their first values and what each may hold; nothing where none was sent, or
    where it cannot be read, of which looking at it says the reason.
    """
    if job.status not in STARTABLE or job.kind not in KINDS or not may(visit, preview_import):
        return {}
    try:
        found = ask(visit, preview_import, body={"header_row": _header_row(visit)})
    except (NotUploaded, FileReplaced, BadHeader, BadWorkbook, FileTooLarge):
        return {}
    titles = {field.name: title for title, field in KINDS[job.kind].titled(visit.language)}
    return {
        "file": found,
        "choices": [(LEFT_OUT, said(N_("Leave out"))), *((name, titles[name]) for name in found.may_hold)],
        "left_out": LEFT_OUT,
        "samples": [[row.values[at] for row in found.rows] for at in range(len(found.columns))],
        "rows": [(str(row.row), f"{row.row} · {' · '.join(filter(None, row.values))}"[:80]) for row in found.top],
    }


def _header_row(visit: Visit[Any]) -> int | None:
    """The row of the titles that the address names, or a form that was refused."""
    if visit.query is not None:
        return visit.query.header_row  # type: ignore[no-any-return]
    typed = visit.fields.get("header_row", "")
    return int(typed) if typed.isdecimal() and 0 < int(typed) <= MOST_HEADER_ROW else None


@pages.form("/console/imports/{id}/start", allow=_IMPORTS, body=Nothing, again=show_import)
def start(visit: Visit[Nothing]) -> Redirect:
    """Sets out on the file that was sent."""
    ask(visit, start_import)
    return Redirect(f"/imports/{visit.path['id']}", flash=N_("The import has begun. You can leave this page."))


@pages.form("/console/imports/{id}/look", allow=_IMPORTS, body=Titles, again=show_import)
def look(visit: Visit[Titles]) -> Redirect:
    """Looks at the file that was sent, before anything is said of its columns."""
    ask(visit, preview_import, body=visit.body)
    return Redirect(f"/imports/{visit.path['id']}{visit.body.query}")


@pages.form("/console/imports/{id}/columns", allow=_IMPORTS, body=Columns, again=show_import)
def choose_columns(visit: Visit[Columns]) -> Redirect:
    """Tries the file out with these columns, or imports it."""
    tries = visit.body.then == "check"
    asked = {"columns": visit.body.named, "header_row": visit.body.header_row, "dry_run": tries}
    ask(visit, start_import, body=asked)
    begun = N_("The file is being tried out: nothing is written yet.")
    flash = begun if tries else N_("The import has begun. You can leave this page.")
    return Redirect(f"/imports/{visit.path['id']}", flash=flash)


@pages.form("/console/imports/{id}/undo", allow=_IMPORTS, body=Undo, again=show_import)
def undo(visit: Visit[Undo]) -> Redirect:
    """Looks at what undoing an import would come to, or undoes it."""
    looks = visit.body.then == "look"
    job = ask(visit, undo_import, body={"dry_run": looks})
    flash = N_("What would go and what would stay is being looked up.") if looks else N_("The import is being undone.")
    return Redirect(f"/imports/{job.id}", flash=flash)


@pages.page("/console/imports/template-products", allow=_LOOKS)
def product_template(visit: Visit[None]) -> Content:
    """An empty file of products, to be filled in."""
    return _template(visit, "products")


@pages.page("/console/imports/template-competitor_prices", allow=_LOOKS)
def competitor_template(visit: Visit[None]) -> Content:
    """An empty file of competitors' prices, to be filled in."""
    return _template(visit, "competitor_prices")


@pages.page("/console/imports/template-orders", allow=_LOOKS)
def order_template(visit: Visit[None]) -> Content:
    """An empty file of orders, to be filled in."""
    return _template(visit, "orders")


@pages.page("/console/imports/template-members", allow=_LOOKS)
def member_template(visit: Visit[None]) -> Content:
    """An empty file of members, to be filled in."""
    return _template(visit, "members")


def _template(visit: Visit[Any], kind: str) -> Content:
    table = for_reader(Csv(f"{kind}.csv", KINDS[kind].template, []), visit.language)
    return Content(csv_text(table), CSV, headers={"Content-Disposition": f'attachment; filename="{table.filename}"'})
