"""What after-sale does when something is due or has happened."""

from datetime import datetime

from chalicelib.aftersales.notices.service import tell_arrival, tell_closed, tell_decision, tell_owner
from chalicelib.aftersales.records import OVERDUE, QUEUE
from chalicelib.aftersales.service.exchanging import exchange
from chalicelib.aftersales.service.handling import escalate
from chalicelib.aftersales.service.restocking import restock
from chalicelib.messaging import Consumer, Message

consumer = Consumer(QUEUE)


@consumer.on("aftersale.opened")
def aftersale_opened(message: Message, now: datetime) -> None:
    """A member asks for a return, exchange or repair: the owner is told."""
    tell_owner(message.tenant_id, message.data["aftersale_id"], now)


@consumer.on("aftersale.assigned")
def aftersale_assigned(message: Message, now: datetime) -> None:
    """A case was handed to somebody else, who is told."""
    tell_owner(message.tenant_id, message.data["aftersale_id"], now, of=message.id)


@consumer.on("aftersale.decided")
def aftersale_decided(message: Message, now: datetime) -> None:
    """A case was decided: an exchange gets its order, and the member is told."""
    exchange(message.tenant_id, message.data["aftersale_id"], now)
    tell_decision(message.tenant_id, message.data["aftersale_id"], now)


@consumer.on("aftersale.received")
def aftersale_received(message: Message, now: datetime) -> None:
    """Goods came back: what is fit for the shelf goes into stock, and the member is told."""
    restock(message.tenant_id, message.data["aftersale_id"])
    tell_arrival(message.tenant_id, message.data["aftersale_id"], message.data.get("part", 1), now)


@consumer.on("aftersale.ended")
def aftersale_ended(message: Message, now: datetime) -> None:
    """A case has ended: of a return that was closed with less than was to come, and of a repair, the member is told."""
    tell_closed(message.tenant_id, message.data["aftersale_id"], now)


@consumer.due(OVERDUE)
def aftersale_overdue(message: Message, now: datetime) -> None:
    """A case waits too long: it goes to somebody above, unless it needs to no more."""
    escalate(message.tenant_id, message.data["pk"], message.data["sk"], now)


@consumer.on("aftersale.escalated")
def aftersale_escalated(message: Message, now: datetime) -> None:
    """An overdue case has a new owner, who is told."""
    tell_owner(message.tenant_id, message.data["aftersale_id"], now, escalated=True)
