"""More of an offer, put on sale while its members order it: sold at once, counted right, and taken from stock."""

import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.campaigns.drafting.model.checks import LimitAboveQuantity
from chalicelib.campaigns.drafting.model.editing import NotEditable
from chalicelib.campaigns.drafting.model.raising import OffersOnlyRise
from chalicelib.campaigns.lifecycle.service import closing
from chalicelib.campaigns.progress.service import progress_of
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service import planning as campaigns
from chalicelib.campaigns.service.running import close_now, raise_offer
from chalicelib.campaigns.stock import service as campaign_stock
from chalicelib.campaigns.stock.model import MAX_STOCK_OPERATIONS
from chalicelib.catalog.model.products import InsufficientStock, ProductDetails, SkuChange, Supply
from chalicelib.catalog.service import products
from chalicelib.catalog.service.ledger import adjust_stock
from chalicelib.catalog.service.set_aside import get_sku
from chalicelib.db import Transaction, tenant_scope
from chalicelib.kernel import clock
from chalicelib.kernel.errors import NotFound, Stale, Unavailable
from chalicelib.orders.errors import LimitReached, SoldOut
from chalicelib.orders.rush import service as rush
from tests.conftest import Clock
from tests.orders.store import Store


def to(store: Store, campaign: CampaignRecord, quantity: int, **more: Any) -> CampaignRecord:
    offer_id = campaign.offers[0].offer_id
    return raise_offer(store.tenant_id, campaign.id, offer_id, store.staff, clock.now(), quantity=quantity, **more)


def supplied(store: Store, supply: Supply) -> None:
    """From now on campaigns are given the first SKU in this way."""
    product_id, change = get_sku(store.tenant_id, store.skus[0]).product_id, SkuChange(store.skus[0], supply=supply)
    products.edit_product(store.tenant_id, product_id, ProductDetails(), [change], None, store.staff, clock.now())


def stocked(store: Store, units: int) -> None:
    adjust_stock(store.tenant_id, store.skus[0], units, "counted", f"k{units}", "hash", store.staff, clock.now())


def test_what_was_sold_out_is_sold_again_and_the_page_counts_it(store: Store) -> None:
    campaign = store.publish(5)
    store.place(campaign, 5)
    with pytest.raises(SoldOut):
        store.place(campaign, 1, member=1)
    raised = to(store, campaign, 8)
    store.place(campaign, 2, member=1)
    (now,) = progress_of([store.again(campaign)], clock.now())
    assert (raised.offers[0].quantity, now.sold, now.left) == (8, 7, 1)
    assert (raised.history[-1]["type"], raised.history[-1]["by"]) == ("offer_raised", store.staff.label)
    store.check_stock(store.again(campaign))


def test_named_again_it_changes_nothing(store: Store) -> None:
    campaign = store.publish(5)
    first, again = to(store, campaign, 8), to(store, campaign, 8)
    assert (again.rev, store.free(campaign)) == (first.rev, 8)


