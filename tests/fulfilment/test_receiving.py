"""Receipts on the engine: what came, what it costs, and which orders go short."""

from datetime import timedelta

import pytest

from chalicelib.catalog.model.stock import Kind
from chalicelib.catalog.service.ledger import movements
from chalicelib.catalog.service.set_aside import get_sku
from chalicelib.db import metered
from chalicelib.fulfilment.purchasing.errors import AlreadyReceiving, PurchasingOver, StillReleasing
from chalicelib.fulfilment.purchasing.service import freeze_again
from chalicelib.fulfilment.receiving.errors import ReceiptAboveOrder, ReceivingOver, UnknownSubstitute
from chalicelib.fulfilment.receiving.model.receipts import Arrival
from chalicelib.fulfilment.receiving.service import allocating
from chalicelib.fulfilment.receiving.service import receipts as service
from chalicelib.fulfilment.receiving.service.receipts import put_surplus_in_stock
from chalicelib.fulfilment.suppliers.model import BelowMinimum, Rounding
from chalicelib.kernel import clock
from chalicelib.kernel.errors import IdempotencyMismatch
from chalicelib.orders.changes.records import OrderChangeRecord
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.reading import get_order
from tests.builders import made
from tests.fulfilment.buying import agree, allocate, frozen, locked, receive, supplier, supply
from tests.orders.states import at_pickup, write
from tests.orders.store import Store


def standing(store: Store, orders: list[OrderRecord]) -> list[tuple[str, int]]:
    """Status and units of each order as it stands."""
    found = [get_order(store.tenant_id, order.id, consistent=True) for order in orders]
    return [(order.status, order.quantity if order.is_sold else 0) for order in found]


def test_a_shortage_is_taken_from_the_orders_that_came_last(store: Store) -> None:
    orchard = supplier(store)
    agree(store, orchard, 0)
    campaign, orders = locked(store, 3, 4, 5)
    frozen(store, campaign.id)
    # 12 were ordered at 4.00: 9 come, 2 of them rotten, 1 never will; 2 are still on their way.
    receipt = receive(store, campaign.id, orchard, Arrival(store.skus[0], 9, 2, 1))
    assert receipt.due_minor == 7 * 400

    allocate(store, campaign.id)

    assert standing(store, orders) == [("placed", 3), ("placed", 4), ("placed", 2)]
    assert get_order(store.tenant_id, orders[2].id).total_minor == 2 * 1_250
    (change,) = OrderChangeRecord.every(orders[2].pk, begins_with="change#")
    assert (change.by, change.reason) == ("system", "供应商到货不足。")
    # The other two never come either.
    receive(store, campaign.id, orchard, Arrival(store.skus[0], short=2), key="r-2")
    allocate(store, campaign.id)
    assert standing(store, orders) == [("placed", 3), ("placed", 4), ("cancelled", 0)]
    store.check_stock(campaign)


def test_a_pack_too_many_makes_good_for_damage_and_goes_to_the_shelf(store: Store) -> None:
    orchard = supplier(store)
    agree(store, orchard, 0, pack_size=10)
    campaign, orders = locked(store, 3, 4, 5)
    frozen(store, campaign.id)
    # 20 come for 12: 3 are rotten, so 5 are nobody's.
    receipt = receive(store, campaign.id, orchard, Arrival(store.skus[0], 20, 3, to_stock=5))
    allocate(store, campaign.id)
    for _ in range(2):
        put_surplus_in_stock(store.tenant_id, campaign.id, receipt.id)

    assert [units for _, units in standing(store, orders)] == [3, 4, 5]
    assert get_sku(store.tenant_id, store.skus[0]).free == 5
    (entry,) = movements(store.tenant_id, store.skus[0], Kind.RECEIVED_SURPLUS, 10, None).items
    assert (entry.delta, entry.cause) == (5, f"receipt:{receipt.id}")


