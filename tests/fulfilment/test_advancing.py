"""A campaign moves on with goods that are accounted for, and with no others."""

from typing import Any

import pytest

from chalicelib.campaigns.model.campaign import MoveRefused, Status
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.fulfilment.receiving.errors import GoodsUnaccounted, OrdersBeingAdjusted
from chalicelib.fulfilment.receiving.model.receipts import Arrival, Tally, Unaccounted, unaccounted
from chalicelib.fulfilment.receiving.records import ReceiptRecord
from chalicelib.fulfilment.receiving.service import advancing
from chalicelib.fulfilment.receiving.service import receipts as receiving
from chalicelib.kernel import clock
from chalicelib.kernel.errors import NotFound, Stale
from chalicelib.orders.errors import NotAtPickup
from chalicelib.orders.handover.service import pickup
from tests.builders import Shop, made
from tests.conftest import Clock, Sweep
from tests.fulfilment.buying import agree, allocate, frozen, locked, receive, supplier, supply
from tests.fulfilment.test_receiving_model import PEARS
from tests.orders.store import Store


def go(store: Store, campaign: CampaignRecord, to: Status, *, all_came: bool = False, **more: Any) -> CampaignRecord:
    wanted = advancing.Wanted(to, all_came, **more)
    return advancing.advance(store.tenant_id, campaign.id, wanted, store.staff, clock.now())


def history(campaign: CampaignRecord) -> list[str]:
    return [entry["type"] for entry in campaign.history]


def receipts(store: Store, campaign: CampaignRecord) -> list[ReceiptRecord]:
    return receiving.list_receipts(store.tenant_id, campaign.id, 10, None).items


def test_what_is_neither_there_nor_given_up_is_unaccounted_for() -> None:
    # Of 30, 20 came, 3 never will and 1 came as another: 6 are in nobody's knowledge.
    assert unaccounted([PEARS], {"pears": Tally(20, 2, 3, 1)}) == [Unaccounted("pears", "Pears", "s", 30, 24)]
    assert unaccounted([PEARS], {"pears": Tally(26, 0, 3, 1)}) == []
    assert unaccounted([PEARS], {})[0].missing == 30


@pytest.mark.parametrize("to", [Status.RECEIVED, Status.SORTED, Status.AT_PICKUP])
def test_goods_that_nobody_accounts_for_stop_the_campaign_by_name(store: Store, to: Status) -> None:
    orchard = supplier(store)
    agree(store, orchard, 0)
    campaign, _ = locked(store, 5, 3)
    frozen(store, campaign.id)
    receive(store, campaign.id, orchard, Arrival(store.skus[0], 4))
    assert go(store, campaign, Status.PURCHASING).status == "purchasing"
    with pytest.raises(GoodsUnaccounted, match=r"4 of 8\. Record them .* everything arrived") as refused:
        go(store, campaign, to)
    assert refused.value.extra == {
        "lines": [
            {
                "sku_id": store.skus[0], "title": campaign.offers[0].title, "supplier_id": orchard,
                "expected": 8, "accounted": 4, "missing": 4,
            }
        ]
    }  # fmt: skip
    assert store.again(campaign).status == "purchasing"


@pytest.mark.parametrize("rest", [{"received": 4}, {"short": 4}, {"received": 1, "damaged": 1, "short": 3}])
def test_goods_that_are_accounted_for_let_it_pass(store: Store, rest: dict[str, int]) -> None:
    campaign, orders = locked(store, 5, 3)
    frozen(store, campaign.id)
    receive(store, campaign.id, None, Arrival(store.skus[0], 4))
    receive(store, campaign.id, None, Arrival(store.skus[0], **rest), key="r-2")
    allocate(store, campaign.id)
    there = go(store, campaign, Status.AT_PICKUP)
    assert history(there)[-4:] == ["purchasing", "received", "sorted", "at_pickup"]
    # Five and three were ordered; of both together as many are handed over as are there.
    found = [store.order(order) for order in orders]
    assert sum(order.quantity for order in found if order.is_sold) == 8 - rest.get("short", 0) - rest.get("damaged", 0)


def test_members_are_told_that_orders_are_ready_only_when_those_are_what_came(store: Store) -> None:
    campaign, _ = locked(store, 5, 3)
    frozen(store, campaign.id)
    receive(store, campaign.id, None, Arrival(store.skus[0], 4, short=4))
    assert go(store, campaign, Status.RECEIVED).status == "received"
    with pytest.raises(OrdersBeingAdjusted):
        go(store, campaign, Status.AT_PICKUP)
    allocate(store, campaign.id)
    assert go(store, campaign, Status.AT_PICKUP).status == "at_pickup"


