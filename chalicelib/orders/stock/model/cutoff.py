"""Whether a stock bucket takes orders: only inside its campaign's window. Pure.

The write itself asks the same as a condition (``within_window`` in the service's ``cutoff``); this is how a refusal of
that condition is told.
"""

from datetime import datetime
from typing import Literal

Gate = Literal["open", "closed", "not_open"]


def gate(status: str | None, opens_at: datetime | None, closes_at: datetime | None, now: datetime) -> Gate:
    """What a stock bucket says of orders at ``now``: its window is half-open, ``[opens_at, closes_at)``.

    ``status`` is None where the bucket does not exist: the campaign was never published.
    """
    if status is None or opens_at is None or closes_at is None:
        return "not_open"
    if status != "open" or now >= closes_at:
        return "closed"
    return "not_open" if now < opens_at else "open"
