"""Many records in one request, in the order asked for, with nothing left behind."""

import pytest

from chalicelib.db import batch, delete_many, fetch_many, key, put_many
from chalicelib.kernel.errors import Unavailable
from tests.db.notes import OURS, Note, Slug, Tally, note, tally, write

BOOK, TALLY = key(OURS, "book"), key(OURS, "tally")


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    monkeypatch.setattr(batch, "_PAUSE_SECONDS", 0)


def test_records_of_several_tables_come_in_one_request_and_in_order(ours, wire):
    write(note("1", number=1), note("2", number=2))
    put_many([tally(count=9)])
    wire.sent.clear()

    found = fetch_many(
        [
            (Note, BOOK, "2"),
            (Tally, TALLY, "2026-11-22"),
            (Note, BOOK, "9"),
            (Slug, "slug#x", "slug"),
            (Note, BOOK, "1"),
        ]
    )

    assert [getattr(r, "number", getattr(r, "count", None)) for r in found] == [2, 9, None, None, 1]
    assert wire.operations() == ["BatchGetItem"]


def test_the_same_key_may_be_asked_for_twice(ours):
    write(note("1", number=1))

    assert [r.number for r in fetch_many([(Note, BOOK, "1"), (Note, BOOK, "1")])] == [1, 1]


def test_a_hundred_keys_go_in_a_request(ours, wire):
    put_many([tally(str(n), count=n) for n in range(205)])
    wire.sent.clear()

    found = fetch_many([(Tally, TALLY, str(n)) for n in range(205)])

    assert [r.count for r in found] == list(range(205))
    assert wire.operations() == ["BatchGetItem"] * 3


def test_nothing_asked_for_is_nothing_sent(ours, wire):
    put_many([])
    delete_many([])

    assert (fetch_many([]), wire.sent) == ([], [])


def test_keys_left_unprocessed_are_asked_for_again(ours, wire):
    write(note("1", number=1))
    table = Note.Meta.table_name
    left = {table: {"Keys": [{"pk": {"S": BOOK}, "sk": {"S": "1"}}], "ConsistentRead": False}}
    wire.leave_unprocessed({"Responses": {}, "UnprocessedKeys": left})

    assert fetch_many([(Note, BOOK, "1")])[0].number == 1


def test_writes_left_unprocessed_are_sent_again(ours, wire):
    request = {"PutRequest": {"Item": tally(count=5).serialize()}}
    wire.leave_unprocessed({"UnprocessedItems": {Tally.Meta.table_name: [request]}})
    put_many([tally(count=5)])

    assert Tally.fetch(TALLY, "2026-11-22").count == 5


def test_a_database_that_never_finishes_is_told_as_busy(ours, wire):
    left = {Tally.Meta.table_name: [{"DeleteRequest": {"Key": {"pk": {"S": TALLY}, "sk": {"S": "1"}}}}]}
    for _ in range(6):
        wire.leave_unprocessed({"UnprocessedItems": left})

    with pytest.raises(Unavailable):
        delete_many([(Tally, TALLY, "1")])


def test_overwriting_and_deleting_may_be_repeated(ours):
    for _ in range(2):
        put_many([tally(str(n), count=n) for n in range(60)])
    assert len(list(Tally.every(TALLY))) == 60

    for _ in range(2):
        delete_many([(Tally, TALLY, str(n)) for n in range(60)])
    assert list(Tally.every(TALLY)) == []
