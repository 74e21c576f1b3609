"""Pages of the team: who is on it, with which roles, and how somebody joins and leaves."""

from typing import Any

from chalicelib.kernel.errors import Invalid
from chalicelib.members.sessions.routes import sign_out_staff
from chalicelib.pages.console.hours import DAYS, hours_text
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.console.roles import ROLES
from chalicelib.pages.console.team.forms import ColleagueForm, JustAdded, Nothing, PersonForm, RolesForm, WorkForm
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask, ask_at, may
from chalicelib.pickup_points.routes import list_pickup_points
from chalicelib.tenants.model import SERVES
from chalicelib.tenants.routes import add_staff, change_staff, list_staff, read_staff, remove_staff
from chalicelib.tenants.views import StaffPageView, StaffView
from chalicelib.web import staff

pages = Console(__name__)

_LOOKS = staff("manager", "editor", "planner", "service", "analyst")
_OWNERS = staff()
_MOST_POINTS = 100
_NAMES = {each.code: each.name for each in ROLES}


@pages.page("/console/staff", allow=_LOOKS, paged=True)
def show_all(visit: Visit[Any]) -> Page:
    """Who is on the team."""
    found = ask(visit, list_staff, limit=visit.limit, cursor=visit.cursor)
    values = {
        "people": found.items,
        "roles": ROLES,
        "names": _NAMES,
        "following": visit.following(found.last_key),
        "may_change": may(visit, add_staff),
    }
    return Page("console/team/list.html", values)


@pages.form("/console/staff", allow=_OWNERS, body=ColleagueForm, again=show_all)
def add(visit: Visit[ColleagueForm]) -> Redirect:
    """Adds somebody with one role, who is told by e-mail how they sign in."""
    return _added(ask(visit, add_staff, body=visit.body.person()))


@pages.page("/console/staff/new", allow=_OWNERS)
def begin(visit: Visit[Any]) -> Page:
    """An empty form for somebody with any roles."""
    return Page("console/team/new.html", {"roles": ROLES})


@pages.form("/console/staff/new", allow=_OWNERS, body=PersonForm, again=begin)
def add_with_roles(visit: Visit[PersonForm]) -> Redirect:
    """Adds somebody with the roles that are ticked."""
    return _added(ask(visit, add_staff, body=visit.body.person()))


def _added(person: StaffView) -> Redirect:
    said = N_("They are on your team. We have told them by e-mail how to sign in.")
    return Redirect(f"/staff/{person.id}?added=true", flash=said)


@pages.page("/console/staff/{id}", allow=_LOOKS, query=JustAdded)
def show(visit: Visit[Any]) -> Page:
    """Somebody, to be changed by an owner."""
    person, revision = ask_at(visit, read_staff)
    values = {
        "person": person,
        "roles": ROLES,
        "names": _NAMES,
        "revision": revision,
        "may_change": may(visit, change_staff),
        "added": visit.query is not None and visit.query.added,
        "self": person.id == visit.principal.id,
        "serves": not SERVES.isdisjoint(person.roles),
        "days": DAYS,
        "hours": _hours_typed(person),
        "points": ask(visit, list_pickup_points, limit=_MOST_POINTS).items
        if not SERVES.isdisjoint(person.roles)
        else [],
    }
    return Page("console/team/person.html", values)


@pages.form("/console/staff/{id}", allow=_OWNERS, body=RolesForm, again=show)
def change(visit: Visit[RolesForm]) -> Redirect:
    """Changes their name and roles."""
    ask(visit, change_staff, body=visit.body.edit())
    return Redirect(f"/staff/{visit.path['id']}", flash=N_("It is saved. Their roles hold from the next click on."))


def _hours_typed(person: StaffPageView) -> dict[str, str]:
    """Their weekly hours as they are typed; empty where they are always there."""
    week = person.duty.hours
    return {day: hours_text(getattr(week, day)) if week is not None else "" for day in DAYS}


@pages.form("/console/staff/{id}/work", allow=_OWNERS, body=WorkForm, again=show)
def set_work(visit: Visit[WorkForm]) -> Redirect:
    """Says which cases they get, and when."""
    try:
        ask(visit, change_staff, body=visit.body.work())
    except Invalid as refusal:
        raise visit.body.beside(refusal) from refusal
    return Redirect(f"/staff/{visit.path['id']}", flash=N_("It is saved."))


@pages.form("/console/staff/{id}/sign-out", allow=_OWNERS, body=Nothing, again=show)
def sign_out(visit: Visit[Nothing]) -> Redirect:
    """Ends their sessions in all browsers."""
    ask(visit, sign_out_staff)
    return Redirect(f"/staff/{visit.path['id']}", flash=N_("They are signed out everywhere."))


@pages.form("/console/staff/{id}/remove", allow=_OWNERS, body=Nothing, again=show)
def remove(visit: Visit[Nothing]) -> Redirect:
    """Takes them off the team."""
    ask(visit, remove_staff)
    return Redirect("/staff", flash=N_("They are no longer on your team."))
