"""Last units that are held, paid, expired and bought at once: none lost, none sold twice, every cent known."""

from collections import Counter

from chalicelib.db import Refused, Transaction
from chalicelib.kernel import clock
from chalicelib.kernel.errors import DomainError
from chalicelib.orders.ending.service.cancelling import cancel
from chalicelib.orders.ending.service.hold import expire
from chalicelib.orders.model import HOLD
from chalicelib.orders.payment.service import capture as payment
from tests.orders.store import Store
from tests.races.threads import all_at_once

UNITS = 16


def test_buyers_who_hold_and_buyers_who_pay_at_pickup_share_the_last_units(store: Store) -> None:
    campaign = store.publish(UNITS, peak=3, payment_methods=["pickup", "test"])
    store.member(4 * UNITS)

    def buy(n: int) -> str:
        try:
            return store.place(campaign, 1, member=n, payment_method="test" if n % 2 else "pickup").status
        except DomainError as refusal:
            return refusal.code

    results = Counter(all_at_once(buy, range(4 * UNITS)))
    assert results["held"] + results["placed"] == UNITS
    assert results["sold_out"] == 3 * UNITS
    store.check_stock(campaign)


def test_a_payment_a_cancellation_and_the_end_of_the_hold_at_once_have_one_outcome(store: Store) -> None:
    """The payment is in, or unwanted; never is an order both paid and without its units."""
    campaign = store.publish(UNITS, payment_methods=["test"])
    orders = [store.hold(campaign, 1, member=n) for n in range(UNITS)]
    end = clock.now() + HOLD
    paid: list[str] = []

    def act(deed: tuple[str, int]) -> str:
        name, n = deed
        order = orders[n]
        try:
            if name == "pay" and store.pay(order, 1_250, now=end):
                paid.append(order.id)
            elif name == "expire":
                expire(store.tenant_id, order.id, end)
            elif name == "cancel" and n % 3 == 0:
                cancel(store.tenant_id, store.member(n), order.id, clock.now())
        except DomainError as refusal:
            return refusal.code
        return "done"

    deeds = [(name, n) for n in range(UNITS) for name in ("pay", "expire", "cancel")]
    all_at_once(act, deeds)
    store.check_stock(campaign)
    for order in map(store.order, orders):
        took = paid.count(order.id)
        assert order.paid_minor == 1_250 * took
        if order.status == "cancelled":
            assert order.refunded_minor == order.paid_minor
        else:
            assert order.status == ("placed" if took else "expired")


def test_late_payments_race_new_buyers_for_what_expired(store: Store) -> None:
    campaign = store.publish(UNITS, peak=2, payment_methods=["pickup", "test"])
    store.member(2 * UNITS)
    orders = [store.hold(campaign, 1, member=n) for n in range(UNITS)]
    end = clock.now() + HOLD
    for order in orders:
        expire(store.tenant_id, order.id, end)

    def act(n: int) -> str:
        try:
            if n < UNITS:
                return "paid" if store.pay(orders[n], 1_250, now=end) else "given back"
            return store.place(campaign, 1, member=n, key="late", now=end).status
        except DomainError as refusal:
            return refusal.code

    results = Counter(all_at_once(act, [each for n in range(UNITS) for each in (n, UNITS + n)]))
    assert results["paid"] + results["placed"] == UNITS
    assert results["given back"] == UNITS - results["paid"]
    assert store.free(campaign) == 0
    store.check_stock(campaign)


def test_one_order_is_captured_once_by_many_payments(store: Store) -> None:
    campaign = store.publish(UNITS, payment_methods=["test"])
    order = store.hold(campaign, 2)

    def capture(n: int) -> bool:
        while True:
            stored = store.order(order)
            tx = Transaction()
            if not payment.capture(tx, stored, f"payment-{n}", 2_500, clock.now()):
                return False
            try:
                tx.commit()
            except Refused:
                continue
            return True

    assert Counter(all_at_once(capture, range(16))) == {True: 1, False: 15}
    assert store.order(order).paid_minor == 2_500
    store.check_stock(campaign)
