"""Orders that want the last use of a coupon's batch, and the same points, at once."""

from __future__ import annotations

from collections import Counter

from chalicelib.kernel.errors import DomainError
from tests.orders.means import balance, batch, book, coupon, effect, give, points_pay
from tests.orders.store import Store
from tests.races.threads import all_at_once


def test_fifty_orders_for_the_last_use_of_a_batch(store: Store) -> None:
    campaign, of = store.publish(100), batch(store, total=1)
    coupons = [give(store, of, member) for member in range(50)]

    def order(member: int) -> str:
        try:
            store.place(campaign, 1, member=member, coupon_id=coupons[member].id)
        except DomainError as refused:
            return refused.code
        return "placed"

    assert Counter(all_at_once(order, range(50))) == {"placed": 1, "coupon_used_up": 49}
    assert effect(store, coupons[0]) == (1, 500)
    store.check_stock(campaign)


def test_points_and_a_coupon_are_in_as_many_orders_as_there_are(store: Store) -> None:
    """Of 16 orders with 30 of 100 points each, three are placed; of those with one coupon, one."""
    campaign, mine = store.publish(100), coupon(store)
    points_pay(store)
    book(store, 100)
    store.member(1)

    def with_points(n: int) -> str:
        return placed(n, points=30)

    def with_coupon(n: int) -> str:
        return placed(100 + n, coupon_id=mine.id)

    def placed(n: int, **own: object) -> str:
        try:
            store.place(campaign, 1, key=f"key-{n}", **own)
        except DomainError as refused:
            return refused.code
        return "placed"

    assert Counter(all_at_once(with_points, range(12), 6)) == {"placed": 3, "not_enough_points": 9}
    assert balance(store) == 10
    assert Counter(all_at_once(with_coupon, range(12), 6)) == {"placed": 1, "coupon_used": 11}
    assert effect(store, mine) == (1, 500)
    store.check_stock(campaign)
