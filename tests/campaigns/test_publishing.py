"""Drafting, changing, publishing and cancelling, on the embedded engine."""

from datetime import timedelta

import pytest

from chalicelib.campaigns.drafting.model.checks import DuplicateOffer, TargetOutOfReach, TimeInPast
from chalicelib.campaigns.drafting.model.completeness import CampaignIncomplete
from chalicelib.campaigns.drafting.model.editing import ClosesOnlyLater, NotEditable
from chalicelib.campaigns.drafting.model.terms import CampaignTerms
from chalicelib.campaigns.drafting.service.applying import UnknownSku
from chalicelib.campaigns.model.campaign import MoveRefused, Status
from chalicelib.campaigns.model.offer_terms import OfferTerms
from chalicelib.campaigns.model.target import OnMiss
from chalicelib.campaigns.service import listing
from chalicelib.campaigns.service import planning as service
from chalicelib.catalog.model.products import InsufficientStock, Supply, WrongCurrency
from chalicelib.catalog.service.set_aside import get_sku
from chalicelib.db import Refused, metered, tenant_scope
from chalicelib.kernel.errors import NotFound, Stale
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.money import Money
from chalicelib.pickup_points.service import UnknownPickupPoint
from tests.campaigns.brand import DAY, HOUR, NOW, Brand, brand_named, target
from tests.campaigns.terms import terms_of

MINUTE = timedelta(minutes=1)


class TestDraft:
    def test_a_title_is_enough(self, brand: Brand) -> None:
        draft = service.create_campaign(brand.tenant_id, CampaignTerms(title="Spring"), brand.by, NOW)
        stored = brand.read(draft)
        assert (stored.status, stored.kind, stored.currency, stored.offers) == ("draft", "group_order", "CNY", [])
        assert [entry["type"] for entry in stored.history] == ["created"]

    def test_an_offer_is_named_after_its_product_and_keeps_its_id(self, brand: Brand) -> None:
        draft = brand.draft()
        assert [offer.title for offer in draft.offers] == ["Pears · 2 kg"]
        offers = [brand.offer("plums", 200, 5), brand.offer("pears", 900, 60)]
        edited = service.edit_campaign(brand.tenant_id, draft.id, CampaignTerms(offers=offers), brand.by, NOW)
        assert edited.offers[1].offer_id == draft.offers[0].offer_id
        assert [offer.price_minor for offer in edited.offers] == [200, 900]

    def test_refusals_write_nothing(self, brand: Brand) -> None:
        draft = brand.draft()
        pears = brand.offer("pears", 1_000, 50)
        dollars = OfferTerms(brand.skus["pears"], Money(1_000, "USD"), 50)
        nowhere = new_id(NOW)
        for refusal, changes in (
            (DuplicateOffer, {"offers": [pears, pears]}),
            (WrongCurrency, {"offers": [dollars]}),
            (WrongCurrency, {"goal": Money(5, "USD")}),
            (UnknownSku, {"offers": [OfferTerms(nowhere, Money(1, "CNY"), 1)]}),
            (UnknownPickupPoint, {"pickup_point_ids": [brand.point_id, nowhere]}),
            (TargetOutOfReach, {"target": target(51, OnMiss.CANCEL)}),
            (TimeInPast, {"closes_at": NOW - DAY}),
        ):
            with pytest.raises(refusal):
                service.edit_campaign(brand.tenant_id, draft.id, terms_of(changes), brand.by, NOW)
        assert brand.read(draft).rev == draft.rev

    def test_fewer_units_must_still_reach_the_target(self, brand: Brand) -> None:
        draft = brand.draft(target=target(50, OnMiss.CANCEL))
        with pytest.raises(TargetOutOfReach):
            service.edit_campaign(
                brand.tenant_id, draft.id, terms_of({"offers": [brand.offer("pears", 1_000, 49)]}), brand.by, NOW
            )


