"""What is answered without any route: unknown paths, methods that a path has not, preflights.

Answers are dictionaries as Lambda's proxy integration takes them.
"""

import json
from collections.abc import Iterable
from typing import Any, Protocol

from chalice.app import CORSConfig

from chalicelib.kernel.language import Language, preferred

Answer = dict[str, Any]
Event = dict[str, Any]

CORS = CORSConfig(
    allow_origin="*",
    allow_headers=[
        "Authorization",
        "Content-Type",
        "Idempotency-Key",
        "If-Match",
        "Accept-Language",
    ],
    expose_headers=["ETag", "Link", "Location", "Retry-After", "X-Request-Id", "X-Row-Count"],
    max_age=600,
)
"""One for all routes: shops call the API from pages of their own."""

_PROBLEM = "application/problem+json"


def problem(status: int, code: str, title: str, detail: str, request_id: str, **headers: str) -> Answer:
    """A refusal as RFC 9457 problem details, readable for pages of other origins."""
    document = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": request_id,
    }
    body = json.dumps(document, ensure_ascii=False)
    said = {"Content-Type": _PROBLEM, "Cache-Control": "no-store", **CORS.get_access_control_headers(), **headers}
    return _answer(status, said, body, request_id)


class Refusals(Protocol):
    """What is answered without any route, in a form that the app's callers read."""

    def no_such_path(self, event: Event, path: str) -> Answer:
        """404."""

    def wrong_method(self, event: Event, path: str, methods: Iterable[str]) -> Answer:
        """405, with what is allowed."""

    def too_many_fields(self, event: Event, most: int) -> Answer:
        """400."""

    def preflight(self, event: Event, methods: Iterable[str]) -> Answer:
        """What a browser asks before it sends a request to another origin."""


def no_such_path(event: Event, path: str) -> Answer:
    """404."""
    title, detail = "No such path", f"There is nothing at {path[:200]}."
    if language(event) == "zh":
        title, detail = "路径不存在", f"没有路径 {path[:200]}，请对照 /docs 核对。"
    return problem(404, "not_found", title, detail, request_id(event))


def wrong_method(event: Event, path: str, methods: Iterable[str]) -> Answer:
    """405, with what is allowed."""
    method = str(event["requestContext"].get("httpMethod"))
    allowed = ", ".join(sorted(methods))
    title, detail = "Method not allowed", f"{method} is not possible at {path[:200]}; allowed: {allowed}."
    if language(event) == "zh":
        title, detail = "不支持该请求方法", f"{path[:200]} 不支持 {method}，可用：{allowed}。"
    return problem(405, "method_not_allowed", title, detail, request_id(event), Allow=allowed)


def too_many_fields(event: Event, most: int) -> Answer:
    """400."""
    title, detail = "Malformed request", f"The query string has more than {most} fields."
    if language(event) == "zh":
        title, detail = "请求格式有误", f"查询参数超过 {most} 个。"
    return problem(400, "malformed", title, detail, request_id(event))


def preflight(event: Event, methods: Iterable[str]) -> Answer:
    """What a browser asks before it sends a request to another origin."""
    allowed = {"Access-Control-Allow-Methods": ",".join([*sorted(methods), "OPTIONS"])}
    return _answer(204, CORS.get_access_control_headers() | allowed, "", request_id(event))


def _answer(status: int, headers: dict[str, str], body: str, of: str) -> Answer:
    return {
        "statusCode": status,
        "headers": headers | {"X-Request-Id": of},
        "multiValueHeaders": {},
        "body": body,
    }


def request_id(event: Event) -> str:
    """As the gateway names the request."""
    return str((event.get("requestContext") or {}).get("requestId") or "")


def language(event: Event) -> Language:
    """What its sender likes to read."""
    headers = event.get("headers") or {}
    return preferred(next((value for name, value in headers.items() if name.lower() == "accept-language"), None))
