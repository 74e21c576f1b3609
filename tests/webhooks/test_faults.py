"""Whatever fails, at whichever request: nothing that was emitted is lost, and the receiver can tell what came twice."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

import pytest
from pynamodb.exceptions import PynamoDBException

from chalicelib.db import tenant_scope
from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.ids import new_id
from chalicelib.webhooks.model.attempts import Outcome
from chalicelib.webhooks.model.emission import MOST_BODY_BYTES, Emission, EmissionTooLarge
from chalicelib.webhooks.service import delivering, emitting
from chalicelib.webhooks.service.delivering import LEASE, deliver
from chalicelib.webhooks.service.emitting import emit
from tests.builders import made
from tests.faults import KINDS, Faults, Killed, faults
from tests.webhooks.conftest import Hooks
from tests.webhooks.receiver import Receiver, status

__all__ = ["faults"]

FAILURES = (PynamoDBException, Unavailable, Killed)


@pytest.fixture(autouse=True)
def _without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)


def requests_of(faults: Faults, use_case: Callable[[], object]) -> int:
    faults.arm(None)
    use_case()
    return len(faults.seen)


def deliver_now(hooks: Hooks, delivery_id: str) -> None:
    with tenant_scope(hooks.tenant_id):
        deliver(hooks.tenant_id, delivery_id, product_clock.now())


def test_an_event_is_emitted_once_to_each_endpoint_whichever_request_fails(hooks: Hooks, faults: Faults) -> None:
    faults.of("webhook emission")
    endpoints = [hooks.endpoint("https://erp.example.com/") for _ in range(2)]
    runs = 0
    for at in range(requests_of(faults, hooks.emit)):
        for kind in KINDS:
            runs += 1
            event_id = new_id(product_clock.now())
            faults.arm(kind, at, 40)
            with suppress(*FAILURES):
                hooks.emit(event_id=event_id)
            faults.arm(None)
            hooks.emit(event_id=event_id)

    for endpoint in endpoints:
        assert len(hooks.deliveries(endpoint, "pending")) == runs + 1


@pytest.mark.parametrize("answer", [204, 500])
def test_a_delivery_ends_though_any_of_its_requests_fails(
    answer: int, hooks: Hooks, receiver: Receiver, faults: Faults
) -> None:
    faults.of("webhook delivery")
    receiver.answer = status(answer)
    endpoint = hooks.endpoint(receiver)
    first = hooks.delivery(*hooks.emit(), endpoint).id
    requests = requests_of(faults, lambda: deliver_now(hooks, first))
    for at in range(requests):
        for kind in KINDS:
            (event_id,) = hooks.emit()
            delivery = hooks.delivery(event_id, endpoint).id
            faults.arm(kind, at, 40)
            with suppress(*FAILURES):
                deliver_now(hooks, delivery)
            faults.arm(None)
            left = hooks.delivery(event_id, endpoint)
            assert left.status == "sent" or left.due_at is not None
            receiver.answer = status(204)
            hooks.clock.advance(seconds=LEASE.total_seconds() + 1)
            deliver_now(hooks, delivery)
            receiver.answer = status(answer)
            assert hooks.delivery(event_id, endpoint).status == "sent", (kind, at)

    times = Counter(each.id for each in receiver.received)
    assert max(times.values()) <= 2
    if answer == 204:
        # Only where the worker failed between the answer and its note of it.
        assert len([n for n in times.values() if n == 2]) <= len(KINDS)


def test_a_worker_that_was_killed_after_the_answer_leaves_the_same_id_to_be_sent_again(
    hooks: Hooks, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint = hooks.endpoint(receiver)
    hooks.emit()
    delivery = hooks.deliveries(endpoint)[0]["id"]

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("chalicelib.webhooks.service.delivering._write_down", killed)
        with pytest.raises(Killed):
            deliver_now(hooks, delivery)
    deliver_now(hooks, delivery)  # another worker, while the claim holds
    assert len(receiver.received) == 1
    hooks.later(seconds=LEASE.total_seconds() + 1)

    assert [each.id for each in receiver.received] == [receiver.received[0].id] * 2
    assert hooks.counts(endpoint) == {"pending": 0, "sent": 1, "dead": 0}


def test_a_slow_worker_whose_claim_ran_out_takes_nothing_back(
    hooks: Hooks, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It fails after a second worker has delivered: the log has both, the delivery stays sent."""
    endpoint = hooks.endpoint(receiver)
    hooks.emit()
    delivery = hooks.deliveries(endpoint)[0]["id"]
    real = delivering.post

    def slowly(*arguments: str) -> Outcome:
        monkeypatch.setattr(delivering, "post", real)
        hooks.clock.advance(seconds=LEASE.total_seconds() + 1)
        deliver_now(hooks, delivery)
        return Outcome(None, "timeout", 10_000)

    monkeypatch.setattr(delivering, "post", slowly)
    deliver_now(hooks, delivery)

    (found,) = hooks.deliveries(endpoint)
    assert (found["status"], [each["reason"] for each in found["attempts"]]) == ("sent", [None, "timeout"])


