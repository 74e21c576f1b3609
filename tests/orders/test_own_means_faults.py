"""Whatever fails while an order takes a coupon and points, or gives them back: each happens once."""

from __future__ import annotations

from contextlib import suppress

import pytest

from chalicelib.kernel import clock
from chalicelib.orders.ending.service import cancelling
from chalicelib.orders.model import Status
from chalicelib.orders.spending import service as spending
from tests.faults import KINDS, Faults, Killed, faults
from tests.orders.means import again, balance, batch, book, effect, give, points_pay
from tests.orders.store import Store

__all__ = ["faults"]


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_fails_at_whichever_request(store: Store, faults: Faults, kind: str) -> None:
    """Placed and cancelled: each request fails in turn, and the same is asked for again."""
    faults.of("orders with coupons and points")
    campaign, mine = store.publish(50), give(store, batch(store, budget=1_000))
    points_pay(store)
    book(store, 100)
    store.member(0)
    for at in range(3):

        def place(turn: int = at) -> None:
            store.place(campaign, 2, coupon_id=mine.id, points=60, key=f"key-{turn}")

        def cancel() -> None:
            (order,) = [each for each in store.orders(campaign) if each.status != Status.CANCELLED] or [None]
            if order is not None:
                cancelling.cancel(store.tenant_id, order.member_id, order.id, clock.now())

        def settle() -> None:
            for order in store.orders(campaign):
                spending.give_points_back(store.tenant_id, order.id, clock.now())

        for act in (place, cancel, settle):
            faults.arm(kind, at)  # type: ignore[arg-type]
            with suppress(Exception, Killed):
                act()
            faults.arm(None)
            act()
            if act is place:
                assert (effect(store, mine), balance(store), again(mine).state) == ((1, 500), 40, "used"), at
            elif act is cancel:
                assert (effect(store, mine), again(mine).state) == ((0, 0), "returned"), at
        assert balance(store) == 100, at
    store.check_stock(campaign)
