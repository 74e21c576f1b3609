"""From an HTTP request to the event that API Gateway sends for a path that it passes on unseen."""

from __future__ import annotations

import base64
import time
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, unquote_to_bytes

Headers = Sequence[tuple[str, str]]


class Malformed(ValueError):
    """The request is not one that API Gateway would pass on; the message says why."""


def rest_event(
    method: str,
    target: str,
    headers: Headers = (),
    body: bytes = b"",
    request_id: str = "request",
    source: str = "127.0.0.1",
) -> dict[str, Any]:
    """The event of a REST API with Lambda proxy integration (payload format 1.0). Raises Malformed.

    Path and parameter are percent-encoded as they were sent: REST APIs do not decode them.
    """
    path, _, query = target.partition("?")
    proxied = path.removeprefix("/")
    resource = "/{proxy+}" if proxied else "/"
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
        "pathParameters": {"proxy": proxied} if proxied else None,
        "stageVariables": None,
        "requestContext": _context(method, path, resource, single, request_id, source),
        "isBase64Encoded": False,
    }
    try:
        event["body"] = body.decode() if body else None
    except UnicodeDecodeError:
        event["body"], event["isBase64Encoded"] = base64.b64encode(body).decode(), True
    return event


def _context(
    method: str, path: str, resource: str, headers: Mapping[str, str], request_id: str, source: str
) -> dict[str, Any]:
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
        "identity": {"sourceIp": source, "userAgent": headers.get("user-agent")},
    }


def _query(query: str) -> dict[str, list[str]]:
    try:
        unquote_to_bytes(query.replace("+", " ")).decode()
    except UnicodeDecodeError as fault:
        raise Malformed("The query string is not UTF-8.") from fault
    return parse_qs(query, keep_blank_values=True)


def _headers(headers: Headers) -> tuple[dict[str, str], dict[str, list[str]]]:
    several: dict[str, list[str]] = {}
    for name, value in headers:
        several.setdefault(name.lower(), []).append(value)
    return {name: values[-1] for name, values in several.items()}, several
