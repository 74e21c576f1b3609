import pytest

from tests.orders.conftest import stage
from tests.orders.stage import Stage
from tests.orders.teams.club import Club

__all__ = ["stage"]


@pytest.fixture
def club(stage: Stage) -> Club:
    """Three order together within two hours."""
    return Club.publish(stage)
