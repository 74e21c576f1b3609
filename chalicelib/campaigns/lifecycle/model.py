"""What a close decides of a campaign: it is locked, extended once, or cancelled. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.campaigns.model.target import CloseTotals, OnMiss, Target, measured

ORDINARY_LATENESS = timedelta(minutes=15)
"""A decision this soon after the close extends from the announced hour; a later one from the decision itself."""


class Decision(StrEnum):
    """What becomes of a closed campaign."""

    LOCK = "lock"
    EXTEND = "extend"
    CANCEL = "cancel"


def decision_at_close(target: Target | None, totals: CloseTotals, *, extendable: bool) -> Decision:
    """The decision at a close; a miss that may not extend the campaign any more cancels it."""
    if target is None or measured(target, totals) >= target.value or target.on_miss is OnMiss.LOCK:
        return Decision.LOCK
    if target.on_miss is OnMiss.EXTEND and extendable:
        return Decision.EXTEND
    return Decision.CANCEL


def extended_close(closes_at: datetime, hours: int, now: datetime) -> datetime:
    """The second and last close of an extended campaign.

    Members get the promised hours in full, also when the decision comes days late: then they run from ``now``,
    rounded up to the minute.
    """
    if now - closes_at <= ORDINARY_LATENESS:
        return closes_at + timedelta(hours=hours)
    whole_minute = now.replace(second=0, microsecond=0)
    started = whole_minute if whole_minute == now else whole_minute + timedelta(minutes=1)
    return started + timedelta(hours=hours)
