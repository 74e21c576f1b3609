"""Pages of complaints: what waits and for how long, one of them with its history, and what is done about it."""

from typing import Any

from chalicelib.complaints.forms import ComplaintEdit, ComplaintQuery, Resolution
from chalicelib.complaints.routes import edit_complaint, get_complaint, list_complaints, resolve_complaint
from chalicelib.kernel.clock import zone
from chalicelib.members.routes import read_member
from chalicelib.pages.console.complaints import views
from chalicelib.pages.console.people import people
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.console.said import COMPLAINT
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask, ask_at
from chalicelib.web import staff

pages = Console(__name__)

_TEAM = staff("manager", "service")


@pages.page("/console/complaints", allow=_TEAM, query=ComplaintQuery, paged=True)
def complaints(visit: Visit[None]) -> Page:
    """Those in work, the most pressing first; then the resolved."""
    found = ask(visit, list_complaints, query=visit.query, limit=views.SHOWN, cursor=visit.cursor)
    values = {
        "rows": views.rows(found.items, visit.now, zone(visit.brand.timezone)),
        "wanted": visit.query,
        "people": people(visit),
        "about": views.ABOUT,
        "urgencies": views.URGENCIES,
        "states": COMPLAINT,
        "following": visit.following(found.last_key),
    }
    return Page("console/complaints/list.html", values)


@pages.page("/console/complaints/{id}", allow=_TEAM)
def complaint(visit: Visit[Any]) -> Page:
    """One complaint: what was said, by whom, what was done so far, and what can be done."""
    found, revision = ask_at(visit, get_complaint)
    values = {
        "complaint": found,
        "revision": revision,
        "due": views.next_due(found, visit.now, zone(visit.brand.timezone)),
        "member": ask(visit, read_member, path={"id": found.member_id}),
        "people": people(visit),
        "about": views.ABOUT,
        "urgencies": views.URGENCIES,
        "importances": views.IMPORTANCES,
        "happened": views.HAPPENED,
        "fields": views.FIELDS,
        "words": views.word,
        "state": COMPLAINT[found.status],
    }
    return Page("console/complaints/complaint.html", values)


@pages.form("/console/complaints/{id}", allow=_TEAM, body=ComplaintEdit, again=complaint)
def edit(visit: Visit[ComplaintEdit]) -> Redirect:
    """Judges it, gives it to somebody, notes something."""
    ask(visit, edit_complaint, body=visit.body)
    return Redirect(f"/complaints/{visit.path['id']}", flash=N_("It is saved."))


@pages.form("/console/complaints/{id}/resolve", allow=_TEAM, body=Resolution, again=complaint)
def resolve(visit: Visit[Resolution]) -> Redirect:
    """Closes it with what came of it, which the member is told."""
    ask(visit, resolve_complaint, body=visit.body)
    return Redirect(
        f"/complaints/{visit.path['id']}", flash=N_("The complaint is resolved. The member is told what came of it.")
    )
