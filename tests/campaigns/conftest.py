"""What the tests of campaigns share."""

from collections.abc import Iterator

import pytest

from chalicelib.db import tenant_scope
from tests.campaigns.brand import Brand, brand_named


@pytest.fixture
def brand(engine: object) -> Iterator[Brand]:
    """A brand whose tenant scope is open, as a route or a worker opens it."""
    made = brand_named("orchard")
    with tenant_scope(made.tenant_id):
        yield made
