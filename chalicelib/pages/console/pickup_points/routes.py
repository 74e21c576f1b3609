"""Pages of pickup points: the list, one of them, and the member who leads it."""

from typing import Any

from chalicelib.kernel.errors import NotFound
from chalicelib.members.routes import list_members, read_member
from chalicelib.pages.console.people import called
from chalicelib.pages.console.pickup_points.forms import LeaderForm, LeaderQuery, PointForm, percent
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask, ask_at, may
from chalicelib.pickup_points.routes import (
    create_pickup_point,
    edit_pickup_point,
    list_pickup_points,
    read_pickup_point,
)
from chalicelib.pickup_points.views import PickupPointView
from chalicelib.web import staff

pages = Console(__name__)

_LOOKS = staff("manager", "editor", "planner", "service", "analyst")
_PLANS = staff("manager", "planner")


@pages.page("/console/pickup-points", allow=_LOOKS, paged=True)
def show_all(visit: Visit[None]) -> Page:
    """The pickup points, newest first, with who leads each."""
    points = ask(visit, list_pickup_points, limit=visit.limit, cursor=visit.cursor)
    leaders = {each.leader_id for each in points.items if each.leader_id}
    values = {
        "points": points.items,
        "leaders": {each: _called(visit, each) for each in sorted(leaders)},
        "following": visit.following(points.last_key),
        "percent": percent,
        "may_change": may(visit, create_pickup_point),
    }
    return Page("console/pickup_points/list.html", values)


def _called(visit: Visit[Any], member_id: str) -> str:
    """The leader's name as the reader's role sees it, or what there is instead; empty for who is a member no more."""
    try:
        member = ask(visit, read_member, path={"id": member_id})
    except NotFound:
        return ""
    return called(member) or member_id


@pages.page("/console/pickup-points/new", allow=_PLANS)
def begin(visit: Visit[Any]) -> Page:
    """An empty form."""
    return Page("console/pickup_points/new.html")


@pages.form("/console/pickup-points", allow=_PLANS, body=PointForm, again=begin)
def add(visit: Visit[PointForm]) -> Redirect:
    """Adds one; who leads it is chosen next."""
    point: PickupPointView = ask(visit, create_pickup_point, body=visit.body.point())
    return Redirect(
        f"/pickup-points/{point.id}/leader", flash=N_("The pickup point is there. Now choose who leads it.")
    )


@pages.page("/console/pickup-points/{id}", allow=_LOOKS)
def show(visit: Visit[Any]) -> Page:
    """One of them, to be changed by who may."""
    point, revision = ask_at(visit, read_pickup_point)
    values = {
        "point": point,
        "leader": _called(visit, point.leader_id) if point.leader_id else "",
        "revision": revision,
        "commission": percent(point.commission_bps),
        "may_change": may(visit, edit_pickup_point),
    }
    return Page("console/pickup_points/point.html", values)


@pages.form("/console/pickup-points/{id}", allow=_PLANS, body=PointForm, again=show)
def change(visit: Visit[PointForm]) -> Redirect:
    """Changes it."""
    ask(visit, edit_pickup_point, body=visit.body.point())
    return Redirect(f"/pickup-points/{visit.path['id']}", flash=N_("It is saved."))


@pages.page("/console/pickup-points/{id}/leader", allow=_PLANS, query=LeaderQuery)
def choose_leader(visit: Visit[Any]) -> Page:
    """Looks for a member by name or phone number."""
    point, revision = ask_at(visit, read_pickup_point)
    q = visit.query.q.strip() if visit.query else ""
    found = ask(visit, list_members, query={"q": q}).items if q else []
    values = {
        "point": point,
        "leader": _called(visit, point.leader_id) if point.leader_id else "",
        "revision": revision,
        "q": q,
        "found": found,
    }
    return Page("console/pickup_points/leader.html", values)


@pages.form("/console/pickup-points/{id}/leader", allow=_PLANS, body=LeaderForm, again=choose_leader)
def set_leader(visit: Visit[LeaderForm]) -> Redirect:
    """Hands the pickup point to a member, or to nobody."""
    leader = visit.body.leader_id or None
    ask(visit, edit_pickup_point, body={"leader_id": leader})
    said = N_("They lead it from now on.") if leader else N_("Nobody leads it now.")
    return Redirect(f"/pickup-points/{visit.path['id']}", flash=said)
