"""A recurring campaign's window on the days on which clocks change, by hand: hours, half an hour, midnights, a day."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.campaigns.series.model.recurrence import Rule, check_rule, occurrences, upcoming
from chalicelib.kernel.local_day import day_bounds

LONDON, LORD_HOWE = ZoneInfo("Europe/London"), ZoneInfo("Australia/Lord_Howe")
SAO_PAULO, CAIRO, BEIRUT = ZoneInfo("America/Sao_Paulo"), ZoneInfo("Africa/Cairo"), ZoneInfo("Asia/Beirut")
NUUK, APIA, HAVANA = ZoneInfo("America/Nuuk"), ZoneInfo("Pacific/Apia"), ZoneInfo("America/Havana")
DAYS = 24 * 60


def on_day(day: str, opens: str, minutes: int, every: Any = "day", **more: Any) -> Rule:
    return Rule(every, opens, minutes, day, on_gap="forward", **more)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


SPRING = [
    # London, 28 March 2027: after 00:59 comes 02:00.
    (LONDON, "2027-03-28", "01:30", 60, "2027-03-28T01:30", "2027-03-28T02:30", "02:30 to 03:30: moved as a whole"),
    (LONDON, "2027-03-28", "01:30", 61, "2027-03-28T01:30", "2027-03-28T02:31", "02:30 to 03:31, not one minute"),
    (LONDON, "2027-03-28", "01:10", 20, "2027-03-28T01:10", "2027-03-28T01:30", "skipped altogether: 02:10 to 02:30"),
    (LONDON, "2027-03-28", "01:00", 60, "2027-03-28T01:00", "2027-03-28T02:00", "the first skipped minute: 02:00"),
    (LONDON, "2027-03-28", "01:59", 1, "2027-03-28T01:59", "2027-03-28T02:00", "the last one: 02:59 to 03:00"),
    (LONDON, "2027-03-28", "02:00", 60, "2027-03-28T01:00", "2027-03-28T02:00", "02:00 is shown: nothing moves"),
    (LONDON, "2027-03-28", "00:30", 60, "2027-03-28T00:30", "2027-03-28T01:30", "only the close: 02:30, an hour later"),
    (LONDON, "2027-03-28", "00:30", 120, "2027-03-28T00:30", "2027-03-28T01:30", "until 02:30 by the clock: an hour"),
    (LONDON, "2027-03-28", "01:30", 3 * DAYS, "2027-03-28T01:30", "2027-03-31T01:30", "02:30 to 02:30 on Wednesday"),
    (LONDON, "2027-03-26", "01:30", 2 * DAYS, "2027-03-26T01:30", "2027-03-28T01:30", "two whole days from Friday"),
    # Lord Howe Island, 4 October 2026: half an hour, after 01:59 comes 02:30.
    (LORD_HOWE, "2026-10-04", "02:10", 20, "2026-10-03T15:40", "2026-10-03T16:00", "02:40 to 03:00"),
    (LORD_HOWE, "2026-10-04", "02:10", 60, "2026-10-03T15:40", "2026-10-03T16:40", "02:40 to 03:40"),
    (LORD_HOWE, "2026-10-04", "01:50", 20, "2026-10-03T15:20", "2026-10-03T15:40", "only the close: 02:40"),
    # Midnights that are skipped: after 23:59 comes 01:00.
    (SAO_PAULO, "2018-11-04", "00:00", 60, "2018-11-04T03:00", "2018-11-04T04:00", "01:00 to 02:00"),
    (SAO_PAULO, "2018-11-03", "22:00", 120, "2018-11-04T01:00", "2018-11-04T03:00", "until midnight, which is 01:00"),
    (CAIRO, "2026-04-24", "00:30", 60, "2026-04-23T22:30", "2026-04-23T23:30", "01:30 to 02:30"),
    (BEIRUT, "2026-03-29", "00:00", 30, "2026-03-28T22:00", "2026-03-28T22:30", "01:00 to 01:30"),
    (NUUK, "2026-03-28", "23:30", 60, "2026-03-29T01:30", "2026-03-29T02:30", "00:30 to 01:30 on the next day"),
    # Samoa had no 30 December 2011: after the 29th came the 31st.
    (APIA, "2011-12-29", "20:00", 720, "2011-12-30T06:00", "2011-12-30T18:00", "only the close: 08:00 on the 31st"),
]
AUTUMN = [
    # London, 31 October 2027: after 01:59 comes 01:00 again.
    (LONDON, "01:10", 20, "earlier", "2027-10-31T00:10", "2027-10-31T00:30", "both the first time"),
    (LONDON, "01:10", 20, "later", "2027-10-31T01:10", "2027-10-31T01:30", "both the second time"),
    (LONDON, "01:30", 60, "earlier", "2027-10-31T00:30", "2027-10-31T02:30", "01:30 to 02:30: two hours"),
    (LONDON, "01:30", 60, "later", "2027-10-31T01:30", "2027-10-31T02:30", "01:30 to 02:30: one hour"),
    (LONDON, "00:30", 60, "earlier", "2027-10-30T23:30", "2027-10-31T00:30", "only the close, the first time"),
    (LONDON, "00:30", 60, "later", "2027-10-30T23:30", "2027-10-31T01:30", "only the close, the second time"),
    (LONDON, "00:30", 120, "later", "2027-10-30T23:30", "2027-10-31T02:30", "until 02:30 by the clock: three hours"),
    # Lord Howe Island, 5 April 2026: after 01:59 comes 01:30 again.
    (LORD_HOWE, "01:40", 15, "earlier", "2026-04-04T14:40", "2026-04-04T14:55", "both the first time"),
    (LORD_HOWE, "01:40", 15, "later", "2026-04-04T15:10", "2026-04-04T15:25", "both the second time"),
]


@pytest.mark.parametrize(("tz", "day", "opens", "minutes", "opens_at", "closes_at", "_why"), SPRING)
def test_a_window_whose_opening_is_skipped_moves_as_a_whole(
    tz: ZoneInfo, day: str, opens: str, minutes: int, opens_at: str, closes_at: str, _why: str
) -> None:
    each = next(occurrences(on_day(day, opens, minutes), tz))
    assert (each.on.isoformat(), each.opens_at, each.closes_at) == (day, utc(opens_at), utc(closes_at))


@pytest.mark.parametrize(("tz", "opens", "minutes", "fold", "opens_at", "closes_at", "_why"), AUTUMN)
def test_one_choice_holds_for_both_ends_where_times_come_twice(
    tz: ZoneInfo, opens: str, minutes: int, fold: Any, opens_at: str, closes_at: str, _why: str
) -> None:
    day = "2027-10-31" if tz is LONDON else "2026-04-05"
    each = next(occurrences(on_day(day, opens, minutes, fold=fold), tz))
    assert (each.opens_at, each.closes_at) == (utc(opens_at), utc(closes_at))


class TestSkippedDay:
    def test_a_weekly_campaign_of_it_comes_a_day_later(self) -> None:
        each = next(occurrences(on_day("2011-12-30", "10:00", 60, "week"), APIA))
        shown = [f"{at.astimezone(APIA):%d %H:%M}" for at in (each.opens_at, each.closes_at)]
        assert (each.on, shown) == (date(2011, 12, 30), ["31 10:00", "31 11:00"])

    def test_a_daily_campaign_does_not_come_twice_on_the_day_after_it(self) -> None:
        found = islice(occurrences(on_day("2011-12-29", "10:00", 60), APIA), 3)
        assert [each.on.day for each in found] == [29, 31, 1]


def test_an_opening_that_moved_past_midnight_is_still_ahead_there() -> None:
    made, past_midnight = on_day("2026-03-28", "23:30", 60), utc("2026-03-29T01:10")  # 00:10 on the 29th
    assert upcoming(made, NUUK, past_midnight, 1)[0].opens_at == utc("2026-03-29T01:30")


def test_a_series_that_asks_to_move_is_never_refused_for_a_skipped_time() -> None:
    check_rule(on_day("2027-03-01", "01:30", 60, fold="earlier"), LONDON, utc("2027-03-01T00:00"))


@settings(max_examples=200)
@given(
    st.sampled_from([LONDON, LORD_HOWE, CAIRO, BEIRUT, NUUK]),
    st.integers(0, DAYS - 1),
    st.integers(1, 3 * DAYS),
    st.sampled_from(["earlier", "later"]),
)
def test_no_day_is_lost_and_a_moved_window_keeps_its_length(tz: ZoneInfo, minute: int, minutes: int, fold: Any) -> None:
    opens = f"{minute // 60:02}:{minute % 60:02}"
    found = list(islice(occurrences(on_day("2026-01-01", opens, minutes, fold=fold), tz), 730))
    assert [each.on for each in found] == [date(2026, 1, 1) + timedelta(days=n) for n in range(730)]
    for each in found:
        assert each.opens_at < each.closes_at
        shown = each.opens_at.astimezone(tz).replace(tzinfo=None)
        if f"{shown:%H:%M}" != opens:
            assert each.closes_at.astimezone(tz).replace(tzinfo=None) - shown == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("tz", "on", "begins", "ends"),
    [
        (SAO_PAULO, "2018-11-04", "2018-11-04T03:00", "2018-11-05T02:00"),  # from 01:00, 23 hours
        (CAIRO, "2026-04-24", "2026-04-23T22:00", "2026-04-24T21:00"),  # from 01:00, 23 hours
        (CAIRO, "2026-10-29", "2026-10-28T21:00", "2026-10-29T22:00"),  # its last hour comes twice
        (HAVANA, "2026-11-01", "2026-11-01T04:00", "2026-11-02T05:00"),  # its first hour comes twice
        (APIA, "2011-12-30", "2011-12-30T10:00", "2011-12-30T10:00"),  # a day that was skipped is empty
    ],
)
def test_a_day_of_a_report_or_statement_meets_the_next_where_midnight_moves(
    tz: ZoneInfo, on: str, begins: str, ends: str
) -> None:
    assert day_bounds(date.fromisoformat(on), tz) == (utc(begins), utc(ends))
