"""What is at hand of an enquiry: its member's live orders, and the product that it is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from chalicelib.catalog.records import ProductRecord
from chalicelib.catalog.service.set_aside import get_skus
from chalicelib.db import fetch_many
from chalicelib.enquiries.model.order_facts import OrderFacts
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.local_day import local_date
from chalicelib.orders.model import Status
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.listing import list_own_orders
from chalicelib.orders.service.reading import get_own_order
from chalicelib.orders.service.surroundings import surroundings
from chalicelib.pickup_points.records import PickupPointRecord
from chalicelib.tenants.service.brand import get_tenant

_LIVE = (Status.HELD, Status.PLACED, Status.READY)
_LOOKED_AT = 20
_MOST_TOLD = 5


def live_orders(tenant_id: str, member_id: str, order_id: str | None = None) -> list[OrderFacts]:
    """A member's orders that are still to be collected, the newest first, at most five; or the one that is named."""
    orders = [order for order in _orders(tenant_id, member_id, order_id) if order.status in _LIVE][:_MOST_TOLD]
    tz = zone(get_tenant(tenant_id).timezone)
    around = surroundings(tenant_id, orders)
    places = sorted({order.pickup_point_id for order in orders})
    found = fetch_many([(PickupPointRecord, *PickupPointRecord.address(tenant_id, each)) for each in places])
    points: dict[str, PickupPointRecord] = {each.id: each for each in found if each is not None}
    return [
        _facts(order, points[order.pickup_point_id], around.campaigns.get(order.campaign_id), tz)
        for order in orders
        if order.pickup_point_id in points
    ]


def _orders(tenant_id: str, member_id: str, order_id: str | None) -> list[OrderRecord]:
    if order_id is None:
        return list(list_own_orders(tenant_id, member_id, _LOOKED_AT, None).items)
    try:
        return [get_own_order(tenant_id, member_id, order_id, consistent=True)]
    except NotFound:
        return []


def _facts(order: OrderRecord, point: PickupPointRecord, campaign: object, tz: ZoneInfo) -> OrderFacts:
    return OrderFacts(
        order.id, str(getattr(campaign, "title", "")), local_date(order.placed_at, tz), str(order.status),
        point.name, point.address_text, point.opening_hours, getattr(campaign, "arrives_on", None),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """What is known of a product; ``prices`` are minor units of its currency, one for each SKU, ``free`` the units on
    the shelf of the SKUs that are counted, None where none is.
    """

    product: ProductRecord
    prices: Sequence[int]
    free: int | None


def product_facts(tenant_id: str, product_id: str | None) -> ProductFacts | None:
    """The product that an enquiry is about, as it is now; None without one."""
    product = ProductRecord.fetch(*ProductRecord.address(tenant_id, product_id)) if product_id else None
    if product is None:
        return None
    counted = [sku for sku in get_skus(tenant_id, [each.sku_id for each in product.skus]).values() if sku.tracked]
    free = sum(int(sku.free) for sku in counted) if counted else None
    return ProductFacts(product, [each.price_minor for each in product.skus], free)
