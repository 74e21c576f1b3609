"""The order that replaces what was sent back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.catalog.service import ledger, set_aside
from chalicelib.db import metered
from chalicelib.kernel import clock
from chalicelib.orders.adjustments.service import adjust, substitute
from chalicelib.orders.counting.service.counting import count_orders
from chalicelib.orders.ending.service.cancelling import cancel
from chalicelib.orders.errors import MoreThanOrdered, NotCancellable, NotEditable, NotInOrder
from chalicelib.orders.exchanges import service as exchanging
from chalicelib.orders.exchanges.service import place_exchange
from chalicelib.orders.handover.service import pickup
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.listing import Filter, list_orders
from tests.orders.states import at_pickup, edited
from tests.orders.store import Store


@pytest.fixture
def campaign(store: Store) -> CampaignRecord:
    return store.publish(50)


@pytest.fixture
def original(store: Store, campaign: CampaignRecord) -> OrderRecord:
    """Three units, handed over."""
    order = store.place(campaign, 3)
    store.lock(campaign)
    return store.hand_over(order)


def exchange(store: Store, original: OrderRecord, units: int) -> OrderRecord:
    lines = {original.lines[0].offer_id: units}
    return place_exchange(store.tenant_id, original, lines, "01J9ZQ0W7N8RXC5B2M4T6V8Y0A", "staff:1", clock.now())


def test_it_costs_nothing_takes_nothing_from_a_campaign_and_is_placed_once(
    store: Store, campaign: CampaignRecord, original: OrderRecord
) -> None:
    first, second = exchange(store, original, 2), exchange(store, original, 2)
    assert (second.id, second.pickup_code) == (first.id, first.pickup_code)
    assert (first.status, first.total_minor, first.totals.due, first.quantity) == ("placed", 0, 0, 2)
    assert (first.pickup_point_id, first.member_id) == (original.pickup_point_id, original.member_id)
    before = store.progress(campaign)
    count_orders(store.tenant_id, [first.id], clock.now())
    assert store.progress(campaign) == before
    assert store.free(campaign) == 47
    store.check_stock(campaign)


def counted(store: Store, units: int) -> None:
    key = f"count-{units}"
    ledger.adjust_stock(store.tenant_id, store.skus[0], units, "Counted", key, key, store.staff, clock.now())


def stocked(store: Store, units: int) -> Callable[[], tuple[int, int]]:
    """Puts so many units of the first SKU on the shelf; what tells its free and allocated units."""
    counted(store, units)

    def read() -> tuple[int, int]:
        sku = set_aside.get_sku(store.tenant_id, store.skus[0])
        return int(sku.free), int(sku.allocated)

    return read


def test_goods_whose_stock_counts_come_from_the_shelf_once(store: Store, original: OrderRecord) -> None:
    shelf = stocked(store, 5)
    assert exchange(store, original, 2).short is None
    exchange(store, original, 2)
    assert shelf() == (3, 2)


def test_what_is_not_on_the_shelf_is_ordered_and_has_to_be_bought(store: Store, original: OrderRecord) -> None:
    shelf = stocked(store, 1)
    order = exchange(store, original, 2)
    assert (order.aside, order.short) == ({store.skus[0]: 1}, {store.skus[0]: 1})
    assert shelf() == (0, 1)


def lower(store: Store, order: OrderRecord, units: int) -> OrderRecord:
    wanted = {order.lines[0].offer_id: units}
    return adjust(store.tenant_id, order.id, wanted, cause=f"to-{units}", reason="Short", by="staff:1", now=clock.now())


def test_units_that_are_taken_out_of_it_are_on_the_shelf_again_once(store: Store, original: OrderRecord) -> None:
    shelf = stocked(store, 5)
    order = exchange(store, original, 3)
    assert (shelf(), order.aside) == ((2, 3), {store.skus[0]: 3})
    for _ in range(2):
        assert lower(store, order, 1).aside == {store.skus[0]: 1}
        assert shelf() == (4, 1)
    with metered() as ending:
        ended = lower(store, order, 0)
    assert (ended.status, ended.aside, shelf()) == ("cancelled", None, (5, 0))
    # The order, the change and the SKUs are read; order, change and SKU are one write.
    assert (ending.reads, ending.writes) == (3, 1)


def test_what_was_not_on_the_shelf_does_not_come_back_to_it_and_is_bought_no_more(
    store: Store, original: OrderRecord
) -> None:
    shelf = stocked(store, 1)
    order = exchange(store, original, 3)
    assert lower(store, order, 2).short == {store.skus[0]: 1}
    assert (lower(store, order, 1).short, shelf()) == (None, (0, 1))
    assert (lower(store, order, 0).short, shelf()) == (None, (1, 0))


def test_units_of_a_sku_that_began_to_count_later_are_not_given_back(store: Store, original: OrderRecord) -> None:
    order = exchange(store, original, 2)
    shelf = stocked(store, 5)
    lower(store, order, 0)
    assert shelf() == (5, 0)


def test_another_sku_in_its_place_gives_back_what_was_set_aside(store: Store, original: OrderRecord) -> None:
    shelf = stocked(store, 5)
    order = exchange(store, original, 2)
    substitute(
        store.tenant_id, order.id, order.lines[0].offer_id, store.skus[0], {store.skus[2]: 2}, cause="c",
        reason="No pears", by="staff:1", now=clock.now(),
    )  # fmt: skip
    assert shelf() == (5, 0)
    lower(store, order, 0)
    assert shelf() == (5, 0)


@pytest.mark.parametrize(
    ("on_shelf", "aside", "short", "status"),
    [(3, 2, 0, "ready"), (1, 1, 1, "placed")],
    ids=["enough of it", "too few"],
)
def test_another_sku_in_its_place_is_taken_from_the_shelf_as_well(
    store: Store, campaign: CampaignRecord, original: OrderRecord, on_shelf: int, aside: int, short: int, status: str
) -> None:
    at_pickup(store, campaign)
    pears = stocked(store, 1)  # too few, so the order waits for them
    oil = store.skus[2]
    ledger.adjust_stock(store.tenant_id, oil, on_shelf, "Counted", "oil", "oil", store.staff, clock.now())
    order = exchange(store, original, 2)
    assert (order.status, order.short) == ("placed", {store.skus[0]: 1})
    for _ in range(2):
        order = substitute(
            store.tenant_id, order.id, order.lines[0].offer_id, store.skus[0], {oil: 2}, cause="c", reason="No pears",
            by="staff:1", now=clock.now(),
        )  # fmt: skip
    assert (order.status, order.aside, order.short) == (
        status,
        {oil: aside} if aside else None,
        {oil: short} if short else None,
    )
    sku = set_aside.get_sku(store.tenant_id, oil)
    assert (int(sku.free), int(sku.allocated), pears()) == (on_shelf - aside, aside, (1, 0))


def test_what_was_handed_over_does_not_come_back_to_the_shelf(store: Store, original: OrderRecord) -> None:
    shelf = stocked(store, 5)
    order = exchange(store, original, 3)
    (offer_id,) = (line.offer_id for line in order.lines)
    pickup.hand_over(
        store.tenant_id, order.id, order.pickup_code, store.point_id, store.staff, "", clock.now(), {offer_id: 1}
    )  # fmt: skip
    assert (lower(store, order, 1).status, shelf()) == ("picked_up", (4, 1))


def test_units_that_others_take_meanwhile_are_not_taken_twice(
    store: Store, original: OrderRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = stocked(store, 2)
    allocate = exchanging.allocate

    def overtaken(*args: Any) -> Any:
        taken = allocate(*args)
        monkeypatch.undo()
        counted(store, -1)
        return taken

    monkeypatch.setattr(exchanging, "allocate", overtaken)
    assert exchange(store, original, 2).short == {store.skus[0]: 1}
    assert shelf() == (0, 1)


def test_it_is_handed_over_against_a_code_of_its_own(store: Store, original: OrderRecord) -> None:
    order = exchange(store, original, 2)
    assert order.pickup_code != original.pickup_code
    done = store.hand_over(order)
    assert (done.status, done.totals.paid) == ("picked_up", 0)


def test_its_member_neither_cancels_nor_changes_it(store: Store, original: OrderRecord) -> None:
    order = exchange(store, original, 2)
    with pytest.raises(NotCancellable):
        cancel(store.tenant_id, order.member_id, order.id, clock.now())
    with pytest.raises(NotEditable):
        edited(store, order, 3)


@pytest.mark.parametrize(("units", "status"), [(5, "ready"), (1, "placed"), (None, "placed")])
def test_where_the_goods_wait_already_it_is_ready_once_its_own_are_there(
    store: Store, campaign: CampaignRecord, original: OrderRecord, units: int | None, status: str
) -> None:
    """From five on the shelf two are taken; one is too few; where stock does not count, they are to be bought."""
    at_pickup(store, campaign)
    if units is not None:
        stocked(store, units)
    order = exchange(store, original, 2)
    assert order.status == status
    assert store.hand_over(order).status == "picked_up"


def test_it_is_listed_with_the_campaigns_orders_although_the_campaign_has_closed(
    store: Store, campaign: CampaignRecord, original: OrderRecord
) -> None:
    """The pickup point's leader and the team must find it to hand it over."""
    assert campaign.closes_at is not None
    lines = {original.lines[0].offer_id: 1}
    later = campaign.closes_at + timedelta(days=3)
    placed = place_exchange(store.tenant_id, original, lines, "01J9ZQ0W7N8RXC5B2M4T6V8Y0A", "staff:1", later)
    assert placed.placed_at == later
    assert [order.id for order in store.orders(campaign)] == [placed.id, original.id]
    everywhere = list_orders(store.tenant_id, Filter(pickup_point_id=store.point_id), 10, None)
    assert [order.id for order in everywhere.items] == [placed.id, original.id]


def test_only_what_was_ordered_is_exchanged(store: Store, original: OrderRecord) -> None:
    with pytest.raises(MoreThanOrdered):
        exchange(store, original, 4)
    with pytest.raises(NotInOrder):
        place_exchange(store.tenant_id, original, {"plums": 1}, "a", "staff:1", clock.now())