def test_all_that_is_expected_is_received_from_every_supplier_in_one_call(store: Store) -> None:
    orchard, farm = supplier(store), supplier(store, "Farm")
    agree(store, orchard, 0, cost_minor=400)
    agree(store, farm, 1, cost_minor=30)
    campaign = store.publish(100, 100, 100)
    store.place(campaign, 5, 4, 2)
    store.lock(campaign)
    frozen(store, campaign.id)
    receive(store, campaign.id, orchard, Arrival(store.skus[0], 2))
    for _ in range(2):
        there = go(store, campaign, Status.AT_PICKUP, all_came=True, if_match=int(store.again(campaign).rev))
        assert there.status == "at_pickup"
    # What is owed is what a receipt by hand would have made of it: 3 at 4.00, 4 at 0.30, and nobody for the third.
    by_supplier = {each.supplier_id: (each.lines[0].received, each.due_minor) for each in receipts(store, campaign)[:3]}
    assert by_supplier == {orchard: (3, 1_200), farm: (4, 120), None: (2, 0)}
    assert len(receipts(store, campaign)) == 4
    found = supply(store, campaign.id)
    assert found is not None
    assert (found.receipts, found.stage) == (4, "idle")


def test_a_lost_answer_may_be_followed_by_the_same_request(store: Store) -> None:
    campaign, _ = locked(store, 2)
    seen = int(store.again(campaign).rev)
    first = go(store, campaign, Status.AT_PICKUP, all_came=True, if_match=seen)
    again = go(store, campaign, Status.AT_PICKUP, all_came=True, if_match=seen)
    assert (again.rev, history(again)) == (first.rev, history(first))
    assert len(receipts(store, campaign)) == 1
    with pytest.raises(Stale):
        go(store, campaign, Status.COMPLETED, if_match=seen)


def test_a_refused_request_records_no_receipt(store: Store) -> None:
    campaign, _ = locked(store, 2)
    seen = int(store.again(campaign).rev)
    with pytest.raises(Stale):
        go(store, campaign, Status.AT_PICKUP, all_came=True, if_match=seen - 1)
    assert receipts(store, campaign) == []
    go(store, campaign, Status.PURCHASING)
    with pytest.raises(MoveRefused):
        go(store, campaign, Status.LOCKED, all_came=True)
    assert receipts(store, campaign) == []


def test_a_receipt_between_the_look_and_the_move_is_seen(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign, _ = locked(store, 8)
    frozen(store, campaign.id)
    receive(store, campaign.id, None, Arrival(store.skus[0], 8))
    seen, looked = advancing.supply_of, []

    def overtaken(*args: Any) -> Any:
        found = seen(*args)
        looked.append(found)
        if len(looked) == 1:
            record = supply(store, campaign.id)
            assert record is not None
            record.tallies = {}
            _write(record)
        return found

    monkeypatch.setattr(advancing, "supply_of", overtaken)
    with pytest.raises(GoodsUnaccounted):
        go(store, campaign, Status.AT_PICKUP)


def _write(record: Any) -> None:
    from chalicelib.db import Transaction

    tx = Transaction()
    tx.replace("supply", record)
    tx.commit()


def test_an_unknown_campaign_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound):
        advancing.advance(
            store.tenant_id, store.tenant_id, advancing.Wanted(Status.AT_PICKUP), store.staff, clock.now()
        )


def test_nothing_is_handed_over_before_it_is_there(store: Store) -> None:
    campaign, orders = locked(store, 2)
    order = orders[0]

    def hand_over() -> str:
        done = pickup.hand_over(
            store.tenant_id, order.id, order.pickup_code, store.point_id, store.staff, "", clock.now()
        )
        return str(done.status)

    for before in (None, Status.PURCHASING, Status.RECEIVED, Status.SORTED):
        if before:
            go(store, campaign, before, all_came=True)
        with pytest.raises(NotAtPickup, match="not at the pickup point yet"):
            hand_over()
    go(store, campaign, Status.AT_PICKUP)
    assert hand_over() == "picked_up"


def test_over_http_the_refusal_names_the_goods_and_one_call_brings_all(shop: Shop, clock: Clock, sweep: Sweep) -> None:
    order = made(shop.order(quantity=3))
    clock.advance(days=8)
    sweep()
    path = f"/v1/campaigns/{shop.campaign_id}/advance"
    refused = shop.brand.post(path, {"to": "at_pickup"})
    assert (refused.status, refused.json["code"]) == (409, "goods_unaccounted")
    assert [(each["sku_id"], each["missing"]) for each in refused.json["lines"]] == [(shop.sku_id, 3)]
    zh = shop.brand.post(path, {"to": "at_pickup"}, headers={"Accept-Language": "zh"})
    assert "尚未登记到货情况" in zh.json["detail"]
    assert shop.arrived()["status"] == "at_pickup"
    collect = {"code": order["pickup_code"], "pickup_point_id": order["pickup_point_id"]}
    made(shop.brand.post(f"/v1/orders/{order['id']}/pickup", collect), 200)
    sweep()
    done = made(shop.brand.get(f"/v1/campaigns/{shop.campaign_id}"), 200)
    assert (done["status"], done["history"][-1]["by"]) == ("completed", "system")
