"""One look at a page, or one form, through its route: whose shop, who looks, is the form our own, act, show."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from chalice.app import MultiDict, Request, Response

from chalicelib.db.guard import tenant_scope
from chalicelib.kernel import clock
from chalicelib.kernel.context import contacts_shown, correlation_id, country, token_sign_outs
from chalicelib.kernel.errors import DomainError, NotFound, TooLarge, Unauthenticated, UnsupportedMedia
from chalicelib.kernel.language import nearest
from chalicelib.kernel.principal import ANONYMOUS, Principal
from chalicelib.pages.shell import fields, seals, sessions, showing, words
from chalicelib.pages.shell.answers import Answer, Cookie, Page, Redirect
from chalicelib.pages.shell.declared import MOST_FORM_BYTES, PageRoute
from chalicelib.pages.shell.onward import carried
from chalicelib.pages.shell.security import ForeignForm, came_from_here
from chalicelib.pages.shell.visit import Visit, filled
from chalicelib.telemetry import logger
from chalicelib.tenancy import Brand, brand_of
from chalicelib.web import parse
from chalicelib.web.call import source_of
from chalicelib.web.handling import base_url, known_sign_outs, known_tenants
from chalicelib.web.principal import check_signed_in
from chalicelib.web.problems import refusal_of

SIGN_IN = "/sign-in"
NOBODYS = Brand("Lintuan", "UTC", "USD", "en")
"""What a page wears that is no shop's."""

_OURS = {"en": NOBODYS.name, "zh": "邻团"}
"""What we are called, by who reads."""


def answer(route: PageRoute, request: Request, path: dict[str, str]) -> Response:
    """Answers one request for a page; whatever happens, with a page."""
    request_id = str(request.context.get("requestId") or "")
    token = correlation_id.set(request_id)
    visit = _arrived(route, request, path, request_id)
    try:
        visit = _at_the_place(visit)
        with ExitStack() as during:
            _enter(during, visit)
            answered, visit = _answered(route, request, visit)
        return showing.respond(answered, visit, _cookies(visit), route.frame, camera=route.camera)
    except Exception as raised:  # noqa: BLE001 - the one place that turns any failure into a page
        return showing.refused(refusal_of(raised, request_id), visit)
    finally:
        correlation_id.reset(token)
        logger.thread_safe_clear_keys()


def without_slash(route: PageRoute, request: Request, path: dict[str, str]) -> Response:
    """Off to the same address without the slash at its end: a page has one address, and its cookies one path."""
    visit = _arrived(route, request, path, "")
    return Response("", {"Location": visit.root + visit.target, "Cache-Control": "no-store"}, 308)


def _arrived(route: PageRoute, request: Request, path: dict[str, str], request_id: str) -> Visit[None]:
    """The visit before anything is known of shop and visitor. Raises nothing."""
    headers = {name.lower(): value for name, value in (request.headers or {}).items()}
    product = base_url(headers, request.context)
    own = str(request.context.get("own_origin") or "")
    root = "" if own else urlsplit(product).path
    asked = request.query_params or MultiDict({})
    given = {name: asked.getlist(name) for name in asked}
    pairs = [(name, value) for name, values in given.items() for value in values]
    cookies = sessions.read(headers.get("cookie"))
    visit: Visit[None] = Visit(
        principal=ANONYMOUS,
        tenant_id="",
        slug=path.get("slug", ""),
        brand=NOBODYS,
        now=clock.now(),
        language=nearest(NOBODYS.locale),
        path=path,
        query=None,
        body=None,
        root=root,
        base_url=own or product,
        product_url=product,
        request_id=request_id,
        target=_target(route, path, own) + (f"?{urlencode(pairs)}" if pairs else ""),
        headers=headers,
        cookies=cookies,
        csrf="",
        place=route.place,
        own_host=bool(own),
        source=source_of(request.context),
        given=given,
    )
    return _in_our_dress(replace(visit, language=visit.language_named or visit.language))


def _in_our_dress(visit: Visit[None]) -> Visit[None]:
    return replace(visit, brand=replace(NOBODYS, name=_OURS[visit.language]))


def _target(route: PageRoute, path: Mapping[str, str], own: str) -> str:
    target = _filled_in(route.path, path)
    return target.removeprefix(f"/s/{path.get('slug', '')}") or "/" if own else target


