"""What members' wants do when something has happened."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.messaging import Consumer, Message
from chalicelib.wanting.records import AVAILABLE, LOOK_DUE, LOOK_ON, OPENING_DUE, OPENING_ON
from chalicelib.wanting.service import following, looking, opening, uniting

consumer = Consumer("service")


@consumer.on_all("order.placed", "order.cancelled", "order.expired", "order.edited", "order.lessened")
def orders_changed(messages: Sequence[Message], now: datetime) -> None:
    """Something may have become free, or is sold out again; who has ordered waits no more."""
    following.orders_changed(messages[0].tenant_id, [message.data["order_id"] for message in messages], now)


@consumer.on("campaign.offer_raised")
def offer_raised(message: Message, now: datetime) -> None:
    """There is more of an offer."""
    looking.look_at_campaign(message.tenant_id, message.data["campaign_id"], now)


@consumer.due(LOOK_DUE)
def look_due(message: Message, now: datetime) -> None:
    """Those who were told had their chance, or a list was not looked at for a while."""
    looking.look(message.tenant_id, str(message.data["pk"]).rpartition("#")[2], now)


@consumer.on(LOOK_ON)
def look_on(message: Message, now: datetime) -> None:
    """There was more free than one write tells of."""
    looking.look(message.tenant_id, message.data["offer_id"], now)


@consumer.on(AVAILABLE)
def available(message: Message, now: datetime) -> None:
    """Members who wait for an offer are told that there is some of it."""
    told = message.data
    following.tell(
        message.tenant_id, told["campaign_id"], told["offer_id"], told["availability"], told["member_ids"], now
    )


@consumer.on("campaign.published")
@consumer.on("campaign.opened")
def opened(message: Message, now: datetime) -> None:
    """A campaign opens, or will for the first members: those who asked to hear of what it sells are told."""
    opening.begin(message.tenant_id, message.data["campaign_id"], now)


@consumer.due(OPENING_DUE)
def opening_due(message: Message, now: datetime) -> None:
    """A campaign opens for more members, or what was told of it has not moved for long."""
    opening.begin(message.tenant_id, str(message.data["pk"]).rpartition("#")[2], now)


@consumer.on(OPENING_ON)
def opening_on(message: Message, now: datetime) -> None:
    """The next members are to be told."""
    opening.tell_slice(message.tenant_id, message.data["campaign_id"], now)


@consumer.on("member.united")
def united(message: Message, now: datetime) -> None:
    """A member's history became another's: so does what they want."""
    uniting.hand_on(message.tenant_id, message.data["member_id"], now)
