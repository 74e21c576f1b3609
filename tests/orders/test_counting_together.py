"""Orders that are counted together: one write, each order once, whatever comes twice, fails or dies."""

import random
import threading
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from chalice.app import SQSEvent

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import Transaction, metered, tenant_scope
from chalicelib.kernel import clock
from chalicelib.kernel.errors import NotFound, Unavailable
from chalicelib.messaging import Message
from chalicelib.orders.counting.service import counting
from chalicelib.orders.counting.service.counting import AT_ONCE, count_orders
from chalicelib.orders.ending.service.cancelling import cancel
from chalicelib.orders.events import consumer
from chalicelib.orders.records import OrderRecord
from tests.faults import Faults, faults
from tests.orders.store import Store
from tests.orders.test_faults import _without_pauses, faulty_runs, repeated, requests_of

__all__ = ["_without_pauses", "faults"]

PRICE = 1_250


def placed(store: Store, campaign: CampaignRecord, count: int, members: int) -> list[OrderRecord]:
    """Orders of one unit by so many members in turn."""
    return [store.place(campaign, 1, member=n % members, key=f"{campaign.id}-{n}") for n in range(count)]


def ids(orders: Sequence[OrderRecord]) -> list[str]:
    return [order.id for order in orders]


def sqs_event(store: Store, order_ids: Sequence[str]) -> SQSEvent:
    """A batch as Lambda hands it over: a record for each message, numbered from 0."""
    records = []
    for n, order_id in enumerate(order_ids):
        message = Message(f"{n:026d}", "order.placed", store.tenant_id, clock.now(), {"order_id": order_id})
        records.append({"messageId": str(n), "body": message.to_json(), "receiptHandle": "r", "attributes": {}})
    return SQSEvent({"Records": records}, None)


def failed(answer: dict[str, Any]) -> list[str]:
    return [each["itemIdentifier"] for each in answer["batchItemFailures"]]


@pytest.mark.parametrize(("members", "parts"), [(10, 10), (4, 4), (1, 1)])
def test_ten_orders_of_a_campaign_are_two_reads_and_one_write(store: Store, members: int, parts: int) -> None:
    campaign = store.publish(200)
    orders = placed(store, campaign, 10, members)
    with metered() as meter:
        count_orders(store.tenant_id, ids(orders), clock.now())
    assert meter.by_operation == {"BatchGetItem": 2, "TransactWriteItems": 1}
    assert (meter.items_written, meter.write_units) == (parts + 1, 2 * (parts + 1))
    assert store.progress(campaign) == (10, members, 10, 10 * PRICE)


def test_what_is_counted_already_costs_its_reads_alone(store: Store) -> None:
    campaign = store.publish(200)
    orders = placed(store, campaign, 10, 5)
    count_orders(store.tenant_id, ids(orders), clock.now())
    with metered() as meter:
        count_orders(store.tenant_id, ids(orders), clock.now())
    assert meter.by_operation == {"BatchGetItem": 2}
    assert store.progress(campaign) == (10, 5, 10, 10 * PRICE)


def test_a_batch_of_several_campaigns_and_shards_with_messages_that_come_twice(store: Store) -> None:
    wide, narrow = store.publish(300, peak=4), store.publish(300)
    orders = [*placed(store, wide, 6, 3), *placed(store, narrow, 5, 2)]
    messages = [*ids(orders), orders[0].id, orders[0].id, orders[-1].id]
    random.Random(3).shuffle(messages)
    with metered() as meter:
        count_orders(store.tenant_id, messages, clock.now())
    # The parts of three members in one campaign and of two in the other, and the progress of each.
    assert (meter.writes, meter.items_written) == (1, 3 + 2 + 2)
    assert store.progress(wide) == (6, 3, 6, 6 * PRICE)
    assert store.progress(narrow) == (5, 2, 5, 5 * PRICE)


