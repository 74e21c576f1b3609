"""I4 for points, and what follows from orders: balances are the sums of ledgers, one entry a cause, and what a member
earned is what their orders are worth now.

Read from the tables when no message is under way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from chalicelib.loyalty.points.model.entries import CauseType
from chalicelib.loyalty.points.records import PointsEntryRecord, PointsRecord
from chalicelib.loyalty.tiers.records import StandingRecord
from chalicelib.members.records import MemberRecord
from chalicelib.orders.records import OrderRecord
from chalicelib.rewards.model import counted_minor
from chalicelib.rewards.records import OrderRewardRecord
from chalicelib.settlement.books.service.orders import facts_of
from tests.invariants.snapshot import Snapshot

_OF_AN_ORDER = {CauseType.ORDER, CauseType.REFUND}


def check_points(stored: Snapshot, tenant_id: str, member_ids: Iterable[str], orders: Iterable[OrderRecord]) -> None:
    """For all members, and all orders, of a brand."""
    of_orders: Counter[str] = Counter()
    expired: dict[str, set[str]] = {}
    for member_id in member_ids:
        entries = _ledger(stored, tenant_id, member_id)
        _check_balance(stored, tenant_id, member_id, entries)
        expired[member_id] = {entry.cause.id for entry in entries if entry.cause.type is CauseType.EXPIRY}
        for entry in entries:
            if entry.order_id and entry.cause.type in _OF_AN_ORDER:
                of_orders[entry.order_id] += int(entry.delta)
    spent: Counter[str] = Counter()
    for order in orders:
        spent[order.member_id] += _check_order(stored, order, of_orders[order.id], expired[order.member_id])
    for member_id in member_ids:
        record = stored.fetch(StandingRecord, *StandingRecord.address(tenant_id, member_id))
        counted = sum(month.spend for month in record.standing.months.values()) if record else 0
        assert counted == spent[member_id], f"{member_id}: {counted} counts for the tier, {spent[member_id]} was spent"


def _ledger(stored: Snapshot, tenant_id: str, member_id: str) -> list[PointsEntryRecord]:
    """A member's entries, in the order in which they were booked."""
    pk, _ = PointsRecord.address(tenant_id, member_id)
    return sorted(stored.every(PointsEntryRecord, pk, "points#"), key=lambda entry: int(entry.number))


def _check_balance(stored: Snapshot, tenant_id: str, member_id: str, entries: list[PointsEntryRecord]) -> None:
    head = stored.fetch(PointsRecord, *PointsRecord.address(tenant_id, member_id))
    member = stored.fetch(MemberRecord, *MemberRecord.address(tenant_id, member_id))
    balance = 0
    for place, entry in enumerate(entries, 1):
        balance += int(entry.delta)
        assert (int(entry.number), int(entry.balance)) == (place, balance), f"{member_id}: entry {entry.number}"
    shown = int(member.points or 0) if member else 0
    held = head.holding.balance if head else 0
    assert held == shown == balance, f"{member_id}: {held} is held, {shown} shown, {balance} booked"


def _check_order(stored: Snapshot, order: OrderRecord, booked: int, expired: set[str]) -> int:
    """What of the order's money counts, once it has ended; ``expired`` are the days of which its member's points have.
    What expired unused is not taken back again.
    """
    reward = stored.fetch(OrderRewardRecord, *OrderRewardRecord.address(order.tenant_id, order.id))
    ended = order.picked_up_at is not None or order.forfeited_at is not None
    if not ended or order.origin is not None:
        assert reward is None, f"{order.id}: has earned, and has not ended"
        return 0
    assert reward is not None, f"{order.id}: has ended, and earned nothing"
    counts = counted_minor(facts_of(order))
    assert int(reward.counted_minor) == counts, f"{order.id}: {reward.counted_minor} counts, and {counts} should"
    left = reward.earned.left_of(counts)
    assert int(reward.points) == left, f"{order.id}: {reward.points} points are left, and {left} should"
    assert booked >= left if str(reward.expires_on) in expired else booked == left, f"{order.id}: {booked} are booked"
    return counts
