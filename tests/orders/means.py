"""Coupons and points of members for tests of orders: made and given at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chalicelib.coupons.model.batches import Wanted
from chalicelib.coupons.records import BatchRecord, CouponRecord
from chalicelib.coupons.service.batches import create_batch, effect_of
from chalicelib.db import Transaction, fetch_many
from chalicelib.kernel import clock
from chalicelib.kernel.money import Money
from chalicelib.loyalty.points.model.rules import WHOLE_BPS, PointsRules, SpendRule
from chalicelib.loyalty.points.service import by_hand, setting
from chalicelib.loyalty.points.service.ledger import read_account
from chalicelib.members.records import MemberRecord
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.spending import service as spending
from tests.orders.store import Store


def batch(store: Store, value: int | None = 500, *, kind: Any = "amount", **fields: Any) -> BatchRecord:
    """A batch of coupons: five yuan off unless said otherwise. Amounts are minor units."""
    amounts = {name: Money(fields.pop(name), "CNY") for name in ("minimum", "cap", "budget") if name in fields}
    worth = {} if value is None else {"value": Money(value, "CNY")}
    wanted = Wanted("Welcome", kind, fields.pop("purpose", "holiday"), **worth, **amounts, **fields)
    return create_batch(store.tenant_id, wanted, "en", store.staff, clock.now())


def give(store: Store, of: BatchRecord, member: int = 0, until_at: datetime | None = None) -> CouponRecord:
    """A coupon of a batch for the nth member."""
    tx = Transaction()
    coupon = CouponRecord.of(of, CouponRecord.slot(of, store.member(member), 0), "test", (None, until_at), clock.now())
    tx.create("coupon", coupon)
    tx.commit()
    return coupon


def coupon(store: Store, value: int | None = 500, **fields: Any) -> CouponRecord:
    """A coupon of a batch of its own."""
    return give(store, batch(store, value, **fields))


def again(of: CouponRecord) -> CouponRecord:
    """A coupon as it stands."""
    found = CouponRecord.fetch(str(of.pk), str(of.sk), consistent=True)
    assert found is not None
    return found


def effect(store: Store, of: CouponRecord) -> tuple[int, int]:
    """How many coupons of the batch are used, and what they took off; after a look at what is left."""
    record = BatchRecord.fetch(*BatchRecord.address(store.tenant_id, of.batch_id), consistent=True)
    assert record is not None
    found = effect_of(record)
    parts = fetch_many(record.part_addresses, consistent=True)
    if record.budget_minor is not None:
        assert sum(int(each.budget_left_minor) for each in parts) == int(record.budget_minor) - found.spent_minor
    if record.total is not None:
        assert sum(int(each.uses_left) for each in parts) == int(record.total) - found.used
    return found.used, found.spent_minor


def points_pay(store: Store, worth_minor: int = 1, points: int = 1, most_share_bps: int = WHOLE_BPS) -> None:
    """So many points pay so much."""
    rules = PointsRules(spend=SpendRule(points, worth_minor, most_share_bps))
    setting.set_rules(store.tenant_id, rules, None, store.staff, clock.now())


def book(store: Store, points: int, member: int = 0, key: str = "book") -> None:
    """Gives a member points, or takes some."""
    by_hand.give_or_take(store.tenant_id, store.member(member), points, "test", key, "0" * 32, store.staff, clock.now())


def balance(store: Store, member: int = 0) -> int:
    """The points of a member, which they show too."""
    member_id = store.member(member)
    account = read_account(store.tenant_id, member_id)
    found = MemberRecord.fetch(*MemberRecord.address(store.tenant_id, member_id), consistent=True)
    assert found is not None
    assert int(found.points or 0) == account.balance
    return account.balance


def settle(store: Store, order: OrderRecord, times: int = 2) -> None:
    """What hears of the order's changes looks at it, more than once."""
    for _ in range(times):
        spending.give_points_back(store.tenant_id, order.id, clock.now())
