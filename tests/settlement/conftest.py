from collections.abc import Iterator

import pytest

from chalicelib.db import tenant_scope
from infra.local.engine import Engine
from tests.memory import Memory
from tests.orders.store import Store, open_store
from tests.settlement.store_books import StoreBooks


@pytest.fixture
def books(engine: Engine, memory: Memory) -> Iterator[StoreBooks]:
    """The books of a store on the empty engine, in its tenant's scope."""
    store: Store = open_store(remembered=memory)
    with tenant_scope(store.tenant_id):
        yield StoreBooks(store)
