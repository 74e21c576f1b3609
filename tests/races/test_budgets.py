"""More orders than a promotion pays for: its budget, and its uses, are never passed, and nothing of them is lost."""

from collections import Counter

import pytest

from chalicelib.db import fetch_many
from chalicelib.kernel import clock
from chalicelib.orders.ending.service.cancelling import cancel
from chalicelib.promotions.model import budget
from chalicelib.promotions.records import BudgetPart
from tests.orders.promoting import left, percent, reduction, used
from tests.orders.store import Store
from tests.races.threads import all_at_once

BUYERS = 200


@pytest.mark.parametrize("orders_of_a_part", [50, 2], ids=["one part", "several parts"])
def test_200_orders_at_once_on_a_budget_for_33(
    store: Store, monkeypatch: pytest.MonkeyPatch, orders_of_a_part: int
) -> None:
    """1,000.00 at 30.00 each; from several parts the last orders take what the others left over."""
    monkeypatch.setattr(budget, "_ORDERS_OF_A_PART", orders_of_a_part)
    campaign = store.publish(BUYERS * 4)
    harvest = reduction(store, 5_000, 3_000, budget=100_000)
    store.member(BUYERS)
    orders = all_at_once(lambda n: store.place(campaign, 4, member=n), range(BUYERS))
    assert Counter(order.totals.total for order in orders) == {2_000: 33, 5_000: BUYERS - 33}
    assert left(store, harvest) == 1_000
    store.check_stock(campaign)


def test_orders_and_cancellations_at_once_leave_the_budget_that_live_orders_do_not_hold(store: Store) -> None:
    campaign = store.publish(BUYERS)
    harvest = percent(store, 2_000, budget=5_000, total=30)
    store.member(80)
    early = [store.place(campaign, 1, member=n) for n in range(20)]

    def act(n: int) -> None:
        if n < 20:
            cancel(store.tenant_id, store.member(n), early[n].id, clock.now())
        else:
            store.place(campaign, 1, member=n)

    all_at_once(act, [each for pair in zip(range(20), range(40, 60), strict=True) for each in pair])
    live = [order for order in store.orders(campaign) if order.is_sold]
    taken = sum(order.totals.discount for order in live)
    parts = fetch_many([(BudgetPart, *BudgetPart.address(store.tenant_id, harvest.id, 0))], consistent=True)
    assert left(store, harvest) == 5_000 - taken >= 0
    assert [int(part.left_uses) for part in parts] == [30 - sum(bool(order.discounts) for order in live)]


def test_one_members_orders_at_once_use_a_promotion_once(store: Store) -> None:
    campaign = store.publish(100)
    harvest = percent(store, 2_000, per_member=1)
    store.member(0)
    orders = all_at_once(lambda n: store.place(campaign, 4, key=f"key-{n}"), range(16))
    assert Counter(order.totals.total for order in orders) == {4_000: 1, 5_000: 15}
    assert used(store, harvest) == 1
