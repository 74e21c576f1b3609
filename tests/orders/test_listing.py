"""Lists of orders: newest first across shards and campaigns, page by page, each order once."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random

import pytest

from chalicelib.db import metered, put_many
from chalicelib.kernel import clock
from chalicelib.kernel.clock import sortable
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.ids import derived_id
from chalicelib.orders.ending.service.cancelling import cancel
from chalicelib.orders.records import OrderRecord, campaign_orders
from chalicelib.orders.service import listing
from chalicelib.orders.service.listing import Filter, list_orders
from chalicelib.orders.service.reading import get_own_order
from tests.orders.store import Store


def pages(store: Store, wanted: Filter, limit: int) -> list[list[OrderRecord]]:
    found, cursor = [], None
    while True:
        page = list_orders(store.tenant_id, wanted, limit, cursor)
        found.append(page.items)
        cursor = page.last_key
        assert len(found) < 50
        if cursor is None:
            return found


@pytest.fixture
def placed(store: Store) -> list[OrderRecord]:
    """Twenty orders of five members, placed in turn in two campaigns, one of them with four shards; oldest first."""
    wide, narrow = store.publish(100, peak=4), store.publish(100, hours=6)
    start = clock.now()
    return [
        store.place(wide if n % 3 else narrow, 1, member=n % 5, key=f"key-{n}", now=start + timedelta(seconds=n))
        for n in range(20)
    ]


@pytest.fixture
def clock_ahead(placed: list[OrderRecord]) -> Iterator[None]:
    """A day after the orders were placed."""
    clock.set_offset(24 * 3600)
    yield
    clock.set_offset(0)


@pytest.mark.parametrize("limit", [1, 3, 7, 20, 100])
def test_all_orders_come_newest_first_and_each_once(store: Store, placed: list[OrderRecord], limit: int) -> None:
    found = [order.id for page in pages(store, Filter(), limit) for order in page]
    assert found == [order.id for order in reversed(placed)]


@pytest.mark.parametrize("limit", [2, 5])
def test_every_filter_alone_and_together(store: Store, placed: list[OrderRecord], limit: int) -> None:
    gone = placed[4]
    cancel(store.tenant_id, gone.member_id, gone.id, clock.now())
    wide, member = placed[1].campaign_id, placed[2].member_id
    wanted = {
        Filter(campaign_id=wide): [order for order in placed if order.campaign_id == wide],
        Filter(member_id=member): [order for order in placed if order.member_id == member],
        Filter(status="cancelled"): [gone],
        Filter(campaign_id=wide, status="placed"): [o for o in placed if o.campaign_id == wide and o.id != gone.id],
        Filter(campaign_id=wide, member_id=member): [
            o for o in placed if (o.campaign_id, o.member_id) == (wide, member)
        ],
        Filter(pickup_point_id=store.point_id): placed,
        Filter(pickup_point_id=wide): [],
    }
    for filtered, expected in wanted.items():
        found = [order.id for page in pages(store, filtered, limit) for order in page]
        assert found == [order.id for order in reversed(expected)]


def test_a_filter_that_matches_little_ends_its_page_early_and_goes_on(
    store: Store, placed: list[OrderRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "_MOST_READS", 2)
    found = [order.id for page in pages(store, Filter(member_id=None, status="placed"), 2) for order in page]
    assert found == [order.id for order in reversed(placed)]


def test_open_campaigns_that_close_late_do_not_empty_the_first_page(
    store: Store, placed: list[OrderRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given open campaigns without orders that close after the one with the newest order, one of them in many shards
    store.publish(100, peak=4, hours=20)
    store.publish(100, peak=1, hours=30)
    monkeypatch.setattr(listing, "_MOST_READS", 2)

    # Then the newest orders are on the first page all the same
    page = list_orders(store.tenant_id, Filter(), 2, None, placed[-1].placed_at)
    assert [order.id for order in page.items] == [placed[-1].id, placed[-2].id]


def test_no_page_is_empty_before_the_orders_however_many_campaigns_closed_since_without_any(
    store: Store, placed: list[OrderRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given thirty shards that closed later and are empty, more than a page with orders would read
    for _ in range(7):
        store.publish(100, peak=4, hours=20)
    store.publish(100, hours=30)
    monkeypatch.setattr(listing, "CAMPAIGNS_AT_A_TIME", 3)

    # Then weeks later each page brings orders, by filter as well
    later = clock.now() + timedelta(days=20)
    for wanted in (Filter(), Filter(pickup_point_id=store.point_id)):
        page = list_orders(store.tenant_id, wanted, 7, None, later)
        found = [page.items]
        while page.last_key is not None:
            page = list_orders(store.tenant_id, wanted, 7, page.last_key, later)
            found.append(page.items)
        assert all(found)
        assert sorted(order.id for items in found for order in items) == sorted(order.id for order in placed)


def test_a_page_goes_on_past_a_campaign_that_opened_after_it_without_reading_it(
    store: Store, placed: list[OrderRecord], clock_ahead: None
) -> None:
    for _ in range(5):
        store.publish(100, peak=4, hours=20)
    later = clock.now() + timedelta(days=20)
    first = list_orders(store.tenant_id, Filter(), 5, None, later)
    with metered() as meter:
        second = list_orders(store.tenant_id, Filter(), 5, first.last_key, later)
    assert [order.id for order in second.items] == [order.id for order in placed[14:9:-1]]
    # One for the campaigns; then each of the five shards that opened before, again where the page's share ended amid
    # what fell into it. The twenty that opened later are not asked.
    assert 6 <= meter.reads <= 1 + 2 * 5


SPREAD = {
    "evenly": lambda n, shards: n % shards,
    "as it comes": lambda n, shards: Random(n).randrange(shards),
    "in half of them": lambda n, shards: n % ((shards + 1) // 2),
    "in one of them": lambda n, shards: 0,
}


@pytest.mark.parametrize("spread", SPREAD)
@pytest.mark.parametrize("peak", [1, 8])
def test_a_page_reads_what_it_shows_however_the_orders_are_spread(store: Store, peak: int, spread: str) -> None:
    campaign = store.publish(100, peak=peak)
    shards = int(campaign.shards)
    placed = store.place(campaign, 1)
    orders = [_copy(placed, n, SPREAD[spread](n, shards)) for n in range(130)]
    put_many(orders)

    position, found = None, []
    while position is not None or not found:
        with metered() as meter:
            page = list_orders(store.tenant_id, Filter(campaign_id=campaign.id), 20, position)
        assert len(page.items) == 20 or page.last_key is None
        assert meter.items_read <= 20 * 6 // 5 + 4 * shards
        found += page.items
        position = page.last_key
    assert [order.id for order in found[:130]] == [order.id for order in reversed(orders)]
    assert len(found) == 131


def _copy(order: OrderRecord, n: int, shard: int) -> OrderRecord:
    """The order under another id, placed so many seconds later, in that shard of its campaign's list."""
    copy = OrderRecord.from_raw_data(order.serialize())
    copy.pk, copy.sk = OrderRecord.address(order.tenant_id, derived_id(order.tenant_id, str(n)))
    copy.gsi1pk = campaign_orders(order.tenant_id, order.campaign_id, shard)
    copy.gsi1sk = sortable(order.placed_at + timedelta(seconds=n + 1))
    return copy


