"""What a batch has for a tenant reaches its handler at once, and only what cannot be handled fails."""

import json
from importlib import import_module

import pytest

from chalicelib.aws import client
from chalicelib.db import current_tenant
from chalicelib.db.tenant_records import outbox_entry
from chalicelib.kernel.context import correlation_id
from chalicelib.messaging import Consumer, MalformedMessage, relay
from chalicelib.messaging.message import bundled, unbundled
from chalicelib.messaging.publish import queue_url
from tests.db.notes import OURS, THEIRS
from tests.messaging.conftest import message, stream_record

publishing = import_module("chalicelib.messaging.publish")


@pytest.fixture
def notes(clock):
    """So many messages, numbered from 0."""
    return lambda count, *given: [message(n, clock.now(), *given) for n in range(count)]


def test_the_messages_of_a_batch_are_one_call(heard_together, notes):
    worker = heard_together("orders", "note.made")

    assert worker.work(*[each.to_json() for each in notes(5)]) == []
    assert worker.calls == [[0, 1, 2, 3, 4]]


def test_events_of_several_types_and_bundles_are_one_call_a_tenant(heard_together, notes):
    worker = heard_together("orders", "note.made", "note.lost")
    made, lost, theirs = notes(4), notes(2, "note.lost"), notes(3, "note.made", THEIRS)

    assert worker.work(bundled(made), bundled(theirs), lost[0].to_json(), bundled([lost[1]])) == []
    assert worker.calls == [[0, 1, 2, 3, 0, 1], [0, 1, 2]]


def test_a_group_is_handled_inside_its_tenant_and_the_correlation_that_it_shares(heard_together, notes):
    consumer, seen = Consumer("orders"), []
    consumer.on_all("note.made")(lambda messages, now: seen.append((current_tenant(), correlation_id.get())))
    worker = heard_together("service")
    worker.consumer = consumer
    ours, theirs = (
        [json.dumps(json.loads(each.to_json()) | {"correlation_id": f"request-{of}-{each.data['n'] // 2}"})
         for each in notes(count, "note.made", of)]
        for of, count in ((OURS, 4), (THEIRS, 2))
    )  # fmt: skip

    assert worker.work(*ours, *theirs) == []
    assert seen == [(OURS, ""), (THEIRS, f"request-{THEIRS}-0")]


def test_a_poisoned_message_fails_alone_and_the_others_go_through(heard_together, notes):
    worker = heard_together("orders", "note.made")
    worker.failing = {3}

    assert worker.work(*[each.to_json() for each in notes(5)]) == ["m3"]
    assert worker.calls == [[0, 1, 2, 3, 4], [0], [1], [2], [3], [4]]
    assert {each.data["n"] for each in worker.messages} == {0, 1, 2, 4}


def test_one_tenants_poisoned_message_leaves_the_others_group_alone(heard_together, notes):
    worker = heard_together("orders", "note.made")
    worker.failing = {2}

    assert worker.work(bundled(notes(2, "note.made", THEIRS)), *[each.to_json() for each in notes(3)]) == ["m3"]
    assert worker.calls == [[0, 1], [0, 1, 2], [0], [1], [2]]


def test_a_bundle_comes_again_as_a_whole(heard_together, notes):
    worker = heard_together("orders", "note.made")
    worker.failing = {1}

    assert worker.work(bundled(notes(3)), notes(5)[4].to_json()) == ["m0"]
    assert {each.data["n"] for each in worker.messages} == {0, 2, 4}


def test_a_message_that_comes_twice_in_a_batch_is_given_twice(heard_together, notes):
    worker = heard_together("orders", "note.made")
    (twice,) = notes(1)

    assert worker.work(twice.to_json(), twice.to_json()) == []
    assert worker.calls == [[0, 0]]


def test_handlers_of_one_message_are_called_one_by_one_in_the_same_batch(heard_together, notes):
    worker = heard_together("orders", "note.made")
    one_by_one = []
    worker.consumer.on("note.lost")(lambda handled, now: one_by_one.append(handled.data["n"]))

    assert worker.work(*[each.to_json() for each in (*notes(2), *notes(2, "note.lost"))]) == []
    assert (worker.calls, one_by_one) == ([[0, 1]], [0, 1])


def test_a_type_that_the_queue_does_not_know_fails_and_what_came_with_it_is_handled(heard_together, notes):
    worker = heard_together("orders", "note.made")

    assert worker.work(bundled([*notes(2), *notes(1, "note.unknown")])) == ["m0"]
    assert worker.calls == [[0, 1]]


@pytest.mark.parametrize("body", ["[]", "[{}]", "[[]]", "[null]", '["text"]'])
def test_a_bundle_that_is_none_is_a_dead_letter(heard_together, notes, body):
    worker = heard_together("orders", "note.made")

    assert worker.work(body, notes(1)[0].to_json()) == ["m0"]
    with pytest.raises(MalformedMessage):
        unbundled(body)


def test_what_is_bundled_is_read_back_as_it_was_sent(notes):
    for count in (1, 2, 10):
        sent = notes(count)
        assert unbundled(bundled(sent)) == sent


def relayed(consumer, *tenants, clock):
    records = []
    for number, tenant in enumerate(tenants):
        record = stream_record(number, [outbox_entry("note.made", clock.now(), {"n": number})])
        record["dynamodb"]["NewImage"]["pk"]["S"] = f"{tenant}#book"
        records.append(record)
    return [failure["itemIdentifier"] for failure in relay({"Records": records}, [consumer])["batchItemFailures"]]


def bodies(queue):
    answer = client("sqs").receive_message(QueueUrl=queue_url(queue), MaxNumberOfMessages=10)
    found = [[each.data["n"] for each in unbundled(message["Body"])] for message in answer.get("Messages", [])]
    return sorted(found)


def test_the_relay_sends_ten_events_of_a_tenant_as_one_message(heard_together, clock):
    consumer = heard_together("orders", "note.made").consumer

    assert relayed(consumer, *[OURS] * 25, clock=clock) == []
    assert bodies("orders") == [list(range(10)), list(range(10, 20)), list(range(20, 25))]


def test_events_of_several_tenants_travel_apart(heard_together, clock):
    assert relayed(heard_together("orders", "note.made").consumer, OURS, THEIRS, OURS, THEIRS, clock=clock) == []
    assert bodies("orders") == [[0, 2], [1, 3]]


def test_events_that_are_handled_one_by_one_travel_one_by_one(heard, clock):
    assert relayed(heard("orders", "note.made").consumer, OURS, OURS, clock=clock) == []
    assert bodies("orders") == [[0], [1]]


def test_a_bundle_that_the_queue_does_not_take_is_relayed_again_from_its_first_event(
    heard_together, clock, monkeypatch
):
    class Refusing:
        def send_message_batch(self, **batch):
            return {"Failed": [{"Id": batch["Entries"][-1]["Id"]}]}

    monkeypatch.setattr(publishing, "client", lambda service: Refusing())

    assert relayed(heard_together("orders", "note.made").consumer, OURS, THEIRS, OURS, THEIRS, clock=clock) == ["1"]
