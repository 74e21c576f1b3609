"""Recurring campaigns on the wall clocks of four zones, by hand: clocks that jump an hour, half an hour, or never."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.campaigns.series.model.recurrence import (
    NoOccurrence,
    Rule,
    StartsTooFarAhead,
    check_rule,
    days,
    occurrences,
    still_running,
    upcoming,
)
from chalicelib.kernel.wall_time import Choices, LocalTimeAmbiguous, LocalTimeMissing, to_instant
from tests.refusals import refusal

NEW_YORK, BERLIN = ZoneInfo("America/New_York"), ZoneInfo("Europe/Berlin")
LORD_HOWE, SHANGHAI = ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


def rule(every: Any = "day", opens: str = "20:00", minutes: int = 720, starts: str = "2026-01-05", **more: Any) -> Rule:
    return Rule(every, opens, minutes, starts, **more)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class TestWallTime:
    @pytest.mark.parametrize(
        ("tz", "local", "moved"),
        [
            (NEW_YORK, "2026-03-08T02:30", "2026-03-08T07:30"),  # 02:00 -> 03:00: shown as 03:30
            (BERLIN, "2026-03-29T02:30", "2026-03-29T01:30"),  # 02:00 -> 03:00: shown as 03:30
            (LORD_HOWE, "2026-10-04T02:15", "2026-10-03T15:45"),  # 02:00 -> 02:30: shown as 02:45
        ],
    )
    def test_a_time_that_is_skipped_is_refused_or_moved_forward(self, tz: ZoneInfo, local: str, moved: str) -> None:
        naive = datetime.fromisoformat(local)
        with pytest.raises(LocalTimeMissing) as refused:
            to_instant(naive, tz, Choices(fold="later"), "/rule/opens")
        assert [error.pointer for error in refused.value.errors] == ["/rule/opens"]
        assert to_instant(naive, tz, Choices("forward"), "") == utc(moved)

    @pytest.mark.parametrize(
        ("tz", "local", "earlier", "later"),
        [
            (NEW_YORK, "2026-11-01T01:30", "2026-11-01T05:30", "2026-11-01T06:30"),
            (BERLIN, "2026-10-25T02:30", "2026-10-25T00:30", "2026-10-25T01:30"),
            (LORD_HOWE, "2026-04-05T01:45", "2026-04-04T14:45", "2026-04-04T15:15"),  # half an hour
        ],
    )
    def test_a_time_that_comes_twice_needs_a_choice(self, tz: ZoneInfo, local: str, earlier: str, later: str) -> None:
        naive = datetime.fromisoformat(local)
        with pytest.raises(LocalTimeAmbiguous, match="twice"):
            to_instant(naive, tz, Choices("forward"), "")
        assert to_instant(naive, tz, Choices(fold="earlier"), "") == utc(earlier)
        assert to_instant(naive, tz, Choices(fold="later"), "") == utc(later)

    @pytest.mark.parametrize("tz", [NEW_YORK, BERLIN, LORD_HOWE, SHANGHAI])
    def test_any_other_time_needs_none(self, tz: ZoneInfo) -> None:
        local = datetime.fromisoformat("2026-07-01T20:00")
        assert to_instant(local, tz, Choices(), "").astimezone(tz).replace(tzinfo=None) == local


class TestDays:
    def first(self, made: Rule, count: int, start: date | None = None) -> list[str]:
        return [day.isoformat() for day in islice(days(made, start), count)]

    def test_every_third_day_keeps_its_step_wherever_one_looks(self) -> None:
        made = rule(interval=3)
        assert self.first(made, 3) == ["2026-01-05", "2026-01-08", "2026-01-11"]
        assert self.first(made, 2, date(2026, 1, 9)) == ["2026-01-11", "2026-01-14"]

    def test_every_other_week_on_its_weekdays(self) -> None:
        # 7 January is a Wednesday; its week begins on the 5th, and the Tuesday before it is not repeated.
        made = rule("week", starts="2026-01-07", interval=2, weekdays=(1, 4))
        assert self.first(made, 4) == ["2026-01-09", "2026-01-20", "2026-01-23", "2026-02-03"]
        assert self.first(made, 1, date(2026, 1, 10)) == ["2026-01-20"]
        assert self.first(rule("week", starts="2026-01-07"), 2) == ["2026-01-07", "2026-01-14"]

    def test_the_31st_is_the_last_day_of_shorter_months(self) -> None:
        made = rule("month", starts="2028-01-31", month_day=31)
        assert self.first(made, 4) == ["2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30"]
        assert self.first(rule("month", starts="2026-11-15", interval=2), 2) == ["2026-11-15", "2027-01-15"]

    def test_it_ends_on_its_last_day(self) -> None:
        assert self.first(rule(ends_on="2026-01-06"), 9) == ["2026-01-05", "2026-01-06"]


class TestOccurrences:
    @pytest.mark.parametrize(
        ("tz", "day", "opens", "closes"),
        [
            (NEW_YORK, date(2026, 3, 7), "2026-03-08T01:00", "2026-03-08T12:00"),  # eleven hours
            (NEW_YORK, date(2026, 10, 31), "2026-11-01T00:00", "2026-11-01T13:00"),  # thirteen
            (BERLIN, date(2026, 3, 28), "2026-03-28T19:00", "2026-03-29T06:00"),
            (LORD_HOWE, date(2026, 10, 3), "2026-10-03T09:30", "2026-10-03T21:00"),  # eleven and a half
            (SHANGHAI, date(2026, 3, 28), "2026-03-28T12:00", "2026-03-29T00:00"),
        ],
    )
    def test_from_20_to_8_by_the_clock_in_any_night(self, tz: ZoneInfo, day: date, opens: str, closes: str) -> None:
        each = next(occurrences(rule(), tz, day))
        assert (each.on, each.opens_at, each.closes_at) == (day, utc(opens), utc(closes))

    @pytest.mark.parametrize(
        ("tz", "day", "opens", "chosen", "instant"),
        [
            (NEW_YORK, "2026-11-01", "01:30", {"fold": "later"}, "2026-11-01T06:30"),
            (NEW_YORK, "2026-11-01", "01:30", {"fold": "earlier"}, "2026-11-01T05:30"),
            (NEW_YORK, "2026-11-01", "01:30", {}, "2026-11-01T05:30"),  # a clock that was changed since: nobody chose
            (BERLIN, "2026-10-25", "02:30", {"fold": "later"}, "2026-10-25T01:30"),
            (NEW_YORK, "2026-03-08", "02:30", {"fold": "later"}, "2026-03-08T07:30"),
            (LORD_HOWE, "2026-04-05", "01:45", {"fold": "later", "on_gap": "forward"}, "2026-04-04T15:15"),
        ],
    )
    def test_campaigns_are_made_by_what_was_chosen_with_the_rule(
        self, tz: ZoneInfo, day: str, opens: str, chosen: Any, instant: str
    ) -> None:
        made, on = rule(opens=opens, minutes=600, **chosen), date.fromisoformat(day)
        before, noon = utc(instant) - timedelta(hours=2), utc(instant) + timedelta(hours=1)
        expected = on, utc(instant)
        for each in (
            next(occurrences(made, tz, on)),
            upcoming(made, tz, before, 1)[0],
            still_running(made, tz, noon, on - timedelta(days=1)),
        ):
            assert each is not None
            assert (each.on, each.opens_at) == expected

    def test_only_what_opens_ahead_comes(self) -> None:
        opening = datetime(2026, 1, 5, 12, tzinfo=UTC)  # 20:00 in Shanghai
        assert upcoming(rule(), SHANGHAI, opening, 1)[0].on == date(2026, 1, 6)
        assert upcoming(rule(), SHANGHAI, opening - timedelta(seconds=1), 1)[0].on == date(2026, 1, 5)
        assert upcoming(rule(), SHANGHAI, NOW, 1, after=date(2026, 1, 5))[0].on == date(2026, 1, 6)

    def test_a_window_that_lies_within_a_gap_comes_after_it(self) -> None:
        made = rule(opens="02:00", minutes=60, on_gap="forward")
        moved = next(occurrences(made, NEW_YORK, date(2026, 3, 8)))
        shown = [f"{at.astimezone(NEW_YORK):%d %H:%M}" for at in (moved.opens_at, moved.closes_at)]
        assert (moved.on, shown) == (date(2026, 3, 8), ["08 03:00", "08 04:00"])

    @settings(max_examples=40)
    @given(st.sampled_from([NEW_YORK, BERLIN, LORD_HOWE, SHANGHAI]), st.integers(0, 1439), st.integers(1, 3000))
    def test_they_follow_each_other_and_open_at_their_hour(self, tz: ZoneInfo, minute: int, minutes: int) -> None:
        opens = f"{minute // 60:02}:{minute % 60:02}"
        found = list(islice(occurrences(rule(opens=opens, minutes=minutes), tz), 400))
        assert all(one.opens_at < other.opens_at and one.on < other.on for one, other in pairwise(found))
        shown = [f"{each.opens_at.astimezone(tz):%H:%M}" for each in found]
        assert sum(hour != opens for hour in shown) <= 2  # only where that hour was skipped


class TestCheck:
    @pytest.mark.parametrize(
        ("tz", "made", "refusal", "pointer"),
        [
            (NEW_YORK, rule(opens="02:30"), LocalTimeMissing, "/rule/opens"),
            (NEW_YORK, rule(opens="14:30"), LocalTimeMissing, "/rule/open_minutes"),
            (NEW_YORK, rule(opens="01:30"), LocalTimeAmbiguous, "/rule/opens"),
            (NEW_YORK, rule(opens="02:30", on_gap="forward", starts="2026-04-01"), None, None),
            (BERLIN, rule("week", opens="02:30", weekdays=(6,), fold="later"), LocalTimeMissing, "/rule/opens"),
            (BERLIN, rule("week", opens="02:30", weekdays=(2,)), None, None),
            (LORD_HOWE, rule(opens="01:45"), LocalTimeAmbiguous, "/rule/opens"),
            (LORD_HOWE, rule(opens="02:15", fold="later"), LocalTimeMissing, "/rule/opens"),
            (LORD_HOWE, rule(opens="02:45"), None, None),
            (SHANGHAI, rule(opens="02:30"), None, None),
            (SHANGHAI, rule(ends_on="2025-12-31"), NoOccurrence, "/rule"),
        ],
    )
    def test_a_rule_is_checked_years_ahead(
        self, tz: ZoneInfo, made: Rule, refusal: type[Exception] | None, pointer: str | None
    ) -> None:
        if refusal is None:
            return check_rule(made, tz, NOW)
        with pytest.raises(refusal) as refused:
            check_rule(made, tz, NOW)
        assert [error.pointer for error in refused.value.errors] == [pointer]  # type: ignore[attr-defined]
        return None

    @pytest.mark.parametrize("every", ["day", "week", "month"])
    @pytest.mark.parametrize("starts", ["2031-01-07", "9997-06-01", "9999-12-31"])
    def test_a_start_more_than_five_years_ahead_is_refused_by_its_field(self, every: str, starts: str) -> None:
        with pytest.raises(StartsTooFarAhead) as refused:
            check_rule(rule(every, starts=starts), SHANGHAI, NOW)
        (error,) = refused.value.errors
        assert (error.pointer, "2031-01-05" in error.message, "2031-01-05" in error.message_zh) == (
            "/rule/starts_on",
            True,
            True,
        )

    @pytest.mark.parametrize("every", ["day", "week", "month"])
    def test_a_start_just_five_years_ahead_is_taken_whatever_its_end(self, every: str) -> None:
        start = rule(every, starts="2031-01-05", ends_on="9999-12-31", interval=52)
        assert refusal(check_rule, start, SHANGHAI, NOW) is None

    @pytest.mark.parametrize("every", ["day", "week", "month"])
    def test_a_rule_without_end_stops_before_the_calendar_does(self, every: str) -> None:
        late = date(9890, 1, 1)
        for ends_on in (None, "9999-12-31"):
            *_, last = days(rule(every, ends_on=ends_on, interval=52, weekdays=(6,) if every == "week" else ()), late)
            assert last.year < 9_900

    def test_both_choices_are_enough_anywhere(self) -> None:
        for opens in ("01:30", "01:45", "02:15", "02:30"):
            for tz in (NEW_YORK, BERLIN, LORD_HOWE):
                chosen = rule(opens=opens, on_gap="forward", fold="later")
                assert refusal(check_rule, chosen, tz, NOW) is None


def test_a_rule_survives_storage() -> None:
    made = rule("week", weekdays=(1, 4), fold="later", ends_on="2026-12-31")
    assert Rule.from_json(made.as_json()) == made
