"""Pages by which the team signs in: the shop and an e-mail address, the code that it is sent, and back."""

from dataclasses import replace
from typing import Any

from chalicelib.kernel.errors import Invalid
from chalicelib.members.sessions.service import sign_out
from chalicelib.members.sign_in.forms import CodeRequest, TokenRequest
from chalicelib.members.sign_in.model import BadCode
from chalicelib.members.sign_in.service.asking import send_code
from chalicelib.members.sign_in.service.sign_in import redeem
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.console.sign_in.forms import TeamAddress, TeamCode
from chalicelib.pages.shell import N_, Cookie, Page, Redirect, Visit, sessions, within
from chalicelib.pages.shell.onward import Next, Onward, written
from chalicelib.web import anyone, signed_in

pages = Console(__name__)

SHOP = "shop"
_SHOP_SECONDS = 400 * 24 * 3600
_OF_THE_PAGE = {"/tenant": "/shop", "/email": "/email", "/code": "/code"}
"""The API's fields, and what the pages call them."""


def _asking(visit: Visit[Any]) -> Page:
    sent = visit.fields
    onward = visit.query.next if visit.query and not sent else sent.get("next", "")
    known = visit.cookies.get(SHOP, "")
    return Page("console/sign_in/address.html", {"next": onward, "kept": sent.get("kept", ""), "shop": known})


@pages.page("/console/sign-in", allow=anyone(), query=Next)
def ask_address(visit: Visit[None]) -> Page | Redirect:
    """Who is signed in goes on at once."""
    if visit.principal.kind == "staff":
        return Redirect(within(visit.query.next, visit.home))
    return _asking(visit)


@pages.form("/console/sign-in/start", allow=anyone(), body=Onward, again=_asking)
def begin(visit: Visit[Onward]) -> Page:
    """The same page, for who was signed out in the middle of a form."""
    return _asking(visit)


@pages.form("/console/sign-in", allow=anyone(), body=TeamAddress, again=_asking)
def send(visit: Visit[TeamAddress]) -> Page:
    """Sends a code; whether there is such a person shows nowhere."""
    try:
        asked = visit.form(CodeRequest, visit.body.named())
        handle = send_code(asked.sign_in(visit.source), visit.language, visit.now)
    except Invalid as refusal:
        raise _of_the_page(refusal) from refusal
    return _coding(replace(visit, fields={**visit.fields, "handle": handle}))


def _coding(visit: Visit[Any]) -> Page:
    names = ("shop", "email", "next", "kept", "handle")
    return Page("console/sign_in/code.html", {name: visit.fields.get(name, "") for name in names})


@pages.form("/console/sign-in/code", allow=anyone(), body=TeamCode, again=_coding)
def enter(visit: Visit[TeamCode]) -> Page | Redirect:
    """Signs in with the code."""
    body = visit.body
    try:
        tried = visit.form(TokenRequest, {**body.named(), "code": body.code, "handle": body.handle or None})
        found = redeem(tried.sign_in(visit.source), tried.code, tried.handle, tried.welcome(visit.now), visit.now)
    except (Invalid, BadCode) as refusal:
        raise _of_the_page(refusal) from refusal
    cookie = sessions.signed_in(found.principal, visit.now)
    cookies = (cookie, Cookie(SHOP, found.principal.slug, _SHOP_SECONDS))
    form = written(body.kept, visit.home)
    if form is not None:
        to, fields = form
        now_in = sessions.with_session(visit, cookie)
        return Page("console/sign_in/go_on.html", {"to": to, "kept_fields": fields, "visit": now_in}, cookies=cookies)
    return Redirect(within(body.next, visit.home), flash=N_("You are signed in."), cookies=cookies)


def _of_the_page(refusal: Invalid | BadCode) -> Invalid:
    """A refusal of the API's fields, said of the page's."""
    errors = tuple(replace(each, pointer=_OF_THE_PAGE.get(each.pointer, each.pointer)) for each in refusal.errors)
    if errors:
        return Invalid(refusal.detail, detail_zh=refusal.detail_zh, errors=errors)
    return Invalid.at("/code", refusal.detail, refusal.detail_zh or refusal.detail)


@pages.form("/console/sign-out", allow=anyone(), body=Onward)
def leave(visit: Visit[Onward]) -> Redirect:
    """Ends the session of this browser."""
    return Redirect("/sign-in", flash=N_("You are signed out."), cookies=(sessions.signed_out(),))


@pages.form("/console/sign-out-everywhere", allow=signed_in("staff"), body=Onward)
def leave_everywhere(visit: Visit[Onward]) -> Redirect:
    """Ends the sessions of all browsers."""
    sign_out(visit.principal, visit.now)
    return Redirect("/sign-in", flash=N_("You are signed out everywhere."), cookies=(sessions.signed_out(),))
