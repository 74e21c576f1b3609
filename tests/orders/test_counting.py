"""Progress and totals: exact, however the messages come."""

import random
import threading
from collections.abc import Callable, Sequence
from datetime import datetime

import pytest

from chalicelib.campaigns.lifecycle.service import closing
from chalicelib.campaigns.model.target import CloseTotals, Measure, OnMiss, Target
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.stock import service as campaign_stock
from chalicelib.db import tenant_scope
from chalicelib.kernel import clock
from chalicelib.kernel.errors import Unavailable
from chalicelib.orders.counting.service import counting
from chalicelib.orders.counting.service.counting import count_orders, decide_closed
from chalicelib.orders.ending.service.cancelling import cancel
from chalicelib.orders.records import OrderRecord
from tests.orders.store import Store


def close(store: Store, campaign: CampaignRecord) -> datetime:
    """The hour of the close has come, and the buckets are fenced."""
    assert campaign.closes_at is not None
    closing.close_campaign(store.tenant_id, campaign.id, campaign.closes_at)
    return campaign.closes_at


def test_messages_that_come_twice_and_in_any_order_count_each_order_as_it_stands(store: Store) -> None:
    campaign = store.publish(500)
    drawn = random.Random(7)
    messages = []
    for n in range(20):
        order = store.place(campaign, 1 + n % 3, member=n % 6, key=f"key-{n}")
        messages += [order.id] * drawn.randint(1, 3)
        if n % 4 == 0:
            cancel(store.tenant_id, store.member(n % 6), order.id, clock.now())
            messages += [order.id] * drawn.randint(0, 2)
    drawn.shuffle(messages)
    for order_id in messages:
        count_orders(store.tenant_id, [order_id], clock.now())
    live = [order for order in store.orders(campaign) if order.is_sold]
    units = sum(order.quantity for order in live)
    assert len(live) == 15
    assert store.progress(campaign) == (15, len({order.member_id for order in live}), units, units * 1_250)


def test_an_order_cancelled_while_it_is_counted_is_not_counted(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = store.publish(50)
    order = store.place(campaign, 2)
    read = counting.get_orders

    def read_then_cancelled(tenant_id: str, order_ids: Sequence[str]) -> list[OrderRecord]:
        found = read(tenant_id, order_ids)
        monkeypatch.setattr(counting, "get_orders", read)
        cancel(store.tenant_id, store.member(), order.id, clock.now())
        count_orders(store.tenant_id, [order.id], clock.now())
        return found

    monkeypatch.setattr(counting, "get_orders", read_then_cancelled)
    count_orders(store.tenant_id, [order.id], clock.now())
    assert store.progress(campaign) == (0, 0, 0, 0)


def test_many_workers_count_the_same_messages_once(store: Store) -> None:
    campaign = store.publish(500)
    ids = [store.place(campaign, 1, member=n % 3, key=f"key-{n}").id for n in range(9)]

    def work() -> None:
        with tenant_scope(store.tenant_id):
            for order_id in ids:
                _until_done(lambda order_id=order_id: count_orders(store.tenant_id, [order_id], clock.now()))  # type: ignore[misc]

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.progress(campaign) == (9, 3, 9, 9 * 1_250)


def _until_done(deliver: Callable[[], None]) -> None:
    """Delivers a message again and again, as its queue does."""
    while True:
        try:
            return deliver()
        except Unavailable:
            continue


def test_the_totals_of_a_close_come_from_the_orders_of_every_shard(store: Store) -> None:
    campaign = store.publish(200, 200, peak=4)
    for n in range(12):
        store.place(campaign, 2, n % 2, member=n % 5, key=f"key-{n}")
    gone = store.place(campaign, 7, member=9)
    cancel(store.tenant_id, store.member(9), gone.id, clock.now())
    now = close(store, campaign)
    decide_closed(store.tenant_id, campaign.id, now)
    decided = store.again(campaign)
    assert decided.status == "locked"
    assert decided.totals == CloseTotals(quantity=30, participants=5, amount_minor=30 * 1_250)


def test_fifty_messages_of_one_close_decide_once(store: Store) -> None:
    campaign = store.publish(200, target=Target(Measure.PARTICIPANTS, 3, OnMiss.EXTEND))
    store.place(campaign, 2)
    now = close(store, campaign)
    for _ in range(50):
        decide_closed(store.tenant_id, campaign.id, now)
    decided = store.again(campaign)
    assert decided.status == "extended"
    assert [entry["type"] for entry in decided.history].count("extended") == 1


def test_an_extended_campaign_is_counted_afresh_at_its_second_close(store: Store) -> None:
    campaign = store.publish(200, target=Target(Measure.QUANTITY, 5, OnMiss.EXTEND))
    store.place(campaign, 2)
    decide_closed(store.tenant_id, campaign.id, close(store, campaign))
    extended = store.again(campaign)
    store.place(campaign, 3, member=1, now=campaign.closes_at)
    decide_closed(store.tenant_id, campaign.id, close(store, extended))
    decided = store.again(campaign)
    assert (decided.status, decided.totals) == ("locked", CloseTotals(5, 2, 6_250))


@pytest.mark.parametrize("gone", [0, 1], ids=["another order", "the one that reached the cap"])
def test_a_close_at_a_cap_is_ended_although_an_order_was_cancelled_before_its_fence(
    store: Store, monkeypatch: pytest.MonkeyPatch, gone: int
) -> None:
    """The worker dies behind the fence; then the cancellation is counted, and the worker's message comes again."""
    campaign = store.publish(50, caps={"orders": 2, "amount": None})
    orders = [store.place(campaign, 1, member=n, key=f"key-{n}") for n in range(2)]
    count_orders(store.tenant_id, [orders[0].id], clock.now())
    fence = campaign_stock.fence

    def cancelled_first(read: CampaignRecord) -> None:
        monkeypatch.undo()
        cancel(store.tenant_id, store.member(gone), orders[gone].id, clock.now())
        fence(read)
        raise KeyboardInterrupt

    monkeypatch.setattr(campaign_stock, "fence", cancelled_first)
    with pytest.raises(KeyboardInterrupt):
        count_orders(store.tenant_id, [orders[1].id], clock.now())
    count_orders(store.tenant_id, [orders[gone].id], clock.now())
    count_orders(store.tenant_id, [orders[1].id], clock.now())
    assert store.again(campaign).status == "closing"
    decide_closed(store.tenant_id, campaign.id, clock.now())
    assert store.again(campaign).totals == CloseTotals(1, 1, 1_250)
