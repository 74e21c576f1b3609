"""Who brought a friend is rewarded once for them, by an order that was collected, paid for and still counts; and an
invite code lets in as many as it says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from chalicelib.loyalty.points.model.entries import CauseType
from chalicelib.loyalty.points.records import PointsEntryRecord, PointsRecord
from chalicelib.members.records import MemberRecord
from chalicelib.orders.records import OrderRecord
from chalicelib.recruitment.records import ReferralRecord, ReferrerRecord
from chalicelib.rewards.model import counted_minor
from chalicelib.settlement.books.service.orders import facts_of
from tests.builders import made
from tests.invariants.brand import Brand
from tests.invariants.snapshot import Snapshot


def check_recruitment(
    brand: Brand, stored: Snapshot, members: Iterable[MemberRecord], orders: Mapping[str, OrderRecord]
) -> None:
    """For all members, and all orders by id, of a brand."""
    every, tenant_id = list(members), brand.tenant_id
    rewarded = Counter[str]()
    for who in every:
        found = stored.fetch(ReferralRecord, *ReferralRecord.address(tenant_id, who.id))
        if who.referred_by is None:
            assert found is None, f"{who.id}: nobody brought them"
            continue
        assert found is not None, f"{who.id}: was brought by {who.referred_by}"
        standing = _booked(stored, tenant_id, str(who.referred_by))
        worth = {order.id: _worth(order) for order in orders.values() if order.member_id == who.id}
        if found.state == "rewarded":
            rewarded[str(who.referred_by)] += 1
            assert worth[str(found.stands_by)] > 0, f"{found.stands_by}: counts for nothing, and carries a reward"
        if found.state in ("joined", "reversed"):
            assert not any(worth.values()), f"{who.id}: has collected {worth}, and earned nothing"
        of_friend = {order_id: n for order_id, n in standing.items() if order_id in worth and n}
        right = {str(found.order_id): 1} if found.state == "rewarded" else {}
        assert of_friend == right, f"{who.id}: {found.state}, and {of_friend} are booked"
    for who in every:
        counts = stored.fetch(ReferrerRecord, *ReferrerRecord.address(tenant_id, who.id))
        assert (counts.paid if counts else 0) == rewarded[who.id] <= 2
    came = sum(1 for who in every if who.joined_by == f"invite:{brand.growth.invite['id']}")
    uses = made(brand.ask("GET", f"/v1/invite-codes/{brand.growth.invite['id']}"), 200)["uses"]
    assert uses == came <= 1, f"{uses} uses are counted, and {came} came"


def _worth(order: OrderRecord) -> int:
    """What of an order's money counts: nothing before it was handed over."""
    handed = order.picked_up_at is not None or order.forfeited_at is not None
    return counted_minor(facts_of(order)) if handed and order.origin is None else 0


def _booked(stored: Snapshot, tenant_id: str, member_id: str) -> Counter[str]:
    """How often the reward for each order stands in a member's ledger."""
    found = Counter[str]()
    for each in stored.every(PointsEntryRecord, PointsRecord.address(tenant_id, member_id)[0], "points#"):
        if each.cause.type is CauseType.REFERRAL:
            found[each.cause.id] += 1
        if each.cause.type is CauseType.REFERRAL_BACK:
            found[each.cause.id] -= 1
    return found
