"""The page of a member's points and tier."""

from typing import Any

from chalicelib.loyalty.points.model.rules import Action
from chalicelib.loyalty.points.routes import check_in, list_own_points
from chalicelib.loyalty.points.service.checking_in import checked_in
from chalicelib.loyalty.points.service.setting import get_rules
from chalicelib.loyalty.tiers.routes import read_own_standing
from chalicelib.pages.shell import N_, Page, Pages, Redirect, Visit, ask
from chalicelib.pages.storefront.points.views import CAUSES, OF_GIFTS
from chalicelib.web import Body, member

pages = Pages(__name__)


class Nothing(Body):
    """A form that is no more than its button."""


@pages.page("/s/{slug}/points", allow=member(), paged=True)
def points(visit: Visit[Any]) -> Page:
    """What the member has, what of it expires when, how it came about, and what leads to the next tier."""
    found = ask(visit, list_own_points, limit=visit.limit, cursor=visit.cursor)
    rule = get_rules(visit.tenant_id)[0].earning.get(Action.CHECK_IN)
    values = {
        "balance": found.beside.balance,
        "expiring": found.beside.expiring,
        "entries": found.items,
        "following": visit.following(found.last_key),
        "standing": ask(visit, read_own_standing),
        "checking_in": rule.points if rule else None,
        "checked_in": checked_in(visit.tenant_id, visit.member_id, visit.now),
        "causes": CAUSES,
        "of_gifts": OF_GIFTS,
    }
    return Page("storefront/points/points.html", values)


@pages.form("/s/{slug}/points/check-in", allow=member(), body=Nothing, again=points)
def check_in_today(visit: Visit[Nothing]) -> Redirect:
    """Checks in, once a day."""
    ask(visit, check_in)
    return Redirect("/points", flash=N_("You have checked in. Come back tomorrow for more points."))
