"""From an HTTP request to the event that API Gateway would send, with routes compiled once."""

from __future__ import annotations

import base64
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, unquote_to_bytes

Headers = Sequence[tuple[str, str]]
MOST_QUERY_FIELDS = 500


class Malformed(ValueError):
    """The request is not one that API Gateway would pass on; the message says why."""


@dataclass(slots=True)
class _Node:
    fixed: dict[str, _Node] = field(default_factory=dict)
    open: _Node | None = None
    resource: str | None = None


class Routes:
    """Resource paths such as `/v1/orders/{id}` as a tree; a fixed segment wins over a parameter."""

    def __init__(self, resources: Sequence[str]) -> None:
        self._root = _Node()
        for resource in resources:
            node = self._root
            for segment in _segments(resource):
                if segment.startswith("{"):
                    node.open = node.open or _Node()
                    node = node.open
                else:
                    node = node.fixed.setdefault(segment, _Node())
            node.resource = resource

    def match(self, path: str) -> tuple[str, dict[str, str]] | None:
        """The resource that a raw (still encoded) path names, and its decoded parameters."""
        segments = [unquote(segment) for segment in _segments(path)]
        resource = _find(self._root, segments, 0)
        if resource is None:
            return None
        names = _segments(resource)
        parameters = {n[1:-1]: value for n, value in zip(names, segments, strict=True) if n.startswith("{")}
        return resource, parameters


def _segments(path: str) -> list[str]:
    # API Gateway takes no notice of one slash at the end.
    path = path.removeprefix("/").removesuffix("/")
    return path.split("/") if path else []


def _find(node: _Node, segments: Sequence[str], at: int) -> str | None:
    if at == len(segments):
        return node.resource
    following = node.fixed.get(segments[at])
    found = _find(following, segments, at + 1) if following else None
    if found is None and node.open and segments[at]:
        found = _find(node.open, segments, at + 1)
    return found


def rest_event(
    method: str,
    target: str,
    matched: tuple[str, dict[str, str]],
    headers: Headers,
    body: bytes,
    request_id: str,
) -> dict[str, Any]:
    """The event of a REST API with Lambda proxy integration (payload format 1.0). Raises Malformed."""
    path, _, query = target.partition("?")
    resource, parameters = matched
    fields = _query(query)
    single, several = _headers(headers)
    event: dict[str, Any] = {
        "resource": resource,
        "path": path,
        "httpMethod": method,
        "headers": single,
        "multiValueHeaders": several,
        "queryStringParameters": {name: values[-1] for name, values in fields.items()} or None,
        "multiValueQueryStringParameters": fields or None,
        "pathParameters": parameters or {},
        "stageVariables": None,
        "requestContext": _context(method, path, resource, single, request_id),
        "isBase64Encoded": False,
    }
    try:
        event["body"] = body.decode() if body else None
    except UnicodeDecodeError:
        event["body"], event["isBase64Encoded"] = base64.b64encode(body).decode(), True
    return event


def _context(method: str, path: str, resource: str, headers: Mapping[str, str], request_id: str) -> dict[str, Any]:
    return {
        "accountId": "000000000000",
        "apiId": "local",
        "stage": "api",
        "httpMethod": method,
        "resourcePath": resource,
        "path": path,
        "protocol": "HTTP/1.1",
        "requestId": request_id,
        "requestTimeEpoch": int(time.time() * 1000),
        "identity": {"sourceIp": "127.0.0.1", "userAgent": headers.get("user-agent")},
    }


def _query(query: str) -> dict[str, list[str]]:
    if not query:
        return {}
    try:
        unquote_to_bytes(query.replace("+", " ")).decode()
        return parse_qs(query, keep_blank_values=True, max_num_fields=MOST_QUERY_FIELDS)
    except UnicodeDecodeError as fault:
        raise Malformed("The query string is not UTF-8.") from fault
    except ValueError as fault:
        raise Malformed(f"The query string has more than {MOST_QUERY_FIELDS} fields.") from fault


def _headers(headers: Headers) -> tuple[dict[str, str], dict[str, list[str]]]:
    several: dict[str, list[str]] = {}
    for name, value in headers:
        several.setdefault(name.lower(), []).append(value)
    return {name: values[-1] for name, values in several.items()}, several
