"""Whatever fails while goods are received and orders go short: repeated, it has happened once.

The receipt and the pass over the orders that follows are run once to learn their requests, to DynamoDB and to SQS. Then
they are run for each request and each kind of fault, and repeated as the client, the stream and the queue would.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest
from pynamodb.exceptions import PynamoDBException

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.fulfilment.events import consumer
from chalicelib.fulfilment.receiving.model.receipts import Arrival
from chalicelib.fulfilment.receiving.service import allocating
from chalicelib.kernel import clock
from chalicelib.kernel.errors import Unavailable
from chalicelib.messaging import relay
from chalicelib.orders.records import OrderRecord
from chalicelib.settings import settings
from infra.local.engine import Engine
from infra.local.sources import number_of
from tests.conftest import Drain
from tests.faults import KINDS, Faults, Killed, Kind, faults
from tests.fulfilment.buying import agree, frozen, receive, supplier, supply
from tests.orders.states import again, paid, refunds
from tests.orders.store import Store

__all__ = ["faults"]

SERIES = 40
"""More failures in a row than all retries of one request."""

UNIT = 1_250

WRITE = "TransactWriteItems"


def matters(kind: Kind, request: str) -> bool:
    """Whether the use case can see of the fault what it sees of no other: a read that fails is one like another, and
    of a write it counts whether it has landed. The rest is for `make verify`.
    """
    return kind == "killed" or (request == WRITE and kind in ("timed_out_after_landing", "conflict"))


@pytest.fixture(autouse=True)
def _without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)


class Delivery:
    """Three paid orders of one SKU, of which unit after unit does not come."""

    def __init__(self, store: Store) -> None:
        self.store, self.short = store, 0
        self.orchard = supplier(store)
        agree(store, self.orchard, 0)
        self.campaign: CampaignRecord = store.publish(400)
        placed = [store.place(self.campaign, 60, member=n, key=f"k{n}") for n in range(3)]
        self.orders: list[OrderRecord] = [paid(store, order) for order in placed]
        store.lock(self.campaign)
        frozen(store, self.campaign.id)

    def next_receipt(self) -> Callable[[], Any]:
        """One more unit that will never come; the same receipt however often it is sent."""
        self.short += 1
        key = f"receipt-{self.short}"
        arrival = Arrival(self.store.skus[0], 0, 0, 1)
        return lambda: receive(self.store, self.campaign.id, self.orchard, arrival, key=key)

    def check(self) -> None:
        """Exactly what is missing was taken, from the last come, and paid back once."""
        orders = [again(self.store, order) for order in self.orders]
        left = [order.quantity if order.is_sold else 0 for order in orders]
        lost = [min(60, max(0, self.short - before)) for before in (120, 60, 0)]
        assert left == [60 - units for units in lost]
        back = [[amount for _, amount in refunds(order)] for order in orders]
        assert [sum(amounts) for amounts in back] == [UNIT * units for units in lost]
        assert [int(order.refunded_minor) for order in orders] == [UNIT * units for units in lost]
        found = supply(self.store, self.campaign.id)
        assert found is not None
        assert (found.stage, found.receipts) == ("idle", self.short)
        assert found.tallies == {self.store.skus[0]: [0, 0, self.short, 0, 0]}


def repeated(faults: Faults, ask: Callable[[], Any]) -> None:
    """Asks until it is answered; after a failure that reached the caller nothing fails more."""
    for _ in range(4):
        try:
            ask()
        except (PynamoDBException, Unavailable, Killed):
            faults.arm(None)
        else:
            return
    raise AssertionError("no answer")


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.verify)], ids=["telling", "every"])
def test_receiving(faults: Faults, store: Store, every: bool) -> None:
    faults.of("receive")
    delivery = Delivery(store)

    def ask(send: Callable[[], Any], steps: int) -> None:
        send()
        for _ in range(steps):
            allocating.allocate_next(store.tenant_id, delivery.campaign.id, clock.now())

    # A step that plans, one that carries out, and one that finds nothing left to do.
    faults.arm(None)
    ask(delivery.next_receipt(), 3)
    requests, count = list(faults.seen), 0
    for kind in KINDS:
        for at, request in enumerate(requests):
            if not (every or matters(kind, request)) or (kind == "conflict" and request != WRITE):
                continue  # only transactions conflict
            send = delivery.next_receipt()
            faults.arm(kind, at, SERIES)
            repeated(faults, lambda send=send: ask(send, 3))  # type: ignore[misc]
            faults.arm(None)
            ask(send, 1)
            count += 1
        delivery.check()
    sys.stdout.write(f"{count} combinations of a fault and a request: {', '.join(requests)}\n")
    writes = requests.count(WRITE)
    assert count == (5 * len(requests) + writes if every else len(requests) + 2 * writes)
    store.check_stock(delivery.campaign)


def test_telling_the_queue(faults: Faults, store: Store, engine: Engine, drain: Drain) -> None:
    """The stream hands on again what the queue did not take; the worker does the rest."""
    faults.of("receive")
    delivery, pump = Delivery(store), drain.pump
    (queue,) = [each for each in pump.queues if each.function == "fulfilment_worker"]
    table = settings().tenant_table

    def relay_all() -> bool:
        records = engine.records(table, 100)
        if records and not relay({"Records": records}, [consumer])["batchItemFailures"]:
            engine.taken(table, number_of(records[-1]))
        return bool(records)

    def work_off() -> None:
        while relay_all() or pump.take_queue(queue):
            if faults.hits:
                faults.arm(None)

    work_off()
    for kind in KINDS:
        delivery.next_receipt()()
        faults.arm(kind, 0, SERIES)
        repeated(faults, relay_all)
        assert faults.seen[0] == "SendMessageBatch"
        faults.arm(None)
        work_off()
        delivery.check()
    sys.stdout.write(f"{len(KINDS)} combinations of a fault and SendMessageBatch\n")
