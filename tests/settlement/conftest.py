from collections.abc import Iterator

import pytest

from chalicelib.db import tenant_scope
from infra.local.engine import Engine
from tests.orders.stage import Stage, set_stage
from tests.settlement.store_books import StoreBooks


@pytest.fixture
def books(engine: Engine) -> Iterator[StoreBooks]:
    """The books of a store on the empty engine, in its tenant's scope."""
    stage: Stage = set_stage()
    with tenant_scope(stage.tenant_id):
        yield StoreBooks(stage)
