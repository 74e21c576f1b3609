"""Every route of the document, called by everyone who must not, and with what is another's: refused, nothing written.

A new route is covered as soon as it is declared; one that the document does not know fails the test.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.routing.index import INDEX, PAGES_INDEX
from infra.local import application
from tests.builders import Reply
from tests.isolation import document
from tests.isolation.document import Operation, operations
from tests.isolation.examples import leaves, replaced
from tests.isolation.world import Brand, World

OPERATIONS = operations()
EVERYBODYS = {
    "stores",
    "s",
    "reports",
    "message-templates",
    "legal-texts",
    "leaderboards",
    "results",
    "complaint-causes",
}
"""What a path names by words that mean the same thing to every tenant."""

every_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=str)


class Probe:
    """Calls that must be refused. When the test ends, nothing that is stored may have changed."""

    def __init__(self, world: World, operation: Operation) -> None:
        self.world, self.operation = world, operation

    def call(self, brand: Brand, *, path: str = "", query: str = "", token: str | None = "", body: Any = "") -> Reply:
        """The operation as the brand would call it, but for what is given."""
        headers = {"Idempotency-Key": "probe"} if self.operation.needs_key else {}
        return self.world.caller.call(
            self.operation.method,
            (path or brand.path(self.operation)) + query,
            token=brand.token(self.operation) if token == "" else token,
            json=brand.body(self.operation) if body == "" else body,
            headers=headers,
        )

    def refused(self, reply: Reply, *statuses: int, by: str = "") -> None:
        """A problem document of one of these statuses; who opens a page gets a page."""
        assert reply.status in statuses, f"{by} {reply.status} {reply.text}"
        if self.operation.answers_pages and reply.headers["content-type"].startswith("text/html"):
            return
        assert reply.headers["content-type"] == "application/problem+json"
        assert reply.json["code"]


@pytest.fixture
def probe(world: World, operation: Operation) -> Iterator[Probe]:
    yield Probe(world, operation)
    assert world.digest() == world.digest_at_first, "something was written"


def test_the_document_knows_every_route_and_no_other():
    app = application.load()
    for router in {router for methods in INDEX.values() for router in methods.values()}:
        app.ensure_registered(router)
    served = {f"{method} {path}" for path, methods in app.routes.items() for method in methods} - {"GET /"}
    served |= {f"{method} {path}" for path in PAGES_INDEX if "/unsubscribe/" in path for method in PAGES_INDEX[path]}

    assert served == {str(operation) for operation in document.every_operation()}


def test_the_world_has_one_of_everything_that_a_path_can_name(world):
    named = {word for operation in OPERATIONS for name, word in operation.collections().items()}

    missing = {word for word in named - EVERYBODYS if not _has(world.ours, word)}
    assert missing == set(), "give `furnish` in tests/isolation/world.py one of each"


def _has(brand: Brand, word: str) -> bool:
    try:
        return bool(brand.id_of(word))
    except KeyError:
        return False


@every_operation
def test_a_call_without_a_credential_is_refused(probe):
    if probe.operation.public:
        pytest.skip("public by declaration")
    probe.refused(probe.call(probe.world.ours, token=None), 401)
    probe.refused(probe.call(probe.world.ours, token="lt_nobody.secret"), 401)


@every_operation
def test_another_tenants_credential_is_refused(probe):
    """On what names something of ours it is refused; on the rest it sees only its own."""
    if probe.operation.public:
        pytest.skip("public by declaration")
    ours, theirs = probe.world.ours, probe.world.theirs
    token = theirs.token(probe.operation)
    if "{" in probe.operation.path.replace("{name}", ""):
        probe.refused(probe.call(ours, token=token), 401, 404, 422)
    elif probe.operation.method == "GET":
        assert not _mentions(probe.call(ours, token=token).text, ours)
    else:
        # The call is theirs by right unless the body names something of ours: see the test of foreign ids.
        assert probe.call(theirs, token=None).status == 401


def _mentions(text: str, brand: Brand) -> list[str]:
    # A place in a list, such as a journey's step, is nobody's.
    ids = [known for known in (*brand.ids.values(), brand.shop.tenant_id) if not known.isdigit()]
    return [known for known in (brand.shop.slug, *ids) if _is_in(text, known, brand.shop.slug)]


def _is_in(text: str, known: str, slug: str) -> bool:
    # A slug, or a tag made of it, may begin with another: shop-1 is not mentioned by shop-13.
    return bool(re.search(rf"{re.escape(known)}(?!\w)", text)) if known.endswith(slug) else known in text


@every_operation
def test_a_role_or_kind_that_the_route_does_not_let_in_is_refused(probe):
    for name, token in probe.world.ours.tokens_of_the_wrong_kind(probe.operation).items():
        probe.refused(probe.call(probe.world.ours, token=token), 403, by=name)


@every_operation
def test_another_tenants_ids_in_the_path_are_not_found(probe):
    """Another tenant's resource looks exactly like one that does not exist."""
    ours, theirs = probe.world.ours, probe.world.theirs
    for name, word in probe.operation.collections().items():
        if word in EVERYBODYS:
            continue
        foreign, absent = theirs.id_of(word), "7ZZZZZZZZZZZZZZZZZZZZZZZZZ"
        reply = probe.call(ours, path=ours.path(probe.operation, **{name: foreign}))
        probe.refused(reply, 404)
        nothing = probe.call(ours, path=ours.path(probe.operation, **{name: absent}))
        probe.refused(nothing, 404)
        assert _story(reply, foreign) == _story(nothing, absent)


