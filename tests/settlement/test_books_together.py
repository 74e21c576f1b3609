"""What has happened to several orders is one transaction, and comes to the same books as one by one."""

import random
import threading
from collections.abc import Callable
from contextlib import suppress

import pytest
from chalice.app import SQSEvent
from pynamodb.exceptions import PynamoDBException

from chalicelib.db import Transaction, metered, tenant_scope
from chalicelib.kernel import clock
from chalicelib.kernel.errors import NotFound, Unavailable
from chalicelib.messaging import Message
from chalicelib.orders.records import OrderRecord
from chalicelib.settlement.books.service import money
from chalicelib.settlement.books.service.orders import AT_ONCE, CHANGED, bring_all_up_to_date
from chalicelib.settlement.events import consumer
from tests.faults import KINDS, Faults, Killed, faults
from tests.settlement.store_books import StoreBooks

__all__ = ["faults"]

Paid = dict[str, str]
"""Orders by payment id."""


@pytest.fixture(autouse=True)
def _without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)


def paid(books: StoreBooks, count: int, amount: int = 1_000) -> Paid:
    """Orders that were paid, at a fee of a hundredth; nothing is booked yet."""
    orders = [books.order(amount) for _ in range(count)]
    return {books.pay(order, amount, fee=(100, 0)): order.id for order in orders}


def booked(count: int, amount: int = 1_000) -> dict[str, int]:
    """The books after so many payments."""
    fee = amount // 100 * count
    return {"clearing:test": amount * count - fee, "customer_funds": amount * count, "provider_fees": fee}


def test_ten_payments_are_two_reads_and_one_write(books: StoreBooks) -> None:
    assert books.campaign
    payments = paid(books, AT_ONCE)
    with metered() as meter:
        money.captured(books.tenant_id, payments, clock.now())
    assert meter.by_operation == {"BatchGetItem": 2, "TransactWriteItems": 1}
    # A journal and a book for each; three balances and the campaign for all of them.
    assert (meter.items_written, meter.write_units) == (2 * AT_ONCE + 4, 2 * (2 * AT_ONCE + 4))
    assert books.balances() == booked(AT_ONCE)
    assert books.proof().holds


def test_what_is_booked_already_drops_out_of_the_batch(books: StoreBooks) -> None:
    payments = paid(books, 5)
    first = dict(list(payments.items())[1:3])
    money.captured(books.tenant_id, first, clock.now())
    for _ in range(2):
        money.captured(books.tenant_id, payments, clock.now())
        assert books.balances() == booked(5)
    assert books.proof().holds


def test_several_things_that_happened_to_one_order_are_booked_one_after_the_other(books: StoreBooks) -> None:
    order = books.order(1_000)
    payment = books.pay(order, 1_000)
    money.captured(books.tenant_id, {payment: order.id}, clock.now())
    refunds = [(order.id, books.refund(order, 100, stands=True)) for _ in range(3)]
    money.refunds_requested(books.tenant_id, [*refunds, refunds[0]], clock.now())
    assert books.balances() == {"clearing:test": 1_000, "customer_funds": 700, "refunds_payable": 300}
    assert int(books.of_order(books.again(order)).journals) == 4
    assert books.proof().holds


