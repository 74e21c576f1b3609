"""Visitors become the first member who signs in there; members who are one person are one actor."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from chalicelib.db import tenant_scope
from chalicelib.insight.intake.model.told import Told
from chalicelib.insight.intake.records import DayColumns, VisitorRecord
from chalicelib.insight.intake.service import joining, own_events
from chalicelib.insight.intake.service.joining import join
from chalicelib.insight.intake.service.own_events import Recorded
from chalicelib.insight.intake.service.taking_in import Batch, take_in
from chalicelib.kernel import clock as product_clock
from chalicelib.members.linking.service.uniting import unite
from tests.faults import Killed, faults
from tests.insight.intake.conftest import VISITOR
from tests.races.threads import all_at_once

__all__ = ["faults"]


def test_what_a_visitor_did_before_and_does_after_is_the_first_members(stream, shop):
    ann, bob = shop.member("ann@example.com"), shop.member("bob@example.com")
    stream.send(stream.event("e-1", "visit", ago=5))
    stream.send(stream.event("e-2", "view", ago=4), token=ann.token)
    stream.send(stream.event("e-3", "search", ago=3))
    stream.send(stream.event("e-4", "cart", ago=2), token=bob.token)
    stream.send(stream.event("e-5", "share", ago=1))
    own, other = stream.ordinal(ann), stream.ordinal(bob)
    assert stream.said() == [(own, "visit"), (own, "view"), (own, "search"), (own, "share"), (other, "cart")]
    assert [each.kind for each in stream.timeline(own)] == ["visit", "view", "search", "share"]
    assert [each.kind for each in stream.timeline(other)] == ["cart"]


def test_days_before_the_signing_in_are_counted_again(stream, shop, clock):
    stream.send(stream.event("e-1", "visit"))
    clock.advance(days=2)
    stream.compact()
    assert stream.said() == [(VISITOR, "visit")]
    stream.send(stream.event("e-2"), token=shop.shopper.token)
    own = stream.ordinal(shop.shopper)
    assert stream.said() == [(own, "visit"), (own, "view")]
    stream.compact()
    assert stream.said() == [(own, "visit"), (own, "view")]
    with tenant_scope(stream.tenant_id):
        [columns] = DayColumns.in_days(stream.tenant_id, stream.today - timedelta(5), stream.today)
    assert int(columns.rev) == 2


def test_of_many_who_sign_in_at_once_one_is_the_first(stream, shop):
    stream.send(stream.event("e-1"))

    def sign_in(ordinal: int) -> None:
        with tenant_scope(stream.tenant_id):
            join(stream.tenant_id, VISITOR, ordinal, product_clock.now())

    all_at_once(sign_in, range(8))
    with tenant_scope(stream.tenant_id):
        found = VisitorRecord.fetch(*VisitorRecord.address(stream.tenant_id, VISITOR))
    assert found is not None
    assert stream.said() == [(int(found.ordinal), "view")]
    assert [len(stream.timeline(ordinal)) for ordinal in range(8)].count(1) == 1


def test_a_crash_in_joining_leaves_none_of_many_days_as_it_was(stream, shop, faults, monkeypatch):
    monkeypatch.setattr(joining, "_DAYS_IN_A_WRITE", 2)
    own, now, seen = stream.ordinal(shop.shopper), product_clock.now(), set()
    faults.of("joining")
    with tenant_scope(stream.tenant_id):
        for at in range(9):
            visitor = f"{VISITOR}-{at}"
            told = [Told(f"{at}-{day}", "visit", now - timedelta(days=day, minutes=1)) for day in range(1, 6)]
            take_in(stream.tenant_id, Batch(visitor, told), now)
            stream.compact(9)
            faults.arm("killed", at)
            with suppress(Killed):
                join(stream.tenant_id, visitor, own, now)
            faults.arm(None)
            joined = VisitorRecord.fetch(*VisitorRecord.address(stream.tenant_id, visitor)) is not None
            seen.add(joined)
            found = [actor for actor, _ in stream.said(9) if actor == visitor]
            assert len(found) == (0 if joined else 5), at
    assert seen == {True, False}


def test_members_who_are_one_person_are_one_actor_in_order(stream, shop, imported):
    gone, now = imported("ref-1"), product_clock.now()
    answered = Recorded("survey", "one", 1, gone, now - timedelta(seconds=30))
    with tenant_scope(stream.tenant_id):
        own_events.record(stream.tenant_id, [answered], now)
    own = stream.ordinal(shop.shopper)
    stream.send(stream.event("e-1", "visit", ago=60), stream.event("e-2", ago=10), token=shop.shopper.token)
    with tenant_scope(stream.tenant_id):
        assert unite(stream.tenant_id, 0, own, product_clock.now())
    found = [(each.actor, each.kind, each.place) for each in stream.read()]
    assert found == [(own, "visit", 0), (own, "survey", 1), (own, "view", 2)]
    assert [each.kind for each in stream.timeline(own)] == ["visit", "survey", "view"]
