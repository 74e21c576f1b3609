"""Changing where an order is handed over, until the cutoff: another point, another address, to the door or not."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import metered
from chalicelib.fulfilment.sorting.service import sorting
from chalicelib.insight.activity.service.own_orders import record_orders
from chalicelib.insight.records import ActivityRecord
from chalicelib.kernel import clock
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import IdempotencyMismatch
from chalicelib.kernel.local_day import local_date
from chalicelib.kernel.money import Money
from chalicelib.orders.changes.records import OrderChangeRecord, as_of
from chalicelib.orders.changes.service.history import history
from chalicelib.orders.changes.service.waiting import expire
from chalicelib.orders.errors import (
    CutoffPassed,
    DeliveryUnavailable,
    NotAPickupPoint,
    PriceChanged,
    WrongPickupPoint,
)
from chalicelib.orders.model import DeliveryAddress, Place
from chalicelib.orders.payment.service import capture as payment
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.listing import Filter, list_orders
from chalicelib.orders.views.orders import OrderView
from chalicelib.pickup_points import service as pickup_points
from chalicelib.pickup_points.model import PickupPointDetails
from chalicelib.settlement.books.service.orders import bring_up_to_date, read
from tests.builders import Shop, made
from tests.conftest import Clock, Sweep
from tests.orders.states import again, changes, charged, edited, paid_online, refunds, units_of
from tests.orders.store import Store

HOME = DeliveryAddress("An", "+8613800138000", "1 Lilac Road")
WORK = DeliveryAddress("An", "+8613800138000", "9 Office Road")


@pytest.fixture
def west(store: Store) -> str:
    """A second pickup point, without a leader."""
    details = PickupPointDetails("West gate", "2 Lilac Road", commission_bps=300)
    return pickup_points.create_pickup_point(store.tenant_id, details, store.staff, clock.now()).id


@pytest.fixture
def campaign(store: Store, west: str) -> CampaignRecord:
    """Fifty units at 12.50 at two points, or brought to the door for 6.00."""
    return store.publish(
        50,
        pickup_point_ids=[store.point_id, west],
        delivery={"fee": Money(600, "CNY")},
        payment_methods=["pickup", "test"],
    )


def test_another_point_costs_nothing_and_keeps_the_place_in_the_queue(
    store: Store, campaign: CampaignRecord, west: str
) -> None:
    order = store.place(campaign, 3)
    first = OrderView.as_placed(order).model_dump_json()

    now = edited(store, order, pickup_point_id=west)

    assert now.place == Place(west)
    assert (units_of(now), now.totals.total) == ([3], 3_750)
    assert (now.placed_at, now.gsi1sk, now.pickup_code) == (order.placed_at, order.gsi1sk, order.pickup_code)
    assert OrderView.as_placed(store.place(campaign, 3)).model_dump_json() == first
    entry = history(again(store, order))[-1]
    assert (entry.type, entry.by) == ("edited", f"member:{order.member_id}")
    assert entry.before is not None
    assert entry.after is not None
    assert (entry.before["pickup_point_id"], entry.after["pickup_point_id"]) == (store.point_id, west)
    store.check_stock(campaign)


def test_the_code_is_worth_something_at_the_new_point_alone(store: Store, campaign: CampaignRecord, west: str) -> None:
    order = edited(store, store.place(campaign, 1), pickup_point_id=west)
    store.lock(campaign)
    with pytest.raises(WrongPickupPoint):
        store.hand_over(order)
    assert store.hand_over(order, pickup_point_id=west).status == "picked_up"


def test_lists_and_sheets_follow(store: Store, campaign: CampaignRecord, west: str) -> None:
    order = edited(store, store.place(campaign, 2), pickup_point_id=west)
    store.lock(campaign)
    found = {
        point: [each.id for each in list_orders(store.tenant_id, Filter(pickup_point_id=point), 9, None).items]
        for point in (store.point_id, west)
    }
    assert found == {store.point_id: [], west: [order.id]}
    sheets = {sheet.pickup_point_id: dict(sheet.units) for sheet in sorting(store.tenant_id, campaign.id, None).sheets}
    assert sheets == {store.point_id: {}, west: {order.lines[0].offer_id: 2}}


def test_the_commission_and_the_activity_are_those_of_the_new_point(
    store: Store, campaign: CampaignRecord, west: str
) -> None:
    """The rate is the one that was promised there when the campaign was published."""
    order = edited(store, store.place(campaign, 2), pickup_point_id=west)
    store.lock(campaign)
    point = PickupPointDetails(commission_bps=9_000, leader_id=store.leader_id)
    pickup_points.edit_pickup_point(store.tenant_id, west, point, None, store.staff, clock.now())
    store.hand_over(order, pickup_point_id=west)

    bring_up_to_date(store.tenant_id, order.id, clock.now())
    book = read(store.tenant_id, order.id).book
    assert (book.pickup_point_id, book.rate_bps, book.leader_id) == (west, 300, store.leader_id)

    record_orders(store.tenant_id, [order.id])
    day = local_date(order.placed_at, zone("Asia/Shanghai"))
    activity = ActivityRecord.fetch(*ActivityRecord.of_order(store.tenant_id, day, order.id))
    assert activity is not None
    assert activity.extra["pickup_point"] == west


def test_to_the_door_adds_the_fee_and_back_takes_it_out(store: Store, campaign: CampaignRecord) -> None:
    order = store.place(campaign, 2)
    brought = edited(store, order, delivery=HOME, expected_total_minor=3_100)
    assert (brought.delivery_address, brought.totals.delivery, brought.totals.due) == (HOME, 600, 3_100)
    elsewhere = edited(store, order, delivery=WORK, key="edit-2")
    assert (elsewhere.delivery_address, elsewhere.totals.due) == (WORK, 3_100)
    collected = edited(store, order, delivery=None, key="edit-3")
    assert (collected.delivery_address, collected.totals.delivery, collected.totals.due) == (None, 0, 2_500)
    assert [kind for kind, _ in changes(collected)] == ["edited"] * 3


def test_the_same_key_answers_with_the_same_place(store: Store, campaign: CampaignRecord, west: str) -> None:
    order = store.place(campaign, 2)
    first = edited(store, order, pickup_point_id=west)
    edited(store, order, delivery=HOME, key="edit-2")
    repeated = edited(store, order, pickup_point_id=west)
    assert OrderView.of(repeated).model_dump_json() == OrderView.of(first).model_dump_json()
    with pytest.raises(IdempotencyMismatch):
        edited(store, order, pickup_point_id=store.point_id, body_hash="f" * 32)
    assert again(store, order).place == Place(west, HOME)


def test_a_paid_order_waits_for_the_fee_and_moves_when_it_is_paid(store: Store, campaign: CampaignRecord) -> None:
    order = paid_online(store, campaign, 2)
    waiting = edited(store, order, delivery=HOME)
    assert (waiting.delivery_address, payment.expected(again(store, order), clock.now())) == (None, 600)
    shown = OrderView.of(waiting).pending
    assert shown is not None
    assert shown.delivery is not None
    assert shown.delivery.model_dump() == asdict(HOME)

    assert charged(store, order)

    now = again(store, order)
    assert (now.delivery_address, now.totals.paid, now.totals.due) == (HOME, 3_100, 0)
    store.check_stock(campaign)


def test_a_paid_order_that_is_not_paid_for_stays_where_it_was(
    store: Store, campaign: CampaignRecord, west: str
) -> None:
    order = paid_online(store, campaign, 2)
    edited(store, order, pickup_point_id=west, delivery=HOME)
    expire(store.tenant_id, order.id, clock.now() + timedelta(minutes=16))
    now = again(store, order)
    assert (now.place, now.pending, now.totals.total) == (Place(store.point_id), None, 2_500)


def test_the_fee_of_a_paid_order_goes_back_when_it_is_collected_instead(store: Store, campaign: CampaignRecord) -> None:
    order = paid_online(store, campaign, 2, delivery=HOME)
    now = edited(store, order, delivery=None)
    assert (now.place, now.totals.total, now.totals.due) == (Place(store.point_id), 2_500, 0)
    assert [amount for _, amount in refunds(now)] == [600]
    store.check_stock(campaign)


def test_an_order_that_waits_for_its_payment_moves_too(store: Store, campaign: CampaignRecord, west: str) -> None:
    order = store.hold(campaign, 2)
    now = edited(store, order, pickup_point_id=west, delivery=HOME)
    assert (now.place, now.first_charge_minor) == (Place(west, HOME), 3_100)
    assert store.pay(order)
    assert again(store, order).status == "placed"


def test_lines_and_place_change_together_or_not_at_all(store: Store, campaign: CampaignRecord, west: str) -> None:
    order = store.place(campaign, 2)
    with pytest.raises(PriceChanged):
        edited(store, order, 4, delivery=HOME, expected_total_minor=5_000)
    assert again(store, order).rev == order.rev
    now = edited(store, order, 4, pickup_point_id=west, delivery=HOME, expected_total_minor=5_600)
    assert (units_of(now), now.place) == ([4], Place(west, HOME))
    store.check_stock(campaign)


def elsewhere(store: Store) -> str:
    details = PickupPointDetails("Far gate", "99 Far Road")
    return pickup_points.create_pickup_point(store.tenant_id, details, store.staff, clock.now()).id


def test_only_points_of_the_campaign_and_only_what_it_delivers(store: Store, campaign: CampaignRecord) -> None:
    order = store.place(campaign, 2)
    with pytest.raises(NotAPickupPoint):
        edited(store, order, pickup_point_id=elsewhere(store))
    other = store.publish(50)
    with pytest.raises(DeliveryUnavailable):
        edited(store, store.place(other, 1, key="key-2"), delivery=HOME)
    assert again(store, order).rev == order.rev


def at_the_close(store: Store, campaign: CampaignRecord) -> None:
    """Nothing happens: the clock alone says that it is over."""


def fenced_meanwhile(store: Store, campaign: CampaignRecord) -> None:
    store.lock(campaign)


@pytest.mark.parametrize("happens", [at_the_close, fenced_meanwhile])
def test_after_the_cutoff_it_stays_where_it_is(
    store: Store, campaign: CampaignRecord, west: str, happens: Callable[[Store, CampaignRecord], None]
) -> None:
    """The buckets decide: also where an hour is left by the clock of whoever asks, once they are fenced."""
    order = store.place(campaign, 2)
    assert campaign.closes_at is not None
    happens(store, campaign)
    late = campaign.closes_at if happens is at_the_close else campaign.closes_at - timedelta(hours=1)
    with pytest.raises(CutoffPassed):
        edited(store, order, pickup_point_id=west, now=late)
    assert again(store, order).place == Place(store.point_id)


def test_it_costs_what_an_edit_costs(store: Store, campaign: CampaignRecord, west: str) -> None:
    order = store.place(campaign, 3)
    with metered() as meter:
        edited(store, order, pickup_point_id=west)
    # The builder reads the campaign once more.
    assert meter.by_operation == {"GetItem": 3, "BatchGetItem": 1, "TransactWriteItems": 1}


class Moved:
    """An order of a shop with two points, and calls that change it."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.east, self.west = (shop.pickup_point(name=name)["id"] for name in ("East gate", "West gate"))
        terms = {"delivery": {"fee": shop.money(600)}, "payment_methods": ["pickup"]}
        self.campaign = shop.campaign(pickup_point_ids=[self.east, self.west], **terms)
        self.order = made(shop.order(campaign=self.campaign, quantity=2))

    def change(self, body: Any, key: str = "e1", status: int = 200) -> Any:
        path, headers = f"{self.shop.path}/orders/{self.order['id']}", {"Idempotency-Key": key}
        token = self.shop.shopper.token
        return made(self.shop.caller.call("PATCH", path, json=body, token=token, headers=headers), status)


