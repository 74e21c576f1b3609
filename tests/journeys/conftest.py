"""News waits in the night: these tests begin at noon."""

import pytest


@pytest.fixture(autouse=True)
def by_day(noon: None) -> None:
    """In the middle of the day of the shop's zone."""