def _story(reply: Reply, named: str) -> dict[str, Any] | str:
    if reply.headers["content-type"].startswith("text/html"):
        return reply.text.replace(named, "…")
    return {key: value for key, value in reply.json.items() if key != "request_id"} | {
        "detail": reply.json["detail"].replace(named, "…")
    }


def _ids_in(body: Any, brand: Brand) -> Iterator[tuple[tuple[str | int, ...], str]]:
    names = {value: name for name, value in brand.ids.items()}
    for path, value in leaves(body):
        if value in names:
            yield path, names[value]


@every_operation
def test_another_tenants_ids_in_the_body_are_refused(probe):
    ours, theirs = probe.world.ours, probe.world.theirs
    body = ours.body(probe.operation)
    for path, name in _ids_in(body, ours):
        reply = probe.call(ours, body=replaced(body, path, theirs.ids[name]))
        probe.refused(reply, 404, 409, 422, by=str(path))


@every_operation
def test_another_tenants_ids_in_the_query_show_nothing(probe):
    """A filter by another tenant's id finds nothing of theirs."""
    for name, schema in probe.operation.parameters("query").items():
        known = probe.world.theirs.ids.get(name.removesuffix("_id"))
        if known and "26" not in str(schema.get("maxLength", "")):
            reply = probe.call(probe.world.ours, query=f"?{name}={known}")
            assert reply.status in (200, 404, 409, 422), reply.text
            assert not [found for found in _mentions(reply.text, probe.world.theirs) if found != known]


@every_operation
def test_malformed_ids(probe):
    ours = probe.world.ours
    body = ours.body(probe.operation)
    for malformed in ("x", "01J9ZQ0W7N8RXC5B2M4T6V8Y0", "%00", "..%2F..", "%F0%9F%8D%85"):
        for name in probe.operation.collections():
            reply = probe.call(ours, path=ours.path(probe.operation, **{name: malformed}))
            probe.refused(reply, 401, 404, by=f"{name} {malformed}")
        for path, _ in _ids_in(body, ours):
            probe.refused(probe.call(ours, body=replaced(body, path, malformed)), 422, by=f"{path} {malformed}")


@every_operation
def test_unknown_fields(probe):
    if probe.operation.path.startswith("/s/{slug}/unsubscribe/"):
        return  # a messenger appends what it likes to a link: tests/members/test_unsubscribing.py
    ours = probe.world.ours
    reply = probe.call(ours, query="?surprise=1")
    probe.refused(reply, 422)
    assert "?surprise" in [error["pointer"] for error in reply.json["errors"]]
    body = ours.body(probe.operation)
    if body is None:
        return
    reply = probe.call(ours, body={**body, "surprise": 1})
    probe.refused(reply, 422)
    assert "/surprise" in [error["pointer"] for error in reply.json["errors"]]
