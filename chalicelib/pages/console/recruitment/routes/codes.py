"""Pages of invite codes."""

from typing import Any

from chalicelib.kernel.clock import zone
from chalicelib.pages.console.recruitment import views
from chalicelib.pages.console.recruitment.forms import CodePage, Nothing
from chalicelib.pages.console.recruitment.model import CODE
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.shell import N_, Content, Page, Redirect, Visit, ask, ask_at, assets, may
from chalicelib.pages.shell.qr import drawing_of
from chalicelib.pages.shell.typed import Reading, clock_time
from chalicelib.recruitment.routes import (
    create_invite_code,
    edit_invite_code,
    list_invite_codes,
    list_joined_by_code,
    read_invite_code,
    revoke_invite_code,
)
from chalicelib.web import staff

pages = Console(__name__)

_LOOKS = staff("manager", "planner", "service", "analyst")
_PLANS = staff("manager", "planner")
_LATEST = 10


@pages.page("/console/invite-codes", allow=_LOOKS, paged=True)
def invite_codes(visit: Visit[None]) -> Page:
    """All invite codes, the newest first."""
    found = ask(visit, list_invite_codes, limit=visit.limit, cursor=visit.cursor)
    values = {
        "codes": found.items,
        "following": visit.following(found.last_key),
        "states": CODE,
        "plans": may(visit, create_invite_code),
    }
    return Page("console/recruitment/codes.html", values)


@pages.page("/console/invite-codes/new", allow=_PLANS)
def begin_code(visit: Visit[Any]) -> Page:
    """Whom it is for, how often it is good, and until when."""
    values = {"channels": views.channel_choices(visit), "coupons": views.coupon_choices(visit)}
    return Page("console/recruitment/new_code.html", values)


@pages.form("/console/invite-codes/new", allow=_PLANS, body=CodePage, again=begin_code)
def make_code(visit: Visit[CodePage]) -> Redirect:
    """Makes it, and shows its link."""
    made = ask(visit, create_invite_code, body=visit.body.made(_reading(visit)))
    return Redirect(f"/invite-codes/{made.id}", flash=N_("The invite code is good now. Copy its link, and send it."))


@pages.page("/console/invite-codes/{id}", allow=_LOOKS)
def invite_code(visit: Visit[Any]) -> Page:
    """One invite code: its link to copy and to scan, who joined by it, and what may be changed."""
    found, revision = ask_at(visit, read_invite_code)
    values = {
        "code": found,
        "revision": revision,
        "state": CODE[found.status],
        "expires_at": clock_time(found.expires_at, zone(visit.brand.timezone)) if found.expires_at else "",
        "channels": views.channel_choices(visit, found.channel_id),
        "coupons": views.coupon_choices(visit, found.coupon_batch_id),
        "joined": ask(visit, list_joined_by_code, limit=_LATEST).items,
        "contacts": visit.principal.sees_contacts,
        "plans": may(visit, edit_invite_code) and found.status != "revoked",
    }
    return Page("console/recruitment/code.html", values)


@pages.form("/console/invite-codes/{id}", allow=_PLANS, body=CodePage, again=invite_code)
def change_code(visit: Visit[CodePage]) -> Redirect:
    """Changes how often it is good, until when, and what comes with it."""
    body, found = dict(visit.body.fields(_reading(visit))), ask(visit, read_invite_code)
    if found.expires_at and visit.body.expires_at == clock_time(found.expires_at, zone(visit.brand.timezone)):
        body.pop("expires_at")  # shown by the minute, it stays as it is
    ask(visit, edit_invite_code, body=body)
    return Redirect(f"/invite-codes/{visit.path['id']}", flash=N_("The invite code is changed."))


@pages.form("/console/invite-codes/{id}/revoke", allow=_PLANS, body=Nothing, again=invite_code)
def end_code(visit: Visit[Nothing]) -> Redirect:
    """Lets nobody in by it any more."""
    ask(visit, revoke_invite_code)
    return Redirect(f"/invite-codes/{visit.path['id']}", flash=N_("The invite code lets nobody in any more."))


@pages.page("/console/invite-codes/{id}/link.svg", allow=_LOOKS)
def invite_drawing(visit: Visit[None]) -> Content:
    """The code that leads to the sign-in with the invite code."""
    return Content(drawing_of(ask(visit, read_invite_code).url), assets.TYPES[".svg"])


def _reading(visit: Visit[Any]) -> Reading:
    return Reading(visit.brand.currency, zone(visit.brand.timezone))
