"""What the examples of the API document name: made-up ids, or what is really there where somebody says what that is."""

import re
from collections.abc import Mapping
from typing import Any

_ID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")
_TOLD = frozenset({"currency", "closes_at"})
"""Fields whose values are no ids, and are told all the same: a brand has one currency, and time goes on."""

_PARAMETER = re.compile(r"([\w-]+)/{(\w+)}")
_named: dict[str, str] = {}


def name(values: Mapping[str, str]) -> None:
    """From now on examples have these values, by the field that takes each: ``slug``, ``campaign_id``, ``currency``. A
    deployment is many brands' and names nothing.
    """
    _named.clear()
    _named.update(values)


def named() -> frozenset[tuple[str, str]]:
    """What has been named, by field."""
    return frozenset(_named.items())


def filled_in(document: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, Any]:
    """The API document with these values in the examples of its paths and bodies; what is not named stays made up."""
    if not values:
        return dict(document)
    paths = {
        path: {method: _operation(operation, _in_path(path, values), values) for method, operation in found.items()}
        for path, found in document["paths"].items()
    }
    components = document["components"]
    schemas = {name: _schema(schema, values) for name, schema in components["schemas"].items()}
    return {**document, "paths": paths, "components": {**components, "schemas": schemas}}


def _in_path(path: str, values: Mapping[str, str]) -> dict[str, str]:
    """The values of a path's parameters: an ``id`` is that of the word before it, ``campaigns`` a ``campaign_id``."""
    found = {}
    for before, parameter in _PARAMETER.findall(path):
        field = f"{before.replace('-', '_').removesuffix('s')}_id" if parameter == "id" else parameter
        if field in values:
            found[parameter] = values[field]
    return found


def _operation(operation: Mapping[str, Any], in_path: Mapping[str, str], values: Mapping[str, str]) -> dict[str, Any]:
    parameters = [
        {**each, "example": in_path[each["name"]]} if each["in"] == "path" and each["name"] in in_path else each
        for each in operation["parameters"]
    ]
    filled = {**operation, "parameters": parameters}
    if "requestBody" not in operation:
        return filled
    body = operation["requestBody"]
    content = {kind: _sent(sent, values) for kind, sent in body["content"].items()}
    return {**filled, "requestBody": {**body, "content": content}}


def _sent(sent: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, Any]:
    examples = {key: {**each, "value": _value(each["value"], values)} for key, each in sent.get("examples", {}).items()}
    return {**sent, "examples": examples} if examples else dict(sent)


def _value(value: Any, values: Mapping[str, str]) -> Any:
    """An example with what is known of its fields; of a list of ids one is left, for one is known."""
    if isinstance(value, list):
        return [_value(each, values) for each in value]
    if not isinstance(value, dict):
        return value
    found: dict[str, Any] = {}
    for field, inner in value.items():
        one = field.removesuffix("s")
        if field in values and isinstance(inner, str) and (_ID.fullmatch(inner) or field in _TOLD):
            found[field] = values[field]
        elif one in values and isinstance(inner, list) and inner and all(_ID.fullmatch(str(each)) for each in inner):
            found[field] = [values[one]]
        else:
            found[field] = _value(inner, values)
    return found


def _schema(schema: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, Any]:
    """A schema whose ids have examples, by which a body without one of its own is made up."""
    fields = {
        field: {**part, "examples": [values[field]]} if field in values and field.endswith("_id") else part
        for field, part in schema.get("properties", {}).items()
    }
    return {**schema, "properties": fields} if fields else dict(schema)
