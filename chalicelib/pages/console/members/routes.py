"""Pages of members: the list and its search, one member with all that is theirs, and what the team does for them."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from chalicelib.aftersales.routes import list_after_sales
from chalicelib.channels.routes import read_channel
from chalicelib.complaints.routes import list_complaints
from chalicelib.coupons.routes import list_of_member
from chalicelib.insight.timelines.forms import TimelineQuery
from chalicelib.insight.timelines.model import ROLES, Kind
from chalicelib.insight.timelines.routes import read_member_timeline
from chalicelib.kernel.errors import DomainError, NotFound
from chalicelib.loyalty.tiers.routes import read_tiers
from chalicelib.members.forms import MemberQuery, StatusChange
from chalicelib.members.identity_changes.routes import (
    ask_to_change_a_members_identity,
    change_a_members_identity,
)
from chalicelib.members.leaving.routes import note_member_leaving, note_member_rejoining
from chalicelib.members.routes import (
    change_member,
    list_members,
    list_members_consents,
    read_member,
    withdraw_members_consent,
    write_members_profile,
)
from chalicelib.members.sessions.routes import sign_out_member
from chalicelib.members.views import StaffMemberView
from chalicelib.notices.delivery.routes import list_messages
from chalicelib.orders.routes.orders import list_orders
from chalicelib.pages.console import choosing
from chalicelib.pages.console.members import views
from chalicelib.pages.console.members.forms import (
    AddressPage,
    CodePage,
    LeavePage,
    Nothing,
    ProfilePage,
    TagsPage,
    WithdrawPage,
    beside_the_address,
)
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.console.said import AFTER_SALE, CLASS, COMPLAINT, COUPON, MEMBER
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask, ask_at, may
from chalicelib.pickup_points.routes import list_pickup_points
from chalicelib.recruitment.routes import read_recruitment
from chalicelib.segments.model.membership import MOST_SEGMENTS
from chalicelib.segments.routes import list_member_tags, list_segments, read_tags_of_member, tag_member
from chalicelib.web import staff

pages = Console(__name__)

_READERS = staff("manager", "editor", "planner", "service", "analyst")
_HELPERS = staff("manager", "service")
_TAGGERS = staff("manager", "planner", "service")
_MOST_POINTS = 100
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
        "classes": CLASS,
        "came_choices": list(views.CAME.items()),
        "class_choices": [(each, state.name) for each, state in CLASS.items()],
        "contacts": visit.principal.sees_contacts,
        "tiers": [(each.code, each.title) for each in ask(visit, read_tiers).tiers] if may(visit, read_tiers) else [],
        "segments": [(each.id, each.title) for each in ask(visit, list_segments, limit=MOST_SEGMENTS).items],
        "tags": [(each, each) for each in ask(visit, list_member_tags).tags],
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
        "classes": CLASS,
        "came": views.came(found.origin),
        **_brought(visit, found),
        "helps": may(visit, change_member),
        "agrees_to": [(each, text) for each, text in views.CONSENTS.items() if _agrees(found, each)],
        "contacts": visit.principal.sees_contacts,
        "orders": _latest(visit, list_orders, {"member_id": member_id}),
        "coupons": _latest(visit, list_of_member, {}),
        "complaints": _latest(visit, list_complaints, {"member_id": member_id}),
        "cases": _latest(visit, list_after_sales, {"member_id": member_id}),
        "happened": _latest(visit, read_member_timeline, {}),
        "messages": _latest(visit, list_messages, {"recipient": "member", "recipient_id": member_id}),
        "complaint_states": COMPLAINT,
        "case_states": AFTER_SALE,
        "coupon_states": COUPON,
        "words": views,
        **_belonging(visit, found.segment_ids),
        "tier": choosing.tier_titles(visit).get(found.tier, found.tier) if found.tier else None,
        "points": _points(visit) if found.profile.favourite_point_id else {},
        "reasons": list(views.LEFT_FOR.items()),
        "reads_reports": visit.principal.has("manager", "analyst"),
    }
    return Page("console/members/member.html", values)


def _agrees(found: StaffMemberView, purpose: str) -> bool:
    answer = found.consent.get(purpose)
    return answer is not None and answer.granted


def _brought(visit: Visit[Any], found: StaffMemberView) -> Mapping[str, Any]:
    """By what a member was let in, who brought them, and by which channel, as far as that may be seen."""
    way = views.way_of(found.joined_by, found.origin)
    referrer = channel = None
    with suppress(NotFound):
        if found.referred_by:
            referrer = ask(visit, read_member, path={"id": found.referred_by})
    with suppress(NotFound):
        if found.channel_id and may(visit, read_channel):
            channel = ask(visit, read_channel, path={"id": found.channel_id})
    return {"way": way if may(visit, read_recruitment) else None, "brought_by": referrer, "channel": channel}


def _belonging(visit: Visit[Any], segment_ids: Sequence[str]) -> Mapping[str, Any]:
    """The segments that a member is in, their tags, and those that they may be given."""
    tags = ask(visit, read_tags_of_member)
    others = [each for each in ask(visit, list_member_tags).tags if each not in tags.tags]
    segments = ask(visit, list_segments, limit=MOST_SEGMENTS).items if segment_ids else []
    return {
        "tags": tags,
        "segments": [each for each in segments if each.id in segment_ids],
        "more_tags": [(each, each) for each in others],
        "tags_them": may(visit, tag_member),
    }


def _points(visit: Visit[Any]) -> dict[str, str]:
    """The brand's pickup points by id; none for who may not see them."""
    if not may(visit, list_pickup_points):
        return {}
    return {each.id: each.name for each in ask(visit, list_pickup_points, limit=_MOST_POINTS).items}


