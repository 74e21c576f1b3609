"""What each kind comes to at its close, on the embedded engine: ladders, caps, and targets by each measure."""

from collections.abc import Mapping

import pytest

from chalicelib.campaigns.drafting.model.terms import CampaignTerms
from chalicelib.campaigns.lifecycle.service import closing
from chalicelib.campaigns.model.offer_terms import OfferTerms
from chalicelib.campaigns.model.target import CloseTotals, Measure, OnMiss, Target
from chalicelib.campaigns.progress import service as progress
from chalicelib.campaigns.progress.records import ProgressRecord
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service import planning as service
from chalicelib.campaigns.stock import service as stock
from chalicelib.db import Transaction, metered
from chalicelib.kernel.money import Money
from tests.campaigns.brand import HOUR, NOW, Brand, deliver_due, deliver_events
from tests.faults import Faults, Killed, faults

__all__ = ["faults"]

CLOSES = NOW + 10 * HOUR
STEPS = ((1, 1_000), (20, 900), (50, 750))


def ladder(brand: Brand, quantity: int = 60) -> OfferTerms:
    """Pears on the ladder 1 -> 10.00, 20 -> 9.00, 50 -> 7.50."""
    return OfferTerms(
        brand.skus["pears"], None, quantity, ladder=tuple((units, Money(price, "CNY")) for units, price in STEPS)
    )


def counted(brand: Brand, campaign: CampaignRecord, orders: int, revenue_minor: int) -> None:
    """The campaign's progress as the orders domain keeps it."""
    tx = Transaction()
    tx.update(
        "progress",
        ProgressRecord,
        *ProgressRecord.address(brand.tenant_id, campaign.id),
        actions=[ProgressRecord.orders.set(orders), ProgressRecord.revenue_minor.set(revenue_minor)],
    )
    tx.commit()


def sold_at_close(brand: Brand, units: int, totals: CloseTotals, target: Target | None = None) -> CampaignRecord:
    """A ladder campaign that sold so many units, closed, and was decided."""
    campaign = brand.published(kind="ladder", offers=[ladder(brand)], target=target)
    if units:
        brand.sell(campaign, units, NOW)
    deliver_due(brand, campaign, CLOSES)
    closing.decide_target(brand.tenant_id, campaign.id, totals, CLOSES)
    return brand.read(campaign)


class TestLadder:
    @pytest.mark.parametrize(
        ("units", "final_minor"),
        [(0, 1_000), (19, 1_000), (20, 900), (49, 900), (50, 750)],
    )
    def test_the_price_at_the_close_is_everybodys_before_the_lock_is_announced(
        self, brand: Brand, units: int, final_minor: int
    ) -> None:
        campaign = sold_at_close(brand, units, CloseTotals(units, units, units * 1_000))
        assert (campaign.status, campaign.offers[0].final_price_minor) == ("locked", final_minor)
        assert campaign.offers[0].price_minor == 1_000
        assert [event["t"] for event in campaign.outbox] == ["campaign.locked"]
        assert campaign.totals == CloseTotals(units, units, units * 1_000)

    def test_a_target_by_amount_counts_what_was_ordered(self, brand: Brand) -> None:
        # 23 units were ordered for 230.00, although at 9.00 each they bring 207.00.
        missed = Target(Measure.AMOUNT, 23_001, OnMiss.CANCEL)
        assert sold_at_close(brand, 23, CloseTotals(23, 9, 23_000), missed).status == "cancelled"
        reached = Target(Measure.AMOUNT, 23_000, OnMiss.CANCEL)
        assert sold_at_close(brand, 23, CloseTotals(23, 9, 23_000), reached).status == "locked"

    def test_an_extended_campaign_has_no_final_price_yet(self, brand: Brand) -> None:
        missed = Target(Measure.QUANTITY, 30, OnMiss.EXTEND)
        campaign = sold_at_close(brand, 23, CloseTotals(23, 9, 23_000), missed)
        assert (campaign.status, campaign.offers[0].final_price_minor) == ("extended", None)

    def test_the_next_step_and_the_revenue_are_live(self, brand: Brand) -> None:
        campaign = brand.published(kind="ladder", offers=[ladder(brand)], goal=Money(41_400, "CNY"))
        brand.sell(campaign, 23, NOW)
        counted(brand, campaign, 9, 23_000)
        (now,) = progress.progress_of([brand.read(campaign)], NOW)
        (offer,) = now.offers
        assert (offer.price_minor, offer.next_step) == (900, (50, 750))
        assert (now.ordered_minor, now.revenue_minor) == (23_000, 20_700)  # 23 x 10.00, and 23 x 9.00
        assert now.goal_bps == 5_000  # half of 414.00


