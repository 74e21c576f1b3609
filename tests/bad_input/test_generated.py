"""Requests generated from the API document: whatever it allows is answered as it says, and never by a failure."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.core import NOT_SET

from tests.isolation.document import Operation, described, operations
from tests.isolation.world import World

SCHEMA = schemathesis.openapi.from_dict(described())
BOUNDED = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.verify
@pytest.mark.parametrize("operation", operations(), ids=str)
def test_what_the_document_allows_is_answered(world: World, operation: Operation) -> None:
    cases = SCHEMA[operation.path][operation.method].as_strategy(generation_mode=GenerationMode.POSITIVE)

    @BOUNDED
    @given(cases)
    def answered(case: Any) -> None:
        reply = send(world, operation, case)
        assert reply.status < 500, f"{case.body!r:.2000} {reply.text}"

    answered()


def send(world: World, operation: Operation, case: Any) -> Any:
    """The generated query, headers and body, with our own ids in the path: a random id only finds nothing."""
    brand = world.ours
    query = {name: value for name, value in (case.query or {}).items() if value is not None}
    path = brand.path(operation) + ("?" + urlencode(query, doseq=True, quote_via=quote) if query else "")
    return world.caller.call(
        operation.method,
        path,
        token=brand.token(operation),
        json=None if case.body is NOT_SET else case.body,
        headers={name: str(value) for name, value in (case.headers or {}).items() if name != "Authorization"},
    )
