"""The purchase list follows its orders until it is bought, and the brand may buy more than they hold."""

import pytest

from chalicelib.campaigns.lifecycle.service import advancing
from chalicelib.campaigns.model.campaign import Status
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.fulfilment.purchasing import service
from chalicelib.fulfilment.purchasing.errors import AlreadyReceiving, NotOnList, PurchasingOver
from chalicelib.fulfilment.purchasing.model import PurchaseLine
from chalicelib.fulfilment.receiving.model.receipts import Arrival
from chalicelib.fulfilment.suppliers.model import BelowMinimum
from chalicelib.kernel import clock
from chalicelib.orders.adjustments.service import adjust
from chalicelib.orders.records import OrderRecord
from tests.builders import Shop, made
from tests.conftest import Clock, Sweep
from tests.fulfilment.buying import agree, allocate, frozen, locked, receive, supplier
from tests.orders.store import Store


def take_out(store: Store, order: OrderRecord, leave: int = 0) -> None:
    lines = {line.offer_id: leave for line in order.lines}
    adjust(store.tenant_id, order.id, lines, cause="c", reason="Rang", by="staff", now=clock.now())


def latest(store: Store, campaign: CampaignRecord) -> tuple[int, list[PurchaseLine]]:
    found = service.read_version(store.tenant_id, campaign.id, None, clock.now()).record
    return int(found.version), found.lines


def top_up(store: Store, campaign: CampaignRecord, units: int, sku: int = 0) -> PurchaseLine:
    wanted = {store.skus[sku]: units}
    lines = service.top_up(store.tenant_id, campaign.id, wanted, store.staff, clock.now()).lines
    return next(line for line in lines if line.sku_id == store.skus[sku])


def buying(store: Store, campaign: CampaignRecord) -> None:
    advancing.advance(store.tenant_id, campaign.id, Status.PURCHASING, store.staff, clock.now())


def test_orders_that_end_before_anything_is_bought_leave_the_list(store: Store) -> None:
    campaign, orders = locked(store, 5, 3)
    frozen(store, campaign.id)
    take_out(store, orders[1])
    for _ in range(2):
        version, (line,) = latest(store, campaign)
        assert (version, line.quantity, line.bought) == (2, 5, 5)
    assert service.read_version(store.tenant_id, campaign.id, 1, clock.now()).record.lines[0].quantity == 8


def test_what_was_bought_stays_on_the_list_and_what_ends_later_is_surplus(store: Store) -> None:
    campaign, orders = locked(store, 5, 3)
    frozen(store, campaign.id)
    buying(store, campaign)
    take_out(store, orders[1])
    version, (line,) = latest(store, campaign)
    assert (version, line.quantity, line.bought) == (1, 8, 8)


def test_a_list_that_released_orders_is_not_frozen_again_for_that(store: Store) -> None:
    orchard = supplier(store)
    agree(store, orchard, 0, minimum_quantity=20, below_minimum=BelowMinimum.RELEASE)
    campaign, _ = locked(store, 5, 3)
    frozen(store, campaign.id)
    allocate(store, campaign.id)
    assert latest(store, campaign)[0] == 1


def test_the_brand_reaches_a_minimum_with_units_for_its_shelf(store: Store) -> None:
    # 8 are sold in packs of 5, 20 is the minimum: 2 packs are 10; 12 more units make 20, of which 12 are surplus.
    orchard = supplier(store)
    agree(store, orchard, 0, pack_size=5, minimum_quantity=20)
    campaign, _ = locked(store, 5, 3)
    assert frozen(store, campaign.id)[0].outcome == "below_minimum"
    for _ in range(2):
        line = top_up(store, campaign, 12)
        assert (line.packs, line.bought, line.surplus, line.topped_up, line.outcome) == (4, 20, 12, 12, "topped_up")
    assert latest(store, campaign)[0] == 2
    assert top_up(store, campaign, 0).bought == 10


def test_a_suppliers_minimum_is_reached_with_any_of_its_goods(store: Store) -> None:
    # 3 at 4.00 and 2 at 0.50 are 13.00; the supplier's minimum is 15.00: 4 more eggs are 2.00.
    orchard = supplier(store, minimum=1_500)
    agree(store, orchard, 0, cost_minor=400)
    agree(store, orchard, 1, cost_minor=50)
    campaign = store.publish(100, 100)
    store.place(campaign, 3, 2)
    store.lock(campaign)
    frozen(store, campaign.id)
    top_up(store, campaign, 4, sku=1)
    found = service.read_version(store.tenant_id, campaign.id, None, clock.now()).record
    assert [(each.total_minor, each.outcome) for each in found.purchases] == [(1_500, "topped_up")]


