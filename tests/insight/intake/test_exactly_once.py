"""Batches that come twice, at once, or whose answer is lost: each event stands once. What that costs is counted."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date, timedelta

import pytest

from chalicelib.db import Record, tenant_scope
from chalicelib.db.client import connection
from chalicelib.insight.intake.model.told import Told
from chalicelib.insight.intake.records import DayColumns, EventDayMark
from chalicelib.insight.intake.service.taking_in import Batch, Status, take_in
from chalicelib.insight.records import DirtyDay
from chalicelib.kernel import clock as product_clock
from tests.builders import made
from tests.faults import KINDS, Killed, faults
from tests.insight.intake.conftest import VISITOR, Stream
from tests.races.threads import all_at_once

__all__ = ["faults"]


def batch(count: int, *, days_ago: int = 0, actor: int | str = VISITOR) -> Batch:
    at = product_clock.now() - timedelta(days=days_ago, seconds=60)
    return Batch(actor, [Told(f"b-{n}", "view", at + timedelta(milliseconds=n)) for n in range(count)])


def take(stream: Stream, sent: Batch) -> list[Status]:
    with tenant_scope(stream.tenant_id):
        return [each.status for each in take_in(stream.tenant_id, sent, product_clock.now())]


@pytest.mark.parametrize("days_ago", [0, 2])
def test_one_batch_many_times_at_once_is_taken_once(stream, days_ago):
    sent = batch(100, days_ago=days_ago)
    answers = all_at_once(lambda _: take(stream, sent), range(6), threads=6)
    for each in range(100):
        assert sorted(answer[each] for answer in answers) == ["accepted", *["duplicate"] * 5]
    assert [each.at for each in stream.read()] == [each.at for each in sent.told]


def test_batches_that_overlap_at_once_take_each_event_once(stream):
    sent = batch(90)
    parts = [Batch(VISITOR, sent.told[n : n + 30]) for n in range(0, 70, 10)]
    all_at_once(lambda part: take(stream, part), parts, threads=7)
    assert [each.at for each in stream.read()] == [each.at for each in sent.told]


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_fails_at_whichever_request_each_event_stands_once(stream, faults, kind):
    faults.of("events taken in")
    for at in range(8):
        told = [Told(f"{at}-{n}", "view", product_clock.now() - timedelta(days=n % 2, minutes=n)) for n in range(6)]
        faults.arm(kind, at)
        with suppress(Killed, Exception):  # whatever the browser is told, it sends the batch again
            take(stream, Batch(f"{VISITOR}-{at}", told))
        faults.arm(None)
        assert set(take(stream, Batch(f"{VISITOR}-{at}", told))) <= {Status.ACCEPTED, Status.DUPLICATE}
        assert len([each for each in stream.read() if each.actor == f"{VISITOR}-{at}"]) == 6
    with tenant_scope(stream.tenant_id):
        yesterday = stream.today - timedelta(days=1)
        dirty = {each.on for each in DirtyDay.until(stream.tenant_id, stream.today, DirtyDay.EVENTS)}
    assert {yesterday, stream.today} <= dirty


def test_what_landed_although_no_answer_came_is_accepted(stream, faults):
    sent = batch(3)
    take(stream, batch(0))
    faults.arm("timed_out_after_landing", 1)
    with tenant_scope(stream.tenant_id):
        answers = {each.status for each in take_in(stream.tenant_id, sent, product_clock.now())}
    faults.arm(None)
    assert answers == {Status.ACCEPTED}
    assert len(stream.read()) == 3


def test_a_full_batch_costs_two_transactions_and_two_write_units_an_event(stream, monkeypatch):
    take(stream, Batch(VISITOR, [Told("first", "view", product_clock.now())]))
    sent: list[tuple[str, dict]] = []
    original = connection().dispatch

    def dispatch(operation, arguments):
        sent.append((operation, arguments))
        return original(operation, arguments)

    monkeypatch.setattr(connection(), "dispatch", dispatch, raising=False)
    take(stream, batch(100))
    writes = [arguments for operation, arguments in sent if operation == "TransactWriteItems"]
    items = [item for each in writes for item in each["TransactItems"]]
    sizes = [len(json.dumps(item, default=lambda raw: "x" * len(raw))) for item in items]
    assert len(writes) == 2
    assert len([each for each in sent if each not in [("TransactWriteItems", w) for w in writes]]) <= 2
    assert len(items) == 100 + 2 * 2  # a marker each, and for each transaction what is told and its pointer
    units = sum(2 * -(-size // 1024) for size in sizes)
    assert units <= 2 * (100 + 2 * 4)


def test_columns_keep_their_revision_while_they_say_the_same(stream, clock):
    stream.send(*(stream.event(f"e-{n}", ago=n) for n in range(5)))
    clock.advance(days=1)
    stream.compact()
    [before] = columns(stream)
    raw, read = Record.serialize(before), stream.read()
    stream.compact()
    [again] = columns(stream)
    assert Record.serialize(again) == raw
    take(stream, batch(3, days_ago=1))  # a late batch: the day is read as it was told until the next night
    assert len(stream.read()) == len(read) + 3
    stream.compact()
    [after] = columns(stream)
    assert (int(before.rev), int(after.rev)) == (1, 2)
    with tenant_scope(stream.tenant_id):  # marked again, although nothing is new
        place = EventDayMark.address(stream.tenant_id, after.on)
        EventDayMark(*place, mark="another").save()
    stream.compact()
    [marked] = columns(stream)
    assert (int(marked.rev), marked.seen) == (2, "another")
    assert len(stream.read()) == len(read) + 3


def test_a_day_larger_than_an_item_lies_in_parts_that_are_never_mixed(stream, clock, monkeypatch):
    monkeypatch.setattr("chalicelib.insight.intake.service.compacting.PART_BYTES", 40)
    stream.send(*(stream.event(f"e-{n}", "view", ago=n, duration_ms=n * 7919) for n in range(50)))
    expected = stream.read()
    clock.advance(days=1)
    stream.compact()
    [head] = columns(stream)
    assert int(head.parts) > 3
    assert stream.read() == expected
    take(stream, batch(50, days_ago=1, actor="visitor-0002"))
    stream.compact()
    assert len(stream.read()) == 100


def test_compacting_at_once_in_two_places_is_compacting_once(stream, clock):
    stream.send(*(stream.event(f"e-{n}", ago=n) for n in range(50)))
    clock.advance(days=1)
    all_at_once(lambda _: stream.compact(), range(4), threads=4)
    [found] = columns(stream)
    assert (int(found.rev), int(found.events)) == (1, 50)


def test_a_night_brings_the_day_into_columns(stream, clock, sweep):
    stream.send(stream.event("e-1"))
    clock.advance(days=1)
    sweep(2)
    [found] = columns(stream)
    assert int(found.events) == 1
    with tenant_scope(stream.tenant_id):
        assert DirtyDay.until(stream.tenant_id, found.on) == []


def columns(stream: Stream) -> list[DayColumns]:
    with tenant_scope(stream.tenant_id):
        return list(DayColumns.in_days(stream.tenant_id, stream.today - timedelta(days=30), stream.today))


def test_a_late_event_makes_no_figure_of_orders_less_final(stream, clock, shop, drain, sweep):
    made(shop.order())
    drain()
    clock.advance(days=3)
    sweep()
    path = "/v1/reports/summary?from_on={0}&to_on={0}".format(stream.today - timedelta(days=3))
    before = made(shop.brand.get(path), 200)
    assert (before["complete"], before["pending_days"]) == (True, 0)
    assert stream.statuses(stream.event("late", ago=20 * 86400)) == ["accepted"]
    after = made(shop.brand.get(path), 200)
    assert {**after, "request_id": None} == {**before, "request_id": None}
    clock.advance(days=1)
    sweep()
    with tenant_scope(stream.tenant_id):
        late = {each.on for each in DayColumns.in_days(stream.tenant_id, date.min, date.max)}
        assert DirtyDay.until(stream.tenant_id, stream.today, DirtyDay.EVENTS) == []
    assert stream.today - timedelta(days=21) in late
