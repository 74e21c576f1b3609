"""What members earn when something has happened."""

from datetime import datetime

from chalicelib.messaging import Consumer, Message
from chalicelib.orders.spending import service as spending
from chalicelib.rewards.service import coupons, orders, surveys

consumer = Consumer("service")


@consumer.on("order.picked_up")
@consumer.on("order.forfeited")
def order_ended(message: Message, now: datetime) -> None:
    """An order was handed over, or what was not collected of it is kept: what was handed over earns."""
    orders.handed_over(message.tenant_id, message.data["order_id"], now)


@consumer.on("refund.requested")
def refund_requested(message: Message, now: datetime) -> None:
    """Money of an order goes back, or has gone back: what it earned goes back in proportion."""
    spending.give_points_back(message.tenant_id, message.data["order_id"], now)
    orders.refunded(message.tenant_id, message.data["order_id"], message.data["refund_id"], now)


@consumer.on("order.changed")
@consumer.on("order.cancelled")
@consumer.on("order.expired")
@consumer.on("order.refunded")
def order_changed(message: Message, now: datetime) -> None:
    """An order came to nothing, or to less: points that pay for none of it any more go back, and a coupon that went
    back goes to whom its member has become.
    """
    spending.give_points_back(message.tenant_id, message.data["order_id"], now)
    coupons.hand_on(message.tenant_id, message.data["order_id"], now)


@consumer.on("survey.answered")
def survey_answered(message: Message, now: datetime) -> None:
    """A survey was answered: that earns."""
    surveys.answered(message.tenant_id, message.data["invitation_id"], now)
