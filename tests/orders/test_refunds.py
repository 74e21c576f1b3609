"""Refunds on the books: what can be asked for, once a cause, and that the sums close."""

from typing import Any

import pytest

from chalicelib.db import Refused, Transaction
from chalicelib.kernel import clock
from chalicelib.orders.errors import RefundTooLarge
from chalicelib.orders.model import Status
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds import service as refunds
from chalicelib.orders.refunds.records import RefundRecord
from chalicelib.orders.service.reading import get_order
from tests.orders.store import Store


def paid_order(store: Store, **paid: Any) -> OrderRecord:
    """Two lines, 3 and 1 units at 3.33 each: 13.32, paid as it says; in memory only."""
    order = store.place(store.publish(50, 20, price_minor=333), 3, 1)
    order.paid_minor = 1_332
    for name, value in paid.items():
        setattr(order, name, value)
    return order


def ask(order: OrderRecord, amount_minor: int, **more: Any) -> RefundRecord | None:
    """Asks for a refund and writes it with the order."""
    tx = Transaction()
    named = {"cause": "c-1", "reason": "bruised", "by": "system", "now": clock.now()} | more
    made = refunds.request(tx, order, amount_minor, **named)
    tx.replace("order", order)
    tx.commit()
    return made


def test_a_refund_is_booked_on_the_order_and_told_to_the_world(store: Store) -> None:
    order = paid_order(store, payment_method="stripe")
    made = ask(order, 400, stands=True)
    assert made is not None
    assert (made.amount_minor, made.method, made.status, made.cause) == (400, "stripe", "requested", "c-1")
    assert sum(made.lines.values()) == 400
    assert [entry["t"] for entry in made.outbox] == ["refund.requested"]
    stored = get_order(store.tenant_id, order.id, consistent=True)
    assert (stored.refunded_minor, stored.returned_minor, stored.totals.due) == (400, 400, 0)
    assert refunds.list_refunds(store.tenant_id, order.id, 20, None).items[0].id == made.id


def test_a_cause_pays_back_once(store: Store) -> None:
    order = paid_order(store)
    ask(order, 400, stands=True)
    with pytest.raises(Refused) as refused:
        ask(order, 400, stands=True)
    assert refused.value.names == {"refund:c-1"}
    assert get_order(store.tenant_id, order.id, consistent=True).refunded_minor == 400


def test_nothing_is_asked_for_nothing_and_never_more_than_is_left(store: Store) -> None:
    order = paid_order(store)
    assert ask(order, 0) is None
    first, second = (line.offer_id for line in order.lines)
    for wrong in ({"amount_minor": 1_333}, {"amount_minor": -1}, {"amount_minor": 1_000, "lines": {first: 1_000}}):
        with pytest.raises(RefundTooLarge):
            ask(order, stands=True, **wrong)
    ask(order, 999, stands=True, lines={first: 999})
    with pytest.raises(RefundTooLarge) as refusal:
        ask(order, 334, stands=True, cause="c-2")
    assert refusal.value.extra == {"refundable_minor": 333}
    last = ask(order, 333, stands=True, cause="c-2")
    assert last is not None
    assert last.lines == {second: 333}, "the last refund takes the residue"
    assert (order.refundable_minor, order.kept_minor) == (0, 1_332)


def test_money_of_a_lowered_total_no_longer_stands_against_it(store: Store) -> None:
    order = paid_order(store)
    order.stored_lines = order.stored_lines[:1]
    tx = Transaction()
    made = refunds.request_overpaid(tx, order, cause="shortage", reason=None, by="system", now=clock.now())
    assert made is not None
    assert made.amount_minor == 333
    assert (order.totals.total, order.totals.due, order.kept_minor) == (999, 0, 999)
    again = refunds.request_overpaid(Transaction(), order, cause="shortage", reason=None, by="system", now=clock.now())
    assert again is None


def test_cash_paid_on_top_of_an_online_deposit_goes_back_in_cash_after_it(store: Store) -> None:
    order = paid_order(store, payment_method="stripe", cash_minor=932)
    first = ask(order, 300, stands=True)
    assert first is not None
    assert first.method == "stripe"
    ask(order, 1_032, cause="rest", stands=True)
    found = refunds.list_refunds(store.tenant_id, order.id, 20, None).items
    parts = {(each.cause, each.method): int(each.amount_minor) for each in found}
    assert parts == {("c-1", "stripe"): 300, ("rest", "stripe"): 100, ("rest", "pickup"): 932}
    assert all(sum(each.lines.values()) == each.amount_minor for each in found)


def test_the_first_answer_survives_every_change(store: Store) -> None:
    from chalicelib.orders.views.orders import OrderView

    order = store.place(store.publish(50, 20), 3, 1)
    answer = OrderView.as_placed(order).model_dump_json()
    order.keep_first()
    order.stored_lines, order.delivery_minor, order.pickup_point_id = order.stored_lines[1:], 500, "elsewhere"
    order.keep_first()
    order.take_cash()
    order.move_to(Status.PICKED_UP, clock.now())
    order.picked_up_at = clock.now()
    tx = Transaction()
    tx.replace("order", order)
    tx.commit()
    stored = get_order(store.tenant_id, order.id, consistent=True)
    assert stored.totals.paid == 1_750
    assert OrderView.as_placed(stored).model_dump_json() == answer
