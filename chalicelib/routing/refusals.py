"""What is answered without any route: unknown paths, methods that a path has not, preflights.

Answers are dictionaries as Lambda's proxy integration takes them.
"""

import json
from collections.abc import Iterable
from typing import Any

from chalice.app import CORSConfig

from chalicelib.kernel.language import Language

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


def no_such_path(path: str, request_id: str, language: Language) -> Answer:
    """404."""
    title, detail = "No such path", f"There is nothing at {path[:200]}."
    if language == "zh":
        title, detail = "路径不存在", f"没有路径 {path[:200]}，请对照 /docs 核对。"
    return problem(404, "not_found", title, detail, request_id)


def wrong_method(method: str, path: str, methods: Iterable[str], request_id: str, language: Language) -> Answer:
    """405, with what is allowed."""
    allowed = ", ".join(sorted(methods))
    title, detail = "Method not allowed", f"{method} is not possible at {path[:200]}; allowed: {allowed}."
    if language == "zh":
        title, detail = "不支持该请求方法", f"{path[:200]} 不支持 {method}，可用：{allowed}。"
    return problem(405, "method_not_allowed", title, detail, request_id, Allow=allowed)


def too_many_fields(most: int, request_id: str, language: Language) -> Answer:
    """400."""
    title, detail = "Malformed request", f"The query string has more than {most} fields."
    if language == "zh":
        title, detail = "请求格式有误", f"查询参数超过 {most} 个。"
    return problem(400, "malformed", title, detail, request_id)


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