def test_what_is_not_bought_is_released_when_the_list_is_frozen(store: Store) -> None:
    orchard = supplier(store)
    agree(store, orchard, 0, pack_size=5, rounding=Rounding.FLOOR, tolerance=2)
    agree(store, orchard, 1, minimum_quantity=9, below_minimum=BelowMinimum.RELEASE)
    campaign = store.publish(100, 100)
    first = store.place(campaign, 6, 3)
    last = store.place(campaign, 6, member=1, key="k2")
    store.lock(campaign)
    lines = frozen(store, campaign.id)
    assert [(line.bought, line.short) for line in lines.values()] == [(10, 2), (0, 3)]

    allocate(store, campaign.id)

    left = [get_order(store.tenant_id, order.id, consistent=True).lines for order in (first, last)]
    assert [[(line.sku_id, line.quantity) for line in of] for of in left] == [
        [(store.skus[0], 6)], [(store.skus[0], 4)],
    ]  # fmt: skip
    # The next version is what the orders now hold.
    again = freeze_again(store.tenant_id, campaign.id, store.staff, clock.now())
    assert [(line.quantity, line.bought, line.short) for line in again.lines] == [(10, 10, 0)]


def test_substitutes_go_to_who_would_go_short(store: Store) -> None:
    orchard = supplier(store)
    agree(store, orchard, 0)
    campaign, orders = locked(store, 6, 6, 3)
    frozen(store, campaign.id)
    # 15 pears were ordered: 10 come, and 5 eggs in their place. The last gets its 3 as eggs, the one before it 2 of 6.
    receive(store, campaign.id, orchard, Arrival(store.skus[0], 10, substitute=store.skus[1], substituted=5))
    allocate(store, campaign.id)

    pears, eggs, _ = store.skus
    found = [get_order(store.tenant_id, order.id, consistent=True).lines[0] for order in orders]
    assert [line.given for line in found] == [{pears: 6}, {pears: 4, eggs: 2}, {eggs: 3}]
    assert found[2].unit_price_minor == 1_250
    store.check_stock(campaign)


def test_the_same_key_is_the_same_receipt_and_another_body_is_refused(store: Store) -> None:
    campaign, orders = locked(store, 3)
    frozen(store, campaign.id)
    first = receive(store, campaign.id, None, Arrival(store.skus[0], 1))
    again = receive(store, campaign.id, None, Arrival(store.skus[0], 1))
    assert (again.id, again.at, again.due_minor) == (first.id, first.at, 0)
    found = supply(store, campaign.id)
    assert found is not None
    assert (found.receipts, found.tallies, found.stage) == (1, {store.skus[0]: [1, 0, 0, 0, 0]}, "idle")
    other = service.Delivery(None, [], "", "r-1", "other", store.staff)
    with pytest.raises(IdempotencyMismatch):
        service.receive(store.tenant_id, campaign.id, other, clock.now())
    with pytest.raises(ReceiptAboveOrder):
        receive(store, campaign.id, None, Arrival(store.skus[0], 3), key="r-2")
    with pytest.raises(AlreadyReceiving):
        freeze_again(store.tenant_id, campaign.id, store.staff, clock.now())
    assert standing(store, orders) == [("placed", 3)]


def test_the_work_is_for_orders_that_go_short_and_constant_for_each(store: Store, monkeypatch) -> None:
    orchard = supplier(store)
    agree(store, orchard, 0)
    campaign, orders = locked(store, *[1] * 12)
    frozen(store, campaign.id)
    monkeypatch.setattr(allocating, "ORDERS_AT_A_TIME", 5)
    with metered() as meter:
        receive(store, campaign.id, orchard, Arrival(store.skus[0], 5, short=7))
    # Receipt, campaign and supply in one read, the list in another; one transaction.
    assert (meter.reads, meter.writes) == (2, 1)

    costs = []
    while (found := supply(store, campaign.id)) is not None and found.is_busy:
        with metered() as meter:
            allocating.allocate_next(store.tenant_id, campaign.id, clock.now())
        costs.append((meter.reads, meter.writes))

    # A step reads supply, campaign, list, buckets, the index and the page's orders: six; and writes once. One that
    # carries out reads the brand as well and, at once each, the plan's orders and what was changed in them; an order
    # that goes short costs two more reads and one transaction. The last step finds no excess, and looks at no more
    # orders.
    assert costs == [(6, 1), (9 + 2 * 5, 1 + 5), (7 + 2 * 2, 1 + 2)]
    assert [units for _, units in standing(store, orders)] == [1] * 5 + [0] * 7


