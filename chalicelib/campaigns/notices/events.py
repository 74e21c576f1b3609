"""The team is told when a campaign, or a series, does not go as it was planned."""

from datetime import date, datetime

from chalicelib.campaigns.notices import service as telling
from chalicelib.messaging import Consumer, Message
from chalicelib.notices.model.facts import InWords

consumer = Consumer("service")


@consumer.on("campaign.extended")
def extended(message: Message, now: datetime) -> None:
    """A campaign takes orders longer than was announced."""
    telling.tell_extended(message.tenant_id, message.data["campaign_id"], now)


@consumer.on("campaign.cancelled")
def cancelled(message: Message, now: datetime) -> None:
    """A campaign does not take place."""
    telling.tell_cancelled(message.tenant_id, message.data["campaign_id"], now)


@consumer.on("campaign.locked")
def locked(message: Message, now: datetime) -> None:
    """A campaign takes place."""
    telling.tell_locked(message.tenant_id, message.data["campaign_id"], now)


@consumer.on("series.failed")
def series_failed(message: Message, now: datetime) -> None:
    """A series made no campaign for a day, or made one that is not public."""
    data = message.data
    why = InWords(**data["why"]) if data.get("why") else None
    first, last = date.fromisoformat(data["first_on"]), date.fromisoformat(data["last_on"])
    telling.tell_series(message.tenant_id, data["series_id"], data["happened"], first, last, why, now)
