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

# What the team changes is called in test_audited.py, with the same question. What is deleted cannot be named any more,
# and who is signed out cannot call: these come last.
OTHERS = sorted(
    (each for each in operations() if each.method == "GET" or not each.for_staff),
    key=lambda each: (each.path.endswith("/sign-out"), each.method == "DELETE"),
)


def test_whom_each_route_lets_in_is_as_the_table_says() -> None:
    table = [" ".join(line.split()) for line in TABLE.read_text().splitlines() if not line.startswith("#")]
    declared = sorted(every_operation(), key=lambda each: (each.path, each.method))
    assert table == [" ".join((str(each), *_let_in(each))) for each in declared]


def _let_in(operation: Operation) -> list[str]:
    if operation.public:
        return ["anyone"]
    roles = [role for role in ROLES if role not in operation.other_roles] if operation.for_staff else []
    people = ["staff-token"] if "staff" in operation.said["x-principals"] and not operation.for_staff else []
    return [*roles, *people, *(["member"] if operation.for_members else [])]


def test_the_technical_role_reaches_keys_webhooks_and_the_brand_and_nothing_that_says_a_persons_name() -> None:
    reached = {str(each) for each in operations() if each.for_staff and "technical" not in each.other_roles}
    assert reached == {
        "GET /v1/tenant",
        "GET /v1/api-keys",
        "POST /v1/api-keys",
        "POST /v1/api-keys/{id}/rotate",
        "POST /v1/api-keys/{id}/take-over",
        "DELETE /v1/api-keys/{id}",
        "GET /v1/webhook-endpoints",
        "POST /v1/webhook-endpoints",
        "GET /v1/webhook-endpoints/{id}",
        "PATCH /v1/webhook-endpoints/{id}",
        "DELETE /v1/webhook-endpoints/{id}",
        "POST /v1/webhook-endpoints/{id}/rotate-secret",
        "POST /v1/webhook-endpoints/{id}/test",
        "GET /v1/webhook-endpoints/{id}/deliveries",
        "POST /v1/webhook-endpoints/{id}/deliveries/{delivery_id}/retry",
        # by a program: the id that WeChat gave it, of which it is shown nothing again
        "PUT /v1/members/{id}/official-account",
        "DELETE /v1/members/{id}/official-account",
    }


@pytest.mark.parametrize("operation", OTHERS, ids=str)
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
