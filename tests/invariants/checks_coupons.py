"""I4 and I16 for what members bring to a price: a coupon is in one live order at most, a batch has given what orders
have of it and no more, and the points that an order holds are those that it needs, as the ledger says.

Read from the tables when no message is under way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from chalicelib.coupons.model.states import IN_ORDER, State
from chalicelib.coupons.records import BatchRecord, CouponRecord, PartRecord
from chalicelib.loyalty.points.model.entries import CauseType
from chalicelib.loyalty.points.records import PointsEntryRecord, PointsRecord
from chalicelib.orders.model import Status
from chalicelib.orders.records import OrderRecord
from tests.invariants.snapshot import Snapshot

_OF_SPENDING = {CauseType.SPENDING, CauseType.SPENDING_RETURNED}


def check_means(stored: Snapshot, tenant_id: str, member_ids: Iterable[str], orders: Mapping[str, OrderRecord]) -> None:
    """For all members, and all orders by id, of a brand."""
    members = list(member_ids)
    coupons = [
        each
        for member_id in members
        for each in stored.every(CouponRecord, CouponRecord.partition(tenant_id, member_id))
    ]
    _each_is_in_the_order_that_it_names(coupons, orders)
    for batch in stored.listed(BatchRecord, BatchRecord.of_tenant(tenant_id)):
        _check_batch(stored, batch, [each for each in coupons if each.batch_id == batch.id])
    for member_id in members:
        _points_in_orders_are_those_of_the_ledger(stored, tenant_id, member_id, orders)
    for order in orders.values():
        _what_came_back_was_there(order)


def _each_is_in_the_order_that_it_names(coupons: Iterable[CouponRecord], orders: Mapping[str, OrderRecord]) -> None:
    in_orders = {order.coupon.coupon_id: order for order in orders.values() if order.coupon is not None}
    for coupon in coupons:
        order = in_orders.pop(coupon.id, None)
        if coupon.state not in IN_ORDER:
            assert order is None, f"{coupon.id}: is {coupon.state}, and in an order"
            assert coupon.order_id is None
            continue
        assert order is not None, f"{coupon.id}: is in an order that does not have it"
        assert not order.came_to_nothing, f"{coupon.id}: is in {order.id}, which came to nothing"
        has = order.coupon
        assert has is not None
        assert (coupon.order_id, coupon.amount_minor, coupon.part) == (order.id, has.amount_minor, has.part)
        assert has.amount_minor == order.coupon_off, (
            f"{order.id}: has {has.amount_minor}, and {order.coupon_off} is off"
        )
        assert (coupon.state == State.HELD) == (order.status == Status.HELD), f"{coupon.id}: is {coupon.state}"
    assert not in_orders, f"{list(in_orders)}: in orders, and not the member's"


def _check_batch(stored: Snapshot, batch: BatchRecord, coupons: Iterable[CouponRecord]) -> None:
    """Uses are the live orders, what was spent is what they have off, and all with what is left is what there was."""
    found = [stored.fetch(PartRecord, pk, sk) for _, pk, sk in batch.part_addresses]
    parts = [part for part in found if part is not None]
    in_order = [coupon for coupon in coupons if coupon.state in IN_ORDER]
    used, spent = sum(int(part.used) for part in parts), sum(int(part.spent_minor) for part in parts)
    assert (used, spent) == (len(in_order), sum(int(coupon.amount_minor or 0) for coupon in in_order)), batch.title
    assert min(min(int(part.uses_left), int(part.budget_left_minor)) for part in parts) >= 0, batch.title
    if batch.total is not None:
        assert sum(int(part.uses_left) for part in parts) + used == batch.total, batch.title
    if batch.budget_minor is not None:
        assert sum(int(part.budget_left_minor) for part in parts) + spent == batch.budget_minor, batch.title
    each = Counter(coupon.member_id for coupon in coupons)
    assert all(count <= batch.per_member for count in each.values()), f"{batch.title}: {each}"


def _points_in_orders_are_those_of_the_ledger(
    stored: Snapshot, tenant_id: str, member_id: str, orders: Mapping[str, OrderRecord]
) -> None:
    pk, _ = PointsRecord.address(tenant_id, member_id)
    taken: Counter[str] = Counter()
    for entry in stored.every(PointsEntryRecord, pk, "points#"):
        if entry.cause.type in _OF_SPENDING:
            taken[str(entry.order_id)] -= int(entry.delta)
    for order in orders.values():
        if order.member_id == member_id:
            held = order.points.held if order.points else 0
            assert held == order.points_needed, f"{order.id}: holds {held} points, and needs {order.points_needed}"
            assert held == taken[order.id], f"{order.id}: holds {held} points, and the ledger says {taken[order.id]}"


def _what_came_back_was_there(order: OrderRecord) -> None:
    ordered = {line.offer_id: line.quantity for line in order.lines}
    for offer_id, units in (order.returned_units or {}).items():
        assert 0 < units <= ordered[offer_id], f"{order.id}: {units} of {ordered} came back"