def _latest(visit: Visit[Any], listed: Callable[..., Any], query: Mapping[str, str]) -> list[Any] | None:
    """The latest of a list; None for who may not see it."""
    return list(ask(visit, listed, query=query, limit=LATEST).items) if may(visit, listed) else None


@pages.page("/console/members/{id}/timeline", allow=_READERS, query=TimelineQuery, paged=True)
def timeline(visit: Visit[None]) -> Page:
    """What a member did and was told, latest first."""
    found = ask(visit, read_member_timeline, query=visit.query, limit=visit.limit, cursor=visit.cursor)
    values = {
        "member": ask(visit, read_member),
        "happened": found.items,
        "words": views,
        "choices": [(each, views.HAPPENED[each]) for each in views.HAPPENED if visit.principal.has(*ROLES[Kind(each)])],
        "chosen": visit.query.kind,
        "following": visit.following(found.last_key),
    }
    return Page("console/members/timeline.html", values)


@pages.form("/console/members/{id}", allow=_HELPERS, body=StatusChange, again=member)
def set_status(visit: Visit[StatusChange]) -> Redirect:
    """Blocks them from ordering, or lifts it."""
    ask(visit, change_member, body=visit.body)
    blocked = N_("The member is blocked. They can read what is theirs, but not order.")
    lifted = N_("The member can order again.")
    return Redirect(f"/members/{visit.path['id']}", flash=blocked if visit.body.status == "blocked" else lifted)


@pages.form("/console/members/{id}/tags", allow=_TAGGERS, body=TagsPage, again=member)
def set_tags(visit: Visit[TagsPage]) -> Redirect:
    """Gives them a tag, or takes one."""
    ask(visit, tag_member, body=visit.body.changes())
    return Redirect(f"/members/{visit.path['id']}", flash=N_("Their tags are changed."))


@pages.form("/console/members/{id}/sign-out", allow=_HELPERS, body=Nothing, again=member)
def sign_out(visit: Visit[Nothing]) -> Redirect:
    """Ends their sessions on all devices."""
    ask(visit, sign_out_member)
    return Redirect(f"/members/{visit.path['id']}", flash=N_("The member is signed out on all devices."))


@pages.page("/console/members/{id}/profile", allow=_HELPERS)
def profile(visit: Visit[Any]) -> Page:
    """What a member has told the team, to be written down."""
    found, revision = ask_at(visit, read_member)
    none = ("", N_("not said"))
    values = {
        "member": found,
        "revision": revision,
        "points": list(_points(visit).items()),
        "ages": [none, *views.AGES.items()],
        "genders": [none, *_genders()],
        "households": [none, *views.HOUSEHOLDS.items()],
    }
    return Page("console/members/profile.html", values)


def _genders() -> list[tuple[str, str]]:
    """As the member's own page has them: who would rather not say has said so."""
    return [*({**views.GENDERS, "undisclosed": N_("would rather not say")}).items()]


@pages.form("/console/members/{id}/profile", allow=_HELPERS, body=ProfilePage, again=profile)
def write_profile(visit: Visit[ProfilePage]) -> Redirect:
    """Keeps what was typed, where nothing has changed in between."""
    try:
        ask(visit, write_members_profile, body=visit.body.stated())
    except DomainError as refusal:
        raise visit.body.beside(refusal) from refusal
    return Redirect(f"/members/{visit.path['id']}", flash=N_("It is written down."))


@pages.page("/console/members/{id}/consents", allow=_READERS, paged=True)
def members_consents(visit: Visit[None]) -> Page:
    """What a member agreed to and objected to, and when."""
    found = ask(visit, list_members_consents, limit=visit.limit, cursor=visit.cursor)
    values = {
        "member": ask(visit, read_member),
        "answers": found.items,
        "following": visit.following(found.last_key),
        "words": views,
    }
    return Page("console/members/consents.html", values)


@pages.form("/console/members/{id}/withdraw", allow=_HELPERS, body=WithdrawPage, again=member)
def withdraw_consent(visit: Visit[WithdrawPage]) -> Redirect:
    """Ends a consent for a member who asks for it."""
    try:
        ask(visit, withdraw_members_consent, body=visit.body.stated())
    except DomainError as refusal:
        raise visit.body.beside(refusal) from refusal
    return Redirect(f"/members/{visit.path['id']}", flash=N_("The consent is withdrawn. They can give it again."))


@pages.form("/console/members/{id}/leave", allow=_HELPERS, body=LeavePage, again=member)
def note_leaving(visit: Visit[LeavePage]) -> Redirect:
    """For a member who says so: they leave, and are told."""
    try:
        ask(visit, note_member_leaving, body=visit.body.stated())
    except DomainError as refusal:
        raise visit.body.beside(refusal) from refusal
    return Redirect(f"/members/{visit.path['id']}", flash=N_("It is noted that they have left. They are told."))


@pages.form("/console/members/{id}/rejoin", allow=_HELPERS, body=Nothing, again=member)
def note_rejoining(visit: Visit[Nothing]) -> Redirect:
    """For a member who is back."""
    ask(visit, note_member_rejoining)
    return Redirect(f"/members/{visit.path['id']}", flash=N_("They are with you again."))


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
