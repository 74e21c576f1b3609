"""The page of a member's points and tier."""

from typing import Any

from chalicelib.kernel.errors import DomainError
from chalicelib.loyalty.points.routes import book_points, list_points
from chalicelib.loyalty.tiers.routes import end_tier, give_tier, read_standing, read_tiers
from chalicelib.members.routes import read_member
from chalicelib.pages.console.loyalty.forms import EndPage, PointsPage, TierPage
from chalicelib.pages.console.loyalty.model import CAUSES, OF_GIFTS
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask, may
from chalicelib.web import staff

pages = Console(__name__)

_LOOKS = staff("manager", "editor", "planner", "service", "analyst")
_GIVES = staff("manager", "planner", "service")


@pages.page("/console/members/{id}/points", allow=_LOOKS, paged=True)
def points(visit: Visit[Any]) -> Page:
    """What a member has and how it came about, and where they stand."""
    found = ask(visit, list_points, limit=visit.limit, cursor=visit.cursor)
    values = {
        "member": ask(visit, read_member),
        "balance": found.beside.balance,
        "expiring": found.beside.expiring,
        "entries": found.items,
        "following": visit.following(found.last_key),
        "standing": ask(visit, read_standing),
        "tiers": [(tier.code, tier.title) for tier in ask(visit, read_tiers).tiers],
        "gives": may(visit, book_points),
        "causes": CAUSES,
        "of_gifts": OF_GIFTS,
    }
    return Page("console/loyalty/member.html", values)


@pages.form("/console/members/{id}/points", allow=_GIVES, body=PointsPage, again=points)
def book(visit: Visit[PointsPage]) -> Redirect:
    """Gives points, or takes some."""
    try:
        ask(visit, book_points, body=visit.body.booked())
    except DomainError as refusal:
        raise visit.body.beside(refusal) from refusal
    taken, given = N_("The points are taken."), N_("The points are given.")
    return Redirect(_here(visit), flash=taken if visit.body.takes else given)


@pages.form("/console/members/{id}/tier", allow=_GIVES, body=TierPage, again=points)
def give(visit: Visit[TierPage]) -> Redirect:
    """Gives a tier until a day."""
    ask(visit, give_tier, body=visit.body.given())
    return Redirect(_here(visit), flash=N_("They have the tier from now on."))


@pages.form("/console/members/{id}/tier/end", allow=_GIVES, body=EndPage, again=points)
def end(visit: Visit[EndPage]) -> Redirect:
    """Takes back a tier that was given."""
    ask(visit, end_tier, body=visit.body.given())
    return Redirect(_here(visit), flash=N_("The tier is taken back."))


def _here(visit: Visit[Any]) -> str:
    return f"/members/{visit.path['id']}/points"