def test_units_handed_over_stay_and_what_nobody_can_give_back_is_shown(store: Store) -> None:
    campaign, orders = locked(store, 3, 4)
    frozen(store, campaign.id)
    store.hand_over(orders[1])
    receive(store, campaign.id, None, Arrival(store.skus[0], short=7))
    allocate(store, campaign.id)
    assert standing(store, orders) == [("cancelled", 0), ("picked_up", 4)]
    found = supply(store, campaign.id)
    assert found is not None
    assert (found.stage, found.left) == ("idle", {store.skus[0]: 4})


def test_no_second_list_while_orders_go_short_nor_after_the_purchase(store: Store) -> None:
    orchard = supplier(store)
    agree(store, orchard, 0, pack_size=5, rounding=Rounding.FLOOR, tolerance=2)
    campaign, _ = locked(store, 6)
    frozen(store, campaign.id)
    with pytest.raises(StillReleasing):
        freeze_again(store.tenant_id, campaign.id, store.staff, clock.now())
    allocate(store, campaign.id)
    at_pickup(store, campaign)
    with pytest.raises(PurchasingOver):
        freeze_again(store.tenant_id, campaign.id, store.staff, clock.now())


def test_a_receipt_names_what_it_cannot_take_and_nothing_is_written(store: Store) -> None:
    campaign, _ = locked(store, 3)
    frozen(store, campaign.id)
    unknown = Arrival(store.skus[0], 1, substitute=store.tenant_id, substituted=1)
    with pytest.raises(UnknownSubstitute):
        receive(store, campaign.id, None, unknown)
    ended = at_pickup(store, campaign)
    ended.status = "completed"
    write(ended)
    with pytest.raises(ReceivingOver):
        receive(store, campaign.id, None, Arrival(store.skus[0], 1))
    found = supply(store, campaign.id)
    assert found is not None
    assert (found.receipts, found.tallies) == (0, {})
    assert service.list_receipts(store.tenant_id, campaign.id, 10, None).items == []


def test_over_http_all_follows_by_itself(shop, sweep, clock):
    orchard = made(shop.brand.post("/v1/suppliers", {"name": "Orchard"}))["id"]
    made(shop.brand.put(f"/v1/suppliers/{orchard}/skus/{shop.sku_id}", {"cost": shop.money(400)}), 200)
    campaign = shop.campaign(closes_in=timedelta(hours=1))
    first, last = made(shop.order(campaign=campaign, quantity=3)), made(shop.order(shop.member(), campaign=campaign))
    path = f"/v1/campaigns/{campaign['id']}"
    body = {"supplier_id": orchard, "lines": [{"sku_id": shop.sku_id, "received": 3, "short": 1}]}
    key = {"Idempotency-Key": "r-1"}
    early = shop.brand.post(f"{path}/receipts", body, headers=key)
    assert (early.status, early.json["code"]) == (409, "campaign_not_locked")
    clock.advance(hours=2)
    sweep(2)

    receipt = made(shop.brand.post(f"{path}/receipts", body, headers=key))
    again = shop.brand.post(f"{path}/receipts", body, headers=key)
    sweep()

    assert (again.status, again.json) == (201, receipt)
    assert receipt["due"] == shop.money(1_200)
    stands = [made(shop.brand.get(f"/v1/orders/{each['id']}"), 200)["status"] for each in (first, last)]
    assert stands == ["placed", "cancelled"]
    shown = made(shop.brand.get(f"{path}/supply"), 200)
    line = shown["lines"][0]
    assert (shown["stage"], shown["receipts"]) == ("idle", 1)
    assert (line["ordered"], line["received"], line["short"], line["expected"], line["available"]) == (4, 3, 1, 0, 3)
    assert [each["id"] for each in shop.brand.get(f"{path}/receipts").json["items"]] == [receipt["id"]]
    for wrong in ({"received": -1}, {"received": 1.5}, {"substitute": {"sku_id": "x", "quantity": 1}}, {"surprise": 1}):
        line = {"sku_id": shop.sku_id, "received": 1, **wrong}
        assert shop.brand.post(f"{path}/receipts", {"lines": [line]}, headers={"Idempotency-Key": "x"}).status == 422
    above = shop.brand.post(f"{path}/receipts", body, headers={"Idempotency-Key": "r-2"})
    assert (above.status, above.json["code"], above.json["left"]) == (409, "receipt_above_order", 0)
    mismatch = shop.brand.post(f"{path}/receipts", {**body, "note": "x"}, headers=key)
    assert (mismatch.status, mismatch.json["code"]) == (422, "idempotency_mismatch")
