"""Orders count for the ways in whose days they were placed, and end those that go on until somebody has ordered."""

from collections.abc import Iterable
from datetime import datetime

from chalicelib.db import Transaction, change
from chalicelib.journeys.model.journeys import Definition
from chalicelib.journeys.model.running import Why
from chalicelib.journeys.records import Counting, WayRecord, part_of
from chalicelib.journeys.service.reading import get_version, published
from chalicelib.members.service.members import get_member
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.reading import get_order, get_orders


def count_orders(tenant_id: str, order_ids: Iterable[str], now: datetime) -> None:
    """Takes orders over as they stand now, whichever events told of them. Duplicates and disorder are harmless."""
    if published(tenant_id) is None:
        return
    for order in get_orders(tenant_id, list(dict.fromkeys(order_ids))):
        if order.origin is None and not order.is_gift:  # an exchange, or a gift, is no order of its own
            member_id = get_member(tenant_id, order.member_id, consistent=True).id
            while not all(_count(way, order, now) for way in _ways_before(order, member_id)):
                pass  # one was set aside for a later one meanwhile, and stands beside it by now


def _ways_before(order: OrderRecord, member_id: str) -> list[WayRecord]:
    """The ways of a member who entered before they ordered."""
    ways = WayRecord.every(WayRecord.partition(order.tenant_id, member_id), consistent=True)
    return [way for way in ways if way.entered_at <= order.placed_at]


def _count(found: WayRecord, order: OrderRecord, now: datetime) -> bool:
    """Counts an order for a way; False where that does not stand any more where it was found."""
    definition = get_version(found.tenant_id, found.journey_id, int(found.version)).definition

    def read() -> tuple[WayRecord, OrderRecord]:
        # The way first: whoever finds it as another worker left it also finds the order no older than that one did.
        way = WayRecord.fetch(str(found.pk), str(found.sk), consistent=True)
        return way or found, get_order(order.tenant_id, order.id, consistent=True)

    def decide(read: tuple[WayRecord, OrderRecord], tx: Transaction) -> bool:
        way, standing = read
        before = way.tally
        if int(way.entry) != int(found.entry):
            return False
        if not _takes(way, standing, definition, now):
            return True
        counting = Counting(way.tenant_id, way.journey_id, int(way.version), part_of(way.member_id))
        counting.arm(way.entered_on, way.arm, way.tally - before)
        counting.add_to(tx)
        tx.replace("way", way)
        return True

    return change(read, decide)


def _takes(way: WayRecord, order: OrderRecord, definition: Definition, now: datetime) -> bool:
    """Has a way take an order over as it stands; whether that changes anything."""
    sale, before = order.sale, dict(way.orders)
    orders = {name: amount for name, amount in before.items() if name != order.id}
    if sale is not None and definition.goal.counts(way.entered_at, order.placed_at):
        orders[order.id] = sale.amount_minor
    ends = sale is not None and definition.exit_on_purchase and way.is_inside
    if ends:
        way.leaves(Why.ORDERED, now)
    way.orders = orders
    return ends or orders != before
