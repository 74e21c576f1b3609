"""Cancelling: until the cutoff, once, and nothing is lost on the way."""

from datetime import timedelta

import pytest

from chalicelib.db import Refused, Transaction, metered
from chalicelib.kernel import clock
from chalicelib.kernel.errors import NotFound
from chalicelib.orders.ending.service import cancelling
from chalicelib.orders.ending.service.cancelling import cancel
from chalicelib.orders.errors import CutoffPassed, NotCancellable
from chalicelib.orders.service.reading import get_order
from chalicelib.orders.views.orders import OrderView
from tests.orders.states import released
from tests.orders.store import Store


def test_a_cancelled_order_gives_its_units_back_and_owes_nothing(store: Store) -> None:
    campaign = store.publish(50, 20)
    order = store.place(campaign, 3, 2)
    cancelled = cancel(store.tenant_id, store.member(), order.id, clock.now())
    assert (cancelled.status, cancelled.cancelled_by, cancelled.totals.due) == ("cancelled", "member", 0)
    assert store.free(campaign) == 70
    store.check_stock(campaign)


def test_cancelling_again_answers_as_the_first_time_even_after_the_cutoff(store: Store) -> None:
    campaign = store.publish(50)
    order = store.place(campaign, 3)
    first = cancel(store.tenant_id, store.member(), order.id, clock.now())
    again = cancel(store.tenant_id, store.member(), order.id, clock.now() + timedelta(days=1))
    assert OrderView.of(again).model_dump_json() == OrderView.of(first).model_dump_json()
    assert store.free(campaign) == 50


def test_it_is_one_read_and_one_transaction_of_two_items(store: Store) -> None:
    order = store.place(store.publish(50), 3)
    with metered() as meter:
        cancel(store.tenant_id, store.member(), order.id, clock.now())
    assert meter.by_operation == {"GetItem": 1, "TransactWriteItems": 1}
    assert meter.write_units == 4


def test_from_the_close_on_it_is_too_late(store: Store) -> None:
    campaign = store.publish(50)
    order = store.place(campaign, 3)
    assert campaign.closes_at is not None
    with pytest.raises(CutoffPassed):
        cancel(store.tenant_id, store.member(), order.id, campaign.closes_at)
    assert get_order(store.tenant_id, order.id).status == "placed"
    cancel(store.tenant_id, store.member(), order.id, campaign.closes_at - timedelta(milliseconds=1))
    store.check_stock(campaign)


def test_another_members_order_does_not_exist(store: Store) -> None:
    order = store.place(store.publish(50), 3)
    with pytest.raises(NotFound):
        cancel(store.tenant_id, store.member(1), order.id, clock.now())


def test_what_was_handed_over_is_not_cancelled(store: Store) -> None:
    campaign = store.publish(50)
    order = store.place(campaign, 3)
    store.lock(campaign)
    store.hand_over(order)
    with pytest.raises(NotCancellable):
        cancel(store.tenant_id, store.member(), order.id, clock.now())


def test_a_release_comes_after_whoever_changed_the_order_first(store: Store) -> None:
    campaign = store.publish(50)
    read_before = store.place(campaign, 3)
    stale = get_order(store.tenant_id, read_before.id)
    cancel(store.tenant_id, store.member(), read_before.id, clock.now())
    with pytest.raises(Refused):
        released(stale)
    store.check_stock(campaign)


def test_an_order_cancelled_meanwhile_is_answered_as_it_is(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = store.publish(50)
    order = store.place(campaign, 3)
    cancel_order = cancelling._cancel
    calls = []

    def raced(*arguments: object, **named: object) -> object:
        calls.append(arguments)
        if len(calls) == 1:
            tx = Transaction()
            cancel_order(tx, get_order(store.tenant_id, order.id), "member", clock.now(), None)
            tx.commit()
        return cancel_order(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(cancelling, "_cancel", raced)
    assert cancel(store.tenant_id, store.member(), order.id, clock.now()).status == "cancelled"
    assert len(calls) == 1
    assert store.free(campaign) == 50
