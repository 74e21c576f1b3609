"""What campaigns do when something is due or has happened."""

from datetime import datetime

from chalicelib.campaigns.lifecycle.service import advancing, closing
from chalicelib.campaigns.series.service import making as series_making
from chalicelib.messaging import Consumer, Message

consumer = Consumer("campaigns")


@consumer.due("campaign.open")
def open_on_time(message: Message, now: datetime) -> None:
    """Opens; and where the timer is so late that the close has come as well, closes at once."""
    closing.open_campaign(message.tenant_id, _due_campaign(message), now)
    closing.close_campaign(message.tenant_id, _due_campaign(message), now)


@consumer.due("campaign.close")
def close_on_time(message: Message, now: datetime) -> None:
    closing.close_campaign(message.tenant_id, _due_campaign(message), now)


@consumer.due("campaign.decide")
def remind_of_decision(message: Message, now: datetime) -> None:
    closing.remind_of_decision(message.tenant_id, _due_campaign(message), now)


@consumer.due("campaign.wind_up")
def wind_up_again(message: Message, now: datetime) -> None:
    closing.remind_of_winding_up(message.tenant_id, _due_campaign(message), now)


@consumer.due("campaign.refunds")
def look_at_refunds_again(message: Message, now: datetime) -> None:
    advancing.remind_of_refunds(message.tenant_id, _due_campaign(message), now)


@consumer.on("campaign.cancelled")
@consumer.on("campaign.locked")
def wind_up(message: Message, now: datetime) -> None:
    closing.wind_up(message.tenant_id, message.data["campaign_id"], now)


@consumer.due("series.make")
def make_next_of_series(message: Message, now: datetime) -> None:
    series_making.make_next(message.tenant_id, str(message.data["pk"]).rpartition("#")[2], now)


def _due_campaign(message: Message) -> str:
    """The campaign that a due item's key names."""
    return str(message.data["pk"]).rpartition("#")[2]