class TestPublish:
    def test_without_an_opening_it_opens_at_once(self, brand: Brand) -> None:
        campaign = brand.read(brand.published())
        assert (campaign.status, campaign.opens_at) == ("open", NOW)
        assert [entry["type"] for entry in campaign.history] == ["created", "published", "opened"]
        assert (campaign.due_kind, campaign.due_at) == ("campaign.close", NOW + 10 * HOUR)
        (bucket,) = brand.buckets(campaign)
        assert (bucket.free, bucket.held, bucket.sold, bucket.status) == (50, 0, 0, "open")
        assert (bucket.opens_at, bucket.closes_at, bucket.campaign_id) == (NOW, NOW + 10 * HOUR, campaign.id)

    def test_with_an_opening_ahead_it_waits(self, brand: Brand) -> None:
        campaign = brand.published(opens_at=NOW + MINUTE)
        assert (campaign.status, campaign.due_kind, campaign.due_at) == ("scheduled", "campaign.open", NOW + MINUTE)
        with pytest.raises(Refused):
            brand.sell(campaign, 1, NOW + MINUTE - timedelta(milliseconds=1))
        brand.sell(campaign, 1, NOW + MINUTE)  # although no timer has moved the campaign yet

    def test_a_draft_whose_opening_went_by_opens_at_once(self, brand: Brand) -> None:
        draft = brand.draft(opens_at=NOW + MINUTE)
        later = NOW + HOUR
        campaign = service.publish_campaign(brand.tenant_id, draft.id, brand.by, later)
        assert (campaign.status, campaign.opens_at) == ("open", later)

    def test_gaps_are_named(self, brand: Brand) -> None:
        draft = service.create_campaign(brand.tenant_id, CampaignTerms(title="Spring"), brand.by, NOW)
        with pytest.raises(CampaignIncomplete) as refused:
            service.publish_campaign(brand.tenant_id, draft.id, brand.by, NOW)
        assert len(refused.value.errors) == 3

    def test_a_close_that_went_by_is_refused(self, brand: Brand) -> None:
        draft = brand.draft()
        with pytest.raises(TimeInPast):
            service.publish_campaign(brand.tenant_id, draft.id, brand.by, NOW + 10 * HOUR)
        assert brand.read(draft).status == "draft"

    def test_twice_is_refused(self, brand: Brand) -> None:
        campaign = brand.published()
        with pytest.raises(MoveRefused):
            service.publish_campaign(brand.tenant_id, campaign.id, brand.by, NOW)

    def test_what_is_on_the_shelf_is_set_aside_and_the_rest_is_to_be_bought(self, brand: Brand) -> None:
        brand.stocked("pears", 60)
        offers = [brand.offer("pears", 1_000, 50), brand.offer("plums", 250, 1_000)]
        campaign = brand.published(offers=offers)
        assert [offer.set_aside for offer in campaign.offers] == [50, 0]
        pears = get_sku(brand.tenant_id, brand.skus["pears"])
        assert (pears.free, pears.allocated) == (10, 50)

    def test_more_than_the_stock_is_refused_and_nothing_is_laid_out(self, brand: Brand) -> None:
        brand.stocked("pears", 49)
        brand.supplied("pears", Supply.STOCK)
        draft = brand.draft()
        with pytest.raises(
            InsufficientStock, match=r'only 49 of 50 are free on the shelf.*supply of the SKU to "both"'
        ):
            service.publish_campaign(brand.tenant_id, draft.id, brand.by, NOW)
        assert brand.read(draft).status == "draft"
        assert brand.buckets(draft) == []
        assert get_sku(brand.tenant_id, brand.skus["pears"]).free == 49

    def test_the_expected_peak_decides_the_buckets(self, brand: Brand) -> None:
        campaign = brand.published(peak_orders_per_second=2_500, offers=[brand.offer("pears", 1_000, 303)])
        assert [int(bucket.free) for bucket in brand.buckets(campaign)] == [31, 31, 31] + [30] * 7
        assert campaign.shards == 10


