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

# What is deleted cannot be read any more, who is signed out cannot call any more, and the owner whose key is calling is
# the very last: these come in the end.
ENDS_STAFF, ENDS_MEMBER = ("/v1/staff/{id}/sign-out",), ("/v1/auth/sign-out", "/v1/members/{id}/sign-out")


def _late(operation: Operation) -> int:
    if operation.path in ENDS_STAFF:
        return 1
    if operation.path in ENDS_MEMBER:
        return 3
    return (operation.method == "DELETE") * (4 if operation.path == "/v1/staff/{id}" else 2)


IN_ORDER = sorted(operations(), key=_late)


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
