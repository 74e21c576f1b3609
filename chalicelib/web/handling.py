"""One request through its route: parse, authorise, call, answer.

It happens here and not in middleware, because Chalice turns a plain exception of a view into a 500 before any
middleware sees it.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from chalice.app import Request, Response

from chalicelib.db.guard import tenant_scope
from chalicelib.kernel import clock
from chalicelib.kernel.context import contacts_shown, correlation_id, country, token_sign_outs
from chalicelib.kernel.errors import NotFound, Unauthenticated
from chalicelib.kernel.principal import ANONYMOUS, Principal
from chalicelib.settings import settings
from chalicelib.telemetry import logger
from chalicelib.web import parse
from chalicelib.web.answers import respond
from chalicelib.web.call import Call, source_of
from chalicelib.web.principal import Directory, SignOuts, authenticate, check_signed_in
from chalicelib.web.problems import translate
from chalicelib.web.route import Route
from chalicelib.web.tokens import verify

T = TypeVar("T")

_STORE = "/v1/stores/{slug}"
_directory: list[Directory] = []
_sign_outs: list[SignOuts] = []


def use_directory(directory: Directory) -> None:
    """Connects the web layer with whoever knows tenants, keys and staff; called once by the composition root."""
    _directory[:] = [directory]


def use_members(sign_outs: SignOuts) -> None:
    """Connects the web layer with whoever knows members; called once by the composition root."""
    _sign_outs[:] = [sign_outs]


def known_tenants() -> Directory:
    """Whoever knows tenants, keys and staff."""
    return _directory[0]


def known_sign_outs() -> SignOuts:
    """Whoever knows how often a member has signed out everywhere."""
    return _sign_outs[0]


def answer(route: Route, request: Request, path: dict[str, str]) -> Response:
    """Runs one request through its route: parse, authorise, call, answer."""
    headers = {name.lower(): value for name, value in (request.headers or {}).items()}
    request_id = str(request.context.get("requestId") or "")
    locale = parse.parse_locale(headers.get("accept-language"))
    token = correlation_id.set(request_id)
    try:
        response = _call(_Incoming(route, request, path, headers, request_id, locale))
    except Exception as raised:  # noqa: BLE001 - the one place that turns any failure into an answer
        response = translate(raised, request_id, locale)
    finally:
        correlation_id.reset(token)
        logger.thread_safe_clear_keys()
    response.headers["X-Request-Id"] = request_id
    if route.private or response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"
    return response


@dataclass(frozen=True, slots=True)
class _Incoming:
    """A request as it came in: for which route, by which path, in which language its sender reads."""

    route: Route
    request: Request
    path: dict[str, str]
    headers: dict[str, str]
    request_id: str
    locale: str


def _call(incoming: _Incoming) -> Response:
    route = incoming.route
    principal = _principal(route, incoming.headers.get("authorization"))
    tenant_id = _tenant(route, principal, incoming.path)
    logger.thread_safe_append_keys(correlation_id=incoming.request_id, tenant_id=tenant_id)
    route.allow.require(principal)
    if principal.kind == "member" and not route.allow.checks_itself:
        check_signed_in(principal, _sign_outs[0])
    with _during(country, partial(_country, tenant_id)):
        call, binding = _read(incoming, principal, tenant_id)
    sign_outs = principal.sign_outs if route.allow.checks_itself else None
    with (
        _during(contacts_shown, principal.sees_contacts),
        _during(token_sign_outs, sign_outs),
        tenant_scope(tenant_id) if tenant_id else nullcontext(),
    ):
        return respond(route.handler(call), route.status, binding)


@contextmanager
def _during(variable: ContextVar[T], value: T) -> Iterator[None]:
    token = variable.set(value)
    try:
        yield
    finally:
        variable.reset(token)


def _read(incoming: _Incoming, principal: Principal, tenant_id: str) -> tuple[Call[Any], str]:
    """What the handler receives, and what the cursor of its next page is bound to."""
    route, request, headers, locale = incoming.route, incoming.request, incoming.headers, incoming.locale
    parameters = parse.parse_path(incoming.path)
    given = _given(request)
    limit, cursor, binding = _page(route, given, principal, tenant_id, incoming.path)
    query = parse.parse_query(route.query, given, locale)
    call: Call[Any] = Call(
        principal=principal,
        tenant_id=tenant_id,
        now=clock.now(),
        query=query,
        path=parameters,
        headers=headers,
        locale=locale,
        request_id=incoming.request_id,
        base_url=base_url(headers, request.context),
        limit=limit,
        cursor=cursor,
        if_match=parse.parse_if_match(headers.get("if-match")) if route.honours_if_match else None,
        source=source_of(request.context),
        **_sent(route, request, headers, locale),
    )
    return call, binding


def _given(request: Request) -> dict[str, list[str]]:
    """The query's values by name; a name may be repeated."""
    sent = request.query_params
    return {name: sent.getlist(name) for name in sent} if sent else {}