def test_top_ups_stay_in_the_versions_that_follow(store: Store) -> None:
    campaign, orders = locked(store, 5, 3)
    frozen(store, campaign.id)
    assert top_up(store, campaign, 2).bought == 10
    take_out(store, orders[0], 1)
    version, (line,) = latest(store, campaign)
    assert (version, line.quantity, line.topped_up, line.bought) == (3, 4, 2, 6)
    # All of it is expected, and what nobody ordered goes to the shelf.
    receive(store, campaign.id, None, Arrival(store.skus[0], 6, to_stock=2))


def test_terms_may_top_up_by_themselves(store: Store) -> None:
    # 8 of 20 in packs of 6: 4 packs are 24. The farm wants 10.00: 3 eggs at 0.50 are 1.50, 17 more make it.
    orchard, farm = supplier(store), supplier(store, "Farm", 1_000, below_minimum=BelowMinimum.TOP_UP)
    agree(store, orchard, 0, pack_size=6, minimum_quantity=20, below_minimum=BelowMinimum.TOP_UP)
    agree(store, farm, 1, cost_minor=50)
    campaign = store.publish(100, 100)
    store.place(campaign, 8, 3)
    store.lock(campaign)
    pears, eggs = frozen(store, campaign.id).values()
    assert (pears.packs, pears.bought, pears.surplus, pears.outcome) == (4, 24, 16, "topped_up")
    assert (eggs.bought, eggs.surplus, eggs.amount_minor, eggs.outcome) == (20, 17, 1_000, "topped_up")


def test_an_amount_that_is_the_minimum_is_reached_by_the_unit_that_passes_it(store: Store) -> None:
    # 7.00 at 3.00 a unit: three units.
    orchard = supplier(store)
    agree(store, orchard, 0, cost_minor=300, minimum_minor=700, below_minimum=BelowMinimum.TOP_UP)
    campaign, _ = locked(store, 1)
    assert frozen(store, campaign.id)[0].bought == 3


def test_refusals_are_named(store: Store) -> None:
    campaign, _ = locked(store, 5)
    frozen(store, campaign.id)
    with pytest.raises(NotOnList):
        top_up(store, campaign, 1, sku=2)
    receive(store, campaign.id, None, Arrival(store.skus[0], 5))
    with pytest.raises(AlreadyReceiving):
        top_up(store, campaign, 1)
    advancing.advance(store.tenant_id, campaign.id, Status.AT_PICKUP, store.staff, clock.now())
    with pytest.raises(PurchasingOver):
        top_up(store, campaign, 1)


def test_over_http(shop: Shop, clock: Clock, sweep: Sweep) -> None:
    made(shop.order(quantity=3))
    clock.advance(days=8)
    sweep()
    path = f"/v1/campaigns/{shop.campaign_id}/purchase-list/top-up"
    found = made(shop.brand.post(path, {"lines": [{"sku_id": shop.sku_id, "units": 2}]}), 200)
    (line,) = found["lines"]
    assert (found["version"], line["topped_up"], line["bought"], line["surplus"]) == (2, 2, 5, 2)
    refused = shop.brand.post(path, {"lines": [{"sku_id": shop.pickup_point_id, "units": 2}]})
    assert (refused.status, refused.json["code"]) == (422, "not_on_list")


def test_a_sku_that_is_topped_up_twice_in_one_request_is_refused(shop: Shop, clock: Clock, sweep: Sweep) -> None:
    shop.order()
    clock.advance(days=8)
    sweep()
    path, line = f"/v1/campaigns/{shop.campaign_id}/purchase-list/top-up", {"sku_id": shop.sku_id, "units": 2}
    refused = shop.brand.post(path, {"lines": [line, line | {"units": 3}]})
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/lines")


def test_a_top_up_that_the_same_packs_hold_is_kept_all_the_same(store: Store) -> None:
    # 10 are sold in packs of 10. With 8 more that is 20, and with 5 more too; of 5 that stay sold, it is 10.
    agree(store, supplier(store), 0, pack_size=10)
    campaign, orders = locked(store, 5, 5)
    assert top_up(store, campaign, 8).bought == 20
    for _ in range(2):
        assert (top_up(store, campaign, 5).bought, latest(store, campaign)[0]) == (20, 3)
    take_out(store, orders[1])
    version, (line,) = latest(store, campaign)
    assert (version, line.bought, line.topped_up) == (4, 10, 5)
