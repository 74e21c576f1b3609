"""The page of the audit log."""

from chalicelib.pages.console.audit.model import DEEDS
from chalicelib.pages.console.audit.views import entry
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.shell import Page, Visit, ask
from chalicelib.tenants.forms import AuditQuery
from chalicelib.tenants.routes import read_audit
from chalicelib.web import staff

pages = Console(__name__)


@pages.page("/console/audit", allow=staff("manager"), query=AuditQuery, paged=True)
def show(visit: Visit[None]) -> Page:
    """Who changed what, newest first."""
    found = ask(visit, read_audit, query=visit.query, limit=visit.limit, cursor=visit.cursor)
    values = {
        "entries": [entry(each, visit.language) for each in found.items],
        "deeds": DEEDS,
        "following": visit.following(found.last_key),
    }
    return Page("console/audit/list.html", values)
