"""A worker: what failed is named, the rest is done, and everything happens inside its tenant."""

import json

import pytest

from chalicelib.db import TenantViolation, current_tenant, key
from chalicelib.kernel.context import correlation_id
from chalicelib.messaging import Consumer, MalformedMessage, Message
from chalicelib.messaging.message import unbundled
from tests.db.notes import OURS, THEIRS, Note
from tests.messaging.conftest import message


def test_only_what_failed_is_delivered_again(heard, clock):
    worker = heard("orders", "note.made")
    worker.failing = {1, 3}

    assert worker.work(*[message(n, clock.now()).to_json() for n in range(5)]) == ["m1", "m3"]
    assert [handled.data["n"] for handled in worker.messages] == [0, 2, 4]


def test_a_batch_that_fails_as_a_whole_raises_nothing(heard, clock):
    worker = heard("orders", "note.made")
    worker.failing = {0, 1}

    assert worker.work(*[message(n, clock.now()).to_json() for n in range(2)]) == ["m0", "m1"]


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", "null", "7", '"text"', "{}", '{"id": "1"}', "{}" * 3,
     '{"id":"1","type":"note.made","tenant_id":"t","at":"yesterday","data":{}}',
     '{"id":"1","type":"note.made","tenant_id":"t","at":5,"data":{}}',
     '{"id":1,"type":"note.made","tenant_id":"t","at":"2026-11-22T08:00:00Z","data":{}}',
     '{"id":"1","type":"note.made","tenant_id":null,"at":"2026-11-22T08:00:00Z","data":{}}',
     '{"id":"1","type":"note.made","tenant_id":"t","at":"2026-11-22T08:00:00Z","data":[]}'],
)  # fmt: skip
def test_what_is_no_message_of_ours_goes_to_the_dead_letters(body, heard, clock):
    worker = heard("orders", "note.made")

    assert worker.work(body, message(1, clock.now()).to_json()) == ["m0"]
    assert [handled.data["n"] for handled in worker.messages] == [1]
    with pytest.raises(MalformedMessage):
        unbundled(body)


def test_a_type_that_the_queue_does_not_know_goes_to_the_dead_letters(heard, clock):
    assert heard("orders", "note.made").work(message(1, clock.now(), "note.unknown").to_json()) == ["m0"]


def test_a_handler_works_inside_its_messages_tenant_and_correlation(engine, clock):
    consumer, seen = Consumer("orders"), []

    @consumer.on("note.made")
    def handle(handled, now):
        seen.append((current_tenant(), correlation_id.get(), (now - clock.now()).total_seconds() < 5))
        with pytest.raises(TenantViolation):
            Note.fetch(key(THEIRS, "book"), "1")

    raw = json.loads(message(1, clock.now()).to_json()) | {"correlation_id": "request-7"}
    consumer.handle(Message.from_json(raw), clock.now())

    assert seen == [(OURS, "", True)]
    assert current_tenant() is None


def test_the_correlation_id_of_the_request_is_there_during_the_work(heard, clock):
    seen = []
    worker = heard("orders")
    worker.consumer.on("note.made")(lambda handled, now: seen.append(correlation_id.get()))
    raw = json.loads(message(1, clock.now()).to_json()) | {"correlation_id": "request-7"}

    assert worker.work(json.dumps(raw), message(2, clock.now()).to_json()) == []
    assert seen == ["request-7", ""]
    assert correlation_id.get() == ""


def test_a_type_has_one_handler_a_queue():
    consumer = Consumer("orders")
    consumer.on("note.made")(lambda handled, now: None)

    with pytest.raises(ValueError, match="twice"):
        consumer.due("note.made")(lambda handled, now: None)


def test_consumers_of_one_queue_may_hear_of_the_same_event_and_a_fault_of_one_keeps_none_from_the_other(engine, clock):
    first, second, seen = Consumer("orders"), Consumer("orders"), []

    @first.on("note.made")
    def fails_once(handled, now):
        seen.append("first")
        if seen.count("first") == 1:
            raise RuntimeError("away")

    second.on("note.made")(lambda handled, now: seen.append("second"))
    united, note = first | second, message(1, clock.now())

    with pytest.raises(RuntimeError, match="away"):
        united.handle(note, clock.now())
    united.handle(note, clock.now())

    assert seen == ["first", "second", "first", "second"]
    assert united.event_types == {"note.made"}


def test_consumers_of_several_queues_are_not_united():
    with pytest.raises(ValueError, match="cannot be united"):
        _ = Consumer("orders") | Consumer("payments")


def test_only_events_are_subscribed_to_not_what_falls_due():
    consumer = Consumer("orders")
    consumer.on("note.made")(lambda handled, now: None)
    consumer.due("note.fades")(lambda handled, now: None)

    assert consumer.event_types == {"note.made"}


def test_a_message_is_read_back_as_it_was_sent(clock):
    sent = Message("1", "note.made", OURS, clock.now(), {"text": "茶壶 🍅", "n": 1}, "request-7")

    assert unbundled(sent.to_json()) == [sent]
