"""What a change comes to is what it then does, and looking at it changes nothing."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.db import metered
from chalicelib.kernel import clock
from chalicelib.orders.changes.service.editing import Edit, Outlook, may_edit, preview
from chalicelib.orders.ending.service.cancelling import may_cancel
from chalicelib.orders.errors import CutoffPassed
from chalicelib.orders.records import OrderRecord
from tests.orders.states import again, changes, edited, locked, paid_online, refunds
from tests.orders.store import Store


def looked_at(store: Store, order: OrderRecord, *quantities: int, **more: Any) -> Outlook:
    lines = tuple((line.offer_id, units) for line, units in zip(order.lines, quantities, strict=True))
    now = more.pop("now", None) or clock.now()
    return preview(store.tenant_id, order.member_id, order.id, Edit(lines, "look", "0" * 32, **more), now)


@pytest.mark.parametrize("quantities", [(1, 2), (5, 2), (2, 3), (3, 0)])
def test_of_a_paid_order_it_says_what_is_charged_or_comes_back(store: Store, quantities: tuple[int, int]) -> None:
    order = paid_online(store, store.publish(20, 20), 3, 2)

    seen = looked_at(store, order, *quantities)
    made = edited(store, order, *quantities)

    waits = made.waiting_edit
    assert seen.charged == (waits.amount_minor if waits else 0)
    assert seen.comes_back == made.refunded_minor
    assert seen.totals.total == sum(quantities) * 1_250
    assert (seen.charged > 0) is (sum(quantities) > 5)
    assert seen.due_later == 0


def test_of_an_order_paid_at_pickup_it_says_what_is_paid_there(store: Store) -> None:
    order = store.place(store.publish(20), 2)
    seen = looked_at(store, order, 3)
    assert (seen.charged, seen.comes_back, seen.due_later) == (0, 0, 3_750)
    assert edited(store, order, 3).totals.due == 3_750


def test_of_a_held_order_it_says_what_is_then_paid(store: Store) -> None:
    order = store.hold(store.publish(20), 2)
    assert looked_at(store, order, 3).charged == 3_750


def test_of_a_deposit_it_says_the_deposit_and_the_rest(store: Store) -> None:
    order = store.hold(store.publish(20, kind="pre_order", deposit_minor=250, payment_methods=["test"]), 2)
    seen = looked_at(store, order, 4)
    assert (seen.charged, seen.due_later) == (1_000, 4_000)


def test_looking_writes_nothing(store: Store) -> None:
    campaign = store.publish(20)
    order = paid_online(store, campaign, 3)
    with metered() as meter:
        looked_at(store, order, 1)
    assert meter.writes == 0
    assert int(again(store, order).rev) == int(order.rev)
    assert (changes(order), refunds(order)) == ([], [])
    store.check_stock(campaign)


def test_after_the_close_nothing_is_looked_at(store: Store) -> None:
    campaign = store.publish(20)
    order = store.place(campaign, 2)
    assert campaign.closes_at is not None
    with pytest.raises(CutoffPassed):
        looked_at(store, order, 1, now=campaign.closes_at)


def test_whether_an_order_may_be_changed_or_cancelled(store: Store) -> None:
    campaign = store.publish(20)
    placed, held = store.place(campaign, 2), store.hold(campaign, 1, member=1)
    now = clock.now()
    assert held.hold_expires_at is not None
    assert campaign.closes_at is not None
    for order in (placed, held):
        assert may_edit(order, campaign, now)
        assert may_cancel(order, campaign, now)
    assert not may_edit(held, campaign, held.hold_expires_at)
    assert not may_edit(placed, campaign, campaign.closes_at)
    assert not may_cancel(placed, campaign, campaign.closes_at)
    assert may_cancel(held, campaign, campaign.closes_at)
    held.status = "expired"
    assert not may_cancel(held, campaign, now)
    assert not may_edit(placed, locked(store, campaign), now)
