"""Whatever fails while a payment is started, settled or refunded: repeated, it has happened once.

As with orders: each use case is run once to learn its requests to DynamoDB, then for each of them and each kind of
fault, alone and in a series, and repeated as the caller (a client, a provider, a queue) would.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib.db import tenant_scope
from chalicelib.kernel import clock
from chalicelib.payments.service import refunding, settling, starting
from tests.builders import Shop, made
from tests.faults import Faults, faults
from tests.orders.test_faults import faulty_runs, repeated, requests_of
from tests.payments.till import Till

__all__ = ["faults"]


@pytest.fixture(autouse=True)
def _without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)


@pytest.fixture
def tills(shop: Shop) -> Iterator[Till]:
    """As many held orders as a test takes, in the scope of their tenant."""
    campaign = shop.campaign(offers=[shop.offer(quantity=2000)])

    def opened() -> Iterator[Till]:
        while True:
            yield Till(shop, campaign)

    with tenant_scope(shop.tenant_id):
        yield opened()


def every_fault(
    faults: Faults, tills: Iterator[Till], prepare: Callable[[Till], Callable[[], Any]], check: Callable[[Till], None]
) -> int:
    """Runs what ``prepare`` gives on a till of its own under every fault; returns how many combinations there were."""
    requests, runs = requests_of(faults, prepare(next(tills))), 0
    armed = faulty_runs(faults, requests)
    faults.arm(None)
    for kind, at, times in armed:
        faults.arm(None)
        till = next(tills)
        ask = prepare(till)
        faults.arm(kind, at, times)
        repeated(faults, ask)
        faults.arm(None)
        ask()
        check(till)
        runs += 1
    assert runs == requests * 12
    sys.stdout.write(f"{runs} combinations of a fault and a request\n")
    return runs


def started(till: Till) -> str:
    payment_id: str = made(till.start("key"))["id"]
    return payment_id


def paid(till: Till) -> str:
    payment_id = started(till)
    till.press(payment_id)
    till.tell(payment_id)
    return payment_id


def test_starting(faults: Faults, tills: Iterator[Till]) -> None:
    def prepare(till: Till) -> Callable[[], Any]:
        asked = starting.Request(till.tenant_id, till.shop.shopper.id, till.order["id"], "key", "hash")
        wish = starting.Wish("", "", "https://shop.example")
        return lambda: starting.start(asked, wish, clock.now())

    def check(till: Till) -> None:
        (only,) = made(till.shop.brand.get(f"/v1/orders/{till.order['id']}/payments"), 200)["items"]
        assert only["status"] == "pending"

    assert every_fault(faults, tills, prepare, check)


def test_settling(faults: Faults, tills: Iterator[Till]) -> None:
    def prepare(till: Till) -> Callable[[], Any]:
        payment_id = started(till)
        till.press(payment_id)
        return lambda: settling.settle(till.tenant_id, payment_id, clock.now())

    def check(till: Till) -> None:
        order = till.order_record()
        assert (order.status, order.paid_minor) == ("placed", 1800)
        (only,) = made(till.shop.brand.get(f"/v1/orders/{till.order['id']}/payments"), 200)["items"]
        assert (only["status"], only["applied"], only["refunds"]) == ("succeeded", "captured", [])

    assert every_fault(faults, tills, prepare, check)


def test_refunding(faults: Faults, tills: Iterator[Till]) -> None:
    def prepare(till: Till) -> Callable[[], Any]:
        paid(till)
        till.cancel()
        (refund_id,) = till.refund_ids()
        return lambda: refunding.refund(till.tenant_id, till.order["id"], refund_id, clock.now())

    def check(till: Till) -> None:
        (only,) = made(till.shop.brand.get(f"/v1/orders/{till.order['id']}/payments"), 200)["items"]
        assert till.given_back(only["id"]) == 1800
        assert till.refund_states() == ["succeeded"]

    assert every_fault(faults, tills, prepare, check)
