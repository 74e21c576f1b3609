"""When a member hears that points are about to expire. Pure; days are local days of the brand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from chalicelib.loyalty.points.model.lots import Lot

NOTICE_DAYS: Final = 14
"""So many days before its last day, at the latest, a member hears of a lot."""

_COVERED_DAYS: Final = 2 * NOTICE_DAYS
"""With it they hear of all that expires within so many days: who earns a little every day hears of it twice a month."""


@dataclass(frozen=True, slots=True)
class Expiring:
    """What is told of: the points that expire from ``first_on`` up to and including ``until_on``."""

    points: int
    first_on: date
    until_on: date


def notice_on(lots: Iterable[Lot], noticed_on: date | None) -> date | None:
    """The day on which a member is to hear next; ``noticed_on`` is the last day of which they were told. None where
    nothing expires that they have not heard of.
    """
    days = [lot.expires_on for lot in lots if lot.expires_on is not None]
    untold = [on for on in days if noticed_on is None or on > noticed_on]
    return min(untold) - timedelta(days=NOTICE_DAYS) if untold else None


def to_tell(lots: Iterable[Lot], noticed_on: date | None, today: date) -> Expiring | None:
    """What a member is to hear of today; None for nothing. Each lot is told of once."""
    known = list(lots)
    on = notice_on(known, noticed_on)
    if on is None or on > today:
        return None
    after, until = noticed_on or date.min, today + timedelta(days=_COVERED_DAYS)
    told = {lot.expires_on: lot.points for lot in known if lot.expires_on and after < lot.expires_on <= until}
    return Expiring(sum(told.values()), min(told), until)
