"""Workers that die again and again: each gets further than the one before, and what they do is done once."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.catalog.model.products import ProductDetails, SkuChange
from chalicelib.catalog.model.stock import Kind
from chalicelib.catalog.service import ledger, set_aside
from chalicelib.catalog.service import products as catalog
from chalicelib.db import metered
from chalicelib.fulfilment.receiving.model.receipts import Arrival
from chalicelib.fulfilment.receiving.service import allocating
from chalicelib.fulfilment.receiving.service import receipts as service
from chalicelib.kernel import clock
from chalicelib.kernel.money import Money
from tests.faults import Faults, Killed, faults
from tests.fulfilment.buying import agree, frozen, locked, receive, supplier, supply
from tests.orders.states import changes
from tests.orders.store import Store

__all__ = ["faults"]

TENTH = 9
"""A worker lives for ten requests; the last of them lands, and it learns nothing of it."""


def attempts(faults: Faults, work: Callable[[], Any], most: int) -> int:
    """How many workers it takes to get through, each of which dies at its tenth request."""
    for n in range(1, most + 1):
        faults.arm("killed", TENTH)
        try:
            work()
        except Killed:
            continue
        finally:
            faults.arm(None)
        return n
    raise AssertionError(f"not through after {most} workers")


def allocation(store: Store, campaign_id: str) -> Callable[[], None]:
    """The pass over the orders; where a worker dies, its message comes to the next."""

    def work() -> None:
        while (found := supply(store, campaign_id)) is not None and found.is_busy:
            allocating.allocate_next(store.tenant_id, campaign_id, clock.now())

    return work


def test_a_shortage_is_taken_from_many_orders(store: Store, faults: Faults) -> None:
    campaign, orders = locked(store, *[1] * 20)
    frozen(store, campaign.id)
    receive(store, campaign.id, None, Arrival(store.skus[0], short=19))
    attempts(faults, allocation(store, campaign.id), 30)
    assert [store.order(order).status for order in orders] == ["placed"] + ["cancelled"] * 19
    assert [len(changes(order)) for order in orders] == [0] + [1] * 19
    store.check_stock(campaign)


def test_substitutes_are_given_to_many_orders(store: Store, faults: Faults) -> None:
    campaign, orders = locked(store, *[1] * 12)
    frozen(store, campaign.id)
    arrival = Arrival(store.skus[0], 1, short=1, substitute=store.skus[1], substituted=10)
    receive(store, campaign.id, None, arrival)
    attempts(faults, allocation(store, campaign.id), 40)
    found = [store.order(order) for order in orders]
    assert [order.status for order in found] == ["placed"] * 11 + ["cancelled"]
    assert [order.lines[0].sku_id == store.skus[1] for order in found] == [False] + [True] * 10 + [False]
    now = supply(store, campaign.id)
    assert now is not None
    assert (now.given, now.left) == ({store.skus[0]: {store.skus[1]: 10}}, {})
    store.check_stock(campaign)


def test_a_plan_of_which_all_orders_were_collected_is_passed_over(store: Store, faults: Faults) -> None:
    campaign, orders = locked(store, *[1] * 12)
    frozen(store, campaign.id)
    receive(store, campaign.id, None, Arrival(store.skus[0], short=12))
    allocating.allocate_next(store.tenant_id, campaign.id, clock.now())
    for order in orders:
        store.hand_over(order)
    # One step passes over them, one more finds that none is left to look at.
    assert attempts(faults, allocation(store, campaign.id), 5) <= 4
    found = supply(store, campaign.id)
    assert found is not None
    assert (found.stage, found.left) == ("idle", {store.skus[0]: 12})


def test_what_is_done_of_a_plan_costs_the_next_worker_one_read(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign, _ = locked(store, *[1] * 12)
    frozen(store, campaign.id)
    receive(store, campaign.id, None, Arrival(store.skus[0], short=12))
    allocating.allocate_next(store.tenant_id, campaign.id, clock.now())
    with monkeypatch.context() as patch:
        patch.setattr(allocating, "_plan_next", _die)
        with pytest.raises(Killed):
            allocating.allocate_next(store.tenant_id, campaign.id, clock.now())
    with metered() as meter:
        allocating.allocate_next(store.tenant_id, campaign.id, clock.now())
    # Supply, campaign, the brand, the plan's orders and the changes made in them; the list and the buckets, which show
    # no excess.
    assert (meter.reads, meter.writes) == (7, 1)


def _die(*_: object) -> None:
    raise Killed


def test_many_lines_of_a_receipt_go_to_the_shelf(store: Store, faults: Faults) -> None:
    orchard = supplier(store)
    store.skus = many_skus(store, 14)
    for n in range(14):
        agree(store, orchard, n, pack_size=10)
    campaign = store.publish(*[100] * 14)
    store.place(campaign, *[1] * 14)
    store.lock(campaign)
    frozen(store, campaign.id)
    receipt = receive(store, campaign.id, orchard, *[Arrival(each, 10, to_stock=9) for each in store.skus])

    def work() -> None:
        service.put_surplus_in_stock(store.tenant_id, campaign.id, receipt.id)

    # Ten requests are the receipt, its entries, and two for each of four SKUs.
    assert attempts(faults, work, 10) == 4
    with metered() as meter:
        work()
    assert (meter.reads, meter.writes) == (2, 0)
    for each in store.skus:
        assert set_aside.get_sku(store.tenant_id, each).free == 9
        assert len(ledger.movements(store.tenant_id, each, Kind.RECEIVED_SURPLUS, 10, None).items) == 1


def many_skus(store: Store, count: int) -> list[str]:
    """The SKUs of a product that has so many."""
    details = ProductDetails("Many", "x")
    kinds = [SkuChange(code=f"X-{n}", title=f"x {n}", price=Money(1_250, "CNY")) for n in range(count)]
    product = catalog.create_product(store.tenant_id, details, kinds, store.staff, clock.now())
    return [sku.sku_id for sku in product.skus]
