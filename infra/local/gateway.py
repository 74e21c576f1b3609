"""What API Gateway does in front of the app: it limits bodies, passes every path on, and answers when the app fails."""

from __future__ import annotations

import base64
import logging
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from chalice.app import Chalice

from chalicelib import routing
from chalicelib.routing.places import is_page
from infra.local.application import API_SECONDS, LambdaContext
from infra.local.events import Headers, Malformed, rest_event

log = logging.getLogger("local.http")

MOST_BODY_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True)
class Request:
    """One HTTP request: `target` is the raw path and query as sent, `source` the address of whoever sent it."""

    method: str
    target: str
    headers: Headers = ()
    body: bytes = b""
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    source: str = "127.0.0.1"

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

# Stands before the gateway: passes a request on, as it is or led elsewhere, or answers it.
Before = Callable[[Request], Request | Reply]


class Gateway:
    """Hands every request to the app or to its pages, which find the route; safe to use from many threads."""

    def __init__(
        self,
        app: Chalice,
        pages: Chalice | None = None,
        extra: Extra | None = None,
        edge: Before | None = None,
    ) -> None:
        self._app = app
        self._pages = pages or app
        self._extra = extra
        self._edge = edge

    def answer(self, request: Request) -> Reply:
        """The app's answer, or the gateway's own refusal. Never raises."""
        request_id = request.request_id
        if len(request.body) > MOST_BODY_BYTES:
            return too_large(request_id)
        passed = self._edge(request) if self._edge else request
        if isinstance(passed, Reply):
            return _stamped(passed, request_id)
        extra = self._extra(passed) if self._extra and passed is request else None
        request = passed
        if extra is not None:
            return _stamped(extra, request_id)
        try:
            event = rest_event(
                request.method, request.target, request.headers, request.body, request_id, request.source
            )
        except Malformed as fault:
            return problem(400, "malformed", "Malformed request", str(fault), request_id)
        try:
            function = self._pages if is_page(request.path) else self._app
            answer = function(event, LambdaContext("api", API_SECONDS, request_id))
        except Exception:
            log.exception("%s %s failed", request.method, request.path)
            return problem(500, "internal_error", "Something went wrong", "The function failed.", request_id)
        return _reply(answer, request_id)


def problem(status: int, code: str, title: str, detail: str, request_id: str, **headers: str) -> Reply:
    """A refusal of the gateway's own, in the form of the app's."""
    return _reply(routing.problem(status, code, title, detail, request_id, **headers), request_id)


def too_large(request_id: str) -> Reply:
    """The refusal of a body that API Gateway would not take."""
    return problem(413, "body_too_large", "Body too large", "A request body may have at most 10 MB.", request_id)


def _reply(answer: dict[str, Any], request_id: str) -> Reply:
    headers = [(name, str(value)) for name, value in (answer.get("headers") or {}).items()]
    for name, values in (answer.get("multiValueHeaders") or {}).items():
        headers += [(name, str(value)) for value in values]
    text = answer.get("body") or ""
    body = base64.b64decode(text) if answer.get("isBase64Encoded") else text.encode()
    return _stamped(Reply(answer["statusCode"], tuple(headers), body), request_id)


def _stamped(reply: Reply, request_id: str) -> Reply:
    known = {name.lower() for name, _ in reply.headers}
    headers = tuple(reply.headers) if "x-request-id" in known else (*reply.headers, ("X-Request-Id", request_id))
    return Reply(reply.status, headers, reply.body, request_id)
