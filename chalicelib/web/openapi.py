"""The OpenAPI 3.1 document, made from the same declarations that serve the requests."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, cast

from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from chalicelib.kernel.cursor import SHAPE, BadCursor
from chalicelib.kernel.errors import (
    Conflict,
    DomainError,
    Forbidden,
    Invalid,
    Malformed,
    NotFound,
    Stale,
    TooLarge,
    Unauthenticated,
    Unavailable,
    UnsupportedMedia,
)
from chalicelib.kernel.language import Language
from chalicelib.web.announced import Announced, webhooks
from chalicelib.web.answers import SVG
from chalicelib.web.document_zh import INFO_ZH, SUMMARIES_ZH, TAGS_ZH, descriptions
from chalicelib.web.parse import IF_MATCH, KEY, IdempotencyKeyMissing
from chalicelib.web.route import Route
from chalicelib.web.router import Router
from chalicelib.web.tables import XLSX

References = Mapping[tuple[Any, JsonSchemaMode], dict[str, Any]]
_REF = "#/components/schemas/{model}"
_ID_PATTERN = "^[0-7][0-9A-HJKMNP-TV-Z]{25}$"
_PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "A problem document, RFC 9457.",
    "required": ["type", "title", "status", "detail", "code", "request_id"],
    "properties": {
        "type": {
            "type": "string",
            "description": "Where this kind of error is described.",
        },
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {
            "type": "string",
            "description": "What was wrong, with which value, and what to do.",
        },
        "code": {"type": "string", "description": "Stable and machine-readable."},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "pointer": {"type": "string"},
                    "message": {"type": "string"},
                },
                "required": ["pointer", "message"],
            },
        },
    },
}

_ELSEWHERE: dict[str, Any] = {
    "description": f"The workbook is at `Location` for an hour. Who names `{XLSX}` first in Accept gets it at once.",
    "headers": {"Location": {"schema": {"type": "string", "format": "uri"}}},
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["url", "expires_at"],
                "properties": {
                    "url": {"type": "string", "format": "uri"},
                    "expires_at": {"type": "string", "format": "date-time"},
                },
            }
        }
    },
}


_INFO = "Community group buying for many brands. Money is in minor units, instants are UTC, ids are ULIDs."


def document(
    routers: Iterable[Router], version: str, language: Language = "en", announced: Iterable[Announced] = ()
) -> dict[str, Any]:
    """The document of all routes of the routers, and of the events that are announced, for readers of a language."""
    routes, events = [route.in_full() for router in routers for route in router.declared], list(announced)
    references, components = _schemas(routes, events)
    paths: dict[str, Any] = {}
    for route in sorted(routes, key=lambda r: (r.path, r.method)):
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, references, components, language)
    queries = {route.query.__name__ for route in routes if route.query is not None}
    made = {
        "openapi": "3.1.0",
        "info": {
            "title": "Lintuan",
            "version": version,
            "description": INFO_ZH if language == "zh" else _INFO,
        },
        "security": [{"bearer": []}],
        "tags": [{"name": _said(tag, TAGS_ZH, language)} for tag in sorted({route.tag for route in routes})],
        "paths": paths,
        "webhooks": webhooks(events, {each.view: references[each.view, "serialization"] for each in events}, language),
        "components": {
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A tenant's API key (lt_<id>.<secret>), a staff token or a member token.",
                }
            },
            "schemas": {"Problem": _PROBLEM} | {n: s for n, s in components.items() if n not in queries},
        },
    }
    return cast("dict[str, Any]", _in_chinese(made)) if language == "zh" else made


def _in_chinese(part: Any) -> Any:
    """A part of the document with its descriptions in Chinese; examples stay as they are."""
    if isinstance(part, list):
        return [_in_chinese(each) for each in part]
    if not isinstance(part, dict):
        return part
    return {name: _described(name, value) for name, value in part.items()}


def _described(name: str, value: Any) -> Any:
    """What stands under a name in Chinese, where it is a description: a field may be called so too."""
    if name in ("examples", "example"):
        return value
    return descriptions().get(value, value) if name == "description" and isinstance(value, str) else _in_chinese(value)


def _schemas(routes: Sequence[Route], events: Sequence[Announced]) -> tuple[References, dict[str, Any]]:
    """The schema of each type that a route takes or answers, or an event shows, and the components they refer to."""
    wanted: dict[tuple[Any, JsonSchemaMode], TypeAdapter[Any]] = {
        (event.view, "serialization"): TypeAdapter(event.view) for event in events
    }
    for route in routes:
        uses: tuple[tuple[Any, JsonSchemaMode], ...] = (
            (route.body, "validation"),
            (route.query, "validation"),
            (route.answer, "serialization"),
            (route.beside, "serialization"),
        )
        wanted |= {use: TypeAdapter(use[0]) for use in uses if use[0] is not None}
    inputs = [(used, mode, adapter) for (used, mode), adapter in wanted.items()]
    made = TypeAdapter.json_schemas(inputs, ref_template=_REF)
    references = {key: _short(schema) for key, schema in made[0].items()}
    return references, _short(made[1].get("$defs", {}))


def _short(schema: Any) -> Any:
    """Where two domains have a model of one name, pydantic calls them by their modules; here, by their domains."""

    def renamed(name: re.Match[str]) -> str:
        return name[1].capitalize() + name[2]

    return json.loads(re.sub(r"chalicelib__([a-z]+)__\w*?([A-Z]\w*)", renamed, json.dumps(schema)))


def _said(english: str, chinese: Mapping[str, str], language: Language) -> str:
    return chinese[english] if language == "zh" else english


def _operation(
    route: Route, references: References, components: Mapping[str, Any], language: Language
) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.handler.__name__,
        "summary": _said(route.summary, SUMMARIES_ZH, language),
        "description": "\n\n".join(part for part in (_explained(route, language), _access(route, language)) if part),
        "tags": [_said(route.tag, TAGS_ZH, language)],
        "parameters": _parameters(route, references, components),
        "responses": _responses(route, references, language),
        "x-roles": sorted({"owner", *route.allow.roles}) if "staff" in route.allow.kinds else [],
        "x-principals": sorted(route.allow.kinds),
    }
    if route.allow.public:
        operation["security"] = []
    if route.body is not None:
        schema = references[route.body, "validation"]
        content: dict[str, Any] = {"schema": schema}
        if examples := getattr(route.body, "EXAMPLES", None):
            content["examples"] = {
                re.sub(r"\W+", "-", name): {"summary": name, "value": value} for name, value in examples.items()
            }
        operation["requestBody"] = {"required": True, "content": {"application/json": content}}
    return operation


def _explained(route: Route, language: Language) -> str:
    text = _text(route.handler)
    return descriptions().get(text, text) if language == "zh" else text


def _text(handler: Any) -> str:
    return re.sub(r"\s+", " ", handler.__doc__ or "").strip()


def _parameters(route: Route, references: References, components: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = [_path_parameter(name) for name in re.findall(r"{(\w+)}", route.path)]
    if route.query is not None:
        schema = components[references[route.query, "validation"]["$ref"].rpartition("/")[2]]
        required = schema.get("required", [])
        for name, part in schema["properties"].items():
            found.append(
                {
                    "name": name,
                    "in": "query",
                    "required": name in required,
                    "schema": part,
                }
            )
    if route.paged:
        limit = {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}
        found.append({"name": "limit", "in": "query", "required": False, "schema": limit})
        found.append(
            {
                "name": "cursor",
                "in": "query",
                "required": False,
                "schema": {"type": "string", "pattern": SHAPE},
            }
        )
    if route.idempotency:
        found.append(_header("Idempotency-Key", True, {"type": "string", "pattern": KEY}))
    if route.honours_if_match:
        found.append(_header("If-Match", False, {"type": "string", "pattern": IF_MATCH}))
    found.append(_header("Accept-Language", False, {"type": "string", "examples": ["zh", "en"]}))
    return found


def _path_parameter(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    if name.endswith("id"):
        schema["pattern"] = _ID_PATTERN
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _header(name: str, required: bool, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": required, "schema": schema}


def _access(route: Route, language: Language) -> str:
    if language == "zh":
        return f"权限：{route.allow.describe_zh()}"
    return f"Access: {route.allow.describe()}"


def _responses(route: Route, references: References, language: Language) -> dict[str, Any]:
    success: dict[str, Any] = {
        "description": HTTPStatus(route.status).phrase,
        "headers": {"X-Request-Id": {"schema": {"type": "string"}}},
    }
    if content := _content(route, references):
        success["content"] = content
    answers = {str(route.status): success}
    if route.xlsx:
        answers["303"] = _ELSEWHERE
    by_status: dict[int, list[type[DomainError]]] = {}
    for error in dict.fromkeys((*_standard(route), *route.errors)):
        by_status.setdefault(error.status, []).append(error)
    for status, errors in sorted(by_status.items()):
        answers[str(status)] = {
            "description": "; ".join(f"`{error.code}`: {_title(error, language)}" for error in errors),
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
            "x-codes": [error.code for error in errors],
        }
    return _on_pages(answers) if route.html and route.answer is None else answers


def _content(route: Route, references: References) -> dict[str, Any]:
    """The forms in which a route answers."""
    text = {"schema": {"type": "string"}}
    named = {"text/html": route.html, SVG: route.svg}
    if route.answer is None and any(named.values()):
        return {form: text for form, given in named.items() if given}
    if route.status == HTTPStatus.NO_CONTENT:
        return {}
    given = {"text/csv": route.csv, **named}
    content: dict[str, Any] = {"application/json": {"schema": _answer_schema(route, references)}}
    content |= {form: text for form, is_given in given.items() if is_given}
    return content | ({XLSX: {"schema": {"type": "string", "format": "binary"}}} if route.xlsx else {})


def _on_pages(answers: dict[str, Any]) -> dict[str, Any]:
    """Who opens a page may be told on a page what is wrong."""
    for answer in answers.values():
        answer["content"]["text/html"] = {"schema": {"type": "string"}}
    return answers


def _title(error: type[DomainError], language: Language) -> str:
    return error.title_zh if language == "zh" else error.title


def _answer_schema(route: Route, references: References) -> dict[str, Any]:
    if route.answer is None:
        return {"type": "object"}
    schema = references[route.answer, "serialization"]
    if not route.paged:
        return schema
    cursor = {
        "type": ["string", "null"],
        "description": "Give it as `cursor` for the next page; null at the end.",
    }
    page = {
        "type": "object",
        "required": ["items", "next_cursor"],
        "properties": {
            "items": {"type": "array", "items": schema},
            "next_cursor": cursor,
        },
    }
    return {"allOf": [page, references[route.beside, "serialization"]]} if route.beside else page


def _standard(route: Route) -> list[type[DomainError]]:
    """The refusals that the router itself may give on this route."""
    errors: list[type[DomainError]] = [Invalid]
    if not route.allow.public:
        errors += [Unauthenticated, Forbidden]
    if "{" in route.path:
        errors.append(NotFound)
    if route.body is not None:
        errors += [Malformed, TooLarge, UnsupportedMedia]
    if route.paged:
        errors.append(BadCursor)
    if route.idempotency:
        errors += [Malformed, IdempotencyKeyMissing]
    if route.honours_if_match:
        errors.append(Stale)
    if route.method in {"POST", "PATCH", "DELETE"} and not route.allow.public:
        errors.append(Conflict)
    return [*errors, Unavailable]
