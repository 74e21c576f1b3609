"""Reading single orders: the tenant's, or a member's own."""

from collections.abc import Sequence

from chalicelib.db import fetch_many
from chalicelib.kernel.errors import NotFound
from chalicelib.orders.records import OrderRecord


def get_order(tenant_id: str, order_id: str, *, consistent: bool = False) -> OrderRecord:
    """An order of the tenant. Raises NotFound."""
    found = OrderRecord.fetch(*OrderRecord.address(tenant_id, order_id), consistent=consistent)
    if found is None:
        raise no_order(order_id)
    return found


def get_orders(tenant_id: str, order_ids: Sequence[str]) -> list[OrderRecord]:
    """Orders of the tenant as they stand, in this order; one request for each hundred. Raises NotFound."""
    addresses = [(OrderRecord, *OrderRecord.address(tenant_id, order_id)) for order_id in order_ids]
    found: list[OrderRecord | None] = fetch_many(addresses, consistent=True)
    for order_id, order in zip(order_ids, found, strict=True):
        if order is None:
            raise no_order(order_id)
    return [order for order in found if order is not None]


def get_own_order(tenant_id: str, member_id: str, order_id: str, *, consistent: bool = False) -> OrderRecord:
    """A member's own order; another member's is not found. Raises NotFound."""
    order = get_order(tenant_id, order_id, consistent=consistent)
    if order.member_id != member_id:
        raise no_order(order_id)
    return order


def no_order(order_id: str) -> NotFound:
    """The refusal of an order that is absent, or another tenant's."""
    return NotFound("There is no such order.", detail_zh="该订单不存在。")
