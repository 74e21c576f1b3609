"""The platform's own orders become activity of the tenant's local day."""

from collections.abc import Iterable, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from chalicelib.channels.model import Brought
from chalicelib.channels.service import count_orders
from chalicelib.db import fetch_many, put_many
from chalicelib.insight.activity.service.dirty_days import mark_dirty
from chalicelib.insight.records import ActivityRecord
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import NotFound, Unavailable
from chalicelib.kernel.ids import is_id
from chalicelib.kernel.local_day import local_date
from chalicelib.members.records import MemberRecord
from chalicelib.members.service.members import note_active
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.reading import get_orders
from chalicelib.tenants.records import Tenant

_AT_ONCE = 50
"""Orders that are read, written and looked at again in one go: twice what a batch of writes takes."""

_TRIES = 8


def record_orders(tenant_id: str, order_ids: Iterable[str]) -> None:
    """Takes orders over as they stand now, whichever events told of them: each as the sale that it is, on the day of
    its placing. Raises NotFound for an unknown one.

    Duplicates and disorder of events are harmless. Days are marked for the next rollup afterwards, every time: a crash
    in between is made good by the redelivery.
    """
    unique = list(dict.fromkeys(order_ids))
    for start in range(0, len(unique), _AT_ONCE):
        _record(tenant_id, unique[start : start + _AT_ONCE])


def own_among(tenant_id: str, refs: Iterable[str]) -> set[str]:
    """Which of these references are orders that were placed here: they count already, and no file adds to them."""
    ids = [ref for ref in dict.fromkeys(refs) if is_id(ref)]
    found = fetch_many([(OrderRecord, *OrderRecord.address(tenant_id, each)) for each in ids])
    return {order.id for order in found if order is not None}


def _record(tenant_id: str, order_ids: Sequence[str]) -> None:
    # An exchange replaces what was sent back, and is no sale of its own.
    orders = [order for order in get_orders(tenant_id, order_ids) if order.origin is None]
    if not orders:
        return
    members, tz = _whose(tenant_id, orders)
    days = {order.id: local_date(order.placed_at, tz) for order in orders}
    _write(tenant_id, orders, members, tz)
    count_orders(tenant_id, [each for order in orders if (each := _brought(order)) is not None])
    mark_dirty(tenant_id, set(days.values()))
    active: dict[int, date] = {}
    for order in orders:
        if order.sale is not None:
            ordinal = int(members[order.member_id].ordinal)
            active[ordinal] = max(days[order.id], active.get(ordinal, days[order.id]))
    note_active(list(members.values()), active)


def _brought(order: OrderRecord) -> Brought | None:
    """The order as its channel brought it; None for one that came by none."""
    channel_id, sale = order.via.channel_id if order.via else None, order.sale
    return Brought(order.id, int(order.rev), channel_id, sale.amount_minor if sale else None) if channel_id else None


def _write(tenant_id: str, orders: Sequence[OrderRecord], members: dict[str, MemberRecord], tz: ZoneInfo) -> None:
    """Writes orders as they were read, then reads them again: what has changed meanwhile is written once more.

    So whoever writes an order last has seen that it stands as written, and no older state outlives a newer one. A
    worker that dies before it has looked gets its message again.
    """
    for _ in range(_TRIES):
        put_many(_activity(order, int(members[order.member_id].ordinal), tz) for order in orders)
        written = {order.id: order.rev for order in orders}
        orders = [order for order in get_orders(tenant_id, list(written)) if order.rev != written[order.id]]
        if not orders:
            return
    raise Unavailable("The orders keep changing; the message will come again.")


def _whose(tenant_id: str, orders: Sequence[OrderRecord]) -> tuple[dict[str, MemberRecord], ZoneInfo]:
    """The members by id, and the zone of the tenant's days."""
    ids = list(dict.fromkeys(order.member_id for order in orders))
    wanted = [(MemberRecord, *MemberRecord.address(tenant_id, member_id)) for member_id in ids]
    tenant, *found = fetch_many([(Tenant, *Tenant.address(tenant_id)), *wanted])
    members = dict(zip(ids, found, strict=True))
    if tenant is None or None in found:
        raise NotFound("The tenant or a member of these orders is unknown.", detail_zh="品牌或订单的会员不存在。")
    return members, zone(tenant.timezone)


def _activity(order: OrderRecord, ordinal: int, tz: ZoneInfo) -> ActivityRecord:
    placed, sale = order.placed_at.astimezone(tz), order.sale
    return ActivityRecord(
        *ActivityRecord.of_order(order.tenant_id, local_date(order.placed_at, tz), order.id),
        ordinal=ordinal,
        amount_minor=sale.amount_minor if sale else 0,
        currency=order.currency,
        quantity=sale.units if sale else 0,
        hour=placed.hour,
        at=order.placed_at,
        rev=int(order.rev),
        extra={"campaign": order.campaign_id, "pickup_point": order.pickup_point_id},
        voided=None if sale else 1,
    )
