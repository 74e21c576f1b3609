"""Leaders are told what happens at their pickup points, and the team where goods fall short."""

from datetime import datetime

from chalicelib.fulfilment.notices.model import Occasion
from chalicelib.fulfilment.notices.records import CONTINUE
from chalicelib.fulfilment.notices.service import leaders, team
from chalicelib.messaging import Consumer, Message

consumer = Consumer("service")


@consumer.on("campaign.locked")
def locked(message: Message, now: datetime) -> None:
    """A campaign takes place: leaders hear what was ordered at their points."""
    leaders.tell_closed(message.tenant_id, message.data["campaign_id"], now)


@consumer.on("campaign.cancelled")
def cancelled(message: Message, now: datetime) -> None:
    """A campaign does not take place: leaders need not wait for it."""
    leaders.tell_cancelled(message.tenant_id, message.data["campaign_id"], now)


@consumer.on("campaign.arrival_moved")
def arrival_moved(message: Message, now: datetime) -> None:
    """The goods of a campaign that takes place are expected on another day."""
    leaders.tell_arrival_moved(message.tenant_id, message.data["campaign_id"], message.id, now)


@consumer.on("campaign.received")
def received(message: Message, now: datetime) -> None:
    """The goods are at the brand: leaders hear what comes to them."""
    leaders.tell_coming(message.tenant_id, message.data["campaign_id"], now)


@consumer.on("campaign.sorted")
def packed(message: Message, now: datetime) -> None:
    """The goods are packed: leaders hear that the sorting sheet is ready."""
    leaders.tell_sheet(message.tenant_id, message.data["campaign_id"], now)


@consumer.on("orders.not_collected")
def not_collected(message: Message, now: datetime) -> None:
    """The time to collect is over, and some did not."""
    leaders.tell_not_collected(message.tenant_id, message.data["campaign_id"], now)


@consumer.on(CONTINUE)
def count_on(message: Message, now: datetime) -> None:
    """There were more orders than one message counts."""
    leaders.ON[Occasion(message.data["occasion"])](message.tenant_id, message.data["campaign_id"], now)


@consumer.on("supply.allocated")
def allocated(message: Message, now: datetime) -> None:
    """Orders were lowered to what there is: the team hears by what, and leaders what comes where that had to wait."""
    data = message.data
    team.tell_short(
        message.tenant_id, data["campaign_id"], data["cut"], data["orders"], data["reason"], f"{data['plans']}", now
    )
    leaders.tell_lowered(message.tenant_id, data["campaign_id"], now)
