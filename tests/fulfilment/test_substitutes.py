"""Another SKU comes in place of the ordered one: who gets it, once, and where the rest is found."""

import pytest

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.catalog.service.set_aside import get_sku
from chalicelib.fulfilment.receiving.errors import NoSurplus, OrdersBeingAdjusted
from chalicelib.fulfilment.receiving.model.receipts import Arrival
from chalicelib.fulfilment.receiving.service import allocating
from chalicelib.fulfilment.receiving.service import receipts as service
from chalicelib.fulfilment.receiving.views import SupplyView
from chalicelib.kernel import clock
from chalicelib.orders.adjustments.service import adjust
from chalicelib.orders.records import OrderRecord
from tests.fulfilment.buying import agree, allocate, frozen, receive, supplier, supply
from tests.orders.store import Store


def come(store: Store, pears: int, eggs: int) -> Arrival:
    """So many of the store's first SKU, and so many of its second in their place."""
    return Arrival(store.skus[0], pears, substitute=store.skus[1], substituted=eggs)


def delivered(
    store: Store, *quantities: int, eggs_ordered: int = 0, pack: int = 1
) -> tuple[str, CampaignRecord, list[OrderRecord]]:
    """The supplier, and a frozen campaign: an order of pears for each quantity, then one of eggs."""
    orchard = supplier(store)
    agree(store, orchard, 0, pack_size=pack)
    agree(store, orchard, 1)
    campaign = store.publish(100, 100)
    orders = [store.place(campaign, units, member=n, key=f"k{n}") for n, units in enumerate(quantities)]
    if eggs_ordered:
        store.place(campaign, 0, eggs_ordered, member=len(orders), key="eggs")
    store.lock(campaign)
    frozen(store, campaign.id)
    return orchard, campaign, orders


def step(store: Store, campaign_id: str) -> None:
    allocating.allocate_next(store.tenant_id, campaign_id, clock.now())


def held(store: Store, orders: list[OrderRecord]) -> list[tuple[int, int]]:
    """The pears and the eggs that each order gets; none of one that has ended."""
    given = [order.lines[0].given if order.is_sold else {} for order in map(store.order, orders)]
    return [(units.get(store.skus[0], 0), units.get(store.skus[1], 0)) for units in given]


def left(store: Store, campaign_id: str) -> dict[str, int]:
    """The eggs that the supply shows to be in no order, by SKU."""
    line = SupplyView.of(service.supply_of(store.tenant_id, campaign_id, clock.now())).lines[0]
    return {each.sku_id: each.quantity for each in line.substitutes_left}


def test_two_orders_that_go_short_share_what_came_in_place(store: Store) -> None:
    # 3 and 3 of 6: 2 come, 2 never will, 2 eggs come. The first has 2 pears and an egg, the second an egg.
    orchard, campaign, orders = delivered(store, 3, 3)
    receive(store, campaign.id, orchard, Arrival(store.skus[0], 2, short=2, substitute=store.skus[1], substituted=2))
    allocate(store, campaign.id)
    assert held(store, orders) == [(2, 1), (0, 1)]
    assert left(store, campaign.id) == {}
    store.check_stock(campaign)


def test_who_came_first_gets_what_they_ordered(store: Store) -> None:
    # 2 and 4 of 6: 4 come, and 2 eggs. The first has its 2 pears, the second 2 pears and 2 eggs.
    orchard, campaign, orders = delivered(store, 2, 4)
    receive(store, campaign.id, orchard, come(store, 4, 2))
    allocate(store, campaign.id)
    assert held(store, orders) == [(2, 0), (2, 2)]


def test_substitutes_move_to_who_came_first_when_more_turns_out_to_be_missing(store: Store) -> None:
    # 3 and 3 of 6: 2 eggs come, so the second has 1 pear and 2 eggs. Then no pear comes: the eggs are the first's.
    orchard, campaign, orders = delivered(store, 3, 3)
    receive(store, campaign.id, orchard, come(store, 0, 2))
    allocate(store, campaign.id)
    assert held(store, orders) == [(3, 0), (1, 2)]
    receive(store, campaign.id, orchard, Arrival(store.skus[0], short=4), key="r-2")
    allocate(store, campaign.id)
    assert held(store, orders) == [(0, 2), (0, 0)]


def test_what_was_ordered_comes_back_to_a_line_when_it_is_free(store: Store) -> None:
    orchard, campaign, orders = delivered(store, 2, 2, 2)
    receive(store, campaign.id, orchard, come(store, 2, 2))
    allocate(store, campaign.id)
    assert held(store, orders) == [(2, 0), (2, 0), (0, 2)]
    (line,) = orders[0].lines
    adjust(
        store.tenant_id, orders[0].id, {line.offer_id: 0}, cause="phoned", reason="Rang.", by="staff", now=clock.now()
    )  # fmt: skip
    receive(store, campaign.id, orchard, Arrival(store.skus[0], 1, short=1), key="r-2")
    allocate(store, campaign.id)
    # 3 pears of 6 are there for the 4 that are sold: the last needs one egg only.
    assert held(store, orders) == [(0, 0), (2, 0), (1, 1)]
    assert left(store, campaign.id) == {store.skus[1]: 1}


