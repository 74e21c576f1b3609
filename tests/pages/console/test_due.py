"""A due time is late, today or later by the brand's clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib.pages.console.due import due

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 30, 15, 0, tzinfo=UTC)
"""An hour before midnight in Shanghai."""


@pytest.mark.parametrize(
    ("away", "tone", "told"),
    [
        (timedelta(minutes=59), "warn", (0, 0, 59)),
        (timedelta(minutes=60), "", (0, 1, 0)),
        (timedelta(days=3, hours=2), "", (3, 2, 0)),
        (timedelta(0), "bad", (0, 0, 0)),
        (timedelta(hours=-26), "bad", (1, 2, 0)),
    ],
)
def test_the_day_that_counts_is_the_brands(away: timedelta, tone: str, told: tuple[int, int, int]) -> None:
    clock = due(NOW + away, NOW, SHANGHAI)
    assert (clock.tone, (clock.days, clock.hours, clock.minutes)) == (tone, told)
