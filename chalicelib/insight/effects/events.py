"""What is counted when orders or points have changed."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.insight.effects.service import orders, points
from chalicelib.loyalty.points.records import POINTS_CHANGED
from chalicelib.messaging import Consumer, Message
from chalicelib.rewards.records import REWARDED

consumer = Consumer("insight")


@consumer.on_all(
    "order.placed", "order.changed", "order.cancelled", "order.expired", "order.refunded", "order.picked_up",
    "order.forfeited", REWARDED, "refund.requested",
)  # fmt: skip
def orders_changed(messages: Sequence[Message], now: datetime) -> None:
    """Orders came to be, became less, ended, or got money back: what they add to effects follows."""
    orders.follow(messages[0].tenant_id, [message.data["order_id"] for message in messages])


@consumer.on_all(POINTS_CHANGED)
def points_changed(messages: Sequence[Message], now: datetime) -> None:
    """Points of members were given or taken."""
    points.follow(messages[0].tenant_id, [message.data["member_id"] for message in messages])
