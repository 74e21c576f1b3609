"""A campaign is completed by itself when the last of its orders has ended, once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import metered, tenant_scope
from chalicelib.kernel import clock
from chalicelib.orders.adjustments.service import adjust
from chalicelib.orders.passes.service.completing import COMPLETE, orders_ended
from chalicelib.orders.passes.service.walking import advance
from chalicelib.orders.records import OrderRecord
from tests.orders.store import Store


@pytest.fixture
def campaign(store: Store) -> CampaignRecord:
    return store.publish(100)


def there(store: Store, campaign: CampaignRecord, *quantities: int) -> list[OrderRecord]:
    """Orders whose goods wait at the pickup points; the look at whether all have ended has begun."""
    orders = [store.place(campaign, units, member=n, key=f"k{n}") for n, units in enumerate(quantities)]
    store.lock(campaign)
    store.bring(orders[0], clock.now())
    look(store, campaign)
    return orders


def look(store: Store, campaign: CampaignRecord) -> None:
    advance(COMPLETE, store.tenant_id, campaign.id, clock.now())


def tell(store: Store, *orders: OrderRecord) -> None:
    """The messages of the orders' ends arrive."""
    orders_ended(store.tenant_id, [order.id for order in orders], clock.now())


def take_out(store: Store, order: OrderRecord) -> None:
    lines = {line.offer_id: 0 for line in order.lines}
    adjust(store.tenant_id, order.id, lines, cause="rang", reason="Rang", by="staff", now=clock.now())


def completions(store: Store, campaign: CampaignRecord) -> int:
    return [entry["type"] for entry in store.again(campaign).history].count("completed")


def test_the_last_order_that_ends_completes_it_however_it_ends(store: Store, campaign: CampaignRecord) -> None:
    first, second, third = there(store, campaign, 1, 2, 3)
    store.hand_over(third)
    tell(store, third)
    take_out(store, first)
    tell(store, first)
    assert store.again(campaign).status == "at_pickup"
    store.hand_over(second)
    for _ in range(3):
        tell(store, second)
    assert (store.again(campaign).status, completions(store, campaign)) == ("completed", 1)


def test_an_order_that_was_collected_in_part_is_waited_for(store: Store, campaign: CampaignRecord) -> None:
    (order,) = there(store, campaign, 2)
    store.hand_over(order, lines={order.lines[0].offer_id: 1})
    tell(store, order)
    assert store.again(campaign).status == "at_pickup"
    store.hand_over(order)
    tell(store, order)
    assert store.again(campaign).status == "completed"


def test_one_of_which_no_order_is_left_is_completed_at_once(store: Store, campaign: CampaignRecord) -> None:
    order = store.place(campaign, 1)
    store.lock(campaign)
    store.bring(order, clock.now())
    store.hand_over(order)
    look(store, campaign)
    look(store, campaign)
    assert completions(store, campaign) == 1


def test_an_end_that_nothing_waits_for_costs_two_reads(store: Store, campaign: CampaignRecord) -> None:
    orders = there(store, campaign, *[1] * 4)
    store.hand_over(orders[3])
    with metered() as meter:
        tell(store, orders[3])
    assert (meter.reads, meter.writes) == (2, 0)


def test_many_messages_at_once_complete_it_once(store: Store, campaign: CampaignRecord) -> None:
    orders = there(store, campaign, *[1] * 5)
    for order in orders:
        store.hand_over(order)

    def worker(order: OrderRecord) -> None:
        with tenant_scope(store.tenant_id):
            tell(store, order)

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(worker, orders * 3))
    tell(store, *orders)
    assert (store.again(campaign).status, completions(store, campaign)) == ("completed", 1)


def test_before_the_goods_are_there_no_end_completes_it(store: Store, campaign: CampaignRecord) -> None:
    order = store.place(campaign, 1)
    store.lock(campaign)
    take_out(store, order)
    tell(store, order)
    look(store, campaign)
    assert store.again(campaign).status == "locked"
