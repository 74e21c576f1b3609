"""When a notice may leave: hand-made timelines over both clock changes in three zones, and what holds always."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.notices.model.notices import Category, Urgency
from chalicelib.notices.model.people import Person
from chalicelib.notices.recipients.model import Cap, Digest, MessageSettings, Preferences, QuietHours, Recipient
from chalicelib.notices.restraint.model import NEVER, leaves_at, remembered

NEW_YORK, BERLIN, LORD_HOWE = "America/New_York", "Europe/Berlin", "Australia/Lord_Howe"
NIGHT = QuietHours(time(22), time(8))
NO_CAPS = MessageSettings(caps={})


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def person(zone: str, **wishes) -> Recipient:
    return Recipient(Person.member("li"), "en", zone, preferences=Preferences(**wishes))


def leaves(to: Recipient, now: str, settings: MessageSettings = NO_CAPS, earlier=(), category=Category.SERVICE):
    return leaves_at(category, Urgency.KNOW, at(now), to, settings, earlier)


@pytest.mark.parametrize(
    ("zone", "quiet", "now", "then"),
    [
        # An ordinary night, and its edges.
        (NEW_YORK, NIGHT, "2026-03-03T21:59:59-05:00", "2026-03-03T21:59:59-05:00"),
        (NEW_YORK, NIGHT, "2026-03-03T22:00:00-05:00", "2026-03-04T08:00:00-05:00"),
        (NEW_YORK, NIGHT, "2026-03-04T07:59:59-05:00", "2026-03-04T08:00:00-05:00"),
        (NEW_YORK, NIGHT, "2026-03-04T08:00:00-05:00", "2026-03-04T08:00:00-05:00"),
        # Hours of one day, and none.
        (BERLIN, QuietHours(time(12), time(14)), "2026-06-01T12:30+02:00", "2026-06-01T14:00+02:00"),
        (BERLIN, QuietHours(time(12), time(14)), "2026-06-01T23:00+02:00", "2026-06-01T23:00+02:00"),
        (BERLIN, QuietHours(time(8), time(8)), "2026-06-01T08:00+02:00", "2026-06-01T08:00+02:00"),
        # New York, clocks go forward at 02:00 on 8 March: the night is an hour shorter.
        (NEW_YORK, NIGHT, "2026-03-07T23:00-05:00", "2026-03-08T08:00-04:00"),
        (NEW_YORK, NIGHT, "2026-03-08T03:00-04:00", "2026-03-08T08:00-04:00"),
        # Quiet until 02:30, which is skipped: until an un-changed clock would show it, 03:30.
        (NEW_YORK, QuietHours(time(22), time(2, 30)), "2026-03-08T01:59-05:00", "2026-03-08T03:30-04:00"),
        (NEW_YORK, QuietHours(time(22), time(2, 30)), "2026-03-08T03:30-04:00", "2026-03-08T03:30-04:00"),
        # Quiet from 02:30, which is skipped: as soon as the clock shows more.
        (NEW_YORK, QuietHours(time(2, 30), time(8)), "2026-03-08T01:59-05:00", "2026-03-08T01:59-05:00"),
        (NEW_YORK, QuietHours(time(2, 30), time(8)), "2026-03-08T03:00-04:00", "2026-03-08T08:00-04:00"),
        # New York, clocks go back at 02:00 on 1 November: the night is an hour longer, 01:00 to 02:00 comes twice.
        (NEW_YORK, NIGHT, "2026-10-31T23:00-04:00", "2026-11-01T08:00-05:00"),
        (NEW_YORK, QuietHours(time(22), time(1, 30)), "2026-11-01T01:10-04:00", "2026-11-01T01:30-05:00"),
        (NEW_YORK, QuietHours(time(22), time(1, 30)), "2026-11-01T01:40-04:00", "2026-11-01T01:30-05:00"),
        (NEW_YORK, QuietHours(time(22), time(1, 30)), "2026-11-01T01:30-05:00", "2026-11-01T01:30-05:00"),
        (NEW_YORK, QuietHours(time(1, 30), time(8)), "2026-11-01T01:20-04:00", "2026-11-01T01:20-04:00"),
        (NEW_YORK, QuietHours(time(1, 30), time(8)), "2026-11-01T01:30-04:00", "2026-11-01T08:00-05:00"),
        (NEW_YORK, QuietHours(time(1, 30), time(8)), "2026-11-01T01:10-05:00", "2026-11-01T08:00-05:00"),
        # Berlin: 29 March 02:00 becomes 03:00, 25 October 03:00 becomes 02:00.
        (BERLIN, NIGHT, "2026-03-28T23:00+01:00", "2026-03-29T08:00+02:00"),
        (BERLIN, QuietHours(time(23), time(2)), "2026-03-29T01:59+01:00", "2026-03-29T03:00+02:00"),
        (BERLIN, NIGHT, "2026-10-24T23:00+02:00", "2026-10-25T08:00+01:00"),
        (BERLIN, QuietHours(time(23), time(2, 15)), "2026-10-25T02:14+02:00", "2026-10-25T02:15+01:00"),
        # Lord Howe changes by half an hour: 4 October 02:00 becomes 02:30, 5 April 02:00 becomes 01:30.
        (LORD_HOWE, NIGHT, "2026-10-03T23:00+10:30", "2026-10-04T08:00+11:00"),
        (LORD_HOWE, QuietHours(time(22), time(2, 10)), "2026-10-04T01:50+10:30", "2026-10-04T02:40+11:00"),
        (LORD_HOWE, NIGHT, "2026-04-04T23:00+11:00", "2026-04-05T08:00+10:30"),
        (LORD_HOWE, QuietHours(time(22), time(1, 45)), "2026-04-05T01:50+11:00", "2026-04-05T01:45+10:30"),
    ],
)
def test_quiet_hours_by_the_wall_clock(zone, quiet, now, then):
    for to, settings in (
        (person(zone, quiet_hours=quiet), NO_CAPS),
        (person(zone), MessageSettings(caps={}, quiet_hours=quiet)),
    ):
        assert leaves(to, now, settings) == at(then)


@pytest.mark.parametrize(
    ("zone", "digest", "now", "then"),
    [
        (NEW_YORK, Digest(time(18)), "2026-03-03T17:59-05:00", "2026-03-03T18:00-05:00"),
        (NEW_YORK, Digest(time(18)), "2026-03-03T18:00-05:00", "2026-03-03T18:00-05:00"),
        (NEW_YORK, Digest(time(18)), "2026-03-03T18:01-05:00", "2026-03-04T18:00-05:00"),
        # A time that is skipped is an hour later by then; one that comes twice is meant the first time.
        (NEW_YORK, Digest(time(2, 30)), "2026-03-07T12:00-05:00", "2026-03-08T03:30-04:00"),
        (NEW_YORK, Digest(time(2, 30)), "2026-03-08T03:31-04:00", "2026-03-09T02:30-04:00"),
        (NEW_YORK, Digest(time(1, 30)), "2026-11-01T01:00-04:00", "2026-11-01T01:30-04:00"),
        (NEW_YORK, Digest(time(1, 30)), "2026-11-01T01:00-05:00", "2026-11-02T01:30-05:00"),
        # The hour of the wall clock stays over both changes.
        (NEW_YORK, Digest(time(18)), "2026-03-07T19:00-05:00", "2026-03-08T18:00-04:00"),
        (NEW_YORK, Digest(time(18)), "2026-10-31T19:00-04:00", "2026-11-01T18:00-05:00"),
        (BERLIN, Digest(time(9)), "2026-03-28T10:00+01:00", "2026-03-29T09:00+02:00"),
        (BERLIN, Digest(time(2, 30)), "2026-03-28T10:00+01:00", "2026-03-29T03:30+02:00"),
        (BERLIN, Digest(time(2, 30)), "2026-10-24T10:00+02:00", "2026-10-25T02:30+02:00"),
        (LORD_HOWE, Digest(time(2, 10)), "2026-10-03T12:00+10:30", "2026-10-04T02:40+11:00"),
        (LORD_HOWE, Digest(time(1, 45)), "2026-04-04T12:00+11:00", "2026-04-05T01:45+11:00"),
        # Weekly, on a Sunday on which clocks change, and a Monday.
        (NEW_YORK, Digest(time(9), 6), "2026-03-02T12:00-05:00", "2026-03-08T09:00-04:00"),
        (NEW_YORK, Digest(time(9), 6), "2026-03-08T09:01-04:00", "2026-03-15T09:00-04:00"),
        (BERLIN, Digest(time(9), 0), "2026-10-25T23:00+01:00", "2026-10-26T09:00+01:00"),
    ],
)
def test_digests_by_the_wall_clock(zone, digest, now, then):
    to = person(zone, digests={Category.SERVICE: digest})
    settings = MessageSettings(caps={}, quiet_hours=None)

    assert leaves(to, now, settings) == at(then)
    assert leaves_at(Category.SERVICE, Urgency.ACT, at(now), to, settings, ()) == at(now), "what presses, in no digest"
    assert leaves_at(Category.NEWS, Urgency.KNOW, at(now), to, settings, ()) == at(now), "of that category alone"


def test_a_digest_in_quiet_hours_leaves_at_their_end():
    to = person(NEW_YORK, quiet_hours=NIGHT, digests={Category.SERVICE: Digest(time(23))})
    assert leaves(to, "2026-10-31T12:00-04:00") == at("2026-11-01T08:00-05:00")
    assert leaves(to, "2026-11-01T08:00-05:00") == at("2026-11-01T08:00-05:00")


@pytest.mark.parametrize(
    ("cap", "earlier", "now", "then"),
    [
        (Cap(2, 7), [], "2026-06-10T12:00Z", "2026-06-10T12:00Z"),
        (Cap(2, 7), ["2026-06-08T12:00Z"], "2026-06-10T12:00Z", "2026-06-10T12:00Z"),
        (Cap(2, 7), ["2026-06-08T12:00Z", "2026-06-05T13:00Z"], "2026-06-10T12:00Z", "2026-06-12T13:00Z"),
        (Cap(2, 7), ["2026-06-08T12:00Z", "2026-06-03T12:00Z"], "2026-06-10T12:00Z", "2026-06-10T12:00Z"),
        (Cap(1, 1), ["2026-06-09T21:00Z"], "2026-06-10T12:00Z", "2026-06-11T06:00Z"),  # and then the night
        (Cap(0, 7), [], "2026-06-10T12:00Z", None),
    ],
)
def test_a_cap_lets_the_next_leave_when_the_earliest_that_counts_is_old_enough(cap, earlier, now, then):
    settings = MessageSettings(caps={Category.SERVICE: cap}, quiet_hours=NIGHT)
    before = [at(each) for each in earlier]

    assert leaves(person(BERLIN), now, settings, before) == (at(then) if then else NEVER)
    kept = remembered(before, Category.SERVICE, at(now), settings)
    assert leaves(person(BERLIN), now, settings, kept) == leaves(person(BERLIN), now, settings, before)
    assert leaves_at(Category.ORDER, Urgency.KNOW, at(now), person(BERLIN), settings, before) == at(now)


walls = st.times().map(lambda wall: wall.replace(microsecond=0))
days = st.integers(0, 365 * 24 * 60).map(lambda minutes: at("2026-01-01T00:00Z") + timedelta(minutes=minutes))
changes = st.sampled_from(["2026-03-08T07:00Z", "2026-11-01T06:00Z", "2026-03-29T01:00Z", "2026-10-25T01:00Z",
                           "2026-10-03T15:30Z", "2026-04-04T15:00Z"]).map(at)  # fmt: skip
near = st.builds(lambda change, minutes: change + timedelta(minutes=minutes), changes, st.integers(-2000, 2000))


@given(
    now=st.one_of(days, near),
    zone=st.sampled_from([NEW_YORK, BERLIN, LORD_HOWE, "Asia/Kathmandu", "Pacific/Apia"]),
    quiet=st.builds(QuietHours, walls, walls),
    digest=st.none() | st.builds(Digest, walls, st.none() | st.integers(0, 6)),
    cap=st.builds(Cap, st.integers(1, 3), st.integers(1, 7)),
    ages=st.lists(st.integers(0, 20_000), max_size=4),
)
@example(at("2026-11-01T06:10Z"), NEW_YORK, QuietHours(time(1, 30), time(1)), Digest(time(1, 15)), Cap(1, 1), [60])
def test_never_in_quiet_hours_never_before_now_and_no_later_when_asked_again(now, zone, quiet, digest, cap, ages):
    to = person(zone, quiet_hours=quiet, digests={Category.NEWS: digest} if digest else {})
    settings = MessageSettings(caps={Category.NEWS: cap})
    earlier = [now - timedelta(minutes=age) for age in ages]

    then = leaves_at(Category.NEWS, Urgency.KNOW, now, to, settings, earlier)

    wall = then.astimezone(ZoneInfo(zone)).time().replace(fold=0)
    over_midnight = quiet.ends < quiet.begins
    inside = (wall >= quiet.begins or wall < quiet.ends) if over_midnight else quiet.begins <= wall < quiet.ends
    assert not inside
    assert then >= now
    assert sum(each > then - timedelta(days=cap.days) for each in earlier) < cap.most
    assert leaves_at(Category.NEWS, Urgency.KNOW, then, to, settings, earlier) == then
    assert then - now < timedelta(days=7 + 8 + 1)
