"""Whom each route lets in, and the same calls by their owner: what the refusals of the isolation tests are measured
against.

With the right credential and one's own ids, neither a wrong role nor an unknown id may be the answer: otherwise the
refusals would prove nothing.
"""

from pathlib import Path

import pytest

from tests.isolation.document import ROLES, Operation, every_operation, operations
from tests.isolation.world import World

TABLE = Path(__file__).with_name("let_in.txt")
READ_BY_THE_TEAM = [each for each in operations() if each.method == "GET" and each.for_staff]

# What is deleted cannot be read any more: deletions come last, and last of all the owner whose key is calling.
IN_ORDER = sorted(operations(), key=lambda each: (each.method == "DELETE", each.path == "/v1/staff/{id}"))


def test_whom_each_route_lets_in_is_as_the_table_says() -> None:
    lines = [line.split() for line in TABLE.read_text().splitlines() if not line.startswith("#")]
    said = {f"{method} {path}": set(who) for method, path, *who in lines}
    assert len(said) == len(lines)
    assert said == {str(each): _let_in(each) for each in every_operation()}


def _let_in(operation: Operation) -> set[str]:
    if operation.public:
        return {"anyone"}
    roles = set(ROLES) - set(operation.other_roles) if operation.for_staff else set()
    return roles | ({"member"} if operation.for_members else set())


@pytest.mark.parametrize("operation", READ_BY_THE_TEAM, ids=str)
def test_every_role_of_the_table_reads(world: World, operation: Operation) -> None:
    brand = world.ours
    for role in set(ROLES) - set(operation.other_roles):
        reply = world.caller.call("GET", brand.path(operation), token=brand.keys[role])
        assert reply.status not in (401, 403, 404), f"{role} {reply.text}"


def test_the_technical_role_reaches_keys_and_the_brand_and_nothing_that_says_a_persons_name() -> None:
    reached = {str(each) for each in operations() if each.for_staff and "technical" not in each.other_roles}
    assert reached == {
        "GET /v1/tenant",
        "GET /v1/api-keys",
        "POST /v1/api-keys",
        "POST /v1/api-keys/{id}/rotate",
        "POST /v1/api-keys/{id}/take-over",
        "DELETE /v1/api-keys/{id}",
    }


@pytest.mark.parametrize("operation", IN_ORDER, ids=str)
def test_the_owner_is_let_in(world: World, operation: Operation) -> None:
    brand = world.ours
    reply = world.caller.call(
        operation.method,
        brand.path(operation),
        token=brand.token(operation),
        json=brand.body(operation),
        headers={"Idempotency-Key": "mine"} if operation.needs_key else {},
    )

    # A sign-in code that nobody was sent is refused with 401, whoever asks.
    refusals = (403, 404) if operation.path == "/v1/auth/token" else (401, 403, 404)
    assert reply.status not in refusals, reply.text
    assert reply.status < 500, reply.text