def test_more_orders_than_a_transaction_takes_are_counted_in_several(store: Store) -> None:
    campaign = store.publish(500)
    orders = placed(store, campaign, AT_ONCE + 7, AT_ONCE + 7)
    with metered() as meter:
        count_orders(store.tenant_id, ids(orders), clock.now())
    assert meter.writes == 2
    assert store.progress(campaign) == (len(orders), len(orders), len(orders), len(orders) * PRICE)


def test_an_unknown_order_fails_alone(store: Store) -> None:
    campaign = store.publish(200)
    orders = placed(store, campaign, 4, 4)
    unknown = "01J9ZQ0W7N8RXC5B2M4T6V8Y0P"
    with pytest.raises(NotFound):
        count_orders(store.tenant_id, [*ids(orders), unknown], clock.now())
    assert store.progress(campaign) == (0, 0, 0, 0)
    assert failed(consumer.work(sqs_event(store, [*ids(orders[:2]), unknown, *ids(orders[2:])]))) == ["2"]
    assert store.progress(campaign) == (4, 4, 4, 4 * PRICE)


def test_a_worker_that_dies_between_its_write_and_its_answer_has_counted_once(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = store.publish(200)
    orders = placed(store, campaign, 10, 4)

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(counting, "_follow", dies)
    with pytest.raises(KeyboardInterrupt):
        consumer.work(sqs_event(store, ids(orders)))
    assert store.progress(campaign) == (10, 4, 10, 10 * PRICE)
    monkeypatch.undo()
    assert failed(consumer.work(sqs_event(store, ids(orders)))) == []
    assert store.progress(campaign) == (10, 4, 10, 10 * PRICE)


def test_orders_that_change_while_they_are_counted_count_as_they_become(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the worker's read and its write one order is cancelled, and another worker has its message first."""
    campaign = store.publish(200)
    orders = placed(store, campaign, 5, 5)
    commit = Transaction.commit

    def overtaken(tx: Transaction) -> None:
        monkeypatch.undo()
        cancel(store.tenant_id, orders[2].member_id, orders[2].id, clock.now())
        count_orders(store.tenant_id, [orders[2].id], clock.now())
        commit(tx)

    monkeypatch.setattr(Transaction, "commit", overtaken)
    count_orders(store.tenant_id, ids(orders), clock.now())
    assert store.progress(campaign) == (4, 4, 4, 4 * PRICE)


def test_whatever_fails_at_whichever_request_of_a_batch(store: Store, faults: Faults) -> None:
    faults.of("count together")
    campaign = store.publish(400)
    orders = ids(placed(store, campaign, 3 * 40, 7))
    requests = requests_of(faults, lambda: count_orders(store.tenant_id, orders[:3], clock.now()))
    counted = 3
    for _ in faulty_runs(faults, requests):
        batch = orders[counted : counted + 3]
        repeated(faults, lambda batch=batch: count_orders(store.tenant_id, batch, clock.now()))  # type: ignore[misc]
        counted += 3
    faults.arm(None)
    assert (requests, counted) == (3, 3 * 37)
    assert store.progress(campaign) == (counted, 7, counted, counted * PRICE)


def test_workers_whose_batches_overlap_count_each_order_once(store: Store) -> None:
    campaign = store.publish(500)
    orders = placed(store, campaign, 24, 6)
    gone = orders[::5]
    drawn = random.Random(11)
    failures: Counter[str] = Counter()

    def work(batches: list[list[str]]) -> None:
        with tenant_scope(store.tenant_id):
            while batches:
                try:
                    count_orders(store.tenant_id, batches[-1], clock.now())
                    batches.pop()
                except Unavailable:
                    failures["again"] += 1

    for order in gone:
        cancel(store.tenant_id, order.member_id, order.id, clock.now())
    threads = [
        threading.Thread(target=work, args=([drawn.choices(ids(orders), k=10) for _ in range(3)] + [ids(orders)],))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    left = len(orders) - len(gone)
    assert store.progress(campaign) == (left, 6, left, left * PRICE)
