from tests.orders.conftest import stage

__all__ = ["stage"]
