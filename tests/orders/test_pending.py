"""A dearer basket of an order that was paid online waits for the difference, with its units held."""

from datetime import timedelta

import pytest

from chalicelib.campaigns.model.campaign import Status as CampaignStatus
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import Refused, Transaction
from chalicelib.kernel import clock
from chalicelib.kernel.money import Money
from chalicelib.orders.changes.service.waiting import expire
from chalicelib.orders.ending.service.cancelling import cancel
from chalicelib.orders.errors import NothingLeft, SoldOut
from chalicelib.orders.model import DeliveryAddress
from chalicelib.orders.payment.service import capture as payment
from tests.orders.states import again, changes, charged, edited, paid_online, refunds, units_of, write
from tests.orders.store import Store

DELIVERED = {"fee": Money(600, "CNY"), "free_from": Money(400, "CNY")}


@pytest.fixture
def campaign(store: Store) -> CampaignRecord:
    """Fifty units each of pears, eggs and oil at 12.50."""
    return store.publish(50, 50, 50, payment_methods=["pickup", "test"])


def test_it_waits_for_the_difference_with_its_units_held(store: Store, campaign: CampaignRecord) -> None:
    order = paid_online(store, campaign, 2, 2)
    waiting = edited(store, order, 5, 1)
    assert units_of(waiting) == [2, 2]
    assert payment.expected(again(store, order), clock.now()) == 2_500
    assert [(int(each.held), int(each.sold)) for each in store.buckets(campaign)] == [(3, 2), (0, 2), (0, 0)]

    assert charged(store, order)

    now = again(store, order)
    assert units_of(now) == [5, 1]
    assert (now.totals.total, now.totals.paid, now.totals.due) == (7_500, 7_500, 0)
    assert changes(now)[-1][0] == "edited"
    assert now.due_at is None
    store.check_stock(campaign)


def test_it_is_dropped_after_a_quarter_of_an_hour(store: Store, campaign: CampaignRecord) -> None:
    order = paid_online(store, campaign, 2)
    edited(store, order, 5)
    waiting = again(store, order)
    assert (waiting.due_kind, waiting.due_queue) == ("order.pending", "payments")
    now = clock.now()
    expire(store.tenant_id, order.id, now + timedelta(minutes=14))
    assert again(store, order).pending is not None
    for _ in range(2):
        expire(store.tenant_id, order.id, now + timedelta(minutes=16))
    assert units_of(again(store, order)) == [2]
    assert not charged(store, order), "the payment that comes now is given back"
    store.check_stock(campaign)


def test_it_makes_way_for_another_change(store: Store, campaign: CampaignRecord) -> None:
    order = paid_online(store, campaign, 2)
    waiting = edited(store, order, 5)
    now = edited(store, order, 1, key="edit-2", revision=int(waiting.rev))
    assert (units_of(now), now.pending) == ([1], None)
    assert [amount for _, amount in refunds(now)] == [1_250]
    store.check_stock(campaign)


def test_an_edit_that_cannot_be_leaves_it_waiting(store: Store, campaign: CampaignRecord) -> None:
    order = paid_online(store, campaign, 2)
    edited(store, order, 5)
    with pytest.raises(NothingLeft):
        edited(store, order, 0, key="edit-2")
    assert payment.expected(again(store, order), clock.now()) == 3_750
    assert charged(store, order)
    assert units_of(again(store, order)) == [5]


def test_an_edit_that_is_sold_out_leaves_it_waiting(store: Store, campaign: CampaignRecord) -> None:
    order = paid_online(store, campaign, 2)
    waiting = edited(store, order, 5)
    store.place(campaign, 40, member=1)
    with pytest.raises(SoldOut) as refused:
        edited(store, order, 16, key="edit-2", revision=int(waiting.rev))
    assert refused.value.extra["left"] == 8, "the three that are held for this member's own edit are there for it"
    assert again(store, order).rev == waiting.rev
    assert charged(store, order)
    assert units_of(again(store, order)) == [5]
    store.check_stock(campaign)


@pytest.mark.parametrize(
    ("wanted", "held"), [(10, [8, 0, 0]), (4, [2, 0, 0]), (5, [3, 0, 0])], ids=["more", "less", "the same"]
)
def test_another_dearer_edit_takes_its_place_and_its_units(
    store: Store, campaign: CampaignRecord, wanted: int, held: list[int]
) -> None:
    order = paid_online(store, campaign, 2)
    waiting = edited(store, order, 5)
    store.place(campaign, 40, member=1)
    now = edited(store, order, wanted, key="edit-2", revision=int(waiting.rev))
    assert [int(each.held) for each in store.buckets(campaign)] == held
    assert [kind for kind, _ in changes(now)].count("edit_dropped") == 1
    assert charged(store, order)
    assert units_of(again(store, order)) == [wanted]
    store.check_stock(campaign)


