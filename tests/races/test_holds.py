"""Last units that are held, paid, expired and bought at once: none lost, none sold twice, every cent known."""

from collections import Counter

from chalicelib.db import Refused, Transaction
from chalicelib.kernel import clock
from chalicelib.kernel.errors import DomainError
from chalicelib.orders.ending.service.cancelling import cancel
from chalicelib.orders.ending.service.hold import expire
from chalicelib.orders.model import HOLD
from chalicelib.orders.payment.service import capture as payment
from tests.orders.stage import Stage
from tests.races.crowd import all_at_once

UNITS = 16


def test_buyers_who_hold_and_buyers_who_pay_at_pickup_share_the_last_units(stage: Stage) -> None:
    campaign = stage.publish(UNITS, peak=3, payment_methods=["pickup", "test"])
    stage.member(4 * UNITS)

    def buy(n: int) -> str:
        try:
            return stage.place(campaign, 1, member=n, payment_method="test" if n % 2 else "pickup").status
        except DomainError as refusal:
            return refusal.code

    results = Counter(all_at_once(buy, range(4 * UNITS)))
    assert results["held"] + results["placed"] == UNITS
    assert results["sold_out"] == 3 * UNITS
    stage.check_stock(campaign)


def test_a_payment_a_cancellation_and_the_end_of_the_hold_at_once_have_one_outcome(stage: Stage) -> None:
    """The payment is in, or unwanted; never is an order both paid and without its units."""
    campaign = stage.publish(UNITS, payment_methods=["test"])
    orders = [stage.hold(campaign, 1, member=n) for n in range(UNITS)]
    end = clock.now() + HOLD
    paid: list[str] = []

    def act(deed: tuple[str, int]) -> str:
        name, n = deed
        order = orders[n]
        try:
            if name == "pay" and stage.pay(order, 1_250, now=end):
                paid.append(order.id)
            elif name == "expire":
                expire(stage.tenant_id, order.id, end)
            elif name == "cancel" and n % 3 == 0:
                cancel(stage.tenant_id, stage.member(n), order.id, clock.now())
        except DomainError as refusal:
            return refusal.code
        return "done"

    deeds = [(name, n) for n in range(UNITS) for name in ("pay", "expire", "cancel")]
    all_at_once(act, deeds)
    stage.check_stock(campaign)
    for order in map(stage.order, orders):
        took = paid.count(order.id)
        assert order.paid_minor == 1_250 * took
        if order.status == "cancelled":
            assert order.refunded_minor == order.paid_minor
        else:
            assert order.status == ("placed" if took else "expired")


def test_late_payments_race_new_buyers_for_what_expired(stage: Stage) -> None:
    campaign = stage.publish(UNITS, peak=2, payment_methods=["pickup", "test"])
    stage.member(2 * UNITS)
    orders = [stage.hold(campaign, 1, member=n) for n in range(UNITS)]
    end = clock.now() + HOLD
    for order in orders:
        expire(stage.tenant_id, order.id, end)

    def act(n: int) -> str:
        try:
            if n < UNITS:
                return "paid" if stage.pay(orders[n], 1_250, now=end) else "given back"
            return stage.place(campaign, 1, member=n, key="late", now=end).status
        except DomainError as refusal:
            return refusal.code

    results = Counter(all_at_once(act, [each for n in range(UNITS) for each in (n, UNITS + n)]))
    assert results["paid"] + results["placed"] == UNITS
    assert results["given back"] == UNITS - results["paid"]
    assert stage.free(campaign) == 0
    stage.check_stock(campaign)


def test_one_order_is_captured_once_by_many_payments(stage: Stage) -> None:
    campaign = stage.publish(UNITS, payment_methods=["test"])
    order = stage.hold(campaign, 2)

    def capture(n: int) -> bool:
        while True:
            stored = stage.order(order)
            tx = Transaction()
            if not payment.capture(tx, stored, f"payment-{n}", 2_500, clock.now()):
                return False
            try:
                tx.commit()
            except Refused:
                continue
            return True

    assert Counter(all_at_once(capture, range(16))) == {True: 1, False: 15}
    assert stage.order(order).paid_minor == 2_500
    stage.check_stock(campaign)
