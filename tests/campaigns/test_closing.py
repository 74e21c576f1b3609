"""Opening, closing and deciding by themselves: late, twice, crashed and raced, on the embedded engine."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.campaigns.drafting.model.terms import CampaignTerms
from chalicelib.campaigns.lifecycle.service import closing
from chalicelib.campaigns.model.target import CloseTotals, OnMiss
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service import planning as service
from chalicelib.campaigns.stock import service as stock
from chalicelib.db import Refused, Transaction, metered, tenant_scope
from chalicelib.kernel.errors import Unavailable
from tests.campaigns.brand import DAY, HOUR, NOW, Brand, deliver_due, deliver_events, target
from tests.campaigns.terms import terms_of
from tests.faults import Faults, Killed, faults

__all__ = ["faults"]

CLOSES = NOW + 10 * HOUR
MOMENT = timedelta(milliseconds=1)
SHORT = CloseTotals(quantity=29, participants=20, amount_minor=29_000)
REACHED = CloseTotals(quantity=30, participants=20, amount_minor=30_000)


def types(brand: Brand, campaign: Any) -> list[str]:
    return [entry["type"] for entry in brand.read(campaign).history]


def closed(brand: Brand, **terms: Any) -> Any:
    """A campaign at its close, waiting for the decision."""
    campaign = brand.published(**terms)
    deliver_due(brand, campaign, CLOSES)
    return campaign


class TestOpen:
    def test_it_opens_on_time(self, brand: Brand) -> None:
        campaign = brand.published(opens_at=NOW + HOUR)
        assert deliver_due(brand, campaign, NOW + HOUR - MOMENT) is None
        assert deliver_due(brand, campaign, NOW + HOUR) == "campaign.open"
        stored = brand.read(campaign)
        assert (stored.status, stored.due_kind, stored.due_at) == ("open", "campaign.close", CLOSES)

    def test_a_message_from_before_the_opening_was_moved_does_nothing(self, brand: Brand) -> None:
        campaign = brand.published(opens_at=NOW + HOUR)
        service.edit_campaign(brand.tenant_id, campaign.id, CampaignTerms(opens_at=NOW + 2 * HOUR), brand.by, NOW)
        closing.open_campaign(brand.tenant_id, campaign.id, NOW + HOUR)
        assert brand.read(campaign).status == "scheduled"

    def test_days_late_it_opens_and_closes_at_once(self, brand: Brand) -> None:
        campaign = brand.published(opens_at=NOW + HOUR)
        deliver_due(brand, campaign, NOW + 3 * DAY)
        assert brand.read(campaign).status == "closing"
        assert types(brand, campaign) == ["created", "published", "opened", "closed"]


class TestClose:
    def test_it_fences_the_buckets_and_asks_for_the_totals(self, brand: Brand) -> None:
        campaign = brand.published(peak_orders_per_second=750)
        assert deliver_due(brand, campaign, CLOSES - MOMENT) is None
        assert deliver_due(brand, campaign, CLOSES) == "campaign.close"
        assert {bucket.status for bucket in brand.buckets(campaign)} == {"closed"}
        stored = brand.read(campaign)
        assert stored.status == "closing"
        assert [(event["t"], event["d"]) for event in stored.outbox] == [
            ("campaign.closed", {"campaign_id": campaign.id})
        ]
        with pytest.raises(Refused):
            brand.sell(campaign, 1, CLOSES - MOMENT)  # an order that was on its way when the fence went up

    def test_it_looks_back_without_limit(self, brand: Brand) -> None:
        campaign = brand.published()
        with pytest.raises(Refused):
            brand.sell(campaign, 1, CLOSES + DAY)  # although the timer is late
        deliver_due(brand, campaign, CLOSES + 3 * DAY)
        assert brand.read(campaign).status == "closing"

    def test_fifty_duplicates_close_once(self, brand: Brand) -> None:
        campaign = brand.published(peak_orders_per_second=750)

        def close(_: int) -> None:
            with tenant_scope(brand.tenant_id):
                closing.close_campaign(brand.tenant_id, campaign.id, CLOSES)

        with ThreadPoolExecutor(16) as pool:
            list(pool.map(close, range(50)))
        assert types(brand, campaign) == ["created", "published", "opened", "closed"]
        assert brand.read(campaign).rev == campaign.rev + 1

    @pytest.mark.parametrize("landed", [False, True], ids=["before the write", "after the write"])
    @pytest.mark.parametrize("step", range(4))
    def test_a_worker_that_dies_at_any_step_is_continued(
        self, brand: Brand, monkeypatch: pytest.MonkeyPatch, step: int, landed: bool
    ) -> None:
        campaign = brand.published(peak_orders_per_second=750)  # three buckets and the campaign: four writes
        commit, commits = Transaction.commit, iter(range(99))

        def dying(tx: Transaction) -> None:
            fatal = next(commits) == step
            if landed or not fatal:
                commit(tx)
            if fatal:
                raise KeyboardInterrupt

        monkeypatch.setattr(Transaction, "commit", dying)
        with pytest.raises(KeyboardInterrupt):
            deliver_due(brand, campaign, CLOSES)
        monkeypatch.undo()
        closing.close_campaign(brand.tenant_id, campaign.id, CLOSES)
        assert types(brand, campaign) == ["created", "published", "opened", "closed"]
        assert {bucket.status for bucket in brand.buckets(campaign)} == {"closed"}

    def test_a_message_from_before_the_close_was_moved_fences_nothing(self, brand: Brand) -> None:
        campaign = brand.published()
        service.edit_campaign(brand.tenant_id, campaign.id, CampaignTerms(closes_at=CLOSES + HOUR), brand.by, NOW)
        closing.close_campaign(brand.tenant_id, campaign.id, CLOSES)
        assert brand.read(campaign).status == "open"
        brand.sell(campaign, 1, CLOSES)

    def test_a_close_that_is_moved_while_the_worker_holds_the_old_one_fences_nothing(
        self, brand: Brand, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        campaign, fence = brand.published(), stock.fence

        def prolonged_first(read: CampaignRecord) -> None:
            monkeypatch.undo()
            changes = {"closes_at": CLOSES + HOUR}
            service.edit_campaign(brand.tenant_id, campaign.id, terms_of(changes), brand.by, CLOSES - MOMENT)
            fence(read)

        monkeypatch.setattr(stock, "fence", prolonged_first)
        closing.close_campaign(brand.tenant_id, campaign.id, CLOSES)
        assert brand.read(campaign).status == "open"
        brand.sell(campaign, 1, CLOSES)

    def test_once_the_fence_has_begun_the_close_is_not_moved(self, brand: Brand) -> None:
        campaign = brand.published(peak_orders_per_second=750)
        stock.fence(campaign)
        with pytest.raises(Unavailable):  # the editor's clock is behind the worker's
            service.edit_campaign(
                brand.tenant_id, campaign.id, CampaignTerms(closes_at=CLOSES + HOUR), brand.by, CLOSES - MOMENT
            )
        assert {bucket.closes_at for bucket in brand.buckets(campaign)} == {CLOSES}
        assert brand.read(campaign).closes_at == CLOSES

    def test_no_unit_is_sold_once_it_is_closed(self, brand: Brand) -> None:
        """Sixteen threads buy with the last instant before the close as their time, while the close comes."""
        campaign = brand.published(offers=[brand.offer("pears", 1_000, 100_000)])

        def buy_until_refused(_: int) -> None:
            with tenant_scope(brand.tenant_id):
                while True:
                    try:
                        brand.sell(campaign, 1, CLOSES - MOMENT)
                    except Refused:
                        return

        with ThreadPoolExecutor(16) as pool:
            buyers = [pool.submit(buy_until_refused, n) for n in range(15)]
            while not brand.buckets(campaign)[0].sold:
                pass
            closing.close_campaign(brand.tenant_id, campaign.id, CLOSES)
            counted = brand.buckets(campaign)[0].sold
            for buyer in buyers:
                buyer.result()
        (bucket,) = brand.buckets(campaign)
        assert bucket.sold == counted > 0
        assert bucket.free + bucket.sold == 100_000

    def test_a_campaign_that_stays_undecided_asks_again(self, brand: Brand) -> None:
        campaign = closed(brand)
        first = brand.read(campaign).outbox[0]["i"]
        assert deliver_due(brand, campaign, CLOSES + timedelta(minutes=14)) is None
        assert deliver_due(brand, campaign, CLOSES + timedelta(minutes=15)) == "campaign.decide"
        (again,) = brand.read(campaign).outbox
        assert again["t"] == "campaign.decision_due"
        assert again["i"] != first


class TestDecision:
    def test_reached_it_locks(self, brand: Brand) -> None:
        campaign = closed(brand, target=target(30, OnMiss.CANCEL))
        closing.decide_target(brand.tenant_id, campaign.id, REACHED, CLOSES)
        stored = brand.read(campaign)
        assert (stored.status, stored.totals) == ("locked", REACHED)
        assert [event["t"] for event in stored.outbox] == ["campaign.locked"]

    def test_missed_it_cancels(self, brand: Brand) -> None:
        campaign = closed(brand, target=target(30, OnMiss.CANCEL))
        closing.decide_target(brand.tenant_id, campaign.id, SHORT, CLOSES)
        assert brand.read(campaign).status == "cancelled"
        assert deliver_events(brand, campaign, CLOSES) == ["campaign.cancelled"]

    def test_missed_it_extends_once_and_the_buckets_with_it(self, brand: Brand) -> None:
        campaign = closed(brand, target=target(30, OnMiss.EXTEND, 24), peak_orders_per_second=750)
        closing.decide_target(brand.tenant_id, campaign.id, SHORT, CLOSES)
        stored = brand.read(campaign)
        assert (stored.status, stored.closes_at, stored.due_kind) == ("extended", CLOSES + DAY, "campaign.close")
        assert {(b.status, b.closes_at) for b in brand.buckets(campaign)} == {("open", CLOSES + DAY)}
        brand.sell(campaign, 1, CLOSES + HOUR)

        closing.close_campaign(brand.tenant_id, campaign.id, CLOSES)  # the first close, delivered once more
        assert brand.read(campaign).status == "extended"

        deliver_due(brand, campaign, CLOSES + DAY)
        closing.decide_target(brand.tenant_id, campaign.id, SHORT, CLOSES + DAY)
        assert brand.read(campaign).status == "cancelled"
        ways = ["created", "published", "opened", "closed", "extended", "closed", "cancelled"]
        assert types(brand, campaign) == ways

    def test_extended_its_goods_come_as_many_days_later(self, brand: Brand) -> None:
        expected_on = CLOSES.date() + 3 * DAY
        campaign = closed(brand, target=target(30, OnMiss.EXTEND, 36), arrives_on=expected_on)
        closing.decide_target(brand.tenant_id, campaign.id, SHORT, CLOSES)
        stored = brand.read(campaign)
        # From Monday 02:00 in Shanghai to Tuesday 14:00.
        assert (stored.closes_at, stored.arrives_on) == (CLOSES + 36 * HOUR, expected_on + DAY)

    def test_extended_and_then_reached_it_locks(self, brand: Brand) -> None:
        campaign = closed(brand, target=target(30, OnMiss.EXTEND))
        closing.decide_target(brand.tenant_id, campaign.id, SHORT, CLOSES)
        deliver_due(brand, campaign, CLOSES + DAY)
        closing.decide_target(brand.tenant_id, campaign.id, REACHED, CLOSES + DAY)
        assert brand.read(campaign).status == "locked"

    def test_fifty_decisions_at_once_are_one(self, brand: Brand) -> None:
        campaign = closed(brand, target=target(30, OnMiss.EXTEND))

        def decide(_: int) -> None:
            with tenant_scope(brand.tenant_id):
                closing.decide_target(brand.tenant_id, campaign.id, SHORT, CLOSES)

        with ThreadPoolExecutor(16) as pool:
            list(pool.map(decide, range(50)))
        assert types(brand, campaign)[-2:] == ["closed", "extended"]
        assert brand.read(campaign).closes_at == CLOSES + DAY

    def test_before_the_close_nothing_is_decided(self, brand: Brand) -> None:
        campaign = brand.published()
        closing.decide_target(brand.tenant_id, campaign.id, REACHED, NOW)
        assert brand.read(campaign).status == "open"


def test_workers_that_all_die_at_their_tenth_request_still_close_forty_buckets(brand: Brand, faults: Faults) -> None:
    offers = [brand.offer("pears", 1_000, 50), brand.offer("plums", 250, 50)]
    campaign = brand.published(offers=offers, peak_orders_per_second=5_000)
    assert len(brand.buckets(campaign)) == 40
    died = 0
    while brand.read(campaign).status != "closing":
        assert died < 40 / 8 + 1, "each attempt closes eight buckets: two of its requests are reads"
        faults.arm("killed", at=9)
        try:
            closing.close_campaign(brand.tenant_id, campaign.id, CLOSES)
        except Killed:
            died += 1
        faults.arm(None)
    assert died == 5
    assert {bucket.status for bucket in brand.buckets(campaign)} == {"closed"}


def test_a_close_costs_two_reads_and_a_write_for_each_bucket_and_the_campaign(brand: Brand) -> None:
    offers = [brand.offer("pears", 1_000, 50), brand.offer("plums", 250, 50)]
    campaign = brand.published(offers=offers, peak_orders_per_second=750)
    with metered() as meter:
        closing.close_campaign(brand.tenant_id, campaign.id, CLOSES)
    assert (meter.reads, meter.writes) == (2, 2 * 3 + 1)
    with metered() as meter:
        closing.close_campaign(brand.tenant_id, campaign.id, CLOSES)
    assert (meter.reads, meter.writes) == (1, 0)
