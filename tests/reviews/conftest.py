"""A shop where buyers review what they collected."""

import pytest

from tests.customer_care import CustomerCare
from tests.reviews.shop import Reviews


@pytest.fixture
def reviews(care: CustomerCare) -> Reviews:
    """A brand whose buyers review."""
    return Reviews(care)