def test_an_empty_page_goes_on_only_where_many_reads_found_nothing(
    store: Store, placed: list[OrderRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    store.publish(100, hours=20)
    monkeypatch.setattr(listing, "_MOST_READS_IN_VAIN", 1)
    later = clock.now() + timedelta(days=20)
    page = list_orders(store.tenant_id, Filter(), 20, None, later)
    assert page.items == []
    while not page.items:
        page = list_orders(store.tenant_id, Filter(), 20, page.last_key, later)
    assert page.items[0].id == placed[-1].id


def test_campaigns_beyond_a_batch_follow(
    store: Store, placed: list[OrderRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "CAMPAIGNS_AT_A_TIME", 1)
    found = [order.id for page in pages(store, Filter(), 4) for order in page]
    assert sorted(found) == sorted(order.id for order in placed)


def test_a_tenant_without_campaigns_has_no_orders(store: Store) -> None:
    assert pages(store, Filter(), 20) == [[]]


def test_an_unknown_campaign_is_named(store: Store) -> None:
    with pytest.raises(NotFound):
        list_orders(store.tenant_id, Filter(campaign_id=store.tenant_id), 20, None)


def test_another_members_order_does_not_exist(store: Store, placed: list[OrderRecord]) -> None:
    with pytest.raises(NotFound):
        get_own_order(store.tenant_id, store.member(9), placed[0].id)
