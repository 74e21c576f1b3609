"""More buyers than units: exactly the units are sold, and each refusal says so."""

from collections import Counter

import pytest

from chalicelib.campaigns.model.offer_terms import BundleTerms, OfferTerms, PartTerms
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.stock import service as campaign_stock
from chalicelib.db import tenant_scope
from chalicelib.kernel import clock
from chalicelib.kernel.errors import DomainError
from chalicelib.kernel.money import Money
from chalicelib.members.enrolment.service import find_or_create_by_ref
from chalicelib.orders.ending.service.cancelling import cancel
from chalicelib.web.tokens import issue
from tests.builders import Member, Shop, made
from tests.conftest import Served
from tests.orders.store import Store
from tests.races.threads import all_at_once

BUYERS, UNITS = 400, 50


def buy(store: Store, campaign: CampaignRecord, quantity: int, member: int) -> str:
    try:
        return store.place(campaign, quantity, member=member).status
    except DomainError as refusal:
        return refusal.code


@pytest.mark.parametrize("buckets", [1, 10])
def test_400_buyers_for_50_units(store: Store, buckets: int) -> None:
    campaign = store.publish(UNITS, peak=buckets)
    store.member(BUYERS)
    results = Counter(all_at_once(lambda n: buy(store, campaign, 1, n), range(BUYERS)))
    assert results == {"placed": UNITS, "sold_out": BUYERS - UNITS}
    assert store.free(campaign) == 0
    store.check_stock(campaign)


def test_orders_of_three_units_empty_ten_buckets_to_the_remainder(store: Store) -> None:
    """50 units in ten buckets of five: 16 orders of three take 48, most of the last ones from several buckets."""
    campaign = store.publish(UNITS, peak=10)
    store.member(120)
    results = Counter(all_at_once(lambda n: buy(store, campaign, 3, n), range(120)))
    assert results == {"placed": 16, "sold_out": 104}
    assert store.free(campaign) == 2
    store.check_stock(campaign)


def test_cancelling_and_buying_at_once_loses_no_unit(store: Store) -> None:
    campaign = store.publish(UNITS, peak=3)
    store.member(2 * UNITS)
    orders = [store.place(campaign, 1, member=n) for n in range(UNITS)]

    def act(n: int) -> str:
        if n < UNITS:
            return cancel(store.tenant_id, store.member(n), orders[n].id, clock.now()).status
        return buy(store, campaign, 1, n)

    results = Counter(all_at_once(act, [each for n in range(UNITS) for each in (n, UNITS + n)]))
    assert results["cancelled"] == UNITS
    assert results["placed"] + results["sold_out"] == UNITS
    assert store.free(campaign) == UNITS - results["placed"]
    store.check_stock(campaign)


def test_one_member_cannot_pass_the_limit_with_many_orders_at_once(store: Store) -> None:
    campaign = store.publish(500, limit=5)
    store.member(0)

    def order(n: int) -> str:
        try:
            return store.place(campaign, 1, key=f"key-{n}").status
        except DomainError as refusal:
            return refusal.code

    assert Counter(all_at_once(order, range(40))) == {"placed": 5, "limit_reached": 35}
    store.check_stock(campaign)


def test_a_bundle_and_its_part_alone_race_for_the_last_units_of_one_stock(store: Store) -> None:
    """30 pears, alone or in at most 25 bundles with eggs: 60 buyers of either kind, and no pear is sold twice."""
    parts = BundleTerms((PartTerms(store.skus[0], 1), PartTerms(store.skus[1], 1)), "Pair")
    offers = [
        OfferTerms(store.skus[0], Money(1_250, "CNY"), 30),
        OfferTerms("", Money(2_000, "CNY"), 25, bundle=parts),
    ]
    campaign = store.publish(offers=offers, peak=2)
    store.member(120)

    def act(n: int) -> str:
        units = (1, 0) if n % 2 else (0, 1)
        try:
            return store.place(campaign, *units, member=n).status
        except DomainError as refusal:
            return refusal.code

    assert Counter(all_at_once(act, range(120))) == {"placed": 30, "sold_out": 90}
    assert campaign_stock.sold_by_sku(store.again(campaign))[store.skus[0]] == 30
    store.check_stock(campaign)


def members_of(shop: Shop, count: int) -> list[Member]:
    """So many signed-in members, enrolled together: one by one they would take longer than the race."""
    refs = [f"buyer-{n}" for n in range(count)]
    with tenant_scope(shop.tenant_id):
        found = find_or_create_by_ref(shop.tenant_id, refs, clock.now(), None)

    def signed_in(member_id: str) -> Member:
        token = issue("member", shop.tenant_id, shop.slug, member_id, frozenset(), clock.now(), 3600)
        return Member(member_id, token, "")

    return [signed_in(found[ref].id) for ref in refs]


def test_400_buyers_for_50_units_over_http(server: Served, served_shop: Shop) -> None:
    shop = served_shop
    campaign = shop.campaign(offers=[shop.offer(quantity=UNITS)])
    members = members_of(shop, BUYERS)
    replies = all_at_once(lambda member: shop.order(member, campaign=campaign), members)
    assert Counter((reply.status, reply.json.get("code")) for reply in replies) == {
        (201, None): UNITS,
        (409, "sold_out"): BUYERS - UNITS,
    }
    progress = made(shop.brand.get(f"/v1/campaigns/{campaign['id']}/progress"), 200)
    assert (progress["sold"], progress["left"]) == (UNITS, 0)
    server.quiet()
    progress = made(shop.brand.get(f"/v1/campaigns/{campaign['id']}/progress"), 200)
    assert (progress["participants"], progress["revenue"]) == (UNITS, shop.money(900 * UNITS))
