"""A brand on the engine."""

import pytest

from tests.calls import Api
from tests.rate_limits.conftest import limited
from tests.tenants.brands import Brand, sign_up

__all__ = ["limited"]


@pytest.fixture
def brand(api: Api) -> Brand:
    """A brand in Shanghai that just signed up."""
    return sign_up(api)
