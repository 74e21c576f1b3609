"""Placing an order: one write, exactly once, and every refusal by its name."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.campaigns.stock.records import StockBucket
from chalicelib.db import Transaction, metered
from chalicelib.kernel import clock
from chalicelib.kernel.context import correlation_id
from chalicelib.kernel.errors import DomainError, IdempotencyMismatch, NotFound
from chalicelib.kernel.money import Money
from chalicelib.members.model.status import MemberBlocked, Status
from chalicelib.members.service.members import set_status
from chalicelib.orders.basket.service.reading import Wish
from chalicelib.orders.ending.service import cancelling
from chalicelib.orders.errors import (
    CampaignClosed,
    CampaignNotOpen,
    LimitReached,
    NotAPickupPoint,
    PaymentMethodUnavailable,
    PriceChanged,
    RepeatedOffer,
    SoldOut,
    UnknownOffer,
)
from chalicelib.orders.placing import service as placing
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.stock.records import LimitRecord
from chalicelib.orders.views.orders import OrderView
from tests.orders.store import BODY_HASH, Store

UNKNOWN = "01J9ZQ0W7N8RXC5B2M4T6V8Y0A"


def test_an_order_takes_its_units_and_keeps_its_price(store: Store) -> None:
    campaign = store.publish(50, 20)
    order = store.place(campaign, 3, 1)
    assert order.status == "placed"
    assert [(line.quantity, line.unit_price_minor) for line in order.lines] == [(3, 1_250), (1, 1_250)]
    assert order.totals.total == order.totals.due == 5_000
    assert store.free(campaign) == 66
    store.check_stock(campaign)


def test_an_order_of_one_line_costs_two_items_four_write_units_and_one_read(store: Store) -> None:
    campaign = store.publish(50)
    store.member(0)
    correlation_id.set("1c5d3a51-7d10-4a52-9e3a-1a6b6f0c9d11")
    with metered() as meter:
        order = store.place(campaign, 3)
    assert meter.by_operation == {"BatchGetItem": 1, "TransactWriteItems": 1}
    assert (meter.write_units, meter.index_write_units) == (4, 2)
    assert size_of(order) <= 1_024


def size_of(order: OrderRecord) -> int:
    """An item's size as DynamoDB counts it: names and texts in UTF-8; a number two digits a byte, and one."""
    total = 0
    for name, typed in order.serialize().items():
        ((kind, value),) = typed.items()
        total += len(name.encode()) + (len(value) // 2 + 2 if kind == "N" else len(value.encode()))
    return total


def test_the_same_key_and_body_answer_with_the_first_order_for_ever(store: Store) -> None:
    campaign = store.publish(50)
    first = store.place(campaign, 3)
    answer = OrderView.as_placed(first).model_dump_json()
    again = store.place(campaign, 3)
    assert OrderView.as_placed(again).model_dump_json() == answer
    cancelling.cancel(store.tenant_id, store.member(), first.id, clock.now())
    after_cancelling = store.place(campaign, 3)
    assert after_cancelling.status == "cancelled"
    assert OrderView.as_placed(after_cancelling).model_dump_json() == answer
    late = store.place(campaign, 3, now=clock.now() + timedelta(days=2))
    assert OrderView.as_placed(late).model_dump_json() == answer
    assert store.free(campaign) == 50


def test_a_retry_is_answered_even_where_the_order_itself_would_now_be_refused(store: Store) -> None:
    campaign = store.publish(3)
    first = store.place(campaign, 3)
    wish = store.wish(campaign, 3, expected_total_minor=1)
    for later in (store.wish(campaign, 3), wish):
        again = placing.place(store.tenant_id, store.member(), later, "key-1", BODY_HASH, clock.now())
        assert again.id == first.id
    block(store)
    assert store.place(campaign, 3).id == first.id


def block(store: Store) -> None:
    set_status(store.tenant_id, store.member(), Status.BLOCKED, "fraud", None, store.staff, clock.now())


def test_another_body_under_the_key_is_refused(store: Store) -> None:
    campaign = store.publish(50)
    store.place(campaign, 3)
    with pytest.raises(IdempotencyMismatch):
        placing.place(store.tenant_id, store.member(), store.wish(campaign, 2), "key-1", "other", clock.now())
    assert store.free(campaign) == 47


def test_the_key_belongs_to_its_member(store: Store) -> None:
    campaign = store.publish(50)
    assert store.place(campaign, 1, member=0).id != store.place(campaign, 1, member=1).id
    assert store.free(campaign) == 48


def test_sold_out_says_what_is_left(store: Store) -> None:
    campaign = store.publish(5)
    with pytest.raises(SoldOut) as refusal:
        store.place(campaign, 6)
    assert refusal.value.extra == {"offer_id": campaign.offers[0].offer_id, "left": 5}
    store.place(campaign, 5)
    with pytest.raises(SoldOut) as refusal:
        store.place(campaign, 1, key="key-2")
    assert refusal.value.extra["left"] == 0
    store.check_stock(campaign)


def test_one_line_short_and_nothing_of_the_order_is_taken(store: Store) -> None:
    campaign = store.publish(5, 2)
    with pytest.raises(SoldOut) as refusal:
        store.place(campaign, 1, 3)
    assert refusal.value.extra["offer_id"] == campaign.offers[1].offer_id
    assert store.free(campaign) == 7


def test_buckets_are_emptied_to_the_last_unit(store: Store) -> None:
    campaign = store.publish(30, peak=10)
    for n in range(30):
        store.place(campaign, 1, member=n)
    assert store.free(campaign) == 0
    with pytest.raises(SoldOut):
        store.place(campaign, 1, member=31)
    store.check_stock(campaign)


def test_the_last_units_are_gathered_from_several_buckets_and_go_back_there(store: Store) -> None:
    campaign = store.publish(30, peak=10)
    order = store.place(campaign, 29)
    assert len(order.lines[0].takes) == 10
    store.check_stock(campaign)
    with pytest.raises(SoldOut) as refusal:
        store.place(campaign, 2, key="key-2")
    assert refusal.value.extra["left"] == 1
    cancelling.cancel(store.tenant_id, store.member(), order.id, clock.now())
    assert {int(bucket.free) for bucket in store.buckets(campaign)} == {3}
    store.check_stock(campaign)


def test_the_widest_order_of_the_widest_campaign_is_still_one_transaction(store: Store) -> None:
    campaign = store.publish(20, 20, 20, peak=20, limit=20)
    order = store.place(campaign, 20, 20, 20)
    assert sum(len(line.takes) for line in order.lines) == 60
    assert store.free(campaign) == 0
    store.check_stock(campaign)


def test_the_window_decides_to_the_millisecond(store: Store) -> None:
    opens_at = clock.now() + timedelta(hours=1)
    campaign = store.publish(5, opens_at=opens_at)
    instant = timedelta(milliseconds=1)
    with pytest.raises(CampaignNotOpen):
        store.place(campaign, 1, now=opens_at - instant)
    store.place(campaign, 1, now=campaign.opens_at)
    assert campaign.closes_at is not None
    store.place(campaign, 1, key="key-2", now=campaign.closes_at - instant)
    with pytest.raises(CampaignClosed):
        store.place(campaign, 1, key="key-3", now=campaign.closes_at)


def test_a_fenced_bucket_takes_nothing_whatever_the_hour(store: Store) -> None:
    campaign = store.publish(5)
    tx = Transaction()
    (bucket,) = store.buckets(campaign)
    tx.update("fence", StockBucket, bucket.pk, bucket.sk, actions=[StockBucket.status.set("closed")])
    tx.commit()
    with pytest.raises(CampaignClosed):
        store.place(campaign, 1)


def test_a_limit_holds_over_all_orders_of_a_member_and_is_given_back(store: Store) -> None:
    campaign = store.publish(50, limit=3)
    with pytest.raises(LimitReached):
        store.place(campaign, 4)
    first = store.place(campaign, 2)
    with pytest.raises(LimitReached) as refusal:
        store.place(campaign, 2, key="key-2")
    assert refusal.value.extra["left"] == 1
    store.place(campaign, 1, key="key-2")
    store.place(campaign, 3, member=1)
    cancelling.cancel(store.tenant_id, store.member(), first.id, clock.now())
    store.place(campaign, 2, key="key-3")
    used = LimitRecord.fetch(*LimitRecord.address(store.tenant_id, campaign.offers[0].offer_id, store.member()))
    assert used is not None
    assert used.used == 3
    store.check_stock(campaign)


def test_a_price_the_member_did_not_agree_to_is_refused_with_the_new_one(store: Store) -> None:
    campaign = store.publish(50)
    wish = store.wish(campaign, 2, expected_total_minor=2_499)
    with pytest.raises(PriceChanged) as refusal:
        placing.place(store.tenant_id, store.member(), wish, "key-1", BODY_HASH, clock.now())
    assert refusal.value.extra == {"total": Money(2_500, "CNY")}
    agreed = replace(wish, expected_total_minor=2_500)
    assert placing.place(store.tenant_id, store.member(), agreed, "key-1", BODY_HASH, clock.now()).total_minor == 2_500


def test_what_is_wrong_with_a_wish_is_named(store: Store) -> None:
    campaign = store.publish(50)
    offer_id = campaign.offers[0].offer_id
    wrong: list[tuple[Wish, type[DomainError], str]] = [
        (Wish(campaign.id, ((UNKNOWN, 1),), store.point_id), UnknownOffer, "/lines/0/offer_id"),
        (Wish(campaign.id, ((offer_id, 1), (offer_id, 2)), store.point_id), RepeatedOffer, "/lines/1/offer_id"),
        (store.wish(campaign, 1, pickup_point_id=UNKNOWN), NotAPickupPoint, "/pickup_point_id"),
        (store.wish(campaign, 1, payment_method="stripe"), PaymentMethodUnavailable, "/payment_method"),
    ]
    for wish, refusal, pointer in wrong:
        with pytest.raises(refusal) as raised:
            placing.place(store.tenant_id, store.member(), wish, "key-1", BODY_HASH, clock.now())
        assert [error.pointer for error in raised.value.errors] == [pointer]
    with pytest.raises(NotFound):
        placing.place(
            store.tenant_id,
            store.member(),
            replace(store.wish(campaign, 1), campaign_id=UNKNOWN),
            "k",
            "h",
            clock.now(),
        )
    assert store.free(campaign) == 50


def test_a_blocked_member_orders_nothing(store: Store) -> None:
    campaign = store.publish(50)
    block(store)
    with pytest.raises(MemberBlocked):
        store.place(campaign, 1)
