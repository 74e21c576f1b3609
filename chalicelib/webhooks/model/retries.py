"""When what failed is tried again. Pure.

The delays are those that Standard Webhooks recommends: ten attempts within three days and four hours.
Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#deliverability-and-reliability
"""

from datetime import datetime, timedelta

DELAYS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
MOST_ATTEMPTS = len(DELAYS) + 1

JITTER = 0.1
"""Each delay is longer by up to this share of it, so that what failed together does not come back together."""

LIFE = timedelta(days=4)
"""How long a delivery may take behind an endpoint that fails for others too. Its own attempts never take so long."""


def next_try(failed: int, now: datetime, luck: float) -> datetime | None:
    """When a delivery with so many failed attempts is tried again; None where it is given up. ``luck`` is in [0, 1)."""
    if failed > len(DELAYS):
        return None
    return now + DELAYS[failed - 1] * (1 + JITTER * luck)
