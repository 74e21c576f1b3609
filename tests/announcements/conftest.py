"""News waits in the night: these tests run at noon."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.conftest import Clock

NOON_IN_SHANGHAI = 4


@pytest.fixture(autouse=True)
def noon(clock: Clock) -> None:
    """Tomorrow, in the middle of the day of the shop's zone."""
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    clock.set(tomorrow.replace(hour=NOON_IN_SHANGHAI, minute=0, second=0, microsecond=0))