@pytest.fixture
def moved(shop: Shop) -> Moved:
    return Moved(shop)


def test_over_http_a_null_collects_and_what_is_absent_stays(moved: Moved) -> None:
    home = asdict(HOME)
    at_west = moved.change({"pickup_point_id": moved.west, "delivery": home})
    assert (at_west["pickup_point_id"], at_west["delivery"]) == (moved.west, home)
    assert at_west["totals"]["total"] == moved.shop.money(2_400)
    more = moved.change({"lines": [{"offer_id": moved.order["lines"][0]["offer_id"], "quantity": 3}]}, "e2")
    assert (more["pickup_point_id"], more["delivery"]) == (moved.west, home)
    collected = moved.change({"delivery": None}, "e3")
    assert (collected["delivery"], collected["totals"]["total"]) == (None, moved.shop.money(2_700))

    path = f"{moved.shop.path}/orders/{moved.order['id']}/history"
    entries = made(moved.shop.caller.call("GET", path, token=moved.shop.shopper.token), 200)["items"]
    places = [(entry["after"]["pickup_point_id"], entry["after"]["delivery"]) for entry in entries[1:]]
    assert places == [(moved.west, home), (moved.west, home), (moved.west, None)]


def test_over_http_refusals_say_what_to_do(moved: Moved, clock: Clock, sweep: Sweep) -> None:
    nothing = moved.change({}, status=422)
    assert nothing["errors"][0]["message"] == "Say what is to change: the goods, the pickup point or the delivery."
    unknown = moved.change({"pickup_point_id": moved.shop.pickup_point()["id"]}, status=422)
    assert (unknown["code"], unknown["errors"][0]["pointer"]) == ("unknown_pickup_point", "/pickup_point_id")
    moved.change({"delivery": asdict(HOME)})
    mixed = moved.change({"delivery": None}, status=422)
    assert mixed["code"] == "idempotency_mismatch"
    clock.advance(days=8)
    sweep()
    assert moved.change({"pickup_point_id": moved.west}, "late", 409)["code"] == "cutoff_passed"


def test_older_changes_that_kept_no_place_are_answered_with_the_orders_own(
    store: Store, campaign: CampaignRecord
) -> None:
    order: OrderRecord = edited(store, store.place(campaign, 2, delivery=HOME), 3)
    [change] = OrderChangeRecord.every(order.pk, begins_with="change#", consistent=True)
    change.after = {name: part for name, part in change.after.items() if name not in ("pickup_point_id", "delivery_to")}
    assert as_of(order, change).place == Place(store.point_id, HOME)