def test_another_edit_takes_its_units_from_whichever_bucket_has_them(store: Store) -> None:
    campaign = store.publish(20, peak=4, payment_methods=["pickup", "test"], limit=20)
    assert len(store.buckets(campaign)) > 1
    order = paid_online(store, campaign, 2)
    edited(store, order, 10)
    now = edited(store, order, 20, key="edit-2")
    assert sum(int(each.held) for each in store.buckets(campaign)) == 18
    assert charged(store, now)
    assert (units_of(again(store, order)), store.free(campaign)) == ([20], 0)
    store.check_stock(campaign)


def test_an_edit_back_to_what_was_ordered_drops_it(store: Store, campaign: CampaignRecord) -> None:
    order = paid_online(store, campaign, 2)
    edited(store, order, 5)
    now = edited(store, order, 2, key="edit-2")
    assert (units_of(now), again(store, order).pending, store.free(campaign)) == ([2], None, 148)
    store.check_stock(campaign)


def test_it_makes_way_for_the_cancellation_of_the_order(store: Store, campaign: CampaignRecord) -> None:
    order = paid_online(store, campaign, 2)
    edited(store, order, 5)
    ended = cancel(store.tenant_id, order.member_id, order.id, clock.now())
    assert (ended.status, ended.pending, ended.totals.refunded) == ("cancelled", None, 2_500)
    assert store.free(campaign) == 150
    store.check_stock(campaign)


def test_it_is_not_taken_for_another_amount(store: Store, campaign: CampaignRecord) -> None:
    order = paid_online(store, campaign, 2)
    edited(store, order, 5)
    tx = Transaction()
    assert not payment.capture(tx, again(store, order), "payment-2", 3_749, clock.now())
    assert len(tx) == 0


def test_it_is_paid_once(store: Store, campaign: CampaignRecord) -> None:
    order = paid_online(store, campaign, 2)
    edited(store, order, 5)
    seen, twin = again(store, order), again(store, order)
    first, second = Transaction(), Transaction()
    assert payment.capture(first, seen, "p1", 3_750, clock.now())
    assert payment.capture(second, twin, "p2", 3_750, clock.now())
    first.commit()
    with pytest.raises(Refused):
        second.commit()
    assert not payment.capture(Transaction(), again(store, order), "p2", 3_750, clock.now())


def test_of_a_preorder_the_difference_of_the_deposits_is_charged(store: Store) -> None:
    """A deposit of 3.00 a unit, 12.50 in all: from four units to six it is 6.00 more, and 57.00 are due later."""
    campaign = store.publish(50, kind="pre_order", deposit_minor=300, payment_methods=["test"])
    order = paid_online(store, campaign, 4)
    assert order.totals.paid == 1_200
    edited(store, order, 6)
    assert payment.expected(again(store, order), clock.now()) == 600
    assert charged(store, order)
    now = again(store, order)
    assert (now.deposit_minor, now.totals.paid, now.totals.due) == (1_800, 1_800, 5_700)
    less = edited(store, order, 1, key="edit-2")
    assert (less.deposit_minor, less.totals.refunded, less.totals.due) == (300, 1_500, 950)
    store.check_stock(campaign)


def test_the_close_waits_for_a_basket_that_is_dearer_by_its_delivery_though_it_holds_no_units(store: Store) -> None:
    """Four units at 1.00 are delivered free; two are 2.00 and 6.00 for the delivery: 4.00 more than was paid."""
    campaign = store.publish(
        50,
        price_minor=100,
        payment_methods=["test"],
        delivery=DELIVERED,
    )
    order = paid_online(store, campaign, 4, delivery=DeliveryAddress("An", "+8613800000000", "1 Lilac Road"))
    assert order.totals.total == 400
    assert campaign.closes_at is not None
    waiting = edited(store, order, 2, now=campaign.closes_at - timedelta(minutes=1))
    assert (waiting.pending or {})["amount"] == 400
    assert payment.expected(waiting, campaign.closes_at - timedelta(seconds=1)) == 400
    assert payment.expected(waiting, campaign.closes_at) == 0, "nothing is asked for that is not taken"
    store.lock(campaign)
    assert store.again(campaign).status == "closing"
    assert charged(store, order, campaign.closes_at), "it was paid before, and the message is late"
    assert units_of(again(store, order)) == [2]
    store.lock(campaign)
    assert store.again(campaign).status == "locked"
    store.check_stock(campaign)


def test_once_its_close_is_decided_no_basket_is_taken_up(store: Store) -> None:
    campaign = store.publish(50, price_minor=100, payment_methods=["test"], delivery=DELIVERED)
    order = paid_online(store, campaign, 4, delivery=DeliveryAddress("An", "+8613800000000", "1 Lilac Road"))
    assert campaign.closes_at is not None
    edited(store, order, 2, now=campaign.closes_at - timedelta(minutes=1))
    locked = store.again(campaign)
    locked.status = CampaignStatus.LOCKED.value
    write(locked)
    assert not charged(store, order, campaign.closes_at)
    assert units_of(again(store, order)) == [4]
