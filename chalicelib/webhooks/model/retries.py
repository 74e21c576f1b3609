"""When what failed is tried again: by a plan, and later where the receiver asks for it. Pure.

The delays are those that Standard Webhooks recommends: ten attempts within three days and four hours.
Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#deliverability-and-reliability
"""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

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

LONGEST_ASKED = timedelta(hours=1)
"""What a receiver may ask for: a mistyped header stops nothing for days, and the first delays alone are shorter."""

LIFE = timedelta(days=4)
"""How long a delivery may take behind an endpoint that fails for others too. Its own attempts never take so long."""


def next_try(failed: int, now: datetime, luck: float, asked: datetime | None = None) -> datetime | None:
    """When a delivery with so many failed attempts is tried again; None where it is given up. ``luck`` is in [0, 1).

    The receiver has ``asked`` not to be tried before an instant: it is heard where the plan is sooner.
    """
    if failed > len(DELAYS):
        return None
    delay = DELAYS[failed - 1] if asked is None else max(DELAYS[failed - 1], asked - now)
    return now + delay * (1 + JITTER * luck)


def asked_for(retry_after: str, now: datetime) -> datetime | None:
    """The instant that a Retry-After header names which was received ``now``, at most LONGEST_ASKED after it; None
    where it names none to come. It may count seconds or be a date (RFC 9110, section 10.2.3).
    """
    if re.fullmatch(r"[0-9]{1,9}", retry_after):
        at = now + timedelta(seconds=int(retry_after))
    else:
        try:
            at = parsedate_to_datetime(retry_after)
        except (ValueError, OverflowError):  # what a receiver writes may be anything
            return None
        at = at.replace(tzinfo=at.tzinfo or UTC)
    return min(at, now + LONGEST_ASKED).astimezone(UTC) if at > now else None
