"""Every answer is compared with the API document: its status, its kind of content, its shape."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import jsonschema_rs

from chalicelib.routing import Paths
from chalicelib.routing.places import is_page
from tests.builders import Caller, Reply, Verbs
from tests.isolation.document import described


class Conforming(Verbs):
    """A caller that fails the test when an answer is not what the document promises."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def call(self, method: str, path: str, **options: Any) -> Reply:
        """As the caller's."""
        reply = self._caller.call(method, path, **options)
        conforms(method, path, reply)
        return reply


def conforms(method: str, path: str, reply: Reply) -> None:
    """Fails unless the document names the answer's status and content type, and its schema takes the body."""
    matched = _routes().match(path.partition("?")[0])
    if matched is None or method.lower() not in described()["paths"][matched[0]] or _the_gateways_own(reply):
        return
    if reply.status == 400 and is_page(path):
        return  # what pages refuse before there is a route is a page, as the gateway's own refusals are none of theirs
    said = described()["paths"][matched[0]][method.lower()]["responses"]
    assert str(reply.status) in said, f"{method} {path}: {reply.status} is not documented: {reply.text[:500]}"
    content = said[str(reply.status)].get("content", {})
    if not content:
        assert reply.text == ""
        return
    kind = reply.headers["content-type"].partition(";")[0]
    assert kind in content, f"{method} {path}: {kind} is not documented for {reply.status}"
    if kind.endswith("json"):
        validator = _validator(json.dumps(content[kind]["schema"]))
        faults = [f"{'/'.join(map(str, e.instance_path))}: {e.message}" for e in validator.iter_errors(reply.json)]
        assert not faults, f"{method} {path}: {reply.status} is not as documented: {faults[:5]} {reply.text[:500]}"
    if kind == "application/problem+json":
        named = said[str(reply.status)]["x-codes"]
        assert reply.json["code"] in named, f"{method} {path}: code {reply.json['code']!r} is not among {named}"


def _the_gateways_own(reply: Reply) -> bool:
    # API Gateway refuses some requests before any function runs; the document speaks of the functions' answers.
    said_by_a_program = not reply.headers.get("content-type", "").startswith("text/html")
    return reply.status >= 400 and said_by_a_program and reply.json.get("type") == "about:blank"


@cache
def _routes() -> Paths:
    return Paths(described()["paths"])


@cache
def _validator(schema: str) -> Any:
    """With what it names of the document alone: of all of it, each would hold megabytes."""
    named: dict[str, Any] = {}
    _gather(json.loads(schema), named)
    whole = {**json.loads(schema), "components": {"schemas": named}}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)


def _gather(part: Any, named: dict[str, Any]) -> None:
    if isinstance(part, list):
        for each in part:
            _gather(each, named)
    elif isinstance(part, dict):
        found = str(part.get("$ref", "")).rpartition("/")[2]
        if found and found not in named:
            named[found] = described()["components"]["schemas"][found]
            _gather(named[found], named)
        for each in part.values():
            _gather(each, named)
