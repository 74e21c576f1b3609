"""Pages of members: the list and its search, one member with all that is theirs, and what the team does for them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from chalicelib.aftersales.routes import list_after_sales
from chalicelib.complaints.routes import list_complaints
from chalicelib.coupons.routes import list_of_member
from chalicelib.kernel.errors import DomainError
from chalicelib.loyalty.tiers.routes import read_tiers
from chalicelib.members.forms import MemberQuery, StatusChange
from chalicelib.members.identity_changes.routes import (
    ask_to_change_a_members_identity,
    change_a_members_identity,
)
from chalicelib.members.routes import change_member, list_members, read_member
from chalicelib.members.sessions.routes import sign_out_member
from chalicelib.notices.delivery.routes import list_messages
from chalicelib.orders.routes.orders import list_orders
from chalicelib.pages.console.members import views
from chalicelib.pages.console.members.forms import AddressPage, CodePage, Nothing, beside_the_address
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.console.said import AFTER_SALE, COMPLAINT, COUPON, MEMBER
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask, ask_at, may
from chalicelib.web import staff

pages = Console(__name__)

_READERS = staff("manager", "editor", "planner", "service", "analyst")
_HELPERS = staff("manager", "service")
LATEST = 5
"""Of each kind, on a member's page."""


@pages.page("/console/members", allow=_READERS, query=MemberQuery, paged=True)
def members(visit: Visit[None]) -> Page:
    """Latest joined first, or those that a search finds."""
    found = ask(visit, list_members, query=visit.query, limit=visit.limit, cursor=visit.cursor)
    values = {
        "members": found.items,
        "wanted": visit.query,
        "states": MEMBER,
        "contacts": visit.principal.sees_contacts,
        "tiers": [(each.code, each.title) for each in ask(visit, read_tiers).tiers] if may(visit, read_tiers) else [],
        "following": visit.following(found.last_key),
    }
    return Page("console/members/list.html", values)


@pages.page("/console/members/{id}", allow=_READERS)
def member(visit: Visit[Any]) -> Page:
    """One member: who they are, what they agreed to, what they ordered and said, and what they were told."""
    found, revision = ask_at(visit, read_member)
    member_id = found.id
    values = {
        "member": found,
        "revision": revision,
        "state": MEMBER[found.status],
        "came": views.came(found.origin),
        "helps": may(visit, change_member),
        "contacts": visit.principal.sees_contacts,
        "orders": _latest(visit, list_orders, {"member_id": member_id}),
        "coupons": _latest(visit, list_of_member, {}),
        "complaints": _latest(visit, list_complaints, {"member_id": member_id}),
        "cases": _latest(visit, list_after_sales, {"member_id": member_id}),
        "messages": _latest(visit, list_messages, {"recipient": "member", "recipient_id": member_id}),
        "complaint_states": COMPLAINT,
        "case_states": AFTER_SALE,
        "coupon_states": COUPON,
        "words": views,
    }
    return Page("console/members/member.html", values)


def _latest(visit: Visit[Any], listed: Callable[..., Any], query: Mapping[str, str]) -> list[Any] | None:
    """The latest of a list; None for who may not see it."""
    return list(ask(visit, listed, query=query, limit=LATEST).items) if may(visit, listed) else None


@pages.form("/console/members/{id}", allow=_HELPERS, body=StatusChange, again=member)
def set_status(visit: Visit[StatusChange]) -> Redirect:
    """Blocks them from ordering, or lifts it."""
    ask(visit, change_member, body=visit.body)
    blocked = N_("The member is blocked. They can read what is theirs, but not order.")
    lifted = N_("The member can order again.")
    return Redirect(f"/members/{visit.path['id']}", flash=blocked if visit.body.status == "blocked" else lifted)


@pages.form("/console/members/{id}/sign-out", allow=_HELPERS, body=Nothing, again=member)
def sign_out(visit: Visit[Nothing]) -> Redirect:
    """Ends their sessions on all devices."""
    ask(visit, sign_out_member)
    return Redirect(f"/members/{visit.path['id']}", flash=N_("The member is signed out on all devices."))


@pages.page("/console/members/{id}/identity", allow=_HELPERS)
def identity(visit: Visit[Any]) -> Page:
    """For a member who has lost the old number or address: to which new one does a code go?"""
    return Page("console/members/identity.html", {"member": ask(visit, read_member)})


@pages.form("/console/members/{id}/identity", allow=_HELPERS, body=AddressPage, again=identity)
def send_code(visit: Visit[AddressPage]) -> Page:
    """Sends a code to the new address, which the member tells the team."""
    try:
        ask(visit, ask_to_change_a_members_identity, body=visit.body.named())
    except DomainError as refusal:
        raise beside_the_address(refusal) from refusal
    return _coding(replace(visit, fields={"address": visit.body.address}))


def _coding(visit: Visit[Any]) -> Page:
    values = {"member": ask(visit, read_member), "address": visit.fields.get("address", "")}
    return Page("console/members/code.html", values)


@pages.form("/console/members/{id}/identity/confirm", allow=_HELPERS, body=CodePage, again=_coding)
def change_identity(visit: Visit[CodePage]) -> Redirect:
    """Changes it where the code is right; all their sessions end."""
    ask(visit, change_a_members_identity, body=visit.body.confirmed())
    return Redirect(f"/members/{visit.path['id']}", flash=N_("It is changed. The member signs in with it from now on."))
