"""What is brought to the door: handed over without a code, and never taken for a parcel that nobody collected."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.campaigns.model.kinds import NoShow
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.money import Money
from chalicelib.kernel.principal import Principal
from chalicelib.orders.basket.service.reading import Wish
from chalicelib.orders.changes.service.history import history
from chalicelib.orders.errors import CodeMissing
from chalicelib.orders.handover.service import pickup
from chalicelib.orders.model import DeliveryAddress
from chalicelib.orders.placing.service import place
from chalicelib.orders.records import OrderRecord
from tests.builders import Shop, made
from tests.conftest import Clock, Sweep
from tests.orders.states import again, at_pickup, locked, paid_online, refunds, write
from tests.orders.store import BODY_HASH, Store
from tests.orders.test_passes import run

HOME = {"name": "An", "phone": "+8613800138000", "address": "1 Lilac Road"}


@pytest.fixture
def campaign(store: Store) -> CampaignRecord:
    """Fifty units at 12.50, brought to the door for 6.00, paid online or where they are handed over."""
    return store.publish(50, delivery={"fee": Money(600, "CNY")}, payment_methods=["pickup", "test"])


def paid_at_the_door(store: Store, campaign: CampaignRecord, member: int) -> OrderRecord:
    wish = Wish(
        campaign.id, ((campaign.offers[0].offer_id, 2),), store.point_id, "pickup", delivery=DeliveryAddress(**HOME)
    )
    return place(store.tenant_id, store.member(member), wish, f"door-{member}", BODY_HASH, product_clock.now())


def bring(store: Store, order: OrderRecord, key: str = "") -> OrderRecord:
    leader = Principal("member", store.tenant_id, store.leader_id, slug="lilac")
    store.bring(order, product_clock.now())
    return pickup.hand_over(store.tenant_id, order.id, None, store.point_id, leader, key, product_clock.now())


def test_the_leader_leaves_a_parcel_at_the_door_and_it_is_kept_that_no_code_was_shown(
    store: Store, campaign: CampaignRecord
) -> None:
    order = paid_at_the_door(store, campaign, 0)
    locked(store, campaign)
    done = bring(store, order, "k")
    assert (done.status, done.totals.paid, done.totals.due) == ("picked_up", 3_100, 0)
    last = history(done)[-1]
    assert (last.type, last.by) == ("delivered", f"member:{store.leader_id}")
    assert bring(store, order, "k").rev == done.rev


def test_with_its_code_a_delivery_is_handed_over_like_any_other(store: Store, campaign: CampaignRecord) -> None:
    order = paid_at_the_door(store, campaign, 0)
    locked(store, campaign)
    assert history(store.hand_over(order))[-1].type == "picked_up"


def test_what_is_collected_is_not_handed_over_without_its_code(store: Store, campaign: CampaignRecord) -> None:
    order = store.place(campaign, 2)
    locked(store, campaign)
    before = again(store, order)
    with pytest.raises(CodeMissing) as refused:
        bring(store, order)
    assert [field.pointer for field in refused.value.errors] == ["/code"]
    after = again(store, order)
    assert (after.rev, after.wrong_codes) == (before.rev, None)


def test_a_paid_delivery_has_come_when_the_time_to_collect_is_over(store: Store, campaign: CampaignRecord) -> None:
    brought = paid_online(store, campaign, 2, delivery=DeliveryAddress(**HOME))
    unpaid = paid_at_the_door(store, campaign, 1)
    collected = paid_online(store, campaign, 1, member=2)
    campaign = at_pickup(store, locked(store, campaign))
    campaign.stored_no_show = replace(NoShow(), action="forfeit")  # type: ignore[type-var]
    write(campaign)

    run(store, campaign, "no_show")

    brought, unpaid, collected = (again(store, each) for each in (brought, unpaid, collected))
    assert (brought.status, brought.picked_up_by, brought.forfeited_at) == ("picked_up", "system", None)
    assert refunds(brought) == []
    assert (history(brought)[-1].type, history(brought)[-1].by) == ("delivered", "system")
    assert (unpaid.status, unpaid.totals.due) == ("placed", 3_100), "whoever brings it says whether it was paid"
    assert collected.forfeited_at is not None
    store.check_stock(campaign)


def test_over_http_the_code_may_be_left_out_of_a_delivery_alone(shop: Shop, clock: Clock, sweep: Sweep) -> None:
    terms = {"delivery": {"fee": shop.money(600)}, "payment_methods": ["pickup"], "closes_in": timedelta(hours=1)}
    campaign = shop.campaign(offers=[shop.offer(price=900)], **terms)
    brought = made(shop.order(campaign=campaign, quantity=1, delivery=HOME))
    collected = made(shop.order(campaign=campaign, quantity=1))
    clock.advance(hours=1)
    sweep()
    shop.arrived(campaign["id"])
    sent = {"pickup_point_id": brought["pickup_point_id"]}
    done = made(shop.brand.post(f"/v1/orders/{brought['id']}/pickup", sent), 200)
    assert (done["status"], done["totals"]["paid"]) == ("picked_up", shop.money(1_500))
    refused = shop.brand.post(f"/v1/orders/{collected['id']}/pickup", sent)
    assert (refused.status, refused.json["code"]) == (422, "code_missing")
    assert refused.json["errors"][0]["pointer"] == "/code"
