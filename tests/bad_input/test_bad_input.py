"""Nonsense of every kind on every route: refused by name where it is wrong, and never a failure of ours.

What happens to be acceptable is accepted; at the end the workers go through all that followed from it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any

import pytest

from chalicelib.kernel import clock
from chalicelib.web import handling
from chalicelib.web.handling import use_directory
from chalicelib.web.principal import ApiKeyIdentity
from tests.bad_input.nonsense import BODIES, HEADERS, QUERY_VALUES, SEGMENTS, TEN_MEGABYTES, VALUES
from tests.builders import Reply
from tests.isolation.document import Operation, operations
from tests.isolation.examples import leaves, replaced
from tests.isolation.world import World

_numbers = itertools.count(1)
OPERATIONS = operations()
WITH_BODY = [operation for operation in OPERATIONS if operation.body is not None]
every_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=str)
every_operation_with_a_body = pytest.mark.parametrize("operation", WITH_BODY, ids=str)
in_shares = pytest.mark.parametrize("share", [10, pytest.param(1, marks=pytest.mark.verify)], ids=["tenth", "all"])
"""Each field, or each route, in turn gets a tenth of the nonsense; all of it in the slower proofs."""


class Remembering:
    """A directory that is asked once for each key: these tests call thousands of times with the same few."""

    def __init__(self, directory: Any) -> None:
        self._key = cache(lambda key_id: directory.api_key(key_id, clock.now()))
        self.staff = directory.staff
        self.tenant_of_slug = directory.tenant_of_slug
        self.country = cache(directory.country)

    def api_key(self, key_id: str, now: datetime) -> ApiKeyIdentity | None:
        found: ApiKeyIdentity | None = self._key(key_id)
        return found

    def key_used(self, key: ApiKeyIdentity, now: datetime, *, newest: bool) -> None:
        pass


@pytest.fixture(scope="module")
def busy(world: World) -> Iterator[World]:
    """The world, whose workers must get through whatever these tests left."""
    (asked,) = handling._directory
    use_directory(Remembering(asked))
    yield world
    use_directory(asked)
    world.sweep()


class Caller:
    """Calls an operation as its owner would, with something wrong in it."""

    def __init__(self, world: World, operation: Operation) -> None:
        self._world, self._operation = world, operation
        self.brand = world.ours
        self.body = self.brand.body(operation)

    def __call__(
        self, said: str, *, path: str = "", json: Any = None, headers: dict[str, str] | None = None, **options: Any
    ) -> Reply:
        key = {"Idempotency-Key": f"probe-{next(_numbers)}"} if self._operation.needs_key else {}
        if json is None and "body" not in options:
            json = self.body
        reply: Reply = self._world.caller.call(
            self._operation.method,
            path or self.brand.path(self._operation),
            token=self.brand.token(self._operation),
            json=json,
            headers=key | (headers or {}),
            **options,
        )
        page = self._operation.answers_pages and reply.headers["content-type"].startswith("text/html")
        if not page or reply.status >= 500:
            _well_answered(reply, said)
        return reply


def _well_answered(reply: Reply, said: str) -> None:
    assert reply.status < 500, f"{said}: {reply.status} {reply.text[:1000]}"
    if reply.status < 400:
        return
    assert reply.headers["content-type"] == "application/problem+json", f"{said}: {reply.headers}"
    problem = reply.json
    assert problem["status"] == reply.status
    assert all(problem[part] for part in ("type", "title", "detail", "code", "request_id")), f"{said}: {problem}"
    if problem["code"] == "invalid":
        assert problem.get("errors"), f"{said}: which field? {problem}"
    for error in problem.get("errors", []):
        assert error["message"], f"{said}: {problem}"
        assert error["pointer"] == "" or error["pointer"][0] in "/?", f"{said}: {problem}"


@pytest.fixture
def call(busy: World, operation: Operation) -> Caller:
    return Caller(busy, operation)


@every_operation_with_a_body
@in_shares
def test_bodies_that_are_no_json_of_ours(call, operation, share):
    for said, body in list(BODIES.items())[WITH_BODY.index(operation) % share :: share]:
        reply = call(said, body=body, headers={"Content-Type": "application/json"})
        assert reply.status in (400, 409, 413, 422), f"{said}: {reply.status} {reply.text[:300]}"


@every_operation_with_a_body
def test_a_body_of_ten_megabytes(call):
    reply = call("10 MB", body=TEN_MEGABYTES, headers={"Content-Type": "application/json"})
    assert reply.status in (413, 422)


@every_operation_with_a_body
def test_an_empty_body(call):
    call("nothing", body=b"")
    call("an empty object", body=b"{}", headers={"Content-Type": "application/json"})


@every_operation_with_a_body
@in_shares
def test_wrong_values_in_every_field(call, operation, share):
    whole = _everything(operation, call)
    for n, (path, _) in enumerate(list(leaves(whole))):
        for value in VALUES[n % share :: share]:
            wrong = call.body | {path[0]: whole[path[0]]}  # one optional field at a time: some exclude each other
            call(f"{path} = {value!r:.60}", json=replaced(wrong, path, value))


@every_operation_with_a_body
def test_missing_and_unexpected_fields(call, operation):
    for name in call.body:
        call(f"without {name}", json={k: v for k, v in call.body.items() if k != name})
        if isinstance(call.body[name], (list, dict)):
            for value in (None, [], {}, "x", 1, [None] * 200):
                call(f"{name} = {value!r:.40}", json=call.body | {name: value})
    call("a field with a null byte", json=call.body | {"a\0": 1})
    call("1,000 unknown fields", json=call.body | {f"x{n}": n for n in range(1000)})


def _everything(operation: Operation, call: Caller) -> Any:
    """The example with the optional fields filled in too, so that each of them is tried."""
    from tests.isolation.examples import example

    optional = {
        name: example(part, call.brand.ids, name)
        for name, part in operation.body["properties"].items()
        if name not in call.body and any(key in part for key in ("type", "anyOf", "enum", "const"))
    }
    return call.body | optional


@every_operation
@in_shares
def test_wrong_values_in_the_query(call, operation, share):
    base = call.brand.path(operation)
    for n, name in enumerate((*operation.parameters("query"), "unknown")):
        for value in QUERY_VALUES[n % share :: share]:
            call(f"?{name}={value:.60}", path=f"{base}?{name}={value}")
        twice = call(f"?{name} twice", path=f"{base}?{name}=1&{name}=2")
        assert twice.status == 422
        assert f"?{name}" in [error["pointer"] for error in twice.json["errors"]]
    call("a query that is not UTF-8", path=f"{base}?limit=%FF")
    call("600 parameters", path=f"{base}?" + "&".join(f"a{n}=1" for n in range(600)))


@every_operation
def test_wrong_segments_in_the_path(call, operation):
    for name in operation.parameters("path"):
        for segment in SEGMENTS:
            reply = call(f"{name} = {segment:.40}", path=call.brand.path(operation, **{name: segment}))
            assert reply.status in (401, 404), f"{name} = {segment:.40}: {reply.status} {reply.text}"


@every_operation
@in_shares
def test_wrong_headers(call, operation, share):
    for headers in HEADERS[OPERATIONS.index(operation) % share :: share]:
        call(str(headers)[:80], headers=headers)
