"""Service messages wait in the night: these tests run at noon."""

import pytest

from tests.orders.conftest import store

__all__ = ["store"]


@pytest.fixture(autouse=True)
def by_day(request: pytest.FixtureRequest) -> None:
    """In the middle of the day of the shop's zone, where a test has an engine."""
    if "engine" in request.fixturenames or "shop" in request.fixturenames or "store" in request.fixturenames:
        request.getfixturevalue("noon")
