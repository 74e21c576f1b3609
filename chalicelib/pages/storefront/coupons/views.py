"""Coupons as their member reads them."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from chalicelib.coupons.views import CouponView
from chalicelib.kernel.local_day import day_start, local_date
from chalicelib.pages.shell import N_

TABS = (("usable", N_("To use")), ("used", N_("Used")), ("expired", N_("No longer valid")))
"""Which coupons a member looks at, in this order."""

EMPTY = {
    "usable": N_("You have no coupon to use. If you were given a code, enter it above."),
    "used": N_("You have used no coupon yet."),
    "expired": N_("No coupon of yours has expired."),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A coupon; ``last_on`` is its last whole day where its time ends with a day."""

    coupon: CouponView
    last_on: date | None


def shown(coupon: CouponView, zone: ZoneInfo) -> Shown:
    """A coupon by the shop's clocks."""
    if coupon.until_at is None:
        return Shown(coupon, None)
    ends_on = local_date(coupon.until_at, zone)
    at_midnight = day_start(ends_on, zone) == coupon.until_at
    return Shown(coupon, ends_on - timedelta(days=1) if at_midnight else None)