def test_two_emitters_at_once_of_overlapping_events_emit_each_once(
    hooks: Hooks, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one comes between the reading and the writing of the first."""
    endpoint = hooks.endpoint(receiver)
    now = product_clock.now()
    first, second, third = (Emission(new_id(now), "order.placed", now, {"version": 1}) for _ in range(3))
    commit = emitting._commit

    def interrupted(tenant_id: str, batch: list[object], at: object) -> None:
        monkeypatch.setattr(emitting, "_commit", commit)
        emit(hooks.tenant_id, [second, third], now)
        commit(tenant_id, batch, at)

    monkeypatch.setattr(emitting, "_commit", interrupted)
    with tenant_scope(hooks.tenant_id):
        emit(hooks.tenant_id, [first, second, first], now)
    hooks.drain()

    assert sorted(each.id for each in receiver.received) == sorted(each.event_id for each in (first, second, third))
    assert len(hooks.deliveries(endpoint, "sent")) == 3


def test_more_events_than_a_transaction_holds(hooks: Hooks) -> None:
    endpoints = [hooks.endpoint("https://erp.example.com/") for _ in range(20)]
    hooks.emit(*["order.placed"] * 11)
    assert {len(hooks.deliveries(each, "pending")) for each in (endpoints[0], endpoints[-1])} == {11}


def test_bodies_larger_than_a_transaction_takes_and_one_that_is_too_large(hooks: Hooks) -> None:
    endpoint = hooks.endpoint("https://erp.example.com/")
    large = {"version": 1, "text": "x" * (MOST_BODY_BYTES - 1000)}
    hooks.emit(*["order.placed"] * 16, data=large)
    assert len(hooks.deliveries(endpoint)) == 16
    with pytest.raises(EmissionTooLarge):
        hooks.emit("order.placed", data={"version": 1, "text": "荔" * (MOST_BODY_BYTES // 3)})
    assert len(hooks.deliveries(endpoint)) == 16


def test_sent_and_pending_and_dead_are_what_was_emitted_whatever_fails(
    hooks: Hooks, new_receiver: Callable[..., Receiver], faults: Faults
) -> None:
    dice = random.Random(20261129)
    receivers = [new_receiver(context=None) for _ in range(2)]
    endpoints = [hooks.endpoint(each) for each in receivers]
    emitted = 0
    for _ in range(5):
        for receiver in receivers:
            receiver.answer = status(dice.choice([204, 302, 404, 500, 503]))
        events = [new_id(product_clock.now()) for _ in range(dice.randint(1, 3))]
        emitted += len(events)
        for event_id in events:
            faults.arm(dice.choice(KINDS), dice.randrange(4), dice.choice([1, 40]))
            with suppress(*FAILURES):
                hooks.emit(event_id=event_id)
            faults.arm(None)
            hooks.emit(event_id=event_id)  # its message comes again
        faults.arm(dice.choice(["throttled", "error_500", "timed_out_after_landing"]), dice.randrange(30), 3)
        with suppress(Exception):
            hooks.drain(dead_letters_allowed=True)
        faults.arm(None)
        if dice.random() < 0.2:
            hooks.forget_the_stream()
        hooks.clock.advance(minutes=dice.choice([1, 10, 300, 1500]))
        with suppress(Exception):
            hooks.sweep()
        for endpoint in endpoints:
            statuses = Counter(each["status"] for each in hooks.deliveries(endpoint))
            assert statuses["sent"] + statuses["pending"] + statuses["dead"] == emitted

    for receiver in receivers:
        receiver.answer = status(204)
    for endpoint in endpoints:
        made(hooks.brand.patch(f"/v1/webhook-endpoints/{endpoint}", {"status": "active"}), 200)
    for _ in range(2):
        hooks.later(hours=50)
    for endpoint, receiver in zip(endpoints, receivers, strict=True):
        counts = hooks.counts(endpoint)
        assert counts["pending"] == 0
        assert counts["sent"] + counts["dead"] == emitted
        delivered = {each["event_id"] for each in hooks.deliveries(endpoint, "sent")}
        assert delivered <= {each.id for each in receiver.received}
