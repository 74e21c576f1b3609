"""Who is looking, by the cookie of their browser; and the cookies that pages set."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.kernel.errors import Unauthenticated
from chalicelib.kernel.language import Language
from chalicelib.kernel.principal import ANONYMOUS, Principal
from chalicelib.members.sessions.model import COOKIE, cookie_seconds
from chalicelib.members.sign_in.model import Audience
from chalicelib.pages.shell import seals
from chalicelib.pages.shell.answers import Cookie
from chalicelib.pages.shell.visit import Visit
from chalicelib.web.handling import known_sign_outs, known_tenants
from chalicelib.web.principal import as_of_now, check_signed_in
from chalicelib.web.tokens import ends_at, issue, verify

SESSION, VISITOR, FLASH, LANGUAGE = "session", "visitor", "flash", "language"
_VISITOR_NAME = re.compile(r"[A-Za-z0-9_-]{22}")
VISITOR_SECONDS = 30 * 24 * 3600
FLASH_SECONDS = 60
LANGUAGE_SECONDS = 365 * 24 * 3600


def read(header: str | None) -> dict[str, str]:
    """The cookies of a request by name.

    Of several with one name none, unless they say the same: a host beside ours can give a browser some for our paths,
    and nothing says which are ours. What else stands there may be written as it likes.
    """
    found: dict[str, set[str]] = {}
    for each in (header or "").split(";"):
        name, _, value = each.strip().partition("=")
        found.setdefault(name, set()).add(value)
    return {name: values.pop() for name, values in found.items() if len(values) == 1}


def visitor_of(cookies: Mapping[str, str]) -> str:
    """The name of the browser; empty for none, or none that we gave."""
    name = cookies.get(VISITOR, "")
    return name if _VISITOR_NAME.fullmatch(name) else ""


def principal_of(cookies: Mapping[str, str], slug: str) -> Principal:
    """Who is signed in at the shop; nobody, for a cookie that is no longer good or another shop's.

    Whether they have signed out everywhere since is for who reads what is stored of them.
    """
    found = _verified(cookies)
    return found if found.slug == slug else ANONYMOUS


def staff_of(cookies: Mapping[str, str]) -> Principal:
    """Who of a brand's team is signed in at the console, with the roles that they have now; nobody, for a cookie that
    is no longer good, or whose holder has left or has signed out everywhere since.
    """
    found = _verified(cookies)
    try:
        return as_of_now(found, known_tenants()) if found.kind == "staff" else ANONYMOUS
    except Unauthenticated:
        return ANONYMOUS


def _verified(cookies: Mapping[str, str]) -> Principal:
    try:
        return verify(cookies[SESSION], "sessions") if cookies.get(SESSION) else ANONYMOUS
    except Unauthenticated:
        return ANONYMOUS


def signed_in(who: Principal, now: datetime) -> Cookie:
    """The cookie of who has just used a code, or comes back at half of its life."""
    audience: Audience = "staff" if who.kind == "staff" else "member"
    seconds = cookie_seconds(audience, who.proved_at or int(now.timestamp()), now)
    token = issue(
        audience, who.tenant_id, who.slug, who.id, who.roles, now, seconds,
        sign_outs=who.sign_outs, proved_at=who.proved_at or None, kept="sessions",
    )  # fmt: skip
    return Cookie(SESSION, token, seconds)


def renewed(who: Principal, token: str, now: datetime) -> Cookie | None:
    """A fresh cookie for the verified ``token`` at half of its life, so that a phone that comes back is not asked for a
    code.
    """
    audience: Audience = "staff" if who.kind == "staff" else "member"
    left = ends_at(token) - now.timestamp()
    if left > COOKIE[audience].total_seconds() / 2 or cookie_seconds(audience, who.proved_at, now) <= left:
        return None
    return signed_in(who, now)


def signed_out() -> Cookie:
    """Ends the session of this browser."""
    return Cookie(SESSION, "", 0)


def reads(language: Language) -> Cookie:
    """The language that somebody chose."""
    return Cookie(LANGUAGE, language, LANGUAGE_SECONDS)


def new_visitor() -> Cookie:
    """A name for a browser that nobody is signed in with: its forms are bound to it, and no more is known of it."""
    return Cookie(VISITOR, secrets.token_urlsafe(16), VISITOR_SECONDS)


def written(cookie: Cookie, path: str) -> str:
    """The Set-Cookie header. Secure everywhere: browsers keep such cookies on a loopback address, too."""
    ends = f"Max-Age={cookie.seconds}" if cookie.seconds else "Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT"
    path = f"{path}{cookie.within}" or "/"
    return f"{cookie.name}={cookie.value}; Path={path}; {ends}; Secure; HttpOnly; SameSite=Lax"


def with_session(visit: Visit[Any], cookie: Cookie) -> Visit[Any]:
    """The visit of who has just got this session, or lost theirs: the forms of its page are bound to the new one."""
    kept = {cookie.name: cookie.value}
    who = staff_of(kept) if visit.place == "console" else principal_of(kept, visit.slug)
    return replace(visit, principal=who, csrf=seals.form_token(seals.session_of(who, visit.visitor)))


def counts(who: Principal) -> bool:
    """Whether somebody has not signed out everywhere since their session began."""
    try:
        check_signed_in(who, known_sign_outs())
    except Unauthenticated:
        return False
    return True
