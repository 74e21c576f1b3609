from collections.abc import Iterator

import pytest

from chalicelib.db import tenant_scope
from infra.local.engine import Engine
from tests.orders.stage import Stage, set_stage


@pytest.fixture
def stage(engine: Engine) -> Iterator[Stage]:
    """A store on the empty engine, in its tenant's scope."""
    made = set_stage()
    with tenant_scope(made.tenant_id):
        yield made
