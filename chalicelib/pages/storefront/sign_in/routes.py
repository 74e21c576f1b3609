"""Pages of signing in: an address, the code that it is sent, and back to where one was."""

from dataclasses import replace
from typing import Any

from chalicelib.channels.records import code_of
from chalicelib.kernel.errors import DomainError, Invalid
from chalicelib.kernel.ids import is_id
from chalicelib.kernel.language import nearest
from chalicelib.members.enrolment.errors import (
    ApplicationDeclined,
    ApplicationNeeded,
    ApplicationPending,
    InviteCodeNeeded,
)
from chalicelib.members.service.members import get_member
from chalicelib.members.sessions.service import sign_out
from chalicelib.members.sign_in.model import BadCode
from chalicelib.members.sign_in.service.asking import send_code
from chalicelib.members.sign_in.service.sign_in import redeem
from chalicelib.pages.shell import N_, Page, Pages, Redirect, Visit, accepting, ask, sessions, within
from chalicelib.pages.shell.onward import Onward, written
from chalicelib.pages.shell.words import said
from chalicelib.pages.storefront.attribution import led_here
from chalicelib.pages.storefront.sign_in.forms import (
    ASKING,
    TRIED,
    AddressForm,
    ApplyForm,
    CodeForm,
    Invited,
)
from chalicelib.recruitment.routes import apply_to_join, read_joining
from chalicelib.recruitment.service.looking import is_personal, look_at_code
from chalicelib.recruitment.service.welcoming import promised
from chalicelib.web import anyone, member

pages = Pages(__name__)


def _asking(visit: Visit[Any]) -> Page:
    """The page that asks for an address. What was refused of it is said of the one field that there is."""
    sent, asked = visit.fields, visit.query
    onward, invite = (asked.next, asked.invite) if asked and not sent else (sent.get("next", ""), "")
    typed = (invite or sent.get("invite_code", "")).strip()
    seen = look_at_code(visit.tenant_id, typed, visit.source, visit.now) if typed else None
    values = {
        "next": onward, "kept": sent.get("kept", ""), "invite_code": "" if seen == "refused" else typed,
        "seen": seen, "joining": ask(visit, read_joining).joining if typed else "",
    }  # fmt: skip
    return Page("storefront/sign_in/address.html", values)


@pages.page("/s/{slug}/sign-in", allow=anyone(), query=Invited)
def ask_address(visit: Visit[None]) -> Page | Redirect:
    """Who is signed in goes on at once."""
    if not visit.member_id:
        return _asking(visit)
    if sessions.counts(visit.principal):
        return Redirect(within(visit.query.next, visit.home))
    ended = sessions.signed_out()
    asking = _asking(visit)
    return replace(asking, values={**asking.values, "visit": sessions.with_session(visit, ended)}, cookies=(ended,))


@pages.form("/s/{slug}/sign-in/start", allow=anyone(), body=Onward, again=_asking)
def begin(visit: Visit[Onward]) -> Page:
    """The same page, for who was signed out in the middle of a form."""
    return _asking(visit)


@pages.form("/s/{slug}/sign-in", allow=anyone(), body=AddressForm, again=_asking)
def send(visit: Visit[AddressForm]) -> Page:
    """Sends a code; whether there is such a person shows nowhere."""
    try:
        asked = visit.form(ASKING, visit.body.named(visit.slug))
        handle = send_code(asked.sign_in(visit.source), visit.language, visit.now)
    except Invalid as refusal:
        raise _of_the_field(refusal, "address") from refusal
    return _coding(replace(visit, fields={**visit.fields, "handle": handle}))


def _coding(visit: Visit[Any]) -> Page:
    names = ("address", "next", "kept", "handle", "invite_code")
    values = {name: visit.fields.get(name, "") for name in names}
    if visit.refused is None or not values["invite_code"]:
        return Page("storefront/sign_in/code.html", {**values, "personal": False, "joining": ""})
    personal = is_personal(visit.tenant_id, values["invite_code"], visit.now)
    return Page(
        "storefront/sign_in/code.html",
        {**values, "personal": personal, "joining": ask(visit, read_joining).joining},
    )


