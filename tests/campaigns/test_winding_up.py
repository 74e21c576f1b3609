"""What an ended campaign gives back: stock to the SKUs, orders to the orders domain."""

from datetime import timedelta

import pytest

from chalicelib.campaigns.lifecycle.service import closing
from chalicelib.campaigns.model.campaign import MoveRefused
from chalicelib.campaigns.model.target import CloseTotals
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service import planning as service
from chalicelib.catalog.service.set_aside import get_sku
from chalicelib.db import Refused
from tests.campaigns.brand import HOUR, NOW, Brand, deliver_due, deliver_events

CLOSES = NOW + 10 * HOUR
FIVE_MINUTES = timedelta(minutes=5)


def stock(brand: Brand) -> tuple[int, int]:
    """Free and allocated pears."""
    pears = get_sku(brand.tenant_id, brand.skus["pears"])
    return int(pears.free), int(pears.allocated)


@pytest.fixture
def sold_two(brand: Brand) -> CampaignRecord:
    """60 pears in stock, 50 of them on offer in three buckets, 2 sold."""
    brand.stocked("pears", 60)
    campaign = brand.published(peak_orders_per_second=750)
    brand.sell(campaign, 2, NOW)
    return campaign


def cancel(brand: Brand, campaign: CampaignRecord) -> None:
    service.cancel_campaign(brand.tenant_id, campaign.id, brand.by, NOW + HOUR, reason="The frost came")


class TestCancel:
    def test_a_draft_is_cancelled_and_leaves_nothing_to_do(self, brand: Brand) -> None:
        draft = brand.draft()
        cancel(brand, draft)
        stored = brand.read(draft)
        assert (stored.status, stored.due_kind, stored.outbox) == ("cancelled", None, None)

    def test_orders_are_released_only_behind_the_fence(self, brand: Brand, sold_two: CampaignRecord) -> None:
        cancel(brand, sold_two)
        assert deliver_events(brand, sold_two, NOW + HOUR) == ["campaign.cancelled"]
        stored = brand.read(sold_two)
        assert [event["t"] for event in stored.outbox] == ["campaign.releasing"]
        assert {bucket.status for bucket in brand.buckets(sold_two)} == {"closed"}
        with pytest.raises(Refused):
            brand.sell(sold_two, 1, NOW + HOUR)

    def test_unsold_units_go_back_at_once_and_released_ones_after(self, brand: Brand, sold_two: CampaignRecord) -> None:
        assert stock(brand) == (10, 50)
        cancel(brand, sold_two)
        deliver_events(brand, sold_two, NOW + HOUR)
        assert stock(brand) == (58, 2)
        closing.return_unsold(brand.tenant_id, sold_two.id, NOW + HOUR)
        assert brand.read(sold_two).wound_up_at is None  # two units are still out
        brand.unsell(sold_two, 2)
        closing.return_unsold(brand.tenant_id, sold_two.id, NOW + HOUR)
        assert stock(brand) == (60, 0)
        assert brand.read(sold_two).due_kind is None

    def test_without_an_answer_the_release_is_asked_for_again(self, brand: Brand, sold_two: CampaignRecord) -> None:
        cancel(brand, sold_two)
        deliver_events(brand, sold_two, NOW + HOUR)
        assert deliver_due(brand, sold_two, NOW + HOUR + FIVE_MINUTES) == "campaign.wind_up"
        assert [event["t"] for event in brand.read(sold_two).outbox] == ["campaign.releasing"]
        brand.unsell(sold_two, 2)
        assert deliver_due(brand, sold_two, NOW + HOUR + 2 * FIVE_MINUTES) == "campaign.wind_up"
        stored = brand.read(sold_two)
        assert (stock(brand), stored.outbox, stored.due_kind) == ((60, 0), None, None)

    def test_a_lost_event_is_made_good_by_the_sweep(self, brand: Brand, sold_two: CampaignRecord) -> None:
        cancel(brand, sold_two)
        assert deliver_due(brand, sold_two, NOW + HOUR + FIVE_MINUTES) == "campaign.wind_up"
        assert [event["t"] for event in brand.read(sold_two).outbox] == ["campaign.releasing"]

    def test_the_event_twice_gives_back_once(self, brand: Brand, sold_two: CampaignRecord) -> None:
        cancel(brand, sold_two)
        for _ in range(3):
            closing.wind_up(brand.tenant_id, sold_two.id, NOW + HOUR)
        assert stock(brand) == (58, 2)

    def test_a_scheduled_campaign_gives_everything_back(self, brand: Brand) -> None:
        brand.stocked("pears", 60)
        campaign = brand.published(opens_at=NOW + 2 * HOUR)
        cancel(brand, campaign)
        deliver_events(brand, campaign, NOW + HOUR)
        assert (stock(brand), brand.read(campaign).due_kind) == ((60, 0), None)

    def test_what_was_offered_before_its_stock_was_tracked_gives_nothing_back(self, brand: Brand) -> None:
        untracked = brand.published()
        brand.stocked("pears", 60)
        brand.published()
        cancel(brand, untracked)
        deliver_events(brand, untracked, NOW + HOUR)
        assert stock(brand) == (10, 50)  # what the other campaign has set aside stays there

    def test_after_the_close_it_is_too_late(self, brand: Brand, sold_two: CampaignRecord) -> None:
        with pytest.raises(MoveRefused, match="can no longer be cancelled"):
            service.cancel_campaign(brand.tenant_id, sold_two.id, brand.by, CLOSES)
        assert brand.read(sold_two).status == "open"

    def test_the_audit_log_keeps_the_reason(self, brand: Brand, sold_two: CampaignRecord) -> None:
        from chalicelib.tenants.service.audit import audit_log

        cancel(brand, sold_two)
        target = f"campaign:{sold_two.id}"
        log = audit_log(brand.tenant_id, target=target, action=None, limit=10, cursor=None).items
        assert [entry.action for entry in log] == ["campaign.cancelled", "campaign.published", "campaign.created"]
        assert log[0].changes == {"reason": "The frost came"}


def test_a_locked_campaign_keeps_what_was_sold_and_gives_the_rest_back(brand: Brand, sold_two: CampaignRecord) -> None:
    deliver_due(brand, sold_two, CLOSES)
    closing.decide_target(brand.tenant_id, sold_two.id, CloseTotals(2, 1, 2_000), CLOSES)
    assert deliver_events(brand, sold_two, CLOSES) == ["campaign.locked"]
    assert stock(brand) == (58, 2)
    assert sum(bucket.sold for bucket in brand.buckets(sold_two)) == 2
    assert brand.read(sold_two).due_kind is None
