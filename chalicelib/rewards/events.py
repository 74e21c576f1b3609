"""What members earn when something has happened."""

from datetime import date, datetime

from chalicelib.messaging import Consumer, Message
from chalicelib.orders.spending import service as spending
from chalicelib.reviews.records import DELETED, WRITTEN
from chalicelib.rewards.service import birthdays, coupons, orders, referral_coupons, referrals, reviews, surveys

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
    reviews.refunded(message.tenant_id, message.data["order_id"], now)


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


@consumer.on(WRITTEN)
@consumer.on(DELETED)
def review_written(message: Message, now: datetime) -> None:
    """A review was written: that earns; or taken back: so is what it earned."""
    reviews.follow(message.tenant_id, message.data["review_id"], now)


@consumer.on("member.birthday")
def birthday(message: Message, now: datetime) -> None:
    """It is a member's birthday: that earns, once a year."""
    data = message.data
    birthdays.kept(message.tenant_id, data["member_id"], date.fromisoformat(data["on"]), now)


@consumer.on(referrals.REWARDED)
def referral_rewarded(message: Message, now: datetime) -> None:
    """Who brought a friend is rewarded: their coupons follow."""
    referral_coupons.give_coupons(message.tenant_id, message.data["friend_id"], message.data["order_id"], now)


@consumer.on(referrals.REVERSED)
def referral_reversed(message: Message, now: datetime) -> None:
    """The reward went back: so do its coupons; and an order that was collected meanwhile earns it."""
    friend_id, order_id = message.data["friend_id"], message.data["order_id"]
    referral_coupons.take_coupons(message.tenant_id, friend_id, order_id, now)
    referrals.earn_again(message.tenant_id, friend_id, order_id, now)


@consumer.on("member.united")
def united(message: Message, now: datetime) -> None:
    """A member's history became another's: nobody is rewarded for having brought themselves."""
    referrals.united(message.tenant_id, message.data["member_id"], now)
