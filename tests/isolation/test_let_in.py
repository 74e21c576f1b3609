"""The same calls by their owner: what the refusals of the isolation tests are measured against.

With the right credential and one's own ids, neither a wrong role nor an unknown id may be the answer: otherwise the
refusals would prove nothing.
"""

import pytest

from tests.isolation.document import Operation, operations
from tests.isolation.world import World

# What is deleted cannot be read any more, and who is signed out cannot call any more: these come last.
ENDS_STAFF, ENDS_MEMBER = ("/v1/staff/{id}/sign-out",), ("/v1/auth/sign-out", "/v1/members/{id}/sign-out")


def _late(operation: Operation) -> int:
    if operation.path in ENDS_STAFF:
        return 1
    return 3 if operation.path in ENDS_MEMBER else 2 * (operation.method == "DELETE")


IN_ORDER = sorted(operations(), key=_late)


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
