"""What is answered without any route: unknown paths, methods that a path has not, preflights.

Answers are dictionaries as Lambda's proxy integration takes them.
"""

import json
from collections.abc import Iterable
from typing import Any

from chalice.app import CORSConfig

Answer = dict[str, Any]

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


def no_such_path(path: str, request_id: str) -> Answer:
    """404."""
    return problem(404, "not_found", "No such path", f"There is nothing at {path[:200]}.", request_id)


def wrong_method(method: str, path: str, methods: Iterable[str], request_id: str) -> Answer:
    """405, with what is allowed."""
    allowed = ", ".join(sorted(methods))
    detail = f"{method} is not possible at {path[:200]}; allowed: {allowed}."
    return problem(405, "method_not_allowed", "Method not allowed", detail, request_id, Allow=allowed)


def malformed(detail: str, request_id: str) -> Answer:
    """400."""
    return problem(400, "malformed", "Malformed request", detail, request_id)


def preflight(methods: Iterable[str], request_id: str) -> Answer:
    """What a browser asks before it sends a request to another origin."""
    allowed = {"Access-Control-Allow-Methods": ",".join([*sorted(methods), "OPTIONS"])}
    return _answer(204, CORS.get_access_control_headers() | allowed, "", request_id)


def _answer(status: int, headers: dict[str, str], body: str, request_id: str) -> Answer:
    return {
        "statusCode": status,
        "headers": headers | {"X-Request-Id": request_id},
        "multiValueHeaders": {},
        "body": body,
    }
