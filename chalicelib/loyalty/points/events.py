"""What happens to points by themselves: they expire, and go along where two members are one person."""

from datetime import datetime

from chalicelib.loyalty.points.records import DUE, POINTS_EXPIRING, QUEUE
from chalicelib.loyalty.points.service import expiring, merging
from chalicelib.messaging import Consumer, Message

consumer = Consumer(QUEUE)


@consumer.due(DUE)
def points_due(message: Message, now: datetime) -> None:
    """Points of a member have expired, or will before long."""
    expiring.bring_up_to_date(message.tenant_id, message.data["pk"].rpartition("#")[2], now)


@consumer.on(POINTS_EXPIRING)
def points_expiring(message: Message, now: datetime) -> None:
    """The member hears of it."""
    data = message.data
    expiring.tell_of_expiry(message.tenant_id, data["member_id"], data["points"], data["last_day"], message.id, now)


@consumer.on("member.united")
def member_united(message: Message, now: datetime) -> None:
    """A member's history has become another's, and their points with it."""
    merging.merge(message.tenant_id, message.data["member_id"], now)
