"""Pages of signing in: an address, the code that it is sent, and back to where one was."""

from dataclasses import replace
from typing import Any

from chalicelib.kernel.errors import DomainError, Invalid
from chalicelib.kernel.language import nearest
from chalicelib.members.service.members import get_member
from chalicelib.members.sessions.service import sign_out
from chalicelib.members.sign_in.model import BadCode
from chalicelib.members.sign_in.service.asking import send_code
from chalicelib.members.sign_in.service.sign_in import redeem
from chalicelib.pages.shell import N_, Page, Pages, Redirect, Visit, accepting, sessions, within
from chalicelib.pages.shell.onward import Next, Onward, written
from chalicelib.pages.storefront.sign_in.forms import (
    ASKING,
    TRIED,
    AddressForm,
    CodeForm,
)
from chalicelib.web import anyone, member

pages = Pages(__name__)


def _asking(visit: Visit[Any]) -> Page:
    """The page that asks for an address. What was refused of it is said of the one field that there is."""
    sent = visit.fields
    onward = visit.query.next if visit.query and not sent else sent.get("next", "")
    return Page("storefront/sign_in/address.html", {"next": onward, "kept": sent.get("kept", "")})


@pages.page("/s/{slug}/sign-in", allow=anyone(), query=Next)
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
    names = ("address", "next", "kept", "handle")
    return Page("storefront/sign_in/code.html", {name: visit.fields.get(name, "") for name in names})


@pages.form("/s/{slug}/sign-in/code", allow=anyone(), body=CodeForm, again=_coding)
def enter(visit: Visit[CodeForm]) -> Page | Redirect:
    """Signs in with the code; who is new becomes a member."""
    body = visit.body
    try:
        said = {**body.named(visit.slug), **body.welcome(visit.brand, visit.language)}
        tried = visit.form(TRIED, {**said, "code": body.code, "handle": body.handle or None})
    except Invalid as refusal:
        raise _of_the_field(refusal, "code") from refusal
    welcome = replace(tried.welcome(visit.now), locale=visit.language_named)
    try:
        found = redeem(tried.sign_in(visit.source), tried.code, tried.handle, welcome, visit.now)
    except BadCode as refusal:
        raise _of_the_field(refusal, "code") from refusal
    me = get_member(visit.tenant_id, found.principal.id, consistent=True)
    cookie = sessions.signed_in(found.principal, visit.now)
    cookies = (
        cookie,
        accepting.cookie(me.accepted),
        *([sessions.reads(nearest(me.locale))] if me.locale else []),
    )
    form = written(body.kept, visit.home)
    if form is not None:
        to, fields = form
        signed_in = sessions.with_session(visit, cookie)
        return Page("storefront/sign_in/go_on.html", {"to": to, "kept_fields": fields, "visit": signed_in},
                    cookies=cookies)  # fmt: skip
    return Redirect(within(body.next, visit.home), flash=N_("You are signed in."), cookies=cookies)


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