def _filled_in(declared: str, path: Mapping[str, str]) -> str:
    for name, value in path.items():
        declared = declared.replace(f"{{{name}}}", quote(value, safe=""))
    return declared


def _at_the_place(visit: Visit[None]) -> Visit[None]:
    """The visit at the shop that its path names, or at the console of the brand that its cookie names, by whoever the
    cookie names. Raises NotFound.
    """
    if visit.place == "console":
        principal = sessions.staff_of(visit.cookies)
        return _known(replace(visit, slug=principal.slug), principal.tenant_id, principal)
    if not visit.slug:
        return visit
    tenant_id = known_tenants().tenant_of_slug(visit.slug)
    if tenant_id is None:
        raise NotFound("There is no shop at this address.", detail_zh="该地址没有店铺。")
    return _known(visit, tenant_id, sessions.principal_of(visit.cookies, visit.slug))


def _known(visit: Visit[None], tenant_id: str, principal: Principal) -> Visit[None]:
    """The visit by whoever it is, in the brand's dress; in ours at the console before anybody has signed in."""
    brand = NOBODYS
    if tenant_id:
        with tenant_scope(tenant_id):
            brand = brand_of(tenant_id)
    known = sessions.visitor_of(visit.cookies)
    fresh = None if known else sessions.new_visitor()
    browser = fresh.value if fresh else known
    found = replace(
        visit,
        tenant_id=tenant_id,
        brand=brand,
        language=visit.language_named or nearest(brand.locale),
        principal=principal,
        csrf=seals.form_token(seals.session_of(principal, browser)),
        visitor=browser,
        new_cookies=(fresh,) if fresh else (),
        flash=seals.unsealed(visit.cookies.get(sessions.FLASH, "")),
    )
    return found if tenant_id else _in_our_dress(found)


def _enter(during: ExitStack, visit: Visit[None]) -> None:
    """What travels with the request without being an argument."""
    logger.thread_safe_append_keys(correlation_id=visit.request_id, tenant_id=visit.tenant_id)
    during.callback(words.reading.reset, words.reading.set(visit.language))
    during.callback(contacts_shown.reset, contacts_shown.set(visit.principal.sees_contacts))
    home = lru_cache(lambda: known_tenants().country(visit.tenant_id) if visit.tenant_id else None)
    during.callback(country.reset, country.set(lambda form: home()))
    if visit.tenant_id:
        during.enter_context(tenant_scope(visit.tenant_id))


def _answered(route: PageRoute, request: Request, visit: Visit[None]) -> tuple[Answer, Visit[Any]]:
    """What is shown or done. Raises what is refused and has no page of its own."""
    if route.method == "POST":
        visit = _own_form(request, visit)
    try:
        with ExitStack() as during:
            _let_in(route, visit, during)
            if route.method == "POST":
                return _acted(route, visit)
            seen = _looking(route, visit)
            return route.handler(seen), seen
    except Unauthenticated:
        gone = sessions.with_session(visit, sessions.signed_out())
        return _to_sign_in(route, gone), gone


def _let_in(route: PageRoute, visit: Visit[None], during: ExitStack) -> None:
    """Raises Unauthenticated for who has to sign in first, Forbidden for who may not pass."""
    if route.allow.public:
        if visit.member_id:  # who reads the member there sees whether their session still counts
            _known_to_use_cases(visit, during)
        return
    if visit.principal.kind == "anonymous":
        raise Unauthenticated("Sign in first.", detail_zh="请先登录。")
    route.allow.require(visit.principal)
    if route.allow.checks_itself:
        _known_to_use_cases(visit, during)
    elif visit.principal.kind == "member":  # of a team it is known by now
        check_signed_in(visit.principal, known_sign_outs())


def _known_to_use_cases(visit: Visit[None], during: ExitStack) -> None:
    during.callback(token_sign_outs.reset, token_sign_outs.set(visit.principal.sign_outs))


