"""The coupons that a member has: shown, told of, and reminded of before they end."""

from datetime import datetime
from typing import Any, Literal

from chalicelib.coupons.model.notices import CouponEndsSoon, CouponGranted, EndingCouponGranted
from chalicelib.coupons.model.rules import worth
from chalicelib.coupons.model.states import EXPIRED, GONE, IN_ORDER, USABLE
from chalicelib.coupons.records import CouponRecord
from chalicelib.db import Page, Transaction, change
from chalicelib.notices.model.facts import InWords
from chalicelib.notices.model.notices import Notice
from chalicelib.notices.telling.service import tell_member
from chalicelib.tenants.service.brand import get_tenant

Show = Literal["usable", "used", "expired"]
"""Which of their coupons a member looks at."""

_STATUSES = {
    "usable": frozenset({each.value for each in USABLE}),
    "used": frozenset({each.value for each in IN_ORDER}),
    "expired": frozenset({EXPIRED}),
}


def list_coupons(
    tenant_id: str, member_id: str, show: Show | None, now: datetime, limit: int, cursor: dict[str, Any] | None
) -> Page[CouponRecord]:
    """A member's coupons, those of the latest batch first: all, or those that are usable, used or expired at ``now``.
    One whose time has not come yet is usable; one that an unpaid order holds is used.
    """

    def keep(coupon: CouponRecord) -> bool:
        said = coupon.status(now)
        return said not in GONE if show is None else said in _STATUSES[show]

    partition = CouponRecord.partition(tenant_id, member_id)
    return CouponRecord.page(partition, limit=limit, cursor=cursor, newest_first=True, keep=keep)


def usable_coupons(tenant_id: str, member_id: str, now: datetime, most: int) -> list[CouponRecord]:
    """A member's coupons that no order has and whose time is not over at ``now``, those of the latest batches first:
    of the last ``most`` that they got, in one request.
    """
    page = CouponRecord.page(CouponRecord.partition(tenant_id, member_id), limit=most, newest_first=True)
    return [each for each in page.items if each.status(now) in _STATUSES["usable"]]


def has_any(tenant_id: str, member_id: str) -> bool:
    """Whether a member was ever given a coupon."""
    return bool(CouponRecord.page(CouponRecord.partition(tenant_id, member_id), limit=1, consistent=True).items)


def tell_granted(tenant_id: str, member_id: str, coupon_id: str, now: datetime) -> None:
    """Tells a member of a coupon that they were given, once; not of one that they have used meanwhile."""
    coupon = CouponRecord.fetch(*CouponRecord.address(tenant_id, member_id, coupon_id), consistent=True)
    if coupon is not None and coupon.status(now) in USABLE:
        tell_member(tenant_id, member_id, _granted(coupon), (coupon.id,), now, subject_id=coupon.id)


def remind(tenant_id: str, member_id: str, coupon_id: str, now: datetime) -> None:
    """Reminds a member of a coupon that ends soon, once, if they can still use it."""
    place = CouponRecord.address(tenant_id, member_id, coupon_id)

    def decide(coupon: CouponRecord | None, tx: Transaction) -> None:
        if coupon is None or not coupon.due_by(now):
            return
        if coupon.until_at is not None and coupon.status(now) in USABLE:
            # Told before it is noted: a crash in between tells it again, and the notice's id says that it was told.
            notice = _ends_soon(coupon, coupon.until_at)
            tell_member(tenant_id, member_id, notice, (coupon.id, "ends"), now, subject_id=coupon.id)
        coupon.reminded = True
        tx.replace("coupon", coupon)

    change(lambda: CouponRecord.fetch(*place, consistent=True), decide)


def _granted(coupon: CouponRecord) -> Notice:
    brand, said = get_tenant(coupon.tenant_id).name, worth(coupon.terms)
    if coupon.until_at is None:
        return CouponGranted(brand, coupon.title, InWords(said.en, said.zh))
    return EndingCouponGranted(brand, coupon.title, InWords(said.en, said.zh), coupon.until_at)


def _ends_soon(coupon: CouponRecord, until: datetime) -> Notice:
    said, brand = worth(coupon.terms), get_tenant(coupon.tenant_id).name
    return CouponEndsSoon(brand, coupon.title, InWords(said.en, said.zh), until)
