"""What a handler may return, and how it becomes a response."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from chalice.app import Response
from pydantic import BaseModel

from chalicelib.kernel.clock import instant
from chalicelib.kernel.cursor import encode
from chalicelib.kernel.money import Money
from chalicelib.settings import secret
from chalicelib.web.html import policy
from chalicelib.web.names import disposition
from chalicelib.web.tables import CSV, Csv, File, csv_text

JSON = "application/json"
SVG = "image/svg+xml"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with more than a body: a status, headers, or the revision that becomes its ETag."""

    body: Any
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    etag: int | None = None


@dataclass(frozen=True, slots=True)
class Paged:
    """A page of views and the raw key that continues it; ``beside`` is a view of what is said of the whole list."""

    items: Sequence[Any]
    last_key: dict[str, Any] | None
    beside: BaseModel | None = None


@dataclass(frozen=True, slots=True)
class Html:
    """A page for a person; ``form`` where they can send something from it. ``policy`` is its own
    Content-Security-Policy, where it needs more than others.
    """

    text: str
    form: bool = False
    policy: str = ""


@dataclass(frozen=True, slots=True)
class Svg:
    """A drawing."""

    text: str


STYLES_ALONE = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The policy of a drawing or sheet that has its styles within: it loads nothing and runs nothing, whatever stands in
it. Without it, a drawing that is opened by itself is black.
"""


def respond(result: Any, status: int, binding: str) -> Response:
    """Turns a handler's result into a response. ``binding`` seals the cursor of a page to its tenant and query."""
    headers: dict[str, str | list[str]] = {}
    if isinstance(result, Answer):
        headers.update(result.headers)
        if result.etag is not None:
            headers["ETag"] = f'"{result.etag}"'
        status = result.status or status
        result = result.body
    if isinstance(result, Paged):
        result = _page(result, binding)
    if isinstance(result, Csv):
        headers["Content-Disposition"] = disposition(result.filename)
        return Response(csv_text(result), {"Content-Type": CSV, **headers}, status)
    if isinstance(result, File):
        headers["Content-Disposition"] = disposition(result.filename)
        return Response(result.content, {"Content-Type": result.content_type, **headers}, status)
    if isinstance(result, Html):
        headers["Content-Security-Policy"] = result.policy or policy(form=result.form)
        return Response(result.text, {"Content-Type": "text/html; charset=utf-8", **headers}, status)
    if isinstance(result, Svg):
        return Response(result.text, {"Content-Type": SVG, "Content-Security-Policy": STYLES_ALONE, **headers}, status)
    if result is None and status == 204:
        return Response("", headers, status)
    return Response(dump(result), {"Content-Type": JSON, **headers}, status)


def dump(value: Any) -> str:
    """JSON as the API writes it."""
    if isinstance(value, BaseModel):
        return value.model_dump_json()
    return json.dumps(value, default=_default, ensure_ascii=False, separators=(",", ":"))


def _default(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, Money):
        return asdict(value)
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _page(page: Paged, binding: str) -> dict[str, Any]:
    following = encode(page.last_key, binding, secret("cursors")) if page.last_key else None
    beside = page.beside.model_dump(mode="json") if page.beside else {}
    return {"items": list(page.items), "next_cursor": following, **beside}
