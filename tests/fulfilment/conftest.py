from tests.orders.conftest import store

__all__ = ["store"]
