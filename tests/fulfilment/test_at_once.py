"""Receipts and the pass over the orders, many at a time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

from chalicelib.db.guard import tenant_scope
from chalicelib.fulfilment.receiving.errors import ReceiptAboveOrder
from chalicelib.fulfilment.receiving.model.receipts import Arrival
from chalicelib.fulfilment.receiving.service import allocating
from chalicelib.kernel import clock
from chalicelib.kernel.errors import Unavailable
from chalicelib.orders.service.reading import get_order
from tests.fulfilment.buying import allocate, frozen, receive, supply
from tests.orders.store import Store


def at_once(store: Store, count: int, do: Callable[[int], Any]) -> list[Any]:
    """What ``do`` answers, or refuses, in so many threads."""

    def one(n: int) -> Any:
        with tenant_scope(store.tenant_id):
            try:
                return do(n)
            except (ReceiptAboveOrder, Unavailable) as refusal:
                return type(refusal)

    with ThreadPoolExecutor(count) as pool:
        return [each.result() for each in [pool.submit(copy_context().run, one, n) for n in range(count)]]


def test_receipts_at_once_are_never_above_the_order(store: Store) -> None:
    campaign = store.publish(50)
    store.place(campaign, 5)
    store.lock(campaign)
    frozen(store, campaign.id)
    one = Arrival(store.skus[0], 2)

    same = at_once(store, 6, lambda _: receive(store, campaign.id, None, one, key="same").id)
    others = at_once(store, 6, lambda n: receive(store, campaign.id, None, one, key=f"other-{n}").id)

    assert len(set(same)) == 1
    assert len([each for each in others if isinstance(each, str)]) == 1
    found = supply(store, campaign.id)
    assert found is not None
    assert (found.receipts, found.tallies[store.skus[0]][0]) == (2, 4)


def test_the_pass_in_six_workers_takes_no_unit_twice(store: Store) -> None:
    campaign = store.publish(50)
    orders = [store.place(campaign, 2, member=n, key=f"k{n}") for n in range(6)]
    store.lock(campaign)
    frozen(store, campaign.id)
    receive(store, campaign.id, None, Arrival(store.skus[0], short=5))

    for _ in range(2):
        at_once(store, 6, lambda _: allocating.allocate_next(store.tenant_id, campaign.id, clock.now()))
    allocate(store, campaign.id)

    found = [get_order(store.tenant_id, order.id, consistent=True) for order in orders]
    assert [order.quantity if order.is_sold else 0 for order in found] == [2, 2, 2, 1, 0, 0]
    store.check_stock(campaign)
