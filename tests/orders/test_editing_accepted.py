"""Editing an order of which another amount came online than was asked, and was accepted: only what makes it dearer
waits for a payment; what was left due before stays due.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.campaigns.model.kinds import Balance
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import Transaction
from chalicelib.kernel import clock
from chalicelib.orders.payment.service import capture as payment
from chalicelib.orders.payment.service.balance import end_unpaid
from chalicelib.orders.records import OrderRecord
from tests.orders.states import again, charged, edited, refunds, units_of
from tests.orders.store import Store


@pytest.fixture
def campaign(store: Store) -> CampaignRecord:
    """Fifty units each of pears and eggs at 12.50; what is not paid online is paid at pickup."""
    return store.publish(50, 50, payment_methods=["pickup", "test"])


@pytest.fixture
def preorder(store: Store) -> CampaignRecord:
    """Fifty units at 12.50, of which 3.00 are the deposit; the balance is due online 48 hours after the close."""
    return store.publish(
        50, kind="pre_order", deposit_minor=300, payment_methods=["test"], balance=Balance(48, "refund")
    )


def accepted(store: Store, order: OrderRecord, amount_minor: int) -> OrderRecord:
    """The order after staff accepted that this much came."""
    order, tx = again(store, order), Transaction()
    assert payment.accept(
        tx, order, "01J9ZQ0W7N8RXC5B2M4T6V8Y0P", amount_minor, reason="rounded", by="staff:1", now=clock.now()
    )
    tx.commit()
    return again(store, order)


def money(order: OrderRecord) -> tuple[int, int, int, int]:
    """Total, paid, refunded and due."""
    totals = order.totals
    return totals.total, totals.paid, totals.refunded, totals.due


def test_it_is_made_smaller_at_once_and_the_rest_stays_due(store: Store, campaign: CampaignRecord) -> None:
    order = accepted(store, store.hold(campaign, 2), 500)

    edited(store, order, 1)

    now = again(store, order)
    assert (units_of(now), now.pending, money(now)) == ([1], None, (1_250, 500, 0, 750))
    assert payment.expected(now, clock.now()) == 0, "the rest is paid at pickup"
    store.check_stock(campaign)


def test_another_of_the_same_price_costs_nothing_now(store: Store, campaign: CampaignRecord) -> None:
    order = accepted(store, store.hold(campaign, 2), 500)

    edited(store, order, 1, 1)

    assert (units_of(again(store, order)), money(again(store, order))) == ([1, 1], (2_500, 500, 0, 2_000))
    store.check_stock(campaign)


def test_made_smaller_than_what_came_the_difference_goes_back(store: Store, campaign: CampaignRecord) -> None:
    order = accepted(store, store.hold(campaign, 2), 2_000)

    edited(store, order, 1)

    assert money(again(store, order)) == (1_250, 2_000, 750, 0)
    assert [amount for _, amount in refunds(order)] == [750]


def test_made_dearer_it_waits_for_the_difference_alone(store: Store, campaign: CampaignRecord) -> None:
    """From 25.00, of which 20.00 are due at pickup, to 37.50."""
    order = accepted(store, store.hold(campaign, 2), 500)

    edited(store, order, 3)

    waiting = again(store, order)
    assert (units_of(waiting), payment.expected(waiting, clock.now())) == ([2], 1_250)
    assert charged(store, order)
    assert (units_of(again(store, order)), money(again(store, order))) == ([3], (3_750, 1_750, 0, 2_000))
    store.check_stock(campaign)


def test_the_rest_that_is_due_online_is_due_as_before(store: Store) -> None:
    campaign = store.publish(50, payment_methods=["test"])
    order = accepted(store, store.hold(campaign, 2), 500)
    until = order.balance_due_at

    edited(store, order, 1)

    now = again(store, order)
    assert until is not None
    assert (now.balance_due_at, now.due_at, payment.expected(now, clock.now())) == (until, until, 750)
    assert store.pay(now, 750)
    assert money(again(store, order)) == (1_250, 1_250, 0, 0)


@pytest.mark.parametrize("came", [400, 700, 2_000], ids=["less", "more", "much more than the deposit"])
def test_a_pre_order_is_made_smaller_at_once(store: Store, preorder: CampaignRecord, came: int) -> None:
    """A deposit of 6.00 was asked; one unit less has a deposit of 3.00 and costs 12.50."""
    order = accepted(store, store.hold(preorder, 2), came)

    edited(store, order, 1)

    now = again(store, order)
    back = {400: 100, 700: 0, 2_000: 750}[came]
    assert (units_of(now), now.pending, now.deposit_minor) == ([1], None, 300)
    assert money(now) == (1_250, came, back, 1_250 - came + back)
    store.check_stock(preorder)


@pytest.mark.parametrize(("came", "asked"), [(400, 300), (700, 200)], ids=["less", "more than the deposit"])
def test_a_pre_order_made_dearer_waits_for_its_deposit_alone(
    store: Store, preorder: CampaignRecord, came: int, asked: int
) -> None:
    """Three units have a deposit of 9.00, where 6.00 were asked before; the balance is paid in its time."""
    order = accepted(store, store.hold(preorder, 2), came)

    edited(store, order, 3)

    assert payment.expected(again(store, order), clock.now()) == asked
    assert charged(store, order)
    now = again(store, order)
    assert (units_of(now), money(now)) == ([3], (3_750, came + asked, 0, 3_750 - came - asked))
    store.check_stock(preorder)


def test_a_pre_order_that_more_came_for_than_its_new_deposit_is_made_dearer_at_once(
    store: Store, preorder: CampaignRecord
) -> None:
    order = accepted(store, store.hold(preorder, 2), 2_000)

    edited(store, order, 3)

    now = again(store, order)
    assert (units_of(now), now.pending, money(now)) == ([3], None, (3_750, 2_000, 0, 1_750))
    store.lock(preorder)
    assert now.balance_due_at is not None
    end_unpaid(store.tenant_id, order.id, now.balance_due_at - timedelta(seconds=1))
    assert store.pay(now, 1_750)


def test_a_pre_order_that_was_paid_in_full_waits_for_all_that_it_costs_more(
    store: Store, preorder: CampaignRecord
) -> None:
    order = accepted(store, store.hold(preorder, 2), 2_500)

    edited(store, order, 3)

    assert payment.expected(again(store, order), clock.now()) == 1_250
