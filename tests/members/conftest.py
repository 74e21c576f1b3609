"""A brand on the engine."""

from collections.abc import Iterator

import pytest

from tests.calls import Api
from tests.notices.kept import watched
from tests.rate_limits.conftest import limited
from tests.tenants.brands import Brand, sign_up

__all__ = ["limited"]


@pytest.fixture
def brand(api: Api) -> Brand:
    """A brand in Shanghai that just signed up."""
    return sign_up(api)


@pytest.fixture(autouse=True)
def _recipients_are_kept(request: pytest.FixtureRequest) -> Iterator[None]:
    yield from watched(request)
