"""Orders as a table: all that a filter matches, never a part of them without saying so."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.kernel.clock import zone
from chalicelib.kernel.context import contact
from chalicelib.orders.export.errors import TooManyOrders
from chalicelib.orders.export.model import Described, header, rows
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds.service import taxable
from chalicelib.orders.service.listing import Filter, list_orders
from chalicelib.orders.service.surroundings import Surroundings, surroundings
from chalicelib.tenants.service.brand import get_tenant
from chalicelib.web import Csv

AT_ONCE = 1_000
"""Orders that one answer holds: a second or two of reading, and far below the 6 MB that an answer may have."""

PAGE = 100
_MOST_PAGES = 14
"""As many pages as those orders take, and some that a filter left short."""


def table(tenant_id: str, wanted: Filter, locale: str, now: datetime, *, with_code: bool) -> Csv:
    """All orders of a filter, newest first, a row for each line. Raises TooManyOrders."""
    orders: list[OrderRecord] = []
    cursor: dict[str, Any] | None = None
    for _ in range(_MOST_PAGES):
        page = list_orders(tenant_id, wanted, PAGE, cursor, now)
        orders += page.items
        cursor = page.last_key
        if cursor is None or len(orders) > AT_ONCE:
            break
    if cursor is not None or len(orders) > AT_ONCE:
        raise TooManyOrders(
            f"One answer holds {AT_ONCE:,} orders, and there are more. Narrow the filter, for instance by days, "
            "or have them all written in the background by POST /v1/order-exports with the same filter.",
            detail_zh=f"一次最多导出 {AT_ONCE:,} 个订单，当前条件下更多。请缩小范围（例如限定日期），"
            "或用相同条件调用 POST /v1/order-exports 在后台导出全部。",
            extra={"most": AT_ONCE},
        )
    tz = zone(get_tenant(tenant_id).timezone)
    found = lines_of(tenant_id, orders, tz, locale, with_code=with_code)
    return Csv("orders.csv", header(tz, locale), found, for_people=True)


def lines_of(
    tenant_id: str, orders: list[OrderRecord], tz: ZoneInfo, locale: str, *, with_code: bool
) -> list[list[Any]]:
    """A row for each line of these orders; the names around them are read in one request a hundred."""
    found: list[list[Any]] = []
    for start in range(0, len(orders), PAGE):
        part = orders[start : start + PAGE]
        around = surroundings(tenant_id, part, with_members=True)
        for described in _described(part, around, with_code=with_code):
            found += rows(described, tz, locale)
    return found


def _described(orders: Iterable[OrderRecord], around: Surroundings, *, with_code: bool) -> Iterable[Described]:
    for order in orders:
        campaign, member = around.campaigns[order.campaign_id], around.members.get(order.member_id)
        offers = {offer.offer_id: offer for offer in campaign.goods}
        own = {offer.sku_id: offer.title for offer in offers.values()}
        yield Described(
            order.id,
            order.placed_at,
            campaign.title,
            next(point.name for point in campaign.pickup_points if point.id == order.pickup_point_id),
            str(order.status),
            order.payment.value,
            order.method,
            contact(member.name) if member else None,
            order.member_id,
            contact(member.phone) if member else None,
            contact(order.delivery_address),
            order.pickup_code if with_code else None,
            order.lines,
            [
                offers[line.offer_id].full_title
                if offers[line.offer_id].sku_id == line.sku_id
                else around.substitutes.get(line.sku_id) or own.get(line.sku_id, line.sku_id)
                for line in order.lines
            ],
            order.picked_units,
            order.totals,
            order.currency,
            order.via,
            taxable(order),
            [(each.reason, each.amount_minor) for each in order.discounts],
            order.points.points if order.points else 0,
        )