class TestCaps:
    CAPS: Mapping[str, object] = {"orders": 10, "amount": Money(50_000, "CNY")}

    @pytest.mark.parametrize(("orders", "units"), [(10, 10), (1, 50), (12, 50)])
    def test_a_cap_that_is_reached_closes_at_once(self, brand: Brand, orders: int, units: int) -> None:
        campaign = brand.published(caps=self.CAPS)
        brand.sell(campaign, units, NOW)
        counted(brand, campaign, orders, units * 1_000)
        for _ in range(3):
            closing.close_early(brand.tenant_id, campaign.id, NOW + HOUR)
        stored = brand.read(campaign)
        assert (stored.status, stored.closed_early_at, stored.closes_at) == ("closing", NOW + HOUR, CLOSES)
        assert [entry["type"] for entry in stored.history][-1] == "cap_reached"
        assert {bucket.status for bucket in brand.buckets(campaign)} == {"closed"}
        assert stored.rev == campaign.rev + 2, "first that the cap is reached, then the close"
        assert [event["t"] for event in stored.outbox] == ["campaign.closed"]

    def test_below_its_caps_and_without_any_it_stays_open(self, brand: Brand) -> None:
        capped, free = brand.published(caps=self.CAPS), brand.published()
        for campaign in (capped, free):
            brand.sell(campaign, 49, NOW)
            counted(brand, campaign, 9, 99_999)  # with delivery, which is no part of it
            closing.close_early(brand.tenant_id, campaign.id, NOW + HOUR)
            assert brand.read(campaign).status == "open"

    def test_once_its_fence_has_begun_it_closes_however_its_orders_count(self, brand: Brand, faults: Faults) -> None:
        """Every worker dies at its tenth request, and an order is cancelled before the next one comes."""
        campaign = brand.published(caps=self.CAPS, peak_orders_per_second=5_000)
        assert len(brand.buckets(campaign)) == 20
        counted(brand, campaign, 10, 1)
        died = 0
        while brand.read(campaign).status != "closing":
            assert died < 4
            faults.arm("killed", at=9)
            try:
                closing.close_early(brand.tenant_id, campaign.id, NOW + HOUR)
            except Killed:
                died += 1
            faults.arm(None)
            counted(brand, campaign, 9, 1)
        assert died > 1
        assert {bucket.status for bucket in brand.buckets(campaign)} == {"closed"}

    def test_an_edit_between_the_count_and_the_fence_does_not_keep_it_open(
        self, brand: Brand, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        campaign, fence = brand.published(caps=self.CAPS), stock.fence
        counted(brand, campaign, 10, 1)

        def edited_meanwhile(read: CampaignRecord) -> None:
            monkeypatch.undo()
            fence(read)
            service.edit_campaign(brand.tenant_id, campaign.id, CampaignTerms(title="Ripe pears"), brand.by, NOW + HOUR)
            counted(brand, campaign, 9, 1)

        monkeypatch.setattr(stock, "fence", edited_meanwhile)
        closing.close_early(brand.tenant_id, campaign.id, NOW + HOUR)
        assert brand.read(campaign).status == "closing"

    def test_the_fence_of_the_announced_close_is_not_taken_for_a_cap(self, brand: Brand) -> None:
        """A worker whose clock is ahead has fenced; by a cap the campaign could not be extended."""
        campaign = brand.published(caps=self.CAPS)
        counted(brand, campaign, 9, 1)
        stock.fence(campaign)
        closing.close_early(brand.tenant_id, campaign.id, CLOSES - HOUR)
        assert (brand.read(campaign).status, brand.read(campaign).is_extendable) == ("open", True)

    def test_an_order_below_the_caps_costs_two_reads(self, brand: Brand) -> None:
        campaign = brand.published(caps=self.CAPS)
        counted(brand, campaign, 9, 1)
        with metered() as meter:
            closing.close_early(brand.tenant_id, campaign.id, NOW + HOUR)
        assert (meter.reads, meter.writes) == (2, 0)

    def test_a_late_opening_timer_does_not_hold_it_up(self, brand: Brand) -> None:
        campaign = brand.published(caps=self.CAPS, opens_at=NOW + HOUR)
        counted(brand, campaign, 10, 1)
        closing.close_early(brand.tenant_id, campaign.id, NOW + HOUR)
        assert [entry["type"] for entry in brand.read(campaign).history][-2:] == ["opened", "cap_reached"]

    def test_what_a_cap_closed_is_not_extended_and_its_cancelling_clears_up(self, brand: Brand) -> None:
        brand.stocked("pears", 50)
        campaign = brand.published(caps=self.CAPS, target=Target(Measure.QUANTITY, 40, OnMiss.EXTEND))
        counted(brand, campaign, 10, 1)
        closing.close_early(brand.tenant_id, campaign.id, NOW + HOUR)
        closing.decide_target(brand.tenant_id, campaign.id, CloseTotals(39, 10, 1), NOW + HOUR)
        assert brand.read(campaign).status == "cancelled"
        deliver_events(brand, campaign, NOW + HOUR)
        assert brand.read(campaign).wound_up_at == NOW + HOUR
