"""What API Gateway does in front of the app: routes, limits, preflights and errors of its own."""

from __future__ import annotations

import base64
import json
import logging
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalice.app import Chalice

from infra.local.application import API_SECONDS, LambdaContext
from infra.local.routing import Headers, Malformed, Routes, rest_event

log = logging.getLogger("local.http")

MOST_BODY_BYTES = 10 * 1024 * 1024
PROBLEM = "application/problem+json"


@dataclass(frozen=True)
class Request:
    """One HTTP request: `target` is the raw path and query as sent."""

    method: str
    target: str
    headers: Headers = ()
    body: bytes = b""
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))

    @property
    def path(self) -> str:
        """The raw path, still percent-encoded."""
        return self.target.partition("?")[0]

    def header(self, name: str) -> str:
        """The last value of a header, or an empty text."""
        return next((value for key, value in reversed(self.headers) if key.lower() == name.lower()), "")


@dataclass(frozen=True)
class Reply:
    """One HTTP response."""

    status: int
    headers: Sequence[tuple[str, str]] = ()
    body: bytes = b""
    request_id: str = field(default="", compare=False)


# Serves a request that is not the product's own (None: not mine).
Extra = Callable[[Request], Reply | None]


class Gateway:
    """Answers requests with the app; safe to use from many threads."""

    def __init__(self, app: Chalice, extra: Extra | None = None) -> None:
        self._app = app
        self._extra = extra
        self._routes = Routes(list(app.routes))

    def answer(self, request: Request) -> Reply:
        """The app's answer, or the gateway's own refusal. Never raises."""
        request_id = request.request_id
        if len(request.body) > MOST_BODY_BYTES:
            return too_large(request_id)
        extra = self._extra(request) if self._extra else None
        if extra is not None:
            return _stamped(extra, request_id)
        matched = self._routes.match(request.path)
        if matched is None:
            title = "No such path"
            return problem(404, "not_found", title, f"There is nothing at {request.path[:200]}.", request_id)
        methods = self._app.routes[matched[0]]
        if request.method == "OPTIONS" and "OPTIONS" not in methods:
            return self._preflight(methods, request_id)
        method = "GET" if request.method == "HEAD" and "HEAD" not in methods else request.method
        if method not in methods:
            return _wrong_method(request, sorted(methods), request_id)
        try:
            event = rest_event(method, request.target, matched, request.headers, request.body, request_id)
        except Malformed as fault:
            return problem(400, "malformed", "Malformed request", str(fault), request_id)
        try:
            answer = self._app(event, LambdaContext("api", API_SECONDS, request_id))
        except Exception:
            log.exception("%s %s failed", request.method, request.path)
            return problem(500, "internal_error", "Something went wrong", "The function failed.", request_id)
        return _reply(answer, request_id, with_body=request.method != "HEAD")

    def _preflight(self, methods: Any, request_id: str) -> Reply:
        cors = next((route.cors for route in methods.values() if route.cors), None)
        headers = dict(cors.get_access_control_headers()) if cors else {}
        headers["Access-Control-Allow-Methods"] = ",".join([*sorted(methods), "OPTIONS"])
        return _stamped(Reply(204, tuple((name, str(value)) for name, value in headers.items())), request_id)


def problem(
    status: int, code: str, title: str, detail: str, request_id: str, headers: Sequence[tuple[str, str]] = ()
) -> Reply:
    """A refusal as RFC 9457 problem details."""
    document = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": request_id,
    }
    body = json.dumps(document, ensure_ascii=False).encode()
    given = [("Content-Type", PROBLEM), ("Access-Control-Allow-Origin", "*"), *headers]
    return _stamped(Reply(status, tuple(given), body), request_id)


def too_large(request_id: str) -> Reply:
    """The refusal of a body that API Gateway would not take."""
    return problem(413, "body_too_large", "Body too large", "A request body may have at most 10 MB.", request_id)


def _wrong_method(request: Request, methods: Sequence[str], request_id: str) -> Reply:
    allowed = ", ".join(methods)
    detail = f"{request.method} is not possible at {request.path[:200]}; allowed: {allowed}."
    return problem(405, "method_not_allowed", "Method not allowed", detail, request_id, [("Allow", allowed)])


def _reply(answer: dict[str, Any], request_id: str, *, with_body: bool) -> Reply:
    headers = [(name, str(value)) for name, value in (answer.get("headers") or {}).items()]
    for name, values in (answer.get("multiValueHeaders") or {}).items():
        headers += [(name, str(value)) for value in values]
    text = answer.get("body") or ""
    body = base64.b64decode(text) if answer.get("isBase64Encoded") else text.encode()
    if not with_body:
        headers, body = [*headers, ("Content-Length", str(len(body)))], b""
    return _stamped(Reply(answer["statusCode"], tuple(headers), body), request_id)


def _stamped(reply: Reply, request_id: str) -> Reply:
    known = {name.lower() for name, _ in reply.headers}
    headers = tuple(reply.headers) if "x-request-id" in known else (*reply.headers, ("X-Request-Id", request_id))
    return Reply(reply.status, headers, reply.body, request_id)