def _looking(route: PageRoute, visit: Visit[None]) -> Visit[Any]:
    """The visit with what its address asks for. Raises NotFound, Invalid, Malformed."""
    path, given = parse.parse_path(visit.path), dict(visit.given)
    limit, cursor, binding = 20, None, ""
    if route.paged:
        given.pop("limit", None)
        limit, cursor, binding = parse.parse_paging(
            given, [visit.tenant_id, route.path, sorted(path.items()), visit.principal.id]
        )
    asked = route.query.model_fields.items() if route.query else ()
    names = [field.alias or name for name, field in asked]
    known = {name: filled for name in names if (filled := _filled(given, name))}
    query = parse.parse_query(route.query, known, visit.language) if route.query else None
    return replace(visit, path=path, query=query, limit=limit, cursor=cursor, binding=binding)


def _filled(given: Mapping[str, list[str]], name: str) -> list[str]:
    """The values of a parameter; an empty field of a filter is none."""
    return [value for value in given.get(name, ()) if value]


def _own_form(request: Request, visit: Visit[None]) -> Visit[None]:
    """The visit with what its form sent. Raises ForeignForm for one that another site's page sent."""
    if not came_from_here(visit.headers, visit.base_url):
        raise ForeignForm("This form was sent by another site.", detail_zh="该表单来自其他网站，已被拒绝。")
    if visit.headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
        raise UnsupportedMedia("Send the form as the page does.", detail_zh="请通过页面提交表单。")
    body = request.raw_body or b""
    raw = body if isinstance(body, bytes) else body.encode(errors="surrogatepass")
    if len(raw) > MOST_FORM_BYTES:
        raise TooLarge("This is more than a form can hold.", detail_zh="提交的内容过多，请精简后重试。")
    sent = fields.read(raw)
    return replace(
        visit,
        fields=sent,
        key=_key(sent.get("_key", "")),
        revision=int(rev) if (rev := sent.get("_rev", "")).isdecimal() and len(rev) < 16 else None,
    )


def _key(sent: str) -> str:
    return sent if sent.isascii() and sent.isalnum() and len(sent) <= 64 else ""


def _acted(route: PageRoute, visit: Visit[None]) -> tuple[Answer, Visit[Any]]:
    """What the form did, or the page that holds it with what it was refused for."""
    seen = visit
    try:
        seen = _looking(route, visit)
        session = seals.session_of(visit.principal, visit.visitor)
        if not seals.is_form_token(visit.fields.get("_csrf", ""), session):
            raise ForeignForm(
                "The page was from before you signed in, or out. Nothing was done. Look at it and send it once more.",
                detail_zh="登录状态已变化，刚才的操作未执行。请核对后重新提交。",
            )
        body: Any = filled(route.body, fields.nested(seen.fields), seen.language) if route.body else None
        return route.handler(replace(seen, body=body)), seen
    except Unauthenticated:
        raise
    except DomainError as refusal:
        if route.again is None:
            raise
        seen = replace(seen, refused=refusal)
        return _again(route, seen), seen


def _again(route: PageRoute, visit: Visit[Any]) -> Answer:
    assert route.again is not None  # noqa: S101
    assert visit.refused is not None  # noqa: S101
    page = route.again(visit)
    if isinstance(page, Page):
        return replace(page, status=visit.refused.status)
    if isinstance(visit.refused, ForeignForm):
        raise visit.refused
    return page


def _to_sign_in(route: PageRoute, visit: Visit[None]) -> Answer:
    """Off to sign in and then back; what a form sent is kept on the way."""
    if visit.partial:
        return Redirect(SIGN_IN)
    if route.method == "POST":
        return Page(
            "shell/sign_in_first.html",
            {"next": carried(visit.target), "kept": showing.kept(visit.target, visit.fields)},
            status=401,
            cookies=(sessions.signed_out(),),
        )
    query = urlencode({"next": carried(visit.target)})
    return Redirect(f"{SIGN_IN}?{query}", cookies=(sessions.signed_out(),) if sessions.SESSION in visit.cookies else ())


def _cookies(visit: Visit[Any]) -> tuple[Cookie, ...]:
    """What the browser is to keep from now on, besides what the answer says."""
    again: Cookie | None = None
    if visit.principal.kind in ("member", "staff"):
        again = sessions.renewed(visit.principal, visit.cookies[sessions.SESSION], visit.now)
    return (*visit.new_cookies, again) if again else visit.new_cookies
