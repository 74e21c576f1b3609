"""A dearer basket of an order that was paid online waits for the difference, with its units held."""

from datetime import timedelta

import pytest

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import Refused, Transaction
from chalicelib.kernel import clock
from chalicelib.kernel.money import Money
from chalicelib.orders.edits.service import pending
from chalicelib.orders.ending.service.cancelling import cancel
from chalicelib.orders.errors import NothingLeft
from chalicelib.orders.payment.service import capture as payment
from tests.orders.changed import again, changes, charged, edited, paid_online, refunds, units_of
from tests.orders.stage import Stage


@pytest.fixture
def campaign(stage: Stage) -> CampaignRecord:
    """Fifty units each of pears, eggs and oil at 12.50."""
    return stage.publish(50, 50, 50, payment_methods=["pickup", "test"])


def test_it_waits_for_the_difference_with_its_units_held(stage: Stage, campaign: CampaignRecord) -> None:
    order = paid_online(stage, campaign, 2, 2)
    waiting = edited(stage, order, 5, 1)
    assert units_of(waiting) == [2, 2]
    assert payment.expected(again(stage, order), clock.now()) == 2_500
    assert [(int(each.held), int(each.sold)) for each in stage.buckets(campaign)] == [(3, 2), (0, 2), (0, 0)]

    assert charged(stage, order)

    now = again(stage, order)
    assert units_of(now) == [5, 1]
    assert (now.totals.total, now.totals.paid, now.totals.due) == (7_500, 7_500, 0)
    assert changes(now)[-1][0] == "edited"
    assert now.due_at is None
    stage.check_stock(campaign)


def test_it_is_dropped_after_a_quarter_of_an_hour(stage: Stage, campaign: CampaignRecord) -> None:
    order = paid_online(stage, campaign, 2)
    edited(stage, order, 5)
    waiting = again(stage, order)
    assert (waiting.due_kind, waiting.due_queue) == ("order.pending", "orders")
    now = clock.now()
    pending.expire(stage.tenant_id, order.id, now + timedelta(minutes=14))
    assert again(stage, order).pending is not None
    for _ in range(2):
        pending.expire(stage.tenant_id, order.id, now + timedelta(minutes=16))
    assert units_of(again(stage, order)) == [2]
    assert not charged(stage, order), "the payment that comes now is given back"
    stage.check_stock(campaign)


def test_it_makes_way_for_another_change(stage: Stage, campaign: CampaignRecord) -> None:
    order = paid_online(stage, campaign, 2)
    waiting = edited(stage, order, 5)
    now = edited(stage, order, 1, key="edit-2", revision=int(waiting.rev))
    assert (units_of(now), now.pending) == ([1], None)
    assert [amount for _, amount in refunds(now)] == [1_250]
    stage.check_stock(campaign)


def test_an_edit_that_cannot_be_leaves_it_waiting(stage: Stage, campaign: CampaignRecord) -> None:
    order = paid_online(stage, campaign, 2)
    edited(stage, order, 5)
    with pytest.raises(NothingLeft):
        edited(stage, order, 0, key="edit-2")
    assert payment.expected(again(stage, order), clock.now()) == 3_750
    assert charged(stage, order)
    assert units_of(again(stage, order)) == [5]


def test_it_makes_way_for_the_cancellation_of_the_order(stage: Stage, campaign: CampaignRecord) -> None:
    order = paid_online(stage, campaign, 2)
    edited(stage, order, 5)
    ended = cancel(stage.tenant_id, order.member_id, order.id, clock.now())
    assert (ended.status, ended.pending, ended.totals.refunded) == ("cancelled", None, 2_500)
    assert stage.free(campaign) == 150
    stage.check_stock(campaign)


def test_it_is_not_taken_for_another_amount(stage: Stage, campaign: CampaignRecord) -> None:
    order = paid_online(stage, campaign, 2)
    edited(stage, order, 5)
    tx = Transaction()
    assert not payment.capture(tx, again(stage, order), "payment-2", 3_749, clock.now())
    assert len(tx) == 0


def test_it_is_paid_once(stage: Stage, campaign: CampaignRecord) -> None:
    order = paid_online(stage, campaign, 2)
    edited(stage, order, 5)
    seen, twin = again(stage, order), again(stage, order)
    first, second = Transaction(), Transaction()
    assert payment.capture(first, seen, "p1", 3_750, clock.now())
    assert payment.capture(second, twin, "p2", 3_750, clock.now())
    first.commit()
    with pytest.raises(Refused):
        second.commit()
    assert not payment.capture(Transaction(), again(stage, order), "p2", 3_750, clock.now())


def test_of_a_preorder_the_difference_of_the_deposits_is_charged(stage: Stage) -> None:
    """A deposit of 3.00 a unit, 12.50 in all: from four units to six it is 6.00 more, and 57.00 are due later."""
    campaign = stage.publish(50, kind="pre_order", deposit_minor=300, payment_methods=["test"])
    order = paid_online(stage, campaign, 4)
    assert order.totals.paid == 1_200
    edited(stage, order, 6)
    assert payment.expected(again(stage, order), clock.now()) == 600
    assert charged(stage, order)
    now = again(stage, order)
    assert (now.deposit_minor, now.totals.paid, now.totals.due) == (1_800, 1_800, 5_700)
    less = edited(stage, order, 1, key="edit-2")
    assert (less.deposit_minor, less.totals.refunded, less.totals.due) == (300, 1_500, 950)
    stage.check_stock(campaign)


def test_a_basket_that_is_dearer_by_its_delivery_is_not_taken_up_after_the_close(stage: Stage) -> None:
    """Four units at 1.00 are delivered free; two are 2.00 and 6.00 for the delivery: 4.00 more than was paid."""
    campaign = stage.publish(
        50,
        price_minor=100,
        payment_methods=["test"],
        delivery={"fee": Money(600, "CNY"), "free_from": Money(400, "CNY")},
    )
    order = paid_online(
        stage, campaign, 4, delivery={"name": "An", "phone": "+8613800000000", "address": "1 Lilac Road"}
    )
    assert order.totals.total == 400
    assert campaign.closes_at is not None
    waiting = edited(stage, order, 2, now=campaign.closes_at - timedelta(minutes=1))
    assert (waiting.pending or {})["amount"] == 400
    assert payment.expected(waiting, campaign.closes_at - timedelta(seconds=1)) == 400
    assert payment.expected(waiting, campaign.closes_at) == 0, "nothing is asked for that is not taken"
    stage.lock(campaign)
    assert not charged(stage, order, campaign.closes_at)
    assert units_of(again(stage, order)) == [4]
