"""What a process remembers during a rush, so that thousands of orders a second do not all read the same few items.

Only for campaigns that are laid out for a rush, in several stock buckets, and for a second at most. Nothing is decided
by it that could be wrong for longer: stock, times and limits are held by the conditions of each write.
"""

from datetime import datetime, timedelta
from typing import Any

from chalicelib.campaigns.model.campaign import ON_SHOW, Status
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.kernel.remembering import to_forget

REMEMBERED = timedelta(seconds=1)
_MOST = 200

_campaigns: dict[str, tuple[datetime, CampaignRecord]] = {}
_sold_out: dict[str, datetime] = {}


def campaign_seen(pk: str, now: datetime) -> CampaignRecord | None:
    """A campaign as it was read a moment ago. What may be ordered of a published campaign, and at what price, stays."""
    seen = _campaigns.get(pk)
    return seen[1] if seen is not None and _is_fresh(seen[0], now) else None


def see_campaign(campaign: CampaignRecord, now: datetime) -> None:
    """Remembers a campaign that is laid out for a rush."""
    if campaign.shards > 1 and Status(campaign.status) in ON_SHOW:
        _make_room(_campaigns)
        _campaigns[str(campaign.pk)] = now, campaign


def is_sold_out(offer_id: str, now: datetime) -> bool:
    """Whether every bucket of an offer was empty a moment ago, and this process has given none back since."""
    seen_at = _sold_out.get(offer_id)  # read once: another thread may take it out
    return seen_at is not None and _is_fresh(seen_at, now)


def see_sold_out(offer_id: str, now: datetime) -> None:
    """Remembers that every bucket of an offer was empty."""
    _make_room(_sold_out)
    _sold_out[offer_id] = now


def see_given_back(offer_id: str) -> None:
    """Forgets that an offer was sold out."""
    _sold_out.pop(offer_id, None)


def forget() -> None:
    """Forgets everything, as a new process would begin."""
    _campaigns.clear()
    _sold_out.clear()


to_forget(forget)


def _is_fresh(seen_at: datetime, now: datetime) -> bool:
    return timedelta(0) <= now - seen_at < REMEMBERED


def _make_room(seen: dict[str, Any]) -> None:
    if len(seen) >= _MOST:
        seen.clear()