def test_units_that_were_handed_over_stay_what_they_are(store: Store) -> None:
    orchard, campaign, orders = delivered(store, 3, 3)
    receive(store, campaign.id, orchard, come(store, 4, 2))
    allocate(store, campaign.id)
    offer = orders[1].lines[0].offer_id
    store.hand_over(orders[1], lines={offer: 2})  # its pear and one of its eggs
    adjust(store.tenant_id, orders[1].id, {offer: 2}, cause="less", reason="Less", by="staff", now=clock.now())
    assert held(store, orders)[1] == (1, 1)


def test_collected_substitutes_are_not_given_out_again(store: Store) -> None:
    orchard, campaign, orders = delivered(store, 2, 2, 2, 2, 2, eggs_ordered=3)
    receive(store, campaign.id, orchard, come(store, 6, 4))
    allocate(store, campaign.id)
    assert held(store, orders) == [(2, 0)] * 3 + [(0, 2)] * 2
    for order in orders[3:]:
        store.hand_over(order)

    # Of the eggs that were ordered as such one never comes; that is nothing to the pears.
    receive(store, campaign.id, orchard, Arrival(store.skus[1], 2, short=1), key="r-2")
    allocate(store, campaign.id)

    assert held(store, orders) == [(2, 0)] * 3 + [(0, 2)] * 2
    found = supply(store, campaign.id)
    assert found is not None
    assert found.given == {store.skus[0]: {store.skus[1]: 4}}


def test_no_order_is_cut_for_substitutes_that_were_collected(store: Store) -> None:
    # As before, but the eggs fit no other line.
    orchard, campaign, orders = delivered(store, 5, 5, 2, eggs_ordered=3)
    receive(store, campaign.id, orchard, come(store, 10, 2))
    allocate(store, campaign.id)
    store.hand_over(orders[2])

    receive(store, campaign.id, orchard, Arrival(store.skus[1], 2, short=1), key="r-2")
    allocate(store, campaign.id)

    assert held(store, orders) == [(5, 0), (5, 0), (0, 2)]


def test_nobody_gets_a_substitute_while_the_packs_have_enough(store: Store) -> None:
    # A pack of 10 for the 6 that were sold; 6 pears are in it, and 4 eggs.
    orchard, campaign, orders = delivered(store, 2, 2, 2, pack=10)
    receive(store, campaign.id, orchard, come(store, 6, 4))
    assert left(store, campaign.id) == {}
    allocate(store, campaign.id)
    assert held(store, orders) == [(2, 0)] * 3
    assert left(store, campaign.id) == {store.skus[1]: 4}
    assert get_sku(store.tenant_id, store.skus[1]).free == 0


def test_nobody_gets_a_substitute_for_units_that_were_taken_out_of_orders(store: Store) -> None:
    orchard, campaign, orders = delivered(store, 2, 2, 2, 4)
    (line,) = orders[3].lines
    adjust(
        store.tenant_id, orders[3].id, {line.offer_id: 0}, cause="phoned", reason="She rang.", by="staff",
        now=clock.now(),
    )  # fmt: skip
    receive(store, campaign.id, orchard, come(store, 6, 4))
    allocate(store, campaign.id)
    assert held(store, orders) == [(2, 0)] * 3 + [(0, 0)]
    assert left(store, campaign.id) == {store.skus[1]: 4}


def test_as_many_lines_get_a_substitute_as_are_missing(store: Store) -> None:
    orchard, campaign, orders = delivered(store, 2, 2, 2, 2, pack=10)
    # 10 come for 8, 3 of them as eggs and 1 pear rotten: 2 pears are missing, and the last has 2.
    arrival = Arrival(store.skus[0], 7, 1, substitute=store.skus[1], substituted=3)
    receive(store, campaign.id, orchard, arrival)
    allocate(store, campaign.id)
    assert held(store, orders) == [(2, 0)] * 3 + [(0, 2)]
    assert left(store, campaign.id) == {store.skus[1]: 1}


def test_substitutes_left_over_are_for_orders_that_go_short_later(store: Store) -> None:
    orchard, campaign, orders = delivered(store, 2, 2, 2, pack=10)
    receive(store, campaign.id, orchard, come(store, 4, 4))
    allocate(store, campaign.id)
    assert held(store, orders) == [(2, 0)] * 3
    receive(store, campaign.id, orchard, Arrival(store.skus[0], short=2), key="r-2")
    allocate(store, campaign.id)
    assert held(store, orders) == [(2, 0)] * 2 + [(0, 2)]
    assert left(store, campaign.id) == {store.skus[1]: 2}


