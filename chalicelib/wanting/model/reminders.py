"""Who is told that a product can be ordered again. Pure."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta

from chalicelib.kernel.clock import parse_instant

UNUSED = timedelta(days=180)
"""After so long without a sign of the member nothing is told any more: neither asked again, nor active at the brand."""

MOST_NAMED = 3
"""Products that a message names; the others are counted."""


def is_unused(since: str, last_active_on: date | None, now: datetime) -> bool:
    """Whether a member has asked, and been active (a local day of the brand), so long ago that nothing is told."""
    last = parse_instant(since).date()
    return now.date() - max(last, last_active_on or last) > UNUSED


def phases(opens_at: datetime, hours_ahead: Iterable[int]) -> list[datetime]:
    """When a campaign opens: for each tier with early access, and at last for everybody; each once, in order."""
    return sorted({opens_at, *(opens_at - timedelta(hours=hours) for hours in hours_ahead)})


def is_in_reach(favourite_point: str | None, point_ids: Collection[str], *, delivers: bool) -> bool:
    """Whether a member can get what a campaign sells: at the point that they said is theirs, or delivered. Who has
    named none can get it anywhere.
    """
    return favourite_point is None or delivers or favourite_point in point_ids


def is_told_here(product_id: str, wanted: Collection[str], order: Sequence[str]) -> bool:
    """Whether a member hears of a campaign when its product is gone through: at the first that they want, of all."""
    return next((each for each in order if each in wanted), None) == product_id


def named(titles: Sequence[str], comma: str, more: str) -> str:
    """The first titles, and how many others there are; ``more`` has a ``{n}``."""
    shown = comma.join(titles[:MOST_NAMED])
    left = len(titles) - MOST_NAMED
    return shown + more.format(n=left) if left > 0 else shown
