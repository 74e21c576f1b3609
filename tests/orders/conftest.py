from collections.abc import Iterator

import pytest

from chalicelib.db import tenant_scope
from infra.local.engine import Engine
from tests.memory import Memory
from tests.orders.store import Store, open_store


@pytest.fixture
def store(engine: Engine, memory: Memory) -> Iterator[Store]:
    """A store on the empty engine, in its tenant's scope."""
    made = open_store(remembered=memory)
    with tenant_scope(made.tenant_id):
        yield made
