"""A close's count in parts: exact over many pages, messages and workers, and no dearer where there is one page."""

from typing import Any

import pytest

from chalicelib.campaigns.model.target import CloseTotals
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import Page, metered
from chalicelib.kernel import clock
from chalicelib.kernel.ids import new_id
from chalicelib.orders.counting.records import MetRecord, TallyRecord
from chalicelib.orders.counting.service import tallying
from chalicelib.orders.counting.service.counting import decide_closed
from chalicelib.orders.counting.service.tallying import IndexBehind
from chalicelib.orders.ending.service.cancelling import cancel
from chalicelib.orders.model import shard_of
from chalicelib.orders.records import OrderRecord
from tests.orders.store import Store
from tests.orders.teams.team_buy import TeamBuy
from tests.orders.test_counting import close


def test_a_long_count_goes_on_where_it_stopped(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = store.publish(200, peak=5)
    for n in range(15):
        store.place(campaign, 1, member=n)
    now = close(store, campaign)
    monkeypatch.setattr(tallying, "ORDERS_AT_A_TIME", 1)
    calls = 0
    while store.again(campaign).status == "closing":
        decide_closed(store.tenant_id, campaign.id, now)
        calls += 1
        assert calls < 20
    assert calls > 2
    assert store.again(campaign).totals == CloseTotals(15, 15, 15 * 1_250)


def test_totals_are_not_taken_while_the_index_hides_an_order(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = store.publish(200)
    hidden = store.place(campaign, 2)
    store.place(campaign, 1, member=1)
    now = close(store, campaign)
    hide(monkeypatch, hidden)
    with pytest.raises(IndexBehind):
        decide_closed(store.tenant_id, campaign.id, now)
    assert store.again(campaign).status == "closing"
    tally = TallyRecord.fetch(*TallyRecord.address(store.tenant_id, campaign.id, 0))
    assert tally is not None
    assert not tally.is_done(campaign.closes_at)
    monkeypatch.undo()
    decide_closed(store.tenant_id, campaign.id, now)
    assert store.again(campaign).totals == CloseTotals(3, 2, 3_750)


def hide(monkeypatch: pytest.MonkeyPatch, hidden: OrderRecord) -> None:
    """The index does not show an order yet."""
    page = OrderRecord.page

    def without(*arguments: Any, **options: Any) -> Page[OrderRecord]:
        found = page(*arguments, **options)
        return Page([order for order in found.items if order.id != hidden.id], found.last_key)

    monkeypatch.setattr(OrderRecord, "page", without)


@pytest.fixture
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of two pages of two orders."""
    monkeypatch.setattr(tallying, "PAGE", 2)
    monkeypatch.setattr(tallying, "PAGES_OF_A_PART", 2)


def of_many(store: Store) -> tuple[CampaignRecord, CloseTotals]:
    """A campaign with one shard of eleven orders by four members, one of them cancelled, and what they come to."""
    campaign = store.publish(200)
    for n in range(11):
        store.place(campaign, 1, member=n % 4, key=f"key-{n}")
    gone = store.place(campaign, 7, member=9)
    cancel(store.tenant_id, store.member(9), gone.id, clock.now())
    assert campaign.shards == 1
    return campaign, CloseTotals(11, 4, 11 * 1_250)


@pytest.mark.usefixtures("_small_parts")
def test_a_shard_is_counted_a_part_for_each_message(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whose orders are in several parts is one participant."""
    campaign, totals = of_many(store)
    now = close(store, campaign)
    monkeypatch.setattr(tallying, "ORDERS_AT_A_TIME", 4)
    queries = []
    while store.again(campaign).status == "closing":
        with metered() as meter:
            decide_closed(store.tenant_id, campaign.id, now)
        queries.append(meter.by_operation["Query"])
        tally = TallyRecord.fetch(*TallyRecord.address(store.tenant_id, campaign.id, 0), consistent=True)
        assert tally is not None
        asked = [event["t"] for event in tally.outbox or []]
        assert asked == ([] if tally.is_done(now) else ["orders.counting"])
    assert queries == [2, 2, 2, 1], "twelve orders of two a page, and the end"
    assert store.again(campaign).totals == totals


@pytest.mark.usefixtures("_small_parts")
def test_members_of_many_parts_are_counted_range_by_range(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of three parts or more, all but the last are kept, and read one by one, once for each range."""
    campaign, totals = of_many(store)
    now = close(store, campaign)
    fetch, read = tallying.fetch_many, list[int]()

    def noted(wanted: Any, **options: Any) -> Any:
        read.extend([len(wanted)] if wanted[0][0] is MetRecord else [])
        return fetch(wanted, **options)

    monkeypatch.setattr(tallying, "PARTS_AT_ONCE", 1)
    monkeypatch.setattr(tallying, "fetch_many", noted)
    decide_closed(store.tenant_id, campaign.id, now)
    assert store.again(campaign).totals == totals
    assert set(read) == {1}
    assert len(read) >= 6


def test_members_of_one_shard_are_in_all_ranges() -> None:
    """Shards and ranges are told by different hashes: else a shard's members would all be in one range."""
    ids = [new_id(clock.now()) for _ in range(400)]
    of_shard = [each for each in ids if shard_of(each, 4) == 0]
    assert {tallying._range_of(each, 4) for each in of_shard} == {0, 1, 2, 3}


@pytest.mark.usefixtures("_small_parts")
def test_of_two_workers_at_one_shard_the_one_who_is_behind_writes_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The index shows the other worker an order more, so that their parts are not the same."""
    campaign, totals = of_many(store)
    now = close(store, campaign)
    page, all_filled, overtaken = OrderRecord.page, tallying.all_filled, False

    def by_another_first(*arguments: Any) -> bool:
        nonlocal overtaken
        if not overtaken:
            overtaken = True
            with monkeypatch.context() as other:
                other.setattr(OrderRecord, "page", page)
                decide_closed(store.tenant_id, campaign.id, now)
        return all_filled(*arguments)

    monkeypatch.setattr(tallying, "ORDERS_AT_A_TIME", 8)
    hide(monkeypatch, min(store.orders(campaign), key=lambda order: str(order.gsi1sk)))
    monkeypatch.setattr(tallying, "all_filled", by_another_first)
    decide_closed(store.tenant_id, campaign.id, now)
    tally = TallyRecord.fetch(*TallyRecord.address(store.tenant_id, campaign.id, 0), consistent=True)
    assert tally is not None
    assert (int(tally.orders), int(tally.parts)) == (8, 2), "what the other has counted"
    decide_closed(store.tenant_id, campaign.id, now)
    assert store.again(campaign).totals == totals


@pytest.mark.usefixtures("_small_parts")
def test_an_order_that_is_shown_late_has_all_parts_counted_anew(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """It belongs before the place that the count has come to, and shifts every part."""
    campaign, totals = of_many(store)
    now = close(store, campaign)
    first = min(store.orders(campaign), key=lambda order: str(order.gsi1sk))
    hide(monkeypatch, first)
    with pytest.raises(IndexBehind):
        decide_closed(store.tenant_id, campaign.id, now)
    monkeypatch.undo()
    decide_closed(store.tenant_id, campaign.id, now)
    assert store.again(campaign).totals == totals


def test_an_ordinary_campaign_is_counted_in_one_query_and_decided_with_two_writes(store: Store) -> None:
    campaign = store.publish(200)
    for n in range(3):
        store.place(campaign, 1, member=n)
    now = close(store, campaign)
    with metered() as meter:
        decide_closed(store.tenant_id, campaign.id, now)
    # The campaign twice, its bucket, its tally, and the orders.
    assert (meter.reads, meter.by_operation["Query"], meter.writes) == (5, 1, 2)
    assert store.again(campaign).status == "locked"


@pytest.mark.usefixtures("_small_parts")
def test_a_part_ends_early_where_there_are_many_teams_to_ask_for(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = TeamBuy.publish(store, size=2, hours=20)
    for n in range(0, 6, 2):
        pairs.order(n + 1, pairs.team_of(pairs.order(n)))
    now = close(store, pairs.campaign)
    monkeypatch.setattr(tallying, "TEAMS_OF_A_PART", 1)
    decide_closed(store.tenant_id, pairs.campaign.id, now)
    tally = TallyRecord.fetch(*TallyRecord.address(store.tenant_id, pairs.campaign.id, 0), consistent=True)
    assert tally is not None
    assert int(tally.parts) == 3, "a page each"
    assert store.again(pairs.campaign).totals == CloseTotals(6, 6, 6 * 1_250)
