"""Pages of personal invitations, to people who have agreed to one."""

from typing import Any

from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import DomainError
from chalicelib.kernel.local_day import local_date
from chalicelib.pages.console.choosing import coupon_named
from chalicelib.pages.console.recruitment import views
from chalicelib.pages.console.recruitment.forms import InvitePage, Nothing, ProspectsPage
from chalicelib.pages.console.recruitment.model import OUTCOME, PROSPECT
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask, may
from chalicelib.recruitment.prospects.model import MOST_AT_ONCE
from chalicelib.recruitment.prospects.routes import invite_prospects, list_prospects, read_prospect, withdraw_prospect
from chalicelib.web import staff

pages = Console(__name__)

_LOOKS = staff("manager", "planner", "service", "analyst")
_INVITES = staff("manager", "service")


@pages.page("/console/prospects", allow=_LOOKS, query=ProspectsPage, paged=True)
def prospects(visit: Visit[None]) -> Page:
    """Who was invited, the latest first; those of one state alone where it is chosen."""
    status = visit.query.status if visit.query.status in PROSPECT else ""
    query = {"status": status} if status else {}
    found = ask(visit, list_prospects, query=query, limit=visit.limit, cursor=visit.cursor)
    values = {
        "prospects": found.items,
        "following": visit.following(found.last_key),
        "states": PROSPECT,
        "status": status,
        "choices": [(code, state.name) for code, state in PROSPECT.items()],
        "invites": may(visit, invite_prospects),
    }
    return Page("console/recruitment/prospects.html", values)


@pages.page("/console/prospects/new", allow=_INVITES)
def begin_inviting(visit: Visit[Any]) -> Page:
    """Whom, where and when they agreed, and until when they may join."""
    values = {
        "coupons": views.coupon_choices(visit),
        "today": local_date(visit.now, zone(visit.brand.timezone)).isoformat(),
        "most": MOST_AT_ONCE,
    }
    return Page("console/recruitment/new_prospects.html", values)


@pages.form("/console/prospects/new", allow=_INVITES, body=InvitePage, again=begin_inviting)
def invite(visit: Visit[InvitePage]) -> Page:
    """Invites them, and says who was not, and why."""
    try:
        found = ask(visit, invite_prospects, body=visit.body.invitation())
    except DomainError as refusal:
        raise visit.body.beside(refusal) from refusal
    left_out = [each for each in found.people if each.outcome != "invited"]
    values = {"invited": found.invited, "left_out": left_out, "outcomes": OUTCOME}
    return Page("console/recruitment/invited.html", values)


@pages.page("/console/prospects/{id}", allow=_LOOKS)
def prospect(visit: Visit[Any]) -> Page:
    """One personal invitation, and what came of it."""
    found = ask(visit, read_prospect)
    values = {
        "prospect": found,
        "coupon": coupon_named(visit, found.coupon_batch_id),
        "state": PROSPECT[found.status],
        "contacts": visit.principal.sees_contacts,
        "withdraws": may(visit, withdraw_prospect) and found.status in ("waiting", "told"),
    }
    return Page("console/recruitment/prospect.html", values)


@pages.form("/console/prospects/{id}/withdraw", allow=_INVITES, body=Nothing, again=prospect)
def withdraw(visit: Visit[Nothing]) -> Redirect:
    """Lets nobody in by it any more."""
    ask(visit, withdraw_prospect)
    said = N_("The invitation is withdrawn. Its link lets nobody in, and no reminder leaves.")
    return Redirect(f"/prospects/{visit.path['id']}", flash=said)
