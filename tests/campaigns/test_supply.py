"""Where a campaign's units come from: the shelf, the supplier, or the shelf first and then the supplier."""

from dataclasses import replace

import pytest

from chalicelib.campaigns.lifecycle.service import closing
from chalicelib.campaigns.model.offers import Offer
from chalicelib.campaigns.model.target import CloseTotals
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service import planning
from chalicelib.campaigns.stock import service as stock
from chalicelib.campaigns.stock.records import StockBucket
from chalicelib.catalog.model.products import InsufficientStock, Supply
from chalicelib.catalog.service.set_aside import get_sku
from chalicelib.db import Transaction
from tests.campaigns.brand import HOUR, NOW, Brand

CLOSES = NOW + 10 * HOUR


def offering(brand: Brand, units: int) -> CampaignRecord:
    """A campaign with so many pears, open now."""
    return brand.published(offers=[brand.offer("pears", 1_000, units)])


def shelf(brand: Brand) -> tuple[int, int]:
    """The pears that are free, and those set aside."""
    pears = get_sku(brand.tenant_id, brand.skus["pears"])
    return int(pears.free), int(pears.allocated)


def lock(brand: Brand, campaign: CampaignRecord, sold: int) -> None:
    """So many are sold, and the campaign is locked and cleared up."""
    if sold:
        brand.sell(campaign, sold, NOW)
    closing.close_campaign(brand.tenant_id, campaign.id, CLOSES)
    closing.decide_target(brand.tenant_id, campaign.id, CloseTotals(sold, 1, sold * 1_000), CLOSES)
    closing.wind_up(brand.tenant_id, campaign.id, CLOSES)


def cancelled_by_staff(brand: Brand, campaign: CampaignRecord, units: int) -> None:
    """So many sold units are free again, after the lock."""
    bucket = brand.buckets(campaign)[0]
    tx = Transaction()
    back = [StockBucket.sold.add(-units), StockBucket.free.add(units)]
    tx.update("bucket", StockBucket, bucket.pk, bucket.sk, actions=back)
    tx.commit()
    stock.return_unsold(brand.read(campaign), CLOSES)


def test_the_shelf_comes_first_and_the_rest_is_bought(brand: Brand) -> None:
    brand.stocked("pears", 5)
    campaign = offering(brand, 60)
    assert (campaign.offers[0].set_aside, shelf(brand)) == (5, (0, 5))


def test_goods_that_are_bought_to_order_leave_the_shelf_alone(brand: Brand) -> None:
    brand.stocked("pears", 5)
    brand.supplied("pears", Supply.TO_ORDER)
    campaign = offering(brand, 60)
    assert (campaign.offers[0].set_aside, shelf(brand)) == (0, (5, 0))
    lock(brand, campaign, 3)
    assert shelf(brand) == (5, 0)


@pytest.mark.parametrize(("units", "fits"), [(5, True), (6, False)])
def test_goods_from_stock_are_offered_as_far_as_they_are_on_the_shelf(brand: Brand, units: int, fits: bool) -> None:
    brand.stocked("pears", 5)
    brand.supplied("pears", Supply.STOCK)
    if fits:
        assert offering(brand, units).offers[0].set_aside == 5
    else:
        with pytest.raises(InsufficientStock, match="only 5 of 6 are free on the shelf"):
            offering(brand, units)


def test_goods_from_stock_that_never_were_on_the_shelf_cannot_be_offered(brand: Brand) -> None:
    brand.supplied("pears", Supply.STOCK)
    with pytest.raises(InsufficientStock, match="only 0 of 1 are free on the shelf"):
        offering(brand, 1)


@pytest.mark.parametrize(("sold", "left"), [(0, (5, 0)), (3, (2, 3)), (5, (0, 5)), (30, (0, 5))])
def test_what_the_shelf_gave_and_nobody_took_goes_back(brand: Brand, sold: int, left: tuple[int, int]) -> None:
    brand.stocked("pears", 5)
    campaign = offering(brand, 60)
    lock(brand, campaign, sold)
    assert shelf(brand) == left
    for _ in range(2):
        stock.return_unsold(brand.read(campaign), CLOSES)
    assert shelf(brand) == left


def test_what_comes_free_after_the_lock_is_first_what_was_bought(brand: Brand) -> None:
    brand.stocked("pears", 5)
    campaign = offering(brand, 60)
    lock(brand, campaign, 8)
    # 5 of the 8 are the shelf's and 3 are bought: two that come free were to be bought, of the next two one was.
    cancelled_by_staff(brand, campaign, 2)
    assert shelf(brand) == (0, 5)
    cancelled_by_staff(brand, campaign, 2)
    assert shelf(brand) == (1, 4)


def test_two_campaigns_at_once_share_the_shelf(brand: Brand) -> None:
    brand.stocked("pears", 5)
    first, second = offering(brand, 3), offering(brand, 60)
    assert [each.offers[0].set_aside for each in (first, second)] == [3, 2]
    lock(brand, first, 1)
    lock(brand, second, 40)
    assert shelf(brand) == (2, 3)


def test_buckets_are_cleared_together_where_only_some_units_are_the_shelfs(brand: Brand) -> None:
    brand.stocked("pears", 5)
    campaign = brand.published(peak_orders_per_second=750, offers=[brand.offer("pears", 1_000, 60)])
    assert len(brand.buckets(campaign)) == 3
    lock(brand, campaign, 4)  # of the first bucket
    assert shelf(brand) == (1, 4)


def test_a_cancelled_campaign_gives_back_what_it_took_and_no_more(brand: Brand) -> None:
    brand.stocked("pears", 5)
    campaign = offering(brand, 60)
    planning.cancel_campaign(brand.tenant_id, campaign.id, brand.by, NOW)
    closing.wind_up(brand.tenant_id, campaign.id, NOW)
    assert shelf(brand) == (5, 0)


def test_offers_published_when_a_shelf_gave_all_or_nothing_are_read_as_that() -> None:
    offer = Offer("O", "S", "Pears", 1_000, 50)
    assert Offer.from_json({**offer.as_json(), "tracked": True}) == replace(offer, set_aside=50)
    assert Offer.from_json({**offer.as_json(), "tracked": False}) == offer
