import pytest

from tests.orders.conftest import store
from tests.orders.store import Store
from tests.orders.teams.team_buy import TeamBuy

__all__ = ["store"]


@pytest.fixture
def team_buy(store: Store) -> TeamBuy:
    """Three order together within two hours."""
    return TeamBuy.publish(store)
