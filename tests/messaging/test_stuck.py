"""What fails at its last delivery is noted in its brand's name, once a day for a queue."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from chalice.app import SQSEvent

from chalicelib.db import tenant_scope
from chalicelib.messaging import Consumer, consumer
from chalicelib.messaging.stuck import MOST_DELIVERIES, NOTED, StuckRecord
from tests.db.notes import OURS
from tests.messaging.conftest import message

ROOT = Path(__file__).resolve().parents[2]


def fail(queue: str, clock, *, delivery: int, body: str = "") -> list[str]:
    """A message fails at its nth delivery; what the queue is to deliver again."""
    failing = Consumer(queue)

    @failing.on("note.made")
    def handle(handled, now):
        raise RuntimeError("broken")

    record = {
        "messageId": "m1", "body": body or message(1, clock.now()).to_json(),
        "attributes": {"ApproximateReceiveCount": str(delivery)},
    }  # fmt: skip
    answer = failing.work(SQSEvent({"Records": [record]}, None))
    return [each["itemIdentifier"] for each in answer["batchItemFailures"]]


def noted(queue: str, clock) -> StuckRecord | None:
    with tenant_scope(OURS):
        return StuckRecord.fetch(*StuckRecord.address(OURS, queue, clock.now()), consistent=True)


def test_the_last_delivery_is_noted_and_only_the_first_of_a_day_is_an_event(engine, clock):
    assert fail("orders", clock, delivery=MOST_DELIVERIES - 1) == ["m1"]
    assert noted("orders", clock) is None

    assert fail("orders", clock, delivery=MOST_DELIVERIES) == ["m1"]
    first = noted("orders", clock)
    assert first is not None
    assert [(each["t"], each["d"]) for each in first.outbox] == [("work.stuck", {"queue": "orders"})]

    fail("orders", clock, delivery=MOST_DELIVERIES)
    again = noted("orders", clock)
    assert again is not None
    assert again.outbox == first.outbox


@pytest.mark.parametrize(("queue", "body"), [("webhooks", ""), ("orders", "no message of ours")])
def test_what_has_a_log_of_its_own_and_what_is_nobodys_is_left_to_the_alarm(engine, clock, queue, body):
    assert fail(queue, clock, delivery=MOST_DELIVERIES, body=body) == ["m1"]
    assert noted(queue, clock) is None


def test_a_message_fails_as_before_where_it_cannot_even_be_noted(engine, clock, monkeypatch):
    def away(*_):
        raise RuntimeError("the table is away")

    monkeypatch.setattr(consumer, "note_stuck", away)
    assert fail("orders", clock, delivery=MOST_DELIVERIES) == ["m1"]


def test_the_queues_deliver_as_often_as_is_counted():
    text = (ROOT / "infra" / "resources.yaml").read_text()
    receives = dict(re.findall(r"!GetAtt (\w+)DeadLetters\.Arn, maxReceiveCount: (\d+)", text))
    of = {name.lower(): int(count) for name, count in receives.items()}
    assert {queue: of[queue] for queue in NOTED} == dict.fromkeys(NOTED, MOST_DELIVERIES)
