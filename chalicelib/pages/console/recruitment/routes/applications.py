"""Pages of applications to join."""

from typing import Any

from chalicelib.pages.console.recruitment.forms import ApplicationsPage, DeclinePage, Nothing
from chalicelib.pages.console.recruitment.model import APPLICATION
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask, may
from chalicelib.recruitment.routes import (
    approve_application,
    decline_application,
    list_applications,
    read_application,
)
from chalicelib.web import staff

pages = Console(__name__)

_LOOKS = staff("manager", "planner", "service", "analyst")
_DECIDES = staff("manager", "service")


@pages.page("/console/applications", allow=_LOOKS, query=ApplicationsPage, paged=True)
def applications(visit: Visit[None]) -> Page:
    """Who wants to join, the latest first; those of one state alone where it is chosen."""
    status = visit.query.status
    query = {"status": status} if status else {}
    found = ask(visit, list_applications, query=query, limit=visit.limit, cursor=visit.cursor)
    values = {
        "applications": found.items,
        "following": visit.following(found.last_key),
        "states": APPLICATION,
        "status": status,
        "choices": [(code, state.name) for code, state in APPLICATION.items()],
    }
    return Page("console/recruitment/applications.html", values)


@pages.page("/console/applications/{id}", allow=_LOOKS)
def application(visit: Visit[Any]) -> Page:
    """One application with its answers, to be decided."""
    found = ask(visit, read_application)
    values = {
        "application": found,
        "state": APPLICATION[found.status],
        "contacts": visit.principal.sees_contacts,
        "decides": may(visit, approve_application) and found.status != "joined",
    }
    return Page("console/recruitment/application.html", values)


@pages.form("/console/applications/{id}/approve", allow=_DECIDES, body=Nothing, again=application)
def approve(visit: Visit[Nothing]) -> Redirect:
    """Takes them; they are told."""
    ask(visit, approve_application)
    said = N_("The application is approved. They are told, and join by signing in.")
    return Redirect(f"/applications/{visit.path['id']}", flash=said)


@pages.form("/console/applications/{id}/decline", allow=_DECIDES, body=DeclinePage, again=application)
def decline(visit: Visit[DeclinePage]) -> Redirect:
    """Does not take them; they are told why."""
    ask(visit, decline_application, body={"reason": visit.body.reason.strip()} if visit.body.reason.strip() else {})
    return Redirect(f"/applications/{visit.path['id']}", flash=N_("The application is declined. They are told why."))
