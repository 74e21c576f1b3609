"""An order takes a coupon and points of its member's in its own write; what comes back follows from the order.

A coupon, and what it takes off no more, goes back with the order's next write, whatever that is: see
``OrderRecord.following``. Points are given back by :func:`give_points_back`, which looks at the order as it stands:
their ledger has to be read first, so that is done right after, by whoever hears of the order's changes.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.db import Transaction, change
from chalicelib.kernel.errors import DomainError
from chalicelib.loyalty.points.model.spending import InOrder, PaidByPoints
from chalicelib.orders.discounts.model import by_step, read_discounts
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.reading import get_order
from chalicelib.pricing.model import Step

if TYPE_CHECKING:  # few orders need it
    from chalicelib.coupons.records import CouponRecord
    from chalicelib.loyalty.points.service.ledger import Account


def hold_points(tx: Transaction, order: OrderRecord, account: Account, paid: PaidByPoints, now: datetime) -> None:
    """Adds that an order takes the points that it was priced with. Raises NotEnoughPoints."""
    if paid.points:
        from chalicelib.loyalty.points.service import spending

        spending.hold(tx, account, order.id, paid.points, now, for_gift=bool(order.is_gift))
        order.points = InOrder(paid.points, paid.amount_minor, held=paid.points)


def keep_points(order: OrderRecord, paid: PaidByPoints) -> None:
    """An order that was priced anew goes on with so many of its points; the others come back."""
    if order.points is not None:
        order.points = replace(order.points, points=paid.points, amount_minor=paid.amount_minor)


def take_more(tx: Transaction, order: OrderRecord, coupon: CouponRecord | None) -> None:
    """Adds that the coupon of an order which was priced anew takes more off it than before."""
    has, off = order.coupon, order.coupon_off
    if coupon is not None and has is not None and off is not None and off > has.amount_minor:
        from chalicelib.coupons.service import using

        order.coupon = using.take_more(tx, coupon, order.id, has, off)


def coupon_of(order: OrderRecord) -> str | None:
    """The coupon that an order was priced with."""
    return next((each.coupon_id for each in order.discounts if each.coupon_id), None)


def gave_coupon_back(order: OrderRecord) -> bool:
    """Whether an order that was placed with a coupon has it no more."""
    placed = read_discounts((order.first or {}).get("stored_discounts"))
    return order.coupon is None and any(each.coupon_id for each in (*order.discounts, *placed))


def find_coupon(order: OrderRecord) -> CouponRecord | None:
    """The same as it stands, where the order has given it back."""
    coupon_id = coupon_of(order)
    if coupon_id is None or order.coupon is not None:
        return None
    from chalicelib.coupons.records import CouponRecord

    return CouponRecord.fetch(*CouponRecord.address(order.tenant_id, order.member_id, coupon_id), consistent=True)


def take_again(tx: Transaction, order: OrderRecord, coupon: CouponRecord | None, now: datetime) -> bool:
    """Adds that an order which gave its coupon and points back takes them again, at the price at which it was placed;
    False where they are not there any more: the coupon is in another order, expired or used up, the points are spent.
    """
    try:
        if coupon_of(order) is not None and order.coupon is None:
            if coupon is None:
                return False
            from chalicelib.coupons.service import using

            taking = using.taken_again(coupon, order.id, by_step(order.discounts, Step.COUPON), now)
            taking.add(tx, now)
            order.coupon = taking.in_order
        _take_points_again(tx, order, now)
    except DomainError:
        return False
    return True


def _take_points_again(tx: Transaction, order: OrderRecord, now: datetime) -> None:
    paid = order.points
    if paid is None or paid.held >= paid.points:
        return
    from chalicelib.loyalty.points.service import ledger, spending

    taking = paid.taking + 1
    account = ledger.read_account(order.tenant_id, order.member_id, (spending.cause_of(order.id, taking),))
    spending.hold(tx, account, order.id, paid.points, now, taking, for_gift=bool(order.is_gift))
    order.points = replace(paid, held=paid.points, taking=taking)


def give_points_back(tenant_id: str, order_id: str, now: datetime) -> None:
    """Gives back the points that an order holds and needs no more, in one write with the order that says so. A message
    that comes early, late or twice changes nothing. Raises NotFound.
    """

    def decide(order: OrderRecord, tx: Transaction) -> None:
        paid, needed = order.points, order.points_needed
        if paid is None or paid.held <= needed:
            return
        from chalicelib.loyalty.points.service import ledger, spending

        causes = spending.causes_of(order_id, spending.return_id(order_id, paid.taking, needed), paid.taking)
        account = ledger.read_account(tenant_id, order.member_id, causes)
        spending.give_back_rest(
            tx, account, order_id, paid.taking, needed, paid.held - needed, now, for_gift=bool(order.is_gift)
        )
        order.points = replace(paid, held=needed)
        tx.replace("order", order)

    change(lambda: get_order(tenant_id, order_id, consistent=True), decide)
