"""Pages as responses: the template with what every page needs, and what browsers are told of it."""

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from chalice.app import Response

from chalicelib.aws import client
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import DomainError, IdempotencyMismatch, Invalid
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.language import Language
from chalicelib.pages.shell import fields, seals, sessions
from chalicelib.pages.shell.answers import Answer, Content, Cookie, Redirect
from chalicelib.pages.shell.rendering import render
from chalicelib.pages.shell.saying import Saying
from chalicelib.pages.shell.security import policy
from chalicelib.pages.shell.visit import Visit
from chalicelib.pages.shell.words import N_, said
from chalicelib.settings import settings
from chalicelib.web.problems import said_of

HTML = "text/html; charset=utf-8"
_KEPT_BYTES = 64 * 1024
_OF_AN_ADDRESS = "%/:?#[]@!$&'()*+,;=~"
"""What stays as it is in an address (RFC 3986); all else is percent-encoded, line ends among it."""


def respond(
    answered: Answer, visit: Visit[Any], cookies: Iterable[Cookie], frame: Mapping[str, Any], *, camera: bool = False
) -> Response:
    """The response of what a handler returned; ``frame`` is what templates of its place may use besides, and with
    ``camera`` the page may ask for the camera.
    """
    if isinstance(answered, Content):
        # What is private is kept for who asked, not for who signs in next on the same device.
        vary = {"Vary": "Cookie"} if answered.cache.startswith("private") else {}
        said = {"Content-Type": answered.content_type, "Cache-Control": answered.cache, **vary, **answered.headers}
        return Response(answered.text, dict[str, str | list[str]](said | _whose(visit)), answered.status)
    set_cookies = [*cookies, *answered.cookies]
    if isinstance(answered, Redirect):
        return _redirected(answered, visit, set_cookies)
    if sessions.FLASH in visit.cookies:
        set_cookies.append(Cookie(sessions.FLASH, "", 0))
    text = render(answered.template, visit.language, {**_around(visit), **frame, **answered.values})
    return Response(text, _headers(visit, set_cookies) | _features(camera=camera), answered.status)


def refused(error: DomainError, visit: Visit[Any]) -> Response:
    """A page that says what was refused and leads on."""
    values = {**_around(visit), "error": error, "chinese": visit.language == "zh"}
    headers = _headers(visit, visit.new_cookies)
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    return Response(render("shell/refused.html", visit.language, values), headers, error.status)


def kept(target: str, sent: Mapping[str, str]) -> str:
    """What a form sent to ``target``, to be sent once more after signing in; empty where it is too much."""
    own = {name: value for name, value in sent.items() if name != "_csrf"}
    text = json.dumps({"to": target, "fields": own}, ensure_ascii=False, separators=(",", ":"))
    return text if len(text.encode()) <= _KEPT_BYTES else ""


def _redirected(answered: Redirect, visit: Visit[Any], cookies: list[Cookie]) -> Response:
    to = quote(answered.to if answered.outside else visit.at(answered.to), safe=_OF_AN_ADDRESS)
    if answered.flash:
        cookies.append(Cookie(sessions.FLASH, seals.sealed(answered.flash), sessions.FLASH_SECONDS))
    headers = _headers(visit, cookies)
    if visit.partial:
        return Response("", {**headers, "HX-Redirect": to}, 200)
    return Response("", {**headers, "Location": to}, 303)


def _headers(visit: Visit[Any], cookies: Iterable[Cookie]) -> dict[str, str | list[str]]:
    headers: dict[str, str | list[str]] = {
        "Content-Type": HTML,
        "Cache-Control": "no-store",
        "X-Request-Id": visit.request_id,
        "Content-Security-Policy": policy(media_origin()),
        # A form's origin is told to ourselves, by which it is known as ours; nothing is told to others.
        "Referrer-Policy": "same-origin",
        **_features(camera=False),
        "Cross-Origin-Opener-Policy": "same-origin",
        **_whose(visit),
    }
    written = [sessions.written(cookie, visit.root + visit.home) for cookie in _last_of_each(cookies)]
    return {**headers, "Set-Cookie": written} if written and (visit.slug or visit.place == "console") else headers


def _features(*, camera: bool) -> dict[str, str | list[str]]:
    """What of the device a page may ask for: nothing but, where it scans codes, the camera."""
    return {"Permissions-Policy": f"camera=({'self' if camera else ''}), geolocation=(), microphone=()"}


def _whose(visit: Visit[Any]) -> dict[str, str]:
    """Said of what the shop answers: by this the worker on a phone forgets what it kept of another member."""
    at_shop = visit.tenant_id and visit.place == "shop"
    return {"X-Session": seals.mark_of(visit.principal)} if at_shop else {}


def _last_of_each(cookies: Iterable[Cookie]) -> Iterable[Cookie]:
    return {(cookie.name, cookie.within): cookie for cookie in cookies}.values()


@cache
def media_origin() -> str:
    """Where pictures are sent to and come from."""
    if not settings().media_bucket:
        return ""
    form = client("s3").generate_presigned_post(Bucket=settings().media_bucket, Key="-")
    at = urlsplit(form["url"])
    return f"{at.scheme}://{at.netloc}"


def _around(visit: Visit[Any]) -> dict[str, Any]:
    """What every template may use; docs/pages.md explains each."""
    # The key of such a form has done what it can, and would be refused for ever.
    sent_before = isinstance(visit.refused, IdempotencyMismatch)
    return {
        "visit": visit,
        "brand": visit.brand,
        "language": visit.language,
        "say": Saying(visit.language, zone(visit.brand.timezone)),
        "at": visit.at,
        "asset": visit.asset,
        "picture_at": lambda address: visit.root + address if address.startswith("/") else address,
        "theme": visit.theme,
        "link": _link,
        "new_key": lambda: new_id(visit.now) if sent_before or not visit.key else visit.key,
        "fault": _faults(visit.refused, visit.language),
        "given": lambda name, otherwise="": visit.fields.get(name, otherwise),
        "refused": visit.refused,
        "title_of": lambda error: _title(error, visit.language),
        "counts_fields": _counts_fields,
        "sent_before": sent_before,
        "words_of": lambda error: error.detail_zh if visit.language == "zh" else error.detail,
    }


def _counts_fields(error: DomainError) -> bool:
    """Whether a refusal says only how many fields are wrong, which programs look up: people see them marked."""
    return type(error) is Invalid and error.detail not in {each.message for each in error.errors}


_NOT_RIGHT = N_("Something is missing, or not right")


def _title(error: DomainError, language: Language) -> str:
    """What a refusal is headed by; that of any input is a word of programs."""
    if type(error) is Invalid:
        return said(_NOT_RIGHT)
    return error.title_zh if language == "zh" else error.title


def _link(path: str, **query: Any) -> str:
    """An address with a query; nothing of what is empty."""
    said = urlencode({name: value for name, value in query.items() if value not in (None, "")})
    return f"{path}?{said}" if said else path


def _faults(error: DomainError | None, language: Language) -> Callable[[str], str]:
    found = {each.pointer: said_of(each, error, language == "zh") for each in error.errors} if error else {}

    def fault(name: str) -> str:
        """What is wrong with a field, in the reader's language."""
        return found.get(fields.pointer(name), "")

    return fault