def test_an_order_collected_before_its_step_leaves_its_substitute_to_another(store: Store) -> None:
    orchard, campaign, orders = delivered(store, 2, 2, 2)
    receive(store, campaign.id, orchard, come(store, 4, 2))
    for _ in range(2):
        step(store, campaign.id)  # counts, then plans eggs for the last
    store.hand_over(orders[2])
    allocate(store, campaign.id)
    assert held(store, orders) == [(2, 0), (0, 2), (2, 0)]
    assert left(store, campaign.id) == {}


def test_a_receipt_between_plan_and_step_counts_each_substitute_once(store: Store) -> None:
    orchard, campaign, orders = delivered(store, 2, 2, 2, 2)
    receive(store, campaign.id, orchard, come(store, 2, 2))
    for _ in range(2):
        step(store, campaign.id)
    receive(store, campaign.id, orchard, Arrival(store.skus[0], short=2), key="r-2")
    allocate(store, campaign.id)
    # 4 are still to come or came: two orders get theirs, one gets eggs, and 2 units are missing.
    assert sorted(held(store, orders)) == sorted([(2, 0), (2, 0), (0, 0), (0, 2)])
    found = supply(store, campaign.id)
    assert found is not None
    assert found.given == {store.skus[0]: {store.skus[1]: 2}}
    store.check_stock(campaign)


def cancelled(store: Store, order: OrderRecord) -> None:
    (line,) = order.lines
    now = clock.now()
    adjust(store.tenant_id, order.id, {line.offer_id: 0}, cause="phoned", reason="Rang.", by="staff", now=now)


def test_what_orders_hold_is_not_put_away_when_one_with_a_substitute_has_ended(store: Store) -> None:
    # 4 pears and 2 eggs for three orders of 2; the last, which has the eggs, ends: both others hold all the pears.
    orchard, campaign, orders = delivered(store, 2, 2, 2)
    receive(store, campaign.id, orchard, come(store, 4, 2))
    allocate(store, campaign.id)
    cancelled(store, orders[2])
    with pytest.raises(OrdersBeingAdjusted):
        receive(store, campaign.id, orchard, Arrival(store.skus[0], to_stock=2), key="r-2")
    allocating.orders_lessened(store.tenant_id, [orders[2].id], clock.now())
    allocate(store, campaign.id)
    with pytest.raises(NoSurplus):
        receive(store, campaign.id, orchard, Arrival(store.skus[0], to_stock=2), key="r-2")
    assert left(store, campaign.id) == {store.skus[1]: 2}
    put_away = Arrival(store.skus[0], substitute=store.skus[1], substitutes_to_stock=2)
    receive(store, campaign.id, orchard, put_away, key="r-3")


def test_who_waits_with_a_substitute_gets_what_an_order_before_leaves(store: Store) -> None:
    orchard, campaign, orders = delivered(store, 2, 2, 2)
    receive(store, campaign.id, orchard, come(store, 4, 2))
    allocate(store, campaign.id)
    cancelled(store, orders[0])
    for _ in range(2):
        allocating.orders_lessened(store.tenant_id, [orders[0].id], clock.now())
        allocate(store, campaign.id)
    assert held(store, orders) == [(0, 0), (2, 0), (2, 0)]
    assert left(store, campaign.id) == {store.skus[1]: 2}
    found = supply(store, campaign.id)
    assert found is not None
    allocating.orders_lessened(store.tenant_id, [order.id for order in orders], clock.now())
    assert found.rev == supply(store, campaign.id).rev  # type: ignore[union-attr]


def test_a_packed_substitute_stays_where_it_is(store: Store) -> None:
    orchard, campaign, orders = delivered(store, 2, 2, 2)
    receive(store, campaign.id, orchard, come(store, 4, 2))
    allocate(store, campaign.id)
    store.bring(orders[0], clock.now())
    cancelled(store, orders[0])
    allocating.orders_lessened(store.tenant_id, [orders[0].id], clock.now())
    allocate(store, campaign.id)
    assert held(store, orders) == [(0, 0), (2, 0), (0, 2)]
    receive(store, campaign.id, orchard, Arrival(store.skus[0], to_stock=2), key="r-2")


def test_an_order_that_ends_while_substitutes_are_given_is_counted_out(store: Store) -> None:
    orchard, campaign, orders = delivered(store, 2, 2, 2)
    receive(store, campaign.id, orchard, come(store, 2, 4))
    for _ in range(3):
        step(store, campaign.id)  # counts, plans and gives
    cancelled(store, orders[2])
    allocating.orders_lessened(store.tenant_id, [orders[2].id], clock.now())
    allocate(store, campaign.id)
    assert held(store, orders) == [(2, 0), (0, 2), (0, 0)]
    assert left(store, campaign.id) == {store.skus[1]: 2}