class TestEdit:
    def test_moving_the_close_moves_the_buckets_in_one_transaction(self, brand: Brand) -> None:
        campaign = brand.published(peak_orders_per_second=750)
        with metered() as meter:
            service.edit_campaign(
                brand.tenant_id, campaign.id, CampaignTerms(closes_at=NOW + 12 * HOUR), brand.by, NOW + HOUR
            )
        assert (meter.reads, meter.writes) == (1, 1)
        assert {bucket.closes_at for bucket in brand.buckets(campaign)} == {NOW + 12 * HOUR}
        assert brand.read(campaign).due_at == NOW + 12 * HOUR

    def test_a_scheduled_campaign_may_be_moved_as_a_whole(self, brand: Brand) -> None:
        campaign = brand.published(opens_at=NOW + DAY, closes_at=NOW + 2 * DAY)
        times = {"opens_at": NOW + HOUR, "closes_at": NOW + 3 * HOUR}
        service.edit_campaign(brand.tenant_id, campaign.id, terms_of(times), brand.by, NOW)
        (bucket,) = brand.buckets(campaign)
        assert (bucket.opens_at, bucket.closes_at) == (NOW + HOUR, NOW + 3 * HOUR)
        assert brand.read(campaign).due_at == NOW + HOUR

    def test_a_scheduled_campaign_may_be_opened_now(self, brand: Brand) -> None:
        campaign = brand.published(opens_at=NOW + DAY, closes_at=NOW + 2 * DAY)
        edited = service.edit_campaign(brand.tenant_id, campaign.id, CampaignTerms(opens_at=None), brand.by, NOW + HOUR)
        assert edited.shown_status(NOW + HOUR) is Status.OPEN
        brand.sell(campaign, 1, NOW + HOUR)

    def test_an_open_campaign_closes_only_later(self, brand: Brand) -> None:
        campaign = brand.published()
        with pytest.raises(ClosesOnlyLater):
            service.edit_campaign(brand.tenant_id, campaign.id, CampaignTerms(closes_at=NOW + 9 * HOUR), brand.by, NOW)
        with pytest.raises(NotEditable):
            service.edit_campaign(brand.tenant_id, campaign.id, terms_of({"offers": []}), brand.by, NOW)

    def test_after_the_close_nothing_changes_even_before_the_timer(self, brand: Brand) -> None:
        campaign = brand.published()
        with pytest.raises(NotEditable):
            service.edit_campaign(
                brand.tenant_id, campaign.id, CampaignTerms(closes_at=NOW + DAY), brand.by, NOW + 10 * HOUR
            )

    def test_a_stale_revision_is_refused(self, brand: Brand) -> None:
        draft = brand.draft()
        service.edit_campaign(brand.tenant_id, draft.id, CampaignTerms(title="Plums"), brand.by, NOW, if_match=1)
        with pytest.raises(Stale):
            service.edit_campaign(brand.tenant_id, draft.id, CampaignTerms(title="Pears"), brand.by, NOW, if_match=1)
        assert brand.read(draft).title == "Plums"


class TestTenants:
    def test_another_tenant_sees_and_changes_nothing(self, brand: Brand) -> None:
        campaign = brand.published()
        other = brand_named("meadow")
        with tenant_scope(other.tenant_id):
            with pytest.raises(NotFound):
                service.get_campaign(other.tenant_id, campaign.id)
            with pytest.raises(NotFound):
                service.cancel_campaign(other.tenant_id, campaign.id, other.by, NOW)
            with pytest.raises(UnknownPickupPoint):
                other.draft(pickup_point_ids=[brand.point_id])
            with pytest.raises(UnknownSku):
                other.draft(offers=[brand.offer("pears", 1_000, 1)])
            assert listing.list_campaigns(other.tenant_id, NOW).items == []
        assert brand.read(campaign).status == "open"


class TestLists:
    def test_a_status_filter_follows_what_the_reader_is_shown(self, brand: Brand) -> None:
        draft = brand.draft()
        soon = brand.published(opens_at=NOW + HOUR)
        open_now = brand.published(closes_at=NOW + 2 * HOUR)

        def listed(status: Status, at: timedelta) -> list[str]:
            return [each.id for each in listing.list_campaigns(brand.tenant_id, NOW + at, status=status).items]

        assert listed(Status.DRAFT, HOUR) == [draft.id]
        assert listed(Status.SCHEDULED, timedelta()) == [soon.id]
        assert sorted(listed(Status.OPEN, HOUR)) == sorted([open_now.id, soon.id])
        assert listed(Status.OPEN, 2 * HOUR) == [soon.id]
        assert listed(Status.CLOSING, 2 * HOUR) == [open_now.id]

    def test_on_show_are_the_open_and_the_coming_next_to_close_first(self, brand: Brand) -> None:
        brand.draft()
        soon = brand.published(opens_at=NOW + HOUR)
        open_now = brand.published(closes_at=NOW + 2 * HOUR)
        cancelled = brand.published()
        service.cancel_campaign(brand.tenant_id, cancelled.id, brand.by, NOW)
        shown = [each.id for each in listing.list_on_show(brand.tenant_id, NOW).items]
        assert shown == [open_now.id, soon.id]
        assert [each.id for each in listing.list_on_show(brand.tenant_id, NOW + 2 * HOUR).items] == [soon.id]
