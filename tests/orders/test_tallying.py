"""A close's count in parts: exact over many pages, messages and workers, and no dearer where there is one page."""

from typing import Any

import pytest

from chalicelib.campaigns.model.campaign import CloseTotals
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import Page, metered
from chalicelib.kernel import clock
from chalicelib.orders.counting.records import TallyRecord
from chalicelib.orders.counting.service import tallying
from chalicelib.orders.counting.service.counting import settle
from chalicelib.orders.counting.service.tallying import IndexBehind
from chalicelib.orders.ending.service.cancelling import cancel
from chalicelib.orders.records import OrderRecord
from tests.orders.stage import Stage
from tests.orders.teams.club import Club
from tests.orders.test_counting import close


def test_a_long_count_goes_on_where_it_stopped(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = stage.publish(200, peak=5)
    for n in range(15):
        stage.place(campaign, 1, member=n)
    now = close(stage, campaign)
    monkeypatch.setattr(tallying, "ORDERS_AT_A_TIME", 1)
    calls = 0
    while stage.again(campaign).status == "closing":
        settle(stage.tenant_id, campaign.id, now)
        calls += 1
        assert calls < 20
    assert calls > 2
    assert stage.again(campaign).totals == CloseTotals(15, 15, 15 * 1_250)


def test_totals_are_not_taken_while_the_index_hides_an_order(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = stage.publish(200)
    hidden = stage.place(campaign, 2)
    stage.place(campaign, 1, member=1)
    now = close(stage, campaign)
    hide(monkeypatch, hidden)
    with pytest.raises(IndexBehind):
        settle(stage.tenant_id, campaign.id, now)
    assert stage.again(campaign).status == "closing"
    tally = TallyRecord.fetch(*TallyRecord.address(stage.tenant_id, campaign.id, 0))
    assert tally is not None
    assert not tally.is_done(campaign.closes_at)
    monkeypatch.undo()
    settle(stage.tenant_id, campaign.id, now)
    assert stage.again(campaign).totals == CloseTotals(3, 2, 3_750)


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


def of_many(stage: Stage) -> tuple[CampaignRecord, CloseTotals]:
    """A campaign with one shard of eleven orders by four members, one of them cancelled, and what they come to."""
    campaign = stage.publish(200)
    for n in range(11):
        stage.place(campaign, 1, member=n % 4, key=f"key-{n}")
    gone = stage.place(campaign, 7, member=9)
    cancel(stage.tenant_id, stage.member(9), gone.id, clock.now())
    assert campaign.shards == 1
    return campaign, CloseTotals(11, 4, 11 * 1_250)


@pytest.mark.usefixtures("_small_parts")
def test_a_shard_is_counted_a_part_for_each_message(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whose orders are in several parts is one participant."""
    campaign, totals = of_many(stage)
    now = close(stage, campaign)
    monkeypatch.setattr(tallying, "ORDERS_AT_A_TIME", 4)
    queries = []
    while stage.again(campaign).status == "closing":
        with metered() as meter:
            settle(stage.tenant_id, campaign.id, now)
        queries.append(meter.by_operation["Query"])
        tally = TallyRecord.fetch(*TallyRecord.address(stage.tenant_id, campaign.id, 0), consistent=True)
        assert tally is not None
        asked = [event["t"] for event in tally.outbox or []]
        assert asked == ([] if tally.is_done(now) else ["orders.counting"])
    assert queries == [2, 2, 2, 1], "twelve orders of two a page, and the end"
    assert stage.again(campaign).totals == totals


@pytest.mark.usefixtures("_small_parts")
def test_of_two_workers_at_one_shard_the_one_who_is_behind_writes_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The index shows the other worker an order more, so that their parts are not the same."""
    campaign, totals = of_many(stage)
    now = close(stage, campaign)
    page, all_filled, overtaken = OrderRecord.page, tallying.all_filled, False

    def by_another_first(*arguments: Any) -> bool:
        nonlocal overtaken
        if not overtaken:
            overtaken = True
            with monkeypatch.context() as other:
                other.setattr(OrderRecord, "page", page)
                settle(stage.tenant_id, campaign.id, now)
        return all_filled(*arguments)

    monkeypatch.setattr(tallying, "ORDERS_AT_A_TIME", 8)
    hide(monkeypatch, min(stage.orders(campaign), key=lambda order: str(order.gsi1sk)))
    monkeypatch.setattr(tallying, "all_filled", by_another_first)
    settle(stage.tenant_id, campaign.id, now)
    tally = TallyRecord.fetch(*TallyRecord.address(stage.tenant_id, campaign.id, 0), consistent=True)
    assert tally is not None
    assert (int(tally.orders), int(tally.parts)) == (8, 2), "what the other has counted"
    settle(stage.tenant_id, campaign.id, now)
    assert stage.again(campaign).totals == totals


@pytest.mark.usefixtures("_small_parts")
def test_an_order_that_is_shown_late_has_all_parts_counted_anew(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """It belongs before the place that the count has come to, and shifts every part."""
    campaign, totals = of_many(stage)
    now = close(stage, campaign)
    first = min(stage.orders(campaign), key=lambda order: str(order.gsi1sk))
    hide(monkeypatch, first)
    with pytest.raises(IndexBehind):
        settle(stage.tenant_id, campaign.id, now)
    monkeypatch.undo()
    settle(stage.tenant_id, campaign.id, now)
    assert stage.again(campaign).totals == totals


def test_an_ordinary_campaign_is_counted_in_one_query_and_decided_with_two_writes(stage: Stage) -> None:
    campaign = stage.publish(200)
    for n in range(3):
        stage.place(campaign, 1, member=n)
    now = close(stage, campaign)
    with metered() as meter:
        settle(stage.tenant_id, campaign.id, now)
    # The campaign twice, its bucket, its tally, and the orders.
    assert (meter.reads, meter.by_operation["Query"], meter.writes) == (5, 1, 2)
    assert stage.again(campaign).status == "locked"


@pytest.mark.usefixtures("_small_parts")
def test_a_part_ends_early_where_there_are_many_teams_to_ask_for(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = Club.publish(stage, size=2, hours=20)
    for n in range(0, 6, 2):
        pairs.order(n + 1, pairs.team_of(pairs.order(n)))
    now = close(stage, pairs.campaign)
    monkeypatch.setattr(tallying, "TEAMS_OF_A_PART", 1)
    settle(stage.tenant_id, pairs.campaign.id, now)
    tally = TallyRecord.fetch(*TallyRecord.address(stage.tenant_id, pairs.campaign.id, 0), consistent=True)
    assert tally is not None
    assert int(tally.parts) == 3, "a page each"
    assert stage.again(pairs.campaign).totals == CloseTotals(6, 6, 6 * 1_250)
