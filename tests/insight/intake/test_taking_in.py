"""Events over the API: each once by its id alone, refused by itself where it does not fit, whoever sends it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.db import tenant_scope
from chalicelib.insight.intake.records import TellingRecord
from chalicelib.insight.intake.service.reading import robots_between
from tests.builders import made
from tests.insight.intake.conftest import VISITOR, Stream


def test_a_batch_is_taken_and_read(stream):
    sent = [stream.event("e-1", "visit", ago=3), stream.event("e-2", "view", ago=2, duration_ms=1500)]
    assert stream.statuses(*sent) == ["accepted", "accepted"]
    visit, view = stream.read()
    assert (visit.actor, visit.kind, visit.place, view.kind, view.place) == (VISITOR, "visit", 0, "view", 1)
    assert view.duration_ms == 1500


def test_who_is_signed_in_needs_no_visitor_and_others_do(stream, shop):
    assert stream.statuses(stream.event("e-1"), visitor=None, token=shop.shopper.token) == ["accepted"]
    refused = stream.send(stream.event("e-2"), visitor=None)
    assert refused.status == 422
    assert refused.json["errors"][0]["pointer"] == "/visitor_id"
    assert stream.said() == [(stream.ordinal(shop.shopper), "view")]


def test_of_a_member_who_said_no_nothing_is_taken_and_no_visitor_becomes_them(stream, shop):
    me, token = f"/v1/stores/{shop.slug}/me", shop.shopper.token
    made(shop.caller.call("PATCH", me, json={"consent": {"analytics": False}}, token=token), 200)
    stream.send(stream.event("e-1"))
    [(status, reason)] = stream.results(stream.event("e-2"), token=token)
    assert (status, "said no" in (reason or "")) == ("refused", True)
    assert stream.said() == [(VISITOR, "view")]
    made(shop.caller.call("PATCH", me, json={"consent": {"analytics": True}}, token=token), 200)
    assert stream.statuses(stream.event("e-2"), token=token) == ["accepted"]
    assert stream.said() == [(stream.ordinal(shop.shopper), "view")] * 2


def test_a_token_that_is_no_good_is_refused_and_nothing_is_taken(stream):
    assert stream.send(stream.event("e-1"), token="eyJhbGciOiJIUzI1NiJ9.e30.x").status == 401
    assert stream.read() == []


def test_101_events_are_refused_by_name(stream):
    refused = stream.send(*(stream.event(f"e-{n}") for n in range(101)))
    assert refused.status == 422
    assert refused.json["errors"][0]["pointer"] == "/events"
    assert stream.statuses(*(stream.event(f"e-{n}") for n in range(100))) == ["accepted"] * 100
    assert len(stream.read()) == 100


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"type": "veiw"}, "unknown"),
        ({"type": "survey"}, "own records"),
        ({"at": "yesterday"}, "at"),
        ({"at": "2026-01-01T00:00:00"}, "at"),
        ({"product_id": "../x"}, "product_id"),
        ({"duration_ms": -1}, "duration_ms"),
        ({"duration_ms": "5"}, "duration_ms"),
        ({"channel": "a b"}, "channel"),
        ({"properties": {f"k{n}": 1 for n in range(11)}}, "properties"),
        ({"properties": {"q": "x" * 201}}, "properties/q"),
        ({"properties": {"q": ["x"]}}, "properties/q"),
        ({"event_id": "a#b"}, "event_id"),
        ({"price": 5}, "price"),
    ],
)
def test_one_bad_event_spoils_only_itself(stream, wrong, word):
    results = stream.results(stream.event("e-1"), {**stream.event("e-2"), **wrong}, stream.event("e-3"))
    assert [status for status, _ in results] == ["accepted", "refused", "accepted"]
    assert word in (results[1][1] or "")
    assert len(stream.read()) == 2


def test_a_property_that_is_none_of_its_kinds_is_told_what_it_may_be(stream):
    for wrong in (1.5, 2**53 + 1, 10**400, "x" * 201, "a\nb", None):
        [(status, reason)] = stream.results(stream.event("e-1", properties={"q": wrong}))
        assert (status, reason) == (
            "refused",
            "properties/q: this is true or false, a whole number up to 2^53, or one line of at most 200 characters",
        )


@pytest.mark.parametrize(
    ("at", "sent_at", "word"),
    [
        ("9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "future"),
        ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "too long ago"),
        ("2026-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "too long ago"),
    ],
)
def test_clocks_beyond_any_calendar_are_refused_by_name(stream, at, sent_at, word):
    [(status, reason)] = stream.results({**stream.event("e-1"), "at": at}, sent_at=sent_at)
    assert status == "refused"
    assert word in (reason or "")


def test_what_is_no_event_at_all_is_refused_by_itself(stream):
    assert stream.statuses(5, stream.event("e-1"), None, []) == ["refused", "accepted", "refused", "refused"]


def test_a_reason_is_given_in_the_language_of_the_reader(stream):
    [(_, english)] = stream.results(stream.event("e-1", "veiw"))
    [(_, chinese)] = stream.results(stream.event("e-1", "veiw"), agent={"User-Agent": "x", "Accept-Language": "zh-CN"})
    assert "unknown" in (english or "")
    assert "不存在" in (chinese or "")


def test_events_from_next_week_are_refused_unless_the_clock_was_off_by_that(stream):
    week = 7 * 24 * 3600
    [(status, reason)] = stream.results(stream.event("e-1", ago=-week))
    assert (status, "future" in (reason or "")) == ("refused", True)
    sent_at = stream.event("x", ago=-week)["at"]
    assert stream.statuses(stream.event("e-1", ago=-week + 60), sent_at=sent_at) == ["accepted"]
    [event] = stream.read()
    assert abs(event.at - (datetime.fromisoformat(stream.event("x")["at"]) - timedelta(seconds=60))) < timedelta(
        seconds=5
    )


def test_the_key_is_the_id_alone_in_the_batch_and_400_days_on(stream, clock):
    first = stream.event("e-1")
    assert stream.statuses(first, first) == ["accepted", "duplicate"]
    clock.advance(days=1)
    assert stream.statuses(first, visitor="somebody-else") == ["duplicate"]
    clock.advance(days=398)
    [(status, reason)] = stream.results(stream.event("e-1", "cart"))
    assert (status, "other content" in (reason or "")) == ("duplicate", True)
    assert len(stream.read(days=400)) == 1
    clock.advance(days=2)
    assert stream.read(days=420) == []
    assert stream.statuses(stream.event("e-1", "cart")) == ["accepted"]


def test_other_content_under_one_id_is_told_and_the_first_stays(stream):
    results = stream.results(stream.event("e-1", "view"), stream.event("e-1", "cart"))
    assert [status for status, _ in results] == ["accepted", "duplicate"]
    assert "other content" in (results[1][1] or "")
    assert [each.kind for each in stream.read()] == ["view"]


def test_all_of_one_id_in_a_batch_are_compared_with_what_stands(stream):
    first = stream.event("e-1", "view")
    assert stream.statuses(first) == ["accepted"]
    other, third = {**first, "type": "cart"}, {**first, "type": "share"}
    results = stream.results(other, other, first, third)
    assert [status for status, _ in results] == ["duplicate"] * 4
    assert ["other content" in (reason or "") for _, reason in results] == [True, True, False, True]


def test_brands_may_use_the_same_ids_and_see_their_own(stream, new_stream):
    other = new_stream()
    assert stream.statuses(stream.event("e-1")) == ["accepted"]
    assert other.statuses(other.event("e-1", "cart")) == ["accepted"]
    assert [each.kind for each in stream.read()] == ["view"]
    assert [each.kind for each in other.read()] == ["cart"]
    foreign = stream.send(stream.event("e-2"), token=other.shop.shopper.token)
    assert foreign.status == 401


def test_late_events_are_taken_and_those_of_too_long_ago_are_not(stream):
    day = 24 * 3600
    sent = [stream.event("e-1", ago=10 * day), stream.event("e-2", ago=399 * day), stream.event("e-3", ago=401 * day)]
    assert stream.statuses(*sent) == ["accepted", "accepted", "refused"]
    assert len(stream.read(days=400)) == 2


def test_a_key_of_the_brand_tells_what_another_shop_saw_long_ago(stream, shop):
    long_ago = {**stream.event("e-1", "order"), "at": "2024-03-13T10:21:14Z", "channel": "email"}
    assert stream.statuses(long_ago, token=shop.api_key) == ["accepted"]
    assert stream.statuses({**long_ago, "event_id": "e-2"}) == ["refused"]
    [event] = stream.read(days=1500)
    assert (event.actor, event.kind, event.channel_id) == (VISITOR, "order", "email")


def test_robots_are_kept_apart_and_counted(stream, clock):
    robot = {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}
    assert stream.statuses(stream.event("e-1"), stream.event("e-2"), agent=robot) == ["accepted", "accepted"]
    assert stream.statuses(stream.event("e-3")) == ["accepted"]
    assert len(stream.read()) == 1
    clock.advance(days=1)
    stream.compact()
    yesterday = stream.today - timedelta(days=1)
    with tenant_scope(stream.tenant_id):
        assert robots_between(stream.tenant_id, yesterday, yesterday) == {yesterday: 2}


def test_who_sends_too_much_waits(stream, monkeypatch):
    monkeypatch.setattr("chalicelib.rate_limits.service.most", lambda limit: {"events_a_source": 2}.get(limit, 1000))
    assert [stream.send(stream.event(f"e-{n}")).status for n in range(3)] == [200, 200, 429]
    assert stream.send(stream.event("e-9"), token=stream.shop.shopper.token).status == 200


@pytest.mark.parametrize(
    ("timezone", "instant", "day"),
    [
        ("Asia/Shanghai", "2026-11-22T15:50:00Z", "2026-11-22"),
        ("Asia/Shanghai", "2026-11-22T16:10:00Z", "2026-11-23"),
        ("America/New_York", "2026-03-08T04:59:00Z", "2026-03-07"),
        ("America/New_York", "2026-03-09T03:59:00Z", "2026-03-08"),
        ("America/New_York", "2026-11-01T04:00:00Z", "2026-11-01"),
        ("America/New_York", "2026-11-02T04:59:00Z", "2026-11-01"),
        ("Pacific/Apia", "2011-12-30T09:59:00Z", "2011-12-29"),
        ("Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-31"),
    ],
)
def test_the_day_is_the_tenants_own(new_stream, at, timezone, instant, day):
    stream: Stream = new_stream(timezone=timezone)
    at(datetime.fromisoformat(instant).astimezone(UTC) + timedelta(days=2))
    told = {"event_id": "e-1", "type": "view", "at": instant}
    assert stream.statuses(told) == ["accepted"]
    with tenant_scope(stream.tenant_id):
        partition = TellingRecord.partition(stream.tenant_id, datetime.fromisoformat(day).date())
        assert len(list(TellingRecord.every(partition))) == 1


def test_what_is_looked_at_further_makes_its_view_longer_once(stream):
    first = stream.event("e-1", "view", ago=60, duration_ms=4_000)
    more = {**first, "event_id": "e-2", "duration_ms": 500, "properties": {"continues": True}}
    assert [stream.statuses(each) for each in (first, more, more)] == [["accepted"], ["accepted"], ["duplicate"]]
    assert [(each.kind, each.duration_ms) for each in stream.read()] == [("view", 4_500)]
