"""The platform's own orders become activity of the tenant's local day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from chalicelib.catalog.records import ProductRecord
from chalicelib.catalog.service.set_aside import get_skus
from chalicelib.channels.model import Brought
from chalicelib.channels.service import count_orders
from chalicelib.db import fetch_many
from chalicelib.histories.service import Bought, first_and_last, keep
from chalicelib.insight.activity.service.dirty_days import mark_dirty
from chalicelib.insight.activity.service.purchases import Goods, purchase_of, sold_parts, sold_skus
from chalicelib.insight.records import ActivityRecord
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import NotFound, Unavailable
from chalicelib.kernel.ids import is_id
from chalicelib.kernel.local_day import local_date
from chalicelib.members.model.classes import Thresholds
from chalicelib.members.records import MemberRecord
from chalicelib.members.service.members import OrderDays, Telling, note_active, take_back_days
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds.model import DELIVERY
from chalicelib.orders.service.reading import get_orders
from chalicelib.segments.service.evaluating import look_at
from chalicelib.tenants.records import Tenant
from chalicelib.trends.service.sold import kept_units

_AT_ONCE = 50
"""Orders that are read, written and looked at again in one go: twice what a batch of writes takes."""

_TRIES = 8


@dataclass(frozen=True, slots=True)
class Entered:
    """An order as it was taken over, the ordinal of its member, and its products where it is a sale."""

    order: OrderRecord
    ordinal: int
    product_ids: tuple[str, ...]


def record_orders(tenant_id: str, order_ids: Iterable[str], told_at: datetime | None = None) -> list[Entered]:
    """Takes orders over as they stand now, whichever events told of them: each as the sale that it is, on the day of
    its placing, as a purchase in its member's history, and as a day on which they ordered. Raises NotFound for an
    unknown one. With ``told_at``, now, an event says whose class
    changes by that, and these members' segments are decided again. Returns them as they were taken over.

    Duplicates and disorder of events are harmless. Days are marked for the next rollup afterwards, every time: a crash
    in between is made good by the redelivery.
    """
    unique = list(dict.fromkeys(order_ids))
    parts = (unique[start : start + _AT_ONCE] for start in range(0, len(unique), _AT_ONCE))
    return [each for part in parts for each in _record(tenant_id, part, told_at)]


def own_among(tenant_id: str, refs: Iterable[str]) -> set[str]:
    """Which of these references are orders that were placed here: they count already, and no file adds to them."""
    ids = [ref for ref in dict.fromkeys(refs) if is_id(ref)]
    found = fetch_many([(OrderRecord, *OrderRecord.address(tenant_id, each)) for each in ids])
    return {order.id for order in found if order is not None}


def _record(tenant_id: str, order_ids: Sequence[str], told_at: datetime | None) -> Iterable[Entered]:
    # An exchange replaces what was sent back, and is no sale of its own.
    orders = [order for order in get_orders(tenant_id, order_ids) if order.origin is None]
    if not orders:
        return []
    whose = _whose(tenant_id, orders, told_at)
    entered = _write(tenant_id, orders, whose)
    count_orders(tenant_id, [each for order in orders if (each := _brought(order)) is not None])
    mark_dirty(tenant_id, {whose.day(order) for order in orders})
    if told_at is not None:
        look_at(tenant_id, {whose.ordinal(order) for order in orders}, told_at)
    return entered


@dataclass(frozen=True, slots=True)
class _Whose:
    """The members of orders by id, the zone of the tenant's days, and how changes of class are told of."""

    members: Mapping[str, MemberRecord]
    tz: ZoneInfo
    telling: Telling | None

    def day(self, order: OrderRecord) -> date:
        """The local day of an order's placing."""
        return local_date(order.placed_at, self.tz)

    def ordinal(self, order: OrderRecord) -> int:
        return int(self.members[order.member_id].ordinal)


def _brought(order: OrderRecord) -> Brought | None:
    """The order as its channel brought it; None for one that came by none."""
    channel_id, sale = order.via.channel_id if order.via else None, order.sale
    return Brought(order.id, int(order.rev), channel_id, sale.amount_minor if sale else None) if channel_id else None


def _write(tenant_id: str, orders: Sequence[OrderRecord], whose: _Whose) -> Iterable[Entered]:
    """Writes orders as they were read, then reads them again: what has changed meanwhile is written once more.

    So whoever writes an order last has seen that it stands as written, and no older state outlives a newer one. A
    worker that dies before it has looked gets its message again.
    """
    entered: dict[str, Entered] = {}
    for _ in range(_TRIES):
        goods = _keep(tenant_id, orders, whose)
        entered |= {order.id: Entered(order, whose.ordinal(order), _products(order, goods)) for order in orders}
        _note_days(tenant_id, orders, whose)
        written = {order.id: order.rev for order in orders}
        orders = [order for order in get_orders(tenant_id, list(written)) if order.rev != written[order.id]]
        if not orders:
            return entered.values()
    raise Unavailable("The orders keep changing; the message will come again.")


def _products(order: OrderRecord, goods: Mapping[str, Goods]) -> tuple[str, ...]:
    """The products of its lines, in the order of their ids."""
    return tuple(sorted({goods[sku_id].product_id for line in order.lines for sku_id in line.given if sku_id in goods}))


