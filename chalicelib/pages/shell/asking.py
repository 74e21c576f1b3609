"""What the team's pages show and do, by the API's own routes, called in process: rules, forms and views stand once."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from pydantic import BaseModel

from chalicelib.kernel.errors import Forbidden
from chalicelib.pages.shell.visit import Visit, filled
from chalicelib.web import Answer, Call, Paged, as_shown, parse, route_of

Handler = Callable[[Call[Any]], Any]


def ask(
    visit: Visit[Any],
    handler: Handler,
    *,
    body: Mapping[str, Any] | BaseModel | None = None,
    query: Mapping[str, str] | BaseModel | None = None,
    path: Mapping[str, str] | None = None,
    limit: int = 20,
    cursor: dict[str, Any] | None = None,
    key: str = "",
) -> Any:
    """What the route of a handler answers to whoever looks at the page: a view, or ``Paged`` views, without contacts
    where the API leaves them out.

    ``body`` is the API's form, or what it is filled in from, also as text; ``path`` is the page's own where it is not
    given, and ``key`` the idempotency key of the page's form. It is done at the revision that the form was read at.
    Raises Forbidden for who may not pass, Invalid with the API's pointers, and what the route refuses.
    """
    return ask_at(visit, handler, body=body, query=query, path=path, limit=limit, cursor=cursor, key=key)[0]


def ask_at(
    visit: Visit[Any],
    handler: Handler,
    *,
    body: Mapping[str, Any] | BaseModel | None = None,
    query: Mapping[str, str] | BaseModel | None = None,
    path: Mapping[str, str] | None = None,
    limit: int = 20,
    cursor: dict[str, Any] | None = None,
    key: str = "",
) -> tuple[Any, int | None]:
    """The same, with the revision of what is answered, which the API says as ETag; None where it says none."""
    route = route_of(handler)
    route.allow.require(visit.principal)
    call: Call[Any] = Call(
        principal=visit.principal,
        tenant_id=visit.tenant_id,
        now=visit.now,
        body=_body(route.body, body, visit),
        query=query if isinstance(query, BaseModel) else _query(route.query, query, visit),
        path=parse.parse_path(visit.path if path is None else {"slug": visit.slug, **path}),
        headers=_headers(visit, key),
        raw_body=b"",
        locale=visit.language,
        request_id=visit.request_id,
        base_url=visit.product_url,
        limit=limit,
        cursor=cursor,
        idempotency_key=parse.parse_idempotency_key(key or visit.key or None) if route.idempotency else "",
        if_match=visit.revision if route.honours_if_match else None,
        source=visit.source,
    )
    answered = handler(call)
    if isinstance(answered, Answer):
        return as_shown(answered.body), answered.etag
    if isinstance(answered, Paged):
        return replace(answered, items=as_shown(list(answered.items)), beside=as_shown(answered.beside)), None
    return as_shown(answered), None


def _headers(visit: Visit[Any], key: str) -> dict[str, str]:
    """Some routes take a key that may be missing, which they look for themselves: a part is handed over once."""
    sent = key or visit.key
    return {"accept-language": visit.language} | ({"idempotency-key": sent} if sent else {})


def may(visit: Visit[Any], handler: Handler) -> bool:
    """Whether who looks may ask this of the API, by their roles."""
    try:
        route_of(handler).allow.require(visit.principal)
    except Forbidden:
        return False
    return True


def _body(model: type[BaseModel] | None, given: Mapping[str, Any] | BaseModel | None, visit: Visit[Any]) -> Any:
    if model is None or isinstance(given, BaseModel):
        return given
    return filled(model, given or {}, visit.language)


def _query(model: type[BaseModel] | None, given: Mapping[str, str] | None, visit: Visit[Any]) -> Any:
    return parse.parse_query(model, {name: [value] for name, value in (given or {}).items()}, visit.language)
