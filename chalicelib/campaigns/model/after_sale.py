"""Until when what was handed over may come back: one rule for whoever asks, and for all that waits for it. Pure.

A window of n days ends n times 24 hours after the handover of the whole order, that instant included. Instants are UTC.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from chalicelib.campaigns.model.offers import Offer

RETURN: Final = "return"
EXCHANGE: Final = "exchange"
REPAIR: Final = "repair"

_MONEY_BACK = (RETURN, EXCHANGE)
"""What may cost the brand the sale. Nobody waits for the window of a repair, which may be years."""

_USUAL = Offer("", "", "", 0, 0)


def days_for(offer: Offer | None) -> Mapping[str, int]:
    """For how many days each kind of after-sale is granted, 0 where it is not; an offer that its campaign lost has the
    usual windows.
    """
    found = offer or _USUAL
    return {RETURN: found.return_days, EXCHANGE: found.exchange_days, REPAIR: found.repair_days}


def window_ends(handed_over_at: datetime, days: int) -> datetime:
    """The last instant of a window of so many days."""
    return handed_over_at + timedelta(days=days)


def is_open(until: datetime, now: datetime) -> bool:
    """Whether something may still be asked for in a window that ends at ``until``."""
    return now <= until


def last_window(handed_over_at: datetime, offers: Iterable[Offer], ordered: Iterable[str]) -> datetime:
    """When the last goods of an order, by the ids of its offers, can no longer be returned or exchanged."""
    by_id = {offer.offer_id: offer for offer in offers}
    days = [days_for(by_id.get(offer_id))[kind] for offer_id in ordered for kind in _MONEY_BACK]
    return window_ends(handed_over_at, max(days, default=0))


def last_chance(handed_over_at: datetime, offers: Iterable[Offer], ordered: Iterable[str]) -> datetime | None:
    """Until when anything of an order, by the ids of its offers, may be asked for, a repair included; None where none
    of its goods may come back.
    """
    by_id = {offer.offer_id: offer for offer in offers}
    days = [each for offer_id in ordered for each in days_for(by_id.get(offer_id)).values() if each]
    return window_ends(handed_over_at, max(days)) if days else None