def test_a_write_that_landed_although_its_answer_was_lost_is_not_made_twice(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign, commit = store.publish(5, peak=3), Transaction.commit

    def landed(tx: Transaction) -> None:
        monkeypatch.undo()
        commit(tx)
        raise KeyboardInterrupt

    monkeypatch.setattr(Transaction, "commit", landed)
    with pytest.raises(KeyboardInterrupt):
        to(store, campaign, 50)
    assert to(store, campaign, 50).offers[0].quantity == store.free(campaign) == 50


def test_units_are_spread_over_the_buckets_that_are_there(store: Store) -> None:
    campaign = store.publish(6, peak=3)
    to(store, campaign, 14)
    assert sorted(int(bucket.free) for bucket in store.buckets(campaign)) == [4, 5, 5]


def test_a_rush_that_saw_it_sold_out_sells_it_a_second_later(store: Store, clock: Clock) -> None:
    rush.forget()
    campaign = store.publish(3, peak=3)
    store.place(campaign, 3)
    with pytest.raises(SoldOut):
        store.place(campaign, 1, member=1)
    to(store, campaign, 6)
    clock.advance(seconds=1)
    store.place(campaign, 3, member=1)
    store.check_stock(store.again(campaign))


def test_what_came_from_stock_takes_the_rest_from_it_too(store: Store) -> None:
    stocked(store, 12)
    supplied(store, Supply.STOCK)
    campaign = store.publish(10)
    with pytest.raises(InsufficientStock):
        to(store, campaign, 13)
    assert (store.free(campaign), store.again(campaign).offers[0].quantity) == (10, 10)
    to(store, campaign, 12)
    sku = get_sku(store.tenant_id, store.skus[0])
    assert (sku.free, sku.allocated) == (0, 12)
    campaigns.cancel_campaign(store.tenant_id, campaign.id, store.staff, clock.now())
    closing.wind_up(store.tenant_id, campaign.id, clock.now())
    sku = get_sku(store.tenant_id, store.skus[0])
    assert (sku.free, sku.allocated) == (12, 0)


def test_what_the_shelf_does_not_have_is_bought(store: Store) -> None:
    stocked(store, 12)
    campaign = store.publish(10)
    to(store, campaign, 15)
    [offer] = store.again(campaign).offers
    assert (offer.quantity, offer.set_aside) == (15, 12)
    assert get_sku(store.tenant_id, store.skus[0]).free == 0


def test_before_the_opening_too_but_neither_a_draft_nor_what_has_closed(store: Store) -> None:
    scheduled = store.publish(5, opens_at=clock.now() + timedelta(hours=1))
    assert to(store, scheduled, 9).offers[0].quantity == store.free(scheduled) == 9
    closed, locked = store.publish(5), store.publish(5)
    close_now(store.tenant_id, closed.id, store.staff, clock.now())
    store.lock(locked)
    for campaign in (closed, locked):
        with pytest.raises(NotEditable):
            to(store, campaign, 9)
        assert store.again(campaign).offers[0].quantity == 5


def test_a_close_that_has_begun_takes_no_more_units(store: Store) -> None:
    campaign = store.publish(5, peak=2)
    campaign_stock.fence(campaign)
    with pytest.raises(Unavailable):
        to(store, campaign, 9)
    assert store.free(campaign) == 5


@pytest.mark.parametrize(
    ("before", "terms", "pointer"),
    [
        (None, {"quantity": 4}, "/quantity"),
        (None, {"quantity": 9, "per_member_limit": 9}, "/per_member_limit"),
        (3, {"quantity": 9, "per_member_limit": 2}, "/per_member_limit"),
    ],
)
def test_nothing_that_was_promised_is_taken_back(
    store: Store, before: int | None, terms: dict[str, int], pointer: str
) -> None:
    campaign = store.publish(5, limit=before)
    with pytest.raises(OffersOnlyRise) as refused:
        to(store, campaign, **terms)
    assert [error.pointer for error in refused.value.errors] == [pointer]
    assert store.again(campaign).rev == campaign.rev


def test_a_members_limit_may_rise_or_fall_away(store: Store) -> None:
    campaign = store.publish(9, limit=2)
    store.place(campaign, 2)
    with pytest.raises(LimitReached):
        store.place(campaign, 1, key="more")
    with pytest.raises(LimitAboveQuantity):
        to(store, campaign, 9, per_member_limit=10)
    to(store, campaign, 9, per_member_limit=3)
    store.place(campaign, 1, key="more")
    with pytest.raises(LimitReached):
        store.place(campaign, 1, key="much more")
    to(store, campaign, 9, per_member_limit=None)
    store.place(campaign, 4, key="much more")
    store.check_stock(store.again(campaign))


def test_what_is_not_there_and_what_was_seen_otherwise_is_refused(store: Store) -> None:
    campaign = store.publish(5)
    with pytest.raises(NotFound):
        raise_offer(store.tenant_id, campaign.id, campaign.id, store.staff, clock.now(), quantity=9)
    with pytest.raises(Stale):
        to(store, campaign, 9, if_match=int(campaign.rev) - 1)


def test_raised_again_and_again_while_members_order_nothing_is_oversold_or_lost(store: Store) -> None:
    campaign = store.publish(10, peak=3)
    store.member(5)

    def act(n: int) -> int:
        with tenant_scope(store.tenant_id):
            with suppress(SoldOut, Unavailable, OffersOnlyRise):
                if n % 10 != 9:
                    return store.place(campaign, 1, member=n % 6, key=f"key-{n}").quantity
                to(store, campaign, 10 + n)
            return 0

    with ThreadPoolExecutor(8) as pool:
        taken = sum(pool.map(act, random.Random(3).sample(range(100), 100)))
    offered = store.again(campaign).offers[0].quantity
    assert (offered, taken + store.free(campaign)) == (109, 109)
    store.check_stock(store.again(campaign))


def test_an_offer_of_the_most_buckets_still_fits_one_transaction(store: Store) -> None:
    stocked(store, 1_000)
    campaign = store.publish(100, peak=20)
    assert campaign.offers[0].buckets == 20 < MAX_STOCK_OPERATIONS
    assert to(store, campaign, 1_000).offers[0].quantity == store.free(campaign) == 1_000
