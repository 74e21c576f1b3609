"""From the table's stream to the queues: each event once, and again from where it failed."""

from importlib import import_module

from chalicelib.db import Transaction, tenant_scope
from chalicelib.db.tenant_records import outbox_entry
from chalicelib.kernel.context import correlation_id
from chalicelib.kernel.ids import is_id
from chalicelib.messaging import relay
from tests.db.notes import OURS, Note, note
from tests.messaging.conftest import stream_record

publishing = import_module("chalicelib.messaging.publish")


def entry(clock, event_type="note.made", **data):
    return outbox_entry(event_type, clock.now(), data)


def relayed(records, *heard):
    answer = relay({"Records": records}, [each.consumer for each in heard])
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def test_a_new_event_goes_to_every_queue_that_handles_its_type(heard, inbox, clock):
    orders, service = heard("orders", "note.made", "note.lost"), heard("service", "note.made")
    token = correlation_id.set("request-7")
    made, lost = entry(clock, n=1), entry(clock, "note.lost")
    correlation_id.reset(token)

    assert relayed([stream_record(1, [made, lost])], orders, service) == []

    first, second = sorted(inbox("orders").take(), key=lambda message: message.type, reverse=True)
    assert (first.type, first.tenant_id, first.data, first.correlation_id) == ("note.made", OURS, {"n": 1}, "request-7")
    assert is_id(first.id)
    assert abs((first.at - clock.now()).total_seconds()) < 5
    assert second.type == "note.lost"
    assert [message.id for message in inbox("service").take()] == [first.id]


def test_an_event_the_item_already_carried_is_not_published_again(heard, inbox, clock):
    old, new = entry(clock, n=1), entry(clock, n=2)

    records = [stream_record(1, [old, new], [old]), stream_record(2, [old, new], [old, new])]
    relayed(records, heard("orders", "note.made"))

    assert [message.data["n"] for message in inbox("orders").take()] == [2]


def test_a_deleted_item_and_one_without_events_publish_nothing(heard, inbox, clock):
    gone = stream_record(1, None, [entry(clock, n=1)])

    assert relayed([gone, stream_record(2, []), stream_record(3, [], [])], heard("orders", "note.made")) == []
    assert inbox("orders").take() == []


def test_an_event_nobody_handles_is_passed_over(heard, inbox, clock):
    records = [stream_record(1, [entry(clock, "note.future")]), stream_record(2, [entry(clock, n=2)])]

    assert relayed(records, heard("orders", "note.made")) == []
    assert [message.data["n"] for message in inbox("orders").take()] == [2]


def test_what_one_queue_does_not_take_is_delivered_again_from_there(heard, inbox, clock, monkeypatch):
    """Events of the positions before the first failure are never sent twice by the stream."""
    records = [stream_record(n, [entry(clock, "note.made" if n % 2 else "note.lost", n=n)]) for n in range(10, 18)]
    orders, service = heard("orders", "note.made"), heard("service", "note.lost")
    whole = publishing.client("sqs").send_message_batch

    class Failing:
        def send_message_batch(self, **batch):
            taken = [entry for entry in batch["Entries"] if '"n":14' not in entry["MessageBody"]]
            answer = whole(**batch | {"Entries": taken})
            failed = [{"Id": entry["Id"]} for entry in batch["Entries"] if entry not in taken]
            return answer | {"Failed": failed}

    monkeypatch.setattr(publishing, "client", lambda service: Failing())

    assert relayed(records, orders, service) == ["14"]
    monkeypatch.undo()
    assert relayed(records[4:], orders, service) == []
    assert {message.data["n"] for message in inbox("service").take()} == {10, 12, 14, 16}
    assert {message.data["n"] for message in inbox("orders").take()} == {11, 13, 15, 17}


def test_a_queue_that_is_away_fails_from_its_first_event_and_the_others_get_theirs(heard, inbox, clock, monkeypatch):
    records = [stream_record(1, [entry(clock, n=1)]), stream_record(2, [entry(clock, "note.lost", n=2)])]

    assert relayed(records, heard("orders", "note.made"), heard("nowhere", "note.lost")) == ["2"]
    assert [message.data["n"] for message in inbox("orders").take()] == [1]


def test_more_than_ten_events_go_in_batches(heard, inbox, clock):
    relayed([stream_record(n, [entry(clock, n=n)]) for n in range(1, 36)], heard("orders", "note.made"))

    assert sorted(message.data["n"] for message in inbox("orders").take()) == list(range(1, 36))


def test_the_tables_own_stream_carries_what_a_transaction_wrote(stream, heard, inbox, clock):
    orders = heard("orders", "note.made")
    with tenant_scope(OURS):
        written = note("1")
        written.emit("note.made", clock.now(), n=1)
        tx = Transaction()
        tx.create("note", written)
        tx.commit()
        tx = Transaction()
        add = [Note.number.add(1), Note.outbox.set([entry(clock, n=2)])]
        tx.update("note", Note, written.pk, "1", actions=add)
        tx.commit()

    assert relayed(stream(), orders) == []
    assert [message.data["n"] for message in inbox("orders").take()] == [1, 2]