@pytest.mark.parametrize("seed", range(2))
def test_messages_in_batches_come_to_the_same_books_as_one_by_one(books: StoreBooks, seed: int) -> None:
    drawn = random.Random(seed)
    payments = paid(books, 14)
    orders = [books.get(order_id) for order_id in payments.values()]
    for order in orders[::2]:
        books.hand_over(order)
    refunds = [(order.id, books.refund(order, 400, stands=True)) for order in orders[::3]]
    deliveries: list[Callable[[], None]] = []
    for _ in range(4):
        some = dict(drawn.sample(sorted(payments.items()), 9))
        back = drawn.choices(refunds, k=4)
        changed = [(order.id, CHANGED) for order in drawn.sample(orders, 9)]
        deliveries += [
            lambda some=some: money.captured(books.tenant_id, some, clock.now()),  # type: ignore[misc]
            lambda back=back: money.refunds_requested(books.tenant_id, back, clock.now()),  # type: ignore[misc]
            lambda changed=changed: bring_all_up_to_date(books.tenant_id, changed, clock.now()),  # type: ignore[misc]
        ]
    drawn.shuffle(deliveries)
    for deliver in deliveries:
        deliver()
    for payment_id, order_id in payments.items():
        money.captured(books.tenant_id, {payment_id: order_id}, clock.now())
    for refund in refunds:
        money.refunds_requested(books.tenant_id, [refund], clock.now())
    for order in orders:
        bring_all_up_to_date(books.tenant_id, [(order.id, CHANGED)], clock.now())
    # Seven of fourteen were handed over; of five refunds, three are of those.
    balances = books.balances()
    assert (balances["customer_funds"], balances["sales"], balances["sales_returns"]) == (7_000 - 800, 7_000, 1_200)
    assert (balances["refunds_payable"], balances["commission_frozen:leader"]) == (2_000, 4 * 75 + 3 * 45)
    assert books.proof().holds


def test_an_unknown_order_fails_alone(books: StoreBooks) -> None:
    payments = paid(books, 3)
    lost = books.pay(OrderRecord(*OrderRecord.address(books.tenant_id, "01J9ZQ0W7N8RXC5B2M4T6V8Y0P")), 1_000)
    batch = [*list(payments.items())[:2], (lost, "01J9ZQ0W7N8RXC5B2M4T6V8Y0P"), *list(payments.items())[2:]]
    with pytest.raises(NotFound):
        money.captured(books.tenant_id, dict(batch), clock.now())
    assert books.balances() == {}
    records = []
    for n, (payment_id, order_id) in enumerate(batch):
        data = {"payment_id": payment_id, "order_id": order_id}
        message = Message(f"{n:026d}", "payment.succeeded", books.tenant_id, clock.now(), data)
        records.append({"messageId": str(n), "body": message.to_json(), "receiptHandle": "r", "attributes": {}})
    answer = consumer.work(SQSEvent({"Records": records}, None))
    assert answer == {"batchItemFailures": [{"itemIdentifier": "2"}]}
    assert books.balances() == booked(3)


def test_a_worker_that_dies_behind_its_write_has_booked_once(
    books: StoreBooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    payments = paid(books, 6)
    commit = Transaction.commit

    def dies(tx: Transaction) -> None:
        commit(tx)
        raise KeyboardInterrupt

    monkeypatch.setattr(Transaction, "commit", dies)
    with pytest.raises(KeyboardInterrupt):
        money.captured(books.tenant_id, payments, clock.now())
    monkeypatch.undo()
    money.captured(books.tenant_id, payments, clock.now())
    assert books.balances() == booked(6)


def test_whatever_fails_at_whichever_request_of_a_batch(books: StoreBooks, faults: Faults) -> None:
    faults.of("books together")
    assert books.campaign
    count = 0
    for kind in KINDS:
        for at in range(3):
            payments = paid(books, 3)
            count += 3
            faults.arm(kind, at)
            for _ in range(4):
                with suppress(Killed, PynamoDBException, Unavailable):
                    money.captured(books.tenant_id, payments, clock.now())
                    break
                faults.arm(None)
            faults.arm(None)
            assert books.balances() == booked(count)
    assert books.proof().holds


def test_workers_whose_batches_overlap_book_once(books: StoreBooks) -> None:
    payments = paid(books, 12)
    drawn = random.Random(5)

    def work(batches: list[Paid]) -> None:
        with tenant_scope(books.tenant_id):
            while batches:
                with suppress(Unavailable):
                    money.captured(books.tenant_id, batches[-1], clock.now())
                    batches.pop()

    threads = [
        threading.Thread(
            target=work, args=([dict(drawn.sample(sorted(payments.items()), 7)) for _ in range(3)] + [payments],)
        )
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert books.balances() == booked(12)
    assert books.proof().holds
