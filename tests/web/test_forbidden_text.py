"""The API takes no text that no carrier takes: every text of every body, every query and every path."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from chalicelib.kernel.errors import Invalid, NotFound
from chalicelib.kernel.strict_json import step
from chalicelib.web.parse import parse_body, parse_path, parse_query
from chalicelib.web.route import Route
from tests.isolation.document import Operation, every_operation
from tests.isolation.examples import Path, example, leaves, replaced

FORBIDDEN = ("\x00", "\x0b", "\x1b", "\ufffe", "\uffff")
ONE_LINE = {"name", "title", "tags", "interests", "occupation", "income_band", "values", "options", "cause"}
OPERATIONS = every_operation()
WITH_BODY = [each for each in OPERATIONS if each.body is not None]
WITH_PARAMETERS = [each for each in OPERATIONS if each.parameters("query") or each.parameters("path")]


@cache
def routes() -> dict[tuple[str, str], Route]:
    from app import documented

    return {(route.method, route.path): route for router in documented() for route in router.declared}


def texts(operation: Operation) -> Iterator[tuple[dict[str, Any], Path]]:
    """Bodies that hold, beyond what is required, one field each, and the place of each text in that."""
    schema: dict[str, Any] = operation.body or {}
    least: dict[str, Any] = example(schema, {})
    for name, part in schema.get("properties", {}).items():
        body = least | {name: filled(part, name)}
        for path, value in leaves(body[name], (name,)):
            if isinstance(value, str):
                yield body, path


def filled(schema: dict[str, Any], name: str) -> Any:
    """A value with all that the schema knows, also where it is optional."""
    for each in schema.get("anyOf", []):
        if each.get("type") != "null":
            return filled(each, name)
    if schema.get("type") == "object" and "properties" in schema:
        return {inner: filled(part, inner) for inner, part in schema["properties"].items()}
    if schema.get("type") == "object" and "propertyNames" in schema:
        key = schema["propertyNames"].get("enum", ["a name of one's own"])[0]
        return {key: filled(schema["additionalProperties"], name)}
    if schema.get("type") == "array":
        return [filled(schema["items"], name.removesuffix("s"))]
    return example(schema, {}, name)


@pytest.mark.parametrize("operation", WITH_BODY, ids=str)
def test_every_text_of_every_body_is_refused_by_its_place(operation: Operation) -> None:
    route = routes()[operation.method, operation.path]
    assert route.body is not None

    for body, path in texts(operation):
        for character in FORBIDDEN:
            sent = json.dumps(replaced(body, path, f"a{character}b")).encode()
            with pytest.raises(Invalid) as refused:
                parse_body(route.body, sent, "application/json", 1_000_000, "en")
            assert "".join(map(step, path)) in [each.pointer for each in refused.value.errors], repr(character)


@pytest.mark.parametrize("operation", WITH_BODY, ids=str)
def test_names_and_labels_are_one_line_of_what_can_be_seen(operation: Operation) -> None:
    route = routes()[operation.method, operation.path]
    assert route.body is not None

    for body, path in texts(operation):
        if not ONE_LINE.intersection(path):
            continue
        for wrong in ("two\nlines", "a\tb", "\u200b", "\u202e\u2066"):
            sent = json.dumps(replaced(body, path, wrong)).encode()
            with pytest.raises(Invalid) as refused:
                parse_body(route.body, sent, "application/json", 1_000_000, "en")
            assert "".join(map(step, path)) in [each.pointer for each in refused.value.errors], repr(wrong)


@pytest.mark.parametrize("operation", WITH_PARAMETERS, ids=str)
def test_every_text_of_every_query_and_path_is_refused_by_its_name(operation: Operation) -> None:
    route = routes()[operation.method, operation.path]

    for character in FORBIDDEN:
        for name in set(operation.parameters("query")) - {"limit", "cursor"}:
            with pytest.raises(Invalid) as refused:
                parse_query(route.query, {name: [f"a{character}b"]}, "en")
            assert f"?{name}" in [each.pointer for each in refused.value.errors]
        for name in operation.parameters("path"):
            with pytest.raises(NotFound):
                parse_path({name: f"a{character}b"})


def test_the_bodies_are_walked_to_their_leaves() -> None:
    """So that no kind of place is missed: beside a name, one inside a list, a map and an object."""
    found = {(str(each), "".join(map(step, path))) for each in WITH_BODY for _, path in texts(each)}

    assert found >= {
        ("POST /v1/tenants", "/name"),
        ("PATCH /v1/tenant", "/brand/values/0"),
        ("PATCH /v1/tenant", "/brand/colours/primary"),
        ("POST /v1/products", "/tags/0"),
        ("POST /v1/products", "/skus/0/title"),
    }
    assert len(found) > 200
