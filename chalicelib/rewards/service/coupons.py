"""A coupon that comes back of an order is its member's, and of one whose history is another's by now, the other's."""

from datetime import datetime

from chalicelib.orders.service.reading import get_order
from chalicelib.orders.spending.service import gave_coupon_back


def hand_on(tenant_id: str, order_id: str, now: datetime) -> None:
    """Hands the coupon on that an order has given back, if its member has become another since; done again, it changes
    nothing. Raises NotFound for an unknown order.
    """
    order = get_order(tenant_id, order_id, consistent=True)
    if gave_coupon_back(order):
        from chalicelib.coupons.service import uniting  # few orders need it

        uniting.hand_on(tenant_id, order.member_id, now)