@pages.form("/s/{slug}/sign-in/code", allow=anyone(), body=CodeForm, again=_coding)
def enter(visit: Visit[CodeForm]) -> Page | Redirect:
    """Signs in with the code; who is new becomes a member."""
    body = visit.body
    try:
        typed = {**body.named(visit.slug), **body.welcome(visit.brand, visit.language)}
        tried = visit.form(TRIED, {**typed, "code": body.code, "handle": body.handle or None})
    except Invalid as refusal:
        raise _of_the_field(refusal, "code") from refusal
    welcome = replace(tried.welcome(visit.now), locale=visit.language_named, link=_link(visit))
    try:
        found = redeem(tried.sign_in(visit.source), tried.code, tried.handle, welcome, visit.now)
    except BadCode as refusal:
        raise _of_the_field(refusal, "code") from refusal
    except InviteCodeNeeded as refusal:
        raise _of_the_field(refusal, "invite_code") from refusal
    except ApplicationNeeded:
        return _applying(visit)
    except (ApplicationPending, ApplicationDeclined) as refusal:
        return _told(visit, "pending" if isinstance(refusal, ApplicationPending) else "declined", refusal)
    me = get_member(visit.tenant_id, found.principal.id, consistent=True)
    cookie = sessions.signed_in(found.principal, visit.now)
    cookies = (
        cookie,
        accepting.cookie(me.accepted),
        visit.counting.answered(agrees=((me.consent or {}).get("analytics") or {}).get("granted")),
        *([sessions.reads(nearest(me.locale))] if me.locale else []),
    )
    flash = _welcome(visit, me.joined_by) if found.joined else N_("You are signed in.")
    form = written(body.kept, visit.home)
    if form is not None:
        to, fields = form
        greeted = replace(sessions.with_session(visit, cookie), flash=flash if found.joined else "")
        values = {"to": to, "kept_fields": fields, "visit": greeted}
        return Page("storefront/sign_in/go_on.html", values, cookies=cookies)
    return Redirect(within(body.next, visit.home), flash=flash, cookies=cookies)


def _welcome(visit: Visit[Any], joined_by: str | None) -> str:
    """What who has just joined reads first: of the coupons that came with it, too."""
    greeting = said("Welcome to %(name)s. You are a member now.") % {"name": visit.brand.name}
    coupons = promised(visit.tenant_id, joined_by, visit.now)
    if coupons:
        named = said(", ").join(each.zh if visit.language == "zh" else each.en for each in coupons)
        greeting += said(" You get: %(coupons)s. It stands among your coupons in a moment.") % {"coupons": named}
    return greeting.replace("%", "%%")


def _link(visit: Visit[Any]) -> str | None:
    """The code of the link that led the visitor here."""
    via = led_here(visit)
    if via is None:
        return None
    return via.channel_id or code_of(visit.tenant_id, via.sharer_id or "")


def _applying(visit: Visit[Any]) -> Page:
    """What the store asks; the code that was sent stays good for the answers."""
    names = ("address", "code", "handle", "next", "kept", "invite_code")
    values = {name: visit.fields.get(name, "") for name in names}
    values["name"] = visit.fields.get("name") or visit.fields.get("profile.name", "")
    return Page("storefront/sign_in/apply.html", values | {"questions": ask(visit, read_joining).questions})


@pages.form("/s/{slug}/sign-in/apply", allow=anyone(), body=ApplyForm, again=_applying)
def apply(visit: Visit[ApplyForm]) -> Page:
    """Sends the application; who has sent one already sees how it stands."""
    body, code = visit.body, visit.body.invite_code.strip().upper()
    link = code if is_id(code) else _link(visit)
    try:
        made = ask(visit, apply_to_join, body=body.application(visit.slug, link))
    except BadCode as refusal:
        raise Invalid(refusal.detail, detail_zh=refusal.detail_zh) from refusal
    return _told(visit, made.status, None)


def _told(visit: Visit[Any], status: str, refusal: DomainError | None) -> Page:
    """How an application stands, in words."""
    return Page("storefront/sign_in/applied.html", {"status": status, "said": refusal})


_BESIDES = ("/profile/name", "/invite_code")
"""Fields of the page that the API calls the same."""


def _of_the_field(refusal: DomainError, name: str) -> DomainError:
    """A refusal of the API's field, said of the page's."""
    own = [each for each in refusal.errors if each.pointer in _BESIDES]
    if own:
        return Invalid.at(own[0].pointer, own[0].message, own[0].message_zh)
    messages = [(each.message, each.message_zh) for each in refusal.errors]
    message, chinese = messages[0] if messages else (refusal.detail, refusal.detail_zh)
    return Invalid.at(f"/{name}", message, chinese or message)


@pages.form("/s/{slug}/sign-out", allow=anyone(), body=Onward)
def leave(visit: Visit[Onward]) -> Redirect:
    """Ends the session of this browser."""
    return Redirect("", flash=N_("You are signed out."), cookies=(sessions.signed_out(),))


@pages.form("/s/{slug}/sign-out-everywhere", allow=member(), body=Onward)
def leave_everywhere(visit: Visit[Onward]) -> Redirect:
    """Ends the sessions of all browsers."""
    sign_out(visit.principal, visit.now)
    return Redirect("", flash=N_("You are signed out everywhere."), cookies=(sessions.signed_out(),))
