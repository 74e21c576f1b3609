"""The same two brands as in the isolation tests; here they are called with nonsense, some of which is accepted."""

from tests.isolation.conftest import world

__all__ = ["world"]
