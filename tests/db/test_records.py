"""What a record keeps: JSON, instants and dates as they were, and its place before the sweep."""

from datetime import UTC, date, datetime, timedelta

from pynamodb.attributes import UnicodeAttribute

from chalicelib.db import DateAttribute, InstantAttribute, TenantRecord, due_shard, key
from chalicelib.db.tenant_records import DUE_SHARDS, outbox_entry
from chalicelib.kernel.context import correlation_id
from tests.db.notes import OURS, Note, note, write

NOW = datetime(2026, 11, 22, 8, 0, 0, 123_000, tzinfo=UTC)


class Moment(TenantRecord):
    at = InstantAttribute()
    on = DateAttribute()
    name = UnicodeAttribute(null=True)


def test_values_come_back_as_they_were(ours):
    more = {"emoji": "🍅", "nested": [{"a": None, "b": [1, 2.5, True]}], "text": "𠮷野家", "": ""}
    write(note("1", more=more, text="邻团 🏘"), Moment(key(OURS, "m"), "1", at=NOW, on=date(1, 1, 1)))

    assert Note.fetch(key(OURS, "book"), "1").more == more
    assert Note.fetch(key(OURS, "book"), "1").text == "邻团 🏘"
    found = Moment.fetch(key(OURS, "m"), "1")
    assert (found.at, found.on, found.name, found.tenant_id) == (NOW, date(1, 1, 1), None, OURS)


def test_instants_compare_in_the_database_as_time_does(ours):
    for index, years in enumerate((-1900, -1, 0, 1)):
        write(Moment(key(OURS, "m"), str(index), at=NOW.replace(year=NOW.year + years), on=NOW.date()))

    past = Moment.page(key(OURS, "m"), where=Moment.at <= NOW).items

    assert [found.sk for found in past] == ["0", "1", "2"]


def test_a_scheduled_record_is_before_the_sweep_until_it_asks_for_nothing():
    record = note("1")
    record.schedule(NOW, "note.fades", "notes", lane="night")
    assert (record.due_at, record.due_kind, record.due_queue) == (NOW, "note.fades", "notes")
    assert record.due_shard == due_shard(record.pk, "night")

    record.schedule(None)
    assert {record.due_at, record.due_kind, record.due_queue, record.due_shard} == {None}


def test_due_work_spreads_over_the_shards():
    shards = {due_shard(key(OURS, "campaign", str(n))) for n in range(400)}

    assert shards == {f"due#{n}" for n in range(DUE_SHARDS["due"])}


def test_an_event_carries_the_correlation_of_the_request_that_caused_it():
    token = correlation_id.set("request-7")
    try:
        entry = outbox_entry("note.made", NOW, {"a": 1})
    finally:
        correlation_id.reset(token)

    assert {k: v for k, v in entry.items() if k != "i"} == {"t": "note.made", "d": {"a": 1}, "c": "request-7"}
    assert "c" not in outbox_entry("note.made", NOW + timedelta(1), {})
