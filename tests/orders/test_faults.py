"""Whatever fails, at whichever request: a client that repeats its request ends with one effect and one answer.

Each use case is run once to learn its requests to DynamoDB. Then it is run for each of them and each kind of fault, for
one failure (which the layers below hide) and for a series (which they cannot), and repeated as a client would.
"""

from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest
from pynamodb.exceptions import PynamoDBException

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.kernel import clock
from chalicelib.kernel.errors import Unavailable
from chalicelib.orders.counting.service.counting import count_orders
from chalicelib.orders.ending.service.cancelling import cancel
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.views.orders import OrderView
from tests.faults import KINDS, Faults, Killed, Kind, faults
from tests.orders.store import Store

__all__ = ["faults"]

SERIES = 40
"""More failures in a row than all retries of one request."""

Answer = TypeVar("Answer")


@pytest.fixture(autouse=True)
def _without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)


def repeated(faults: Faults, ask: Callable[[], Answer]) -> Answer:
    """Sends the same request until there is an answer; after a failure that reached the client nothing fails more."""
    for _ in range(4):
        try:
            return ask()
        except (PynamoDBException, Unavailable, Killed):
            faults.arm(None)
    raise AssertionError("no answer")


def faulty_runs(faults: Faults, requests: int) -> Iterator[tuple[Kind, int, int]]:
    """Every fault at every request, alone and in a series; armed when it is handed out."""
    for kind in KINDS:
        for at in range(requests):
            for times in (1, SERIES):
                faults.arm(kind, at, times)
                yield kind, at, times


def requests_of(faults: Faults, ask: Callable[[], object]) -> int:
    faults.arm(None)
    ask()
    return len(faults.seen)


def placed_once(store: Store, faults: Faults, campaign: CampaignRecord, quantity: int, requests: int) -> int:
    runs = 0
    for _ in faulty_runs(faults, requests):
        key = f"key-{runs}"
        order = repeated(faults, lambda key=key: store.place(campaign, quantity, key=key))  # type: ignore[misc]
        faults.arm(None)
        again = store.place(campaign, quantity, key=key)
        assert OrderView.as_placed(again).model_dump_json() == OrderView.as_placed(order).model_dump_json()
        runs += 1
        assert store.free(campaign) == campaign.offers[0].quantity - quantity
        cancel(store.tenant_id, store.member(), order.id, clock.now())
    orders = store.orders(campaign)
    assert len(orders) == runs + 1
    store.check_stock(campaign)
    return runs


def test_placing(store: Store, faults: Faults) -> None:
    faults.of("place")
    campaign, _ = store.publish(30), store.member()
    requests = requests_of(faults, lambda: store.place(campaign, 2, key="first"))
    cancel(store.tenant_id, store.member(), store.orders(campaign)[0].id, clock.now())
    assert placed_once(store, faults, campaign, 2, requests) == 24


def test_placing_where_the_last_units_are_spread(store: Store, faults: Faults) -> None:
    faults.of("place")
    campaign, _ = store.publish(9, peak=3), store.member()
    requests = requests_of(faults, lambda: store.place(campaign, 8, key="first"))
    cancel(store.tenant_id, store.member(), store.orders(campaign)[0].id, clock.now())
    assert placed_once(store, faults, campaign, 8, requests) == 48


def test_cancelling(store: Store, faults: Faults) -> None:
    faults.of("cancel")
    campaign = store.publish(200)
    orders = [store.place(campaign, 2, key=f"key-{n}") for n in range(30)]
    requests = requests_of(faults, lambda: cancel(store.tenant_id, store.member(), orders[0].id, clock.now()))
    cancelled = 1
    for _ in faulty_runs(faults, requests):
        order = orders[cancelled]
        ended = repeated(faults, lambda order=order: _cancelled(store, order))  # type: ignore[misc]
        faults.arm(None)
        assert ended.status == "cancelled"
        assert _cancelled(store, order).cancelled_at == ended.cancelled_at
        cancelled += 1
    assert cancelled == 25
    assert store.free(campaign) == 200 - 2 * (30 - cancelled)
    store.check_stock(campaign)


def _cancelled(store: Store, order: OrderRecord) -> OrderRecord:
    return cancel(store.tenant_id, store.member(), order.id, clock.now())


def test_handing_over(store: Store, faults: Faults) -> None:
    faults.of("hand over")
    campaign = store.publish(200)
    orders = [store.place(campaign, 2, key=f"key-{n}") for n in range(40)]
    store.lock(campaign)
    store.bring(orders[0], clock.now())
    requests = requests_of(faults, lambda: store.hand_over(orders[0], key="h"))
    handed = 1
    for _ in faulty_runs(faults, requests):
        order = orders[handed]
        done = repeated(faults, lambda order=order: store.hand_over(order, key="h"))  # type: ignore[misc]
        faults.arm(None)
        assert (done.status, done.totals.due) == ("picked_up", 0)
        again = store.hand_over(order, key="h")
        assert (again.picked_up_at, again.rev) == (done.picked_up_at, done.rev)
        handed += 1
    assert handed == 37
    store.check_stock(campaign)


def test_counting(store: Store, faults: Faults) -> None:
    faults.of("count")
    campaign = store.publish(200)
    orders = [store.place(campaign, 1, member=n % 7, key=f"key-{n}") for n in range(40)]
    requests = requests_of(faults, lambda: count_orders(store.tenant_id, [orders[0].id], clock.now()))
    counted = 1
    for _ in faulty_runs(faults, requests):
        order_id = orders[counted].id
        repeated(faults, lambda order_id=order_id: count_orders(store.tenant_id, [order_id], clock.now()))  # type: ignore[misc]
        counted += 1
    assert counted == 37
    members = {order.member_id for order in orders[:counted]}
    assert store.progress(campaign) == (counted, len(members), counted, counted * 1_250)
