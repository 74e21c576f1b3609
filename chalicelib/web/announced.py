"""Events of which programs are told: what the API document says of them, and how their requests look."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from chalicelib.kernel.language import Language

_ID = "The event's id, the same in every attempt: a second one with it brings nothing new."
_TIMESTAMP = "When this attempt was made, in seconds since 1970: refuse what is older than five minutes."
_SIGNATURE = (
    "HMAC-SHA256 with the endpoint's secret over `id.timestamp.body`, as `v1,` and base64; several, separated by "
    "blanks, while secrets overlap. See Standard Webhooks."
)
_VERSION = (
    "Rises with each change. Events may come twice and in any order: keep the state with the highest version, which is "
    "as it stood when the event was sent, not when it happened."
)
_TAKEN = (
    "Any status from 200 to 299 says that the event was taken. Any other, a redirect among them, and no answer in time "
    "have it sent again, over three days."
)


@dataclass(frozen=True, slots=True)
class Announced:
    """An event by its public name, its meaning in both languages, and the view that its payload shows as ``entity``."""

    name: str
    meaning: str
    meaning_zh: str
    entity: str
    view: type[BaseModel]
    example: Mapping[str, Any]


def webhooks(
    events: Iterable[Announced], schemas: Mapping[type[BaseModel], Mapping[str, Any]], language: Language
) -> dict[str, Any]:
    """The ``webhooks`` of an OpenAPI 3.1 document, by the events' names; ``schemas`` has one for each view."""
    return {each.name: {"post": _request(each, schemas[each.view], language)} for each in events}


def _request(event: Announced, schema: Mapping[str, Any], language: Language) -> dict[str, Any]:
    content = {
        "schema": _body(event, schema),
        "examples": {re.sub(r"\W+", "-", event.name): {"summary": event.name, "value": _example(event)}},
    }
    return {
        "operationId": "event_" + event.name.replace(".", "_"),
        "summary": event.name,
        "description": event.meaning_zh if language == "zh" else event.meaning,
        "security": [],
        "parameters": [
            _header("webhook-id", _ID, {"type": "string"}),
            _header("webhook-timestamp", _TIMESTAMP, {"type": "string", "pattern": "^[0-9]+$"}),
            _header("webhook-signature", _SIGNATURE, {"type": "string"}),
        ],
        "requestBody": {"required": True, "content": {"application/json": content}},
        "responses": {"2XX": {"description": _TAKEN}},
    }


def _body(event: Announced, schema: Mapping[str, Any]) -> dict[str, Any]:
    data = {
        "type": "object",
        "required": ["version", event.entity],
        "properties": {"version": {"type": "integer", "minimum": 1, "description": _VERSION}, event.entity: schema},
    }
    happened = {"type": "string", "format": "date-time", "description": "When it happened."}
    return {
        "type": "object",
        "required": ["type", "timestamp", "data"],
        "properties": {"type": {"const": event.name}, "timestamp": happened, "data": data},
    }


def _example(event: Announced) -> dict[str, Any]:
    data = {"version": 3, event.entity: event.example}
    return {"type": event.name, "timestamp": "2026-01-14T03:12:09.660Z", "data": data}


def _header(name: str, description: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": True, "schema": {**schema, "description": description}}