def _keep(tenant_id: str, orders: Sequence[OrderRecord], whose: _Whose) -> Mapping[str, Goods]:
    """Writes the activity of orders, and what stands of each as a purchase; answers the goods of those that stand."""
    goods = _goods(tenant_id, [order for order in orders if order.sale is not None])
    keep(
        tenant_id,
        [
            Bought(whose.ordinal(order), purchase_of(order, whose.day(order), goods), stands=order.sale is not None)
            for order in orders
        ],
        [_activity(order, whose, goods) for order in orders],
    )
    return goods


def _note_days(tenant_id: str, orders: Sequence[OrderRecord], whose: _Whose) -> None:
    """Moves the first and last days of members to how their orders stand."""
    days: dict[int, OrderDays] = {}
    for order in orders:
        if order.sale is not None:
            on, ordinal = whose.day(order), whose.ordinal(order)
            known = [days[ordinal].first_on, days[ordinal].last_on] if ordinal in days else []
            days[ordinal] = OrderDays(min([on, *known]), max([on, *known]))
    note_active(list(whose.members.values()), days, whose.telling)
    for member_id, on in {(order.member_id, whose.day(order)) for order in orders if order.sale is None}:
        take_back_days(tenant_id, member_id, on, _standing, whose.telling)


def _standing(member: MemberRecord) -> tuple[date, date] | None:
    return first_and_last(member.tenant_id, int(member.ordinal))


def _goods(tenant_id: str, orders: Sequence[OrderRecord]) -> dict[str, Goods]:
    """What the SKUs of orders belong to, by their ids; those that are no more are left out."""
    skus = get_skus(tenant_id, [sku_id for order in orders for line in order.lines for sku_id in line.given])
    ids = list(dict.fromkeys(sku.product_id for sku in skus.values()))
    found = fetch_many([(ProductRecord, *ProductRecord.address(tenant_id, each)) for each in ids])
    categories = {product_id: each.category for product_id, each in zip(ids, found, strict=True) if each is not None}
    return {sku_id: Goods(sku.product_id, categories.get(sku.product_id, "")) for sku_id, sku in skus.items()}


def _whose(tenant_id: str, orders: Sequence[OrderRecord], told_at: datetime | None) -> _Whose:
    ids = list(dict.fromkeys(order.member_id for order in orders))
    wanted = [(MemberRecord, *MemberRecord.address(tenant_id, member_id)) for member_id in ids]
    tenant, *found = fetch_many([(Tenant, *Tenant.address(tenant_id)), *wanted])
    if tenant is None or None in found:
        raise NotFound("The tenant or a member of these orders is unknown.", detail_zh="品牌或订单的会员不存在。")
    tz = zone(tenant.timezone)
    thresholds = Thresholds.from_json(tenant.class_thresholds)
    telling = Telling(told_at, local_date(told_at, tz), thresholds) if told_at else None
    return _Whose(dict(zip(ids, found, strict=True)), tz, telling)


def _activity(order: OrderRecord, whose: _Whose, goods: Mapping[str, Goods]) -> ActivityRecord:
    placed, sale = order.placed_at.astimezone(whose.tz), order.sale
    minor, units = _kept(order)
    channel = {"channel": order.via.channel_id} if order.via and order.via.channel_id else {}
    brought = {"delivery": True} if order.delivery_to else {}
    return ActivityRecord(
        *ActivityRecord.of_order(order.tenant_id, whose.day(order), order.id),
        ordinal=whose.ordinal(order),
        amount_minor=sale.amount_minor if sale else 0,
        currency=order.currency,
        quantity=sale.units if sale else 0,
        hour=placed.hour,
        at=order.placed_at,
        rev=int(order.rev),
        extra={"campaign": order.campaign_id, "pickup_point": order.pickup_point_id, **channel, **brought},
        voided=None if sale else 1,
        left_minor=minor if sale and minor != sale.amount_minor else None,
        left_units=units if sale and units != sale.units else None,
        stored_parts=[each.json() for each in sold_parts(order, goods)] if sale else None,
        discounts=_taken_off(order) if sale and sale.units else None,
        method=order.method,
        stored_skus=sold_skus(order) or None,
    )


def _taken_off(order: OrderRecord) -> dict[str, int] | None:
    """What was taken off its goods, by the step of pricing that took it; None where nothing was."""
    found: dict[str, int] = {}
    for each in order.discounts:
        found[each.step.name.lower()] = found.get(each.step.name.lower(), 0) + sum(each.shares.values())
    return {name: minor for name, minor in found.items() if minor} or None


def _kept(order: OrderRecord) -> tuple[int, int]:
    """What of an order's goods was kept: what they cost after discounts less all that was given back for them, in minor
    units, and the units. Delivery counts for nothing.
    """
    sale = order.sale
    if sale is None:
        return 0, 0
    if not sale.units:
        return sale.amount_minor, 0  # that is what was kept
    of_delivery = min(int((order.refunded_lines or {}).get(DELIVERY, 0)), int(order.delivery_minor))
    returned = max(0, int(order.returned_minor or 0) - of_delivery)
    goods = order.goods_minor - int(order.discount_minor)
    return max(0, goods - returned), sum(kept_units(order).values())
