"""The meter counts what DynamoDB charges."""

from chalicelib.db import Meter, Transaction, fetch_many, key, metered, put_many
from tests.db.notes import OURS, Note, note, tally, write

BOOK, LIST = key(OURS, "book"), key(OURS, "list")


def test_a_transaction_is_one_request_and_two_units_a_kilobyte(ours):
    with metered() as meter:
        tx = Transaction()
        tx.create("small", note("1"))
        tx.create("large", note("2", text="x" * 1500))
        tx.commit()

    assert (meter.reads, meter.writes) == (0, 1)
    assert meter.write_units == 2 + 4
    assert meter.index_write_units == 0


def test_index_writes_are_counted_apart(ours):
    with metered() as meter:
        tx = Transaction()
        tx.create("listed", note("1", gsi1pk=LIST, gsi1sk="1"))
        tx.commit()

    assert (meter.write_units, meter.index_write_units) == (2, 1)


def test_reads_count_by_request(ours):
    write(note("1"), note("2"))

    with metered() as meter:
        Note.fetch(BOOK, "1")
        Note.fetch(BOOK, "1", consistent=True)
        fetch_many([(Note, BOOK, "1"), (Note, BOOK, "2")])
        Note.page(BOOK)

    assert meter.by_operation == {"GetItem": 2, "BatchGetItem": 1, "Query": 1}
    assert (meter.reads, meter.writes) == (4, 0)


def test_items_count_one_by_one(ours):
    with metered() as written:
        write(note("1"), note("2"))
    with metered() as batch:
        put_many([tally("1"), tally("2"), tally("3")])
    with metered() as found:
        Note.fetch(BOOK, "1")
        Note.fetch(BOOK, "absent")
        fetch_many([(Note, BOOK, "1"), (Note, BOOK, "2"), (Note, BOOK, "absent")])
        Note.page(BOOK)

    assert (written.items_written, batch.items_written) == (2, 3)
    assert (found.items_read, found.items_written) == (1 + 2 + 2, 0)


def test_read_units_are_halves_or_wholes_by_consistency(ours):
    write(note("1"))

    with metered() as meter:
        Note.fetch(BOOK, "1")
        Note.fetch(BOOK, "1", consistent=True)

    assert meter.read_units == 0.5 + 1


def test_items_read_count_whether_a_filter_leaves_them_out_or_not(ours):
    write(note("1"), note("2", text="long"), note("3"))

    with metered() as meter:
        Note.fetch(BOOK, "1")
        Note.fetch(BOOK, "absent")
        fetch_many([(Note, BOOK, "1"), (Note, BOOK, "2"), (Note, BOOK, "absent")])
        Note.page(BOOK, where=Note.text == "long")

    assert meter.items_read == 1 + 0 + 2 + 3


def test_units_and_items_of_several_tables_add_up():
    in_indexes = {"gsi1": {"CapacityUnits": 2}}
    meter = Meter()
    two = {"ConsumedCapacity": [{"CapacityUnits": 1.5}, {"CapacityUnits": 2}], "Responses": {"a": [{}, {}], "b": [{}]}}
    meter.answer("BatchGetItem", two)
    meter.answer(
        "TransactWriteItems", {"ConsumedCapacity": [{"CapacityUnits": 6, "GlobalSecondaryIndexes": in_indexes}]}
    )
    meter.answer("TransactGetItems", {"Responses": [{"Item": {}}, {}]})
    meter.answer("Query", {"ScannedCount": 4})

    assert (meter.read_units, meter.write_units, meter.index_write_units) == (3.5, 4, 2)
    assert (meter.reads, meter.writes) == (3, 1)
    assert meter.items_read == 3 + 1 + 4


def test_batches_count_their_requests(ours):
    with metered() as meter:
        put_many([tally(str(n)) for n in range(30)])

    assert (meter.by_operation, meter.write_units) == ({"BatchWriteItem": 2}, 30)


def test_meters_do_not_see_what_happens_outside_them(ours):
    with metered() as outer:
        write(note("1"))
        with metered() as inner:
            Note.fetch(BOOK, "1")
    Note.fetch(BOOK, "1")

    assert (outer.writes, outer.reads) == (1, 0)
    assert (inner.writes, inner.reads) == (0, 1)