def _page(
    route: Route, given: dict[str, list[str]], principal: Principal, tenant_id: str, path: dict[str, str]
) -> tuple[int, Any, str]:
    """Limit, cursor, and what the next is bound to: tenant, route, path, and the person who reads what is theirs."""
    if not route.paged:
        return 20, None, ""
    reader = principal.id if principal.kind == "member" or route.allow.kinds == {"staff"} else ""
    return parse.parse_paging(given, [tenant_id, route.path, sorted(path.items()), reader])


def _sent(route: Route, request: Request, headers: dict[str, str], locale: str) -> dict[str, Any]:
    """What came with the request: its key, its bytes, and the body that these mean."""
    key = parse.parse_idempotency_key(headers.get("idempotency-key")) if route.idempotency else ""
    raw = _raw_body(request) if route.method in {"POST", "PATCH", "PUT"} else b""
    content_type = headers.get("content-type", "")
    body = parse.parse_body(route.body, raw, content_type, route.most_body_bytes, locale) if route.body else None
    return {"idempotency_key": key, "raw_body": raw, "body": body}


def _raw_body(request: Request) -> bytes:
    raw = request.raw_body or b""
    return raw if isinstance(raw, bytes) else raw.encode(errors="surrogatepass")


def _principal(route: Route, authorization: str | None) -> Principal:
    if not route.allow.knows:
        return ANONYMOUS
    principal = authenticate(authorization, _directory[0], verify, clock.now())
    if principal.kind == "anonymous" and not route.allow.public:
        raise Unauthenticated(
            "Send the header Authorization: Bearer <API key or token>.",
            detail_zh="缺少访问凭证。",
        )
    return principal


def _tenant(route: Route, principal: Principal, path: dict[str, str]) -> str:
    """The tenant that a request is about: the storefront's, or the credential's. Both must be one where both speak."""
    if not route.path.startswith(_STORE):
        return principal.tenant_id
    slug = path["slug"]
    if principal.kind != "anonymous":
        if principal.slug != slug:
            raise Unauthenticated(
                "This credential belongs to another store; sign in here.",
                detail_zh="凭证属于其他店铺，请重新登录。",
            )
        return principal.tenant_id
    tenant_id = known_tenants().tenant_of_slug(slug)
    if tenant_id is None:
        raise NotFound(
            f"There is no store '{slug[:64]}'.",
            detail_zh=f"没有名为“{slug[:64]}”的店铺。",
        )
    return tenant_id


def _country(tenant_id: str, form: Mapping[str, Any]) -> str | None:
    """Where the store is at home that a request is about; of a sign-in, the one that its form names."""
    directory = _directory[0]
    asked = tenant_id or directory.tenant_of_slug(str(form.get("tenant", "")))
    return directory.country(asked) if asked else None


def base_url(headers: dict[str, str], context: dict[str, Any]) -> str:
    """Where the product is reached, without a trailing slash: as configured, else as the request came in, which is
    never by a brand's own domain.

    Under API Gateway's own host name the path begins with the stage, which ``context`` names.
    """
    configured = settings().public_url
    if configured:
        return configured
    host, stage = headers.get("host", "127.0.0.1"), context.get("stage")
    staged = stage and str(context.get("path", "")).startswith(f"/{stage}/")
    return f"{headers.get('x-forwarded-proto', 'http')}://{host}" + (f"/{stage}" if staged else "")
