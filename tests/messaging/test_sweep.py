"""What is due goes to its queue: all of it, however old, and nothing before its time."""

import random
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest

from chalicelib.db import Transaction, key, tenant_scope
from chalicelib.messaging import sweep
from chalicelib.notices.restraint.records import DUE
from tests.db.notes import OURS, THEIRS, Note, note

sweeping = import_module("chalicelib.messaging.sweep")
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


def schedule(number, due_at, queue="orders", lane="due", tenant=OURS):
    record = note("1", tenant, book=f"book{number}", number=number)
    record.schedule(due_at, "note.fades", queue, lane)
    with tenant_scope(tenant):
        tx = Transaction()
        tx.put("note", record)
        tx.commit()
    return record


def test_what_is_due_goes_to_its_queue_and_what_is_not_stays(engine, inbox):
    schedule(1, NOW)
    schedule(2, NOW - timedelta(days=400), "service", tenant=THEIRS)
    schedule(3, NOW + timedelta(milliseconds=1))

    assert sweep(NOW) == 2

    (due,), (old,) = inbox("orders").take(), inbox("service").take()
    assert (due.type, due.tenant_id, due.at) == ("note.fades", OURS, NOW)
    assert due.data == {"pk": key(OURS, "book1"), "sk": "1", "due_at": "2026-11-22T08:00:00.000Z"}
    assert (old.tenant_id, old.at) == (THEIRS, NOW - timedelta(days=400))


def test_it_is_sent_again_under_the_same_id_until_it_is_done(engine, inbox):
    record = schedule(1, NOW)
    sweep(NOW)
    sweep(NOW + timedelta(minutes=1))
    first, second = inbox("orders").take()
    assert first.id == second.id

    with tenant_scope(OURS):
        done = Note.fetch(record.pk, "1")
        done.schedule(NOW + timedelta(hours=1), "note.fades", "orders")
        tx = Transaction()
        tx.replace("note", done)
        tx.commit()

    assert sweep(NOW + timedelta(minutes=2)) == 0
    assert sweep(NOW + timedelta(hours=1)) == 1
    assert inbox("orders").take()[0].id != first.id


def test_what_is_held_for_people_may_wait():
    assert DUE in sweeping._MOST_AT_ONCE


def test_what_may_wait_comes_in_parts_and_nothing_else_waits_for_it(engine, inbox, monkeypatch):
    monkeypatch.setattr(sweeping, "_MOST_AT_ONCE", {"note.fades": 2})
    for number in range(5):
        schedule(number, NOW)
    record = note("1", OURS, book="presses", number=9)
    record.schedule(NOW, "note.presses", "orders")
    with tenant_scope(OURS):
        tx = Transaction()
        tx.put("note", record)
        tx.commit()

    random.seed(11)
    brought, kinds = set(), []
    for minute in range(12):
        assert sweep(NOW + timedelta(minutes=minute)) == 3
        taken = inbox("orders").take()
        kinds.append(sorted(each.type for each in taken))
        brought |= {each.data["pk"] for each in taken}
    assert kinds == [["note.fades", "note.fades", "note.presses"]] * 12
    assert len(brought) == 6, "one that stays due keeps no other out"


def test_what_asks_for_nothing_any_more_leaves_the_index(engine, inbox):
    record = schedule(1, NOW)
    with tenant_scope(OURS):
        record.schedule(None)
        tx = Transaction()
        tx.replace("note", record)
        tx.commit()

    assert sweep(NOW) == 0


def test_lanes_are_looked_at_apart(engine, inbox):
    schedule(1, NOW, lane="due")
    schedule(2, NOW, "rollup", lane="night")

    assert sweep(NOW) == 1
    assert sweep(NOW, "night") == 1
    assert len(inbox("orders").take()) == len(inbox("rollup").take()) == 1


def test_everything_is_found_over_all_shards_and_pages(engine, inbox, monkeypatch):
    monkeypatch.setattr(sweeping, "_PAGE", 3)
    for number in range(60):
        schedule(number, NOW - timedelta(minutes=number))

    assert sweep(NOW) == 60
    assert len({message.data["pk"] for message in inbox("orders").take()}) == 60


def test_after_a_long_outage_the_oldest_go_first_and_the_rest_with_the_next_sweeps(engine, inbox, monkeypatch):
    monkeypatch.setattr(sweeping, "_PAGE", 1)
    monkeypatch.setattr(sweeping, "_MOST_PAGES", 2)
    record = schedule(1, NOW)
    for minutes in range(1, 5):
        twin = Note(record.pk, str(minutes + 1))
        twin.schedule(NOW + timedelta(minutes=minutes), "note.fades", "orders")
        with tenant_scope(OURS):
            tx = Transaction()
            tx.put("note", twin)
            tx.commit()

    assert sweep(NOW + timedelta(days=1)) == 2
    assert {message.data["sk"] for message in inbox("orders").take()} == {"1", "2"}


def test_a_queue_that_is_away_does_not_hold_up_the_others(engine, inbox):
    schedule(1, NOW, "nowhere")
    schedule(2, NOW, "orders")
    schedule(3, NOW, "zebra")

    with pytest.raises(ExceptionGroup):
        sweep(NOW)

    assert [message.data["pk"] for message in inbox("orders").take()] == [key(OURS, "book2")]
