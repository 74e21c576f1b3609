"""What members are told of their coupons. Pure."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.notices.model.facts import InWords
from chalicelib.notices.model.notices import Category, Notice, Telling


@dataclass(frozen=True, slots=True)
class CouponGranted(Notice):
    """The brand has given a member a coupon without end."""

    template = "coupon_granted"
    telling = Telling(Category.SERVICE, about="coupon")
    texts = {
        "en": ("A coupon for you", '{brand} has given you the coupon "{coupon}": {worth}.'),
        "zh": ("您收到一张优惠券", "{brand}送您一张优惠券“{coupon}”：{worth}。"),
    }
    brand: str
    coupon: str
    worth: InWords


@dataclass(frozen=True, slots=True)
class EndingCouponGranted(Notice):
    """The brand has given a member a coupon, good until a time, which is not in it any more."""

    template = "ending_coupon_granted"
    telling = Telling(Category.SERVICE, about="coupon")
    texts = {
        "en": ("A coupon for you", '{brand} has given you the coupon "{coupon}": {worth}, before {until}.'),
        "zh": ("您收到一张优惠券", "{brand}送您一张优惠券“{coupon}”：{worth}，请在 {until} 之前使用。"),
    }
    brand: str
    coupon: str
    worth: InWords
    until: datetime


@dataclass(frozen=True, slots=True)
class CouponEndsSoon(Notice):
    """A coupon that a member has not used ends soon."""

    template = "coupon_ends_soon"
    telling = Telling(Category.SERVICE, about="coupon")
    texts = {
        "en": ("Your coupon ends soon", 'Your coupon "{coupon}" at {brand} ({worth}) can be used before {until}.'),
        "zh": ("您的优惠券即将到期", "您在{brand}的优惠券“{coupon}”（{worth}）请在 {until} 之前使用。"),
    }
    brand: str
    coupon: str
    worth: InWords
    until: datetime
