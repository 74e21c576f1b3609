"""Due and warning times against a timetable that was worked out by hand, with the reason of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from chalicelib.cases.model.calendar import Calendar, Hours
from chalicelib.cases.model.clocks import Run, Target, promise
from chalicelib.cases.model.public_holidays import KNOWN
from chalicelib.cases.service.timing import SOLUTION
from chalicelib.kernel.weekly_hours import WeeklyHours

FREE: tuple[tuple[int, int], ...] = ()
NINE_TO_SIX = ((9 * 60, 18 * 60),)
CHINA = KNOWN["CN", 2026]


def weekdays(*spans: tuple[int, int], saturday: tuple[tuple[int, int], ...] = FREE) -> WeeklyHours:
    return WeeklyHours((spans,) * 5 + (saturday, FREE))


def daily(*spans: tuple[int, int]) -> WeeklyHours:
    return WeeklyHours((spans,) * 7)


OFFICE = Hours(weekdays((8 * 60, 18 * 60)))
CALENDARS = {
    "office": (OFFICE, "Asia/Shanghai"),
    "shop": (Hours(weekdays((540, 720), (780, 1080), saturday=((600, 960),))), "Asia/Shanghai"),
    "china": (
        Hours(weekdays(*NINE_TO_SIX), CHINA.holidays, dict.fromkeys(CHINA.workdays, NINE_TO_SIX)),
        "Asia/Shanghai",
    ),
    "shanghai": (Hours(), "Asia/Shanghai"),
    "ny": (Hours(), "America/New_York"),
    "ny-night": (Hours(daily((0, 360), (1320, 1440))), "America/New_York"),
    "ny-office": (OFFICE, "America/New_York"),
    "ny-early": (Hours(daily((150, 300))), "America/New_York"),
    "ny-twice": (Hours(daily((90, 180))), "America/New_York"),
    "london": (Hours(weekdays((540, 1020))), "Europe/London"),
    "london-always": (Hours(), "Europe/London"),
}


@dataclass(frozen=True)
class Row:
    """One line of the timetable."""

    calendar: Calendar
    run: Run
    target: Target
    warn_at: datetime
    due_at: datetime
    why: str


def read(line: str) -> Row:
    name, opened, minutes, waits, closings, warned, due, why = (part.strip() for part in line.split("|"))
    hours, zone_name = CALENDARS[name]
    tz = ZoneInfo(zone_name)

    def at(text: str) -> datetime:
        return datetime.strptime(text.strip(), "%Y-%m-%d %H:%M").replace(tzinfo=tz).astimezone(UTC)

    calendar = Calendar(hours, tz)
    run = Run(at(opened))
    for each in filter(None, waits.split(";")):
        begins, ends = each.split(">")
        run = run.stop(at(begins))
        run = run.resume(at(ends)) if ends.strip() else run
    for each in filter(None, closings.split(";")):
        closed, again = each.split(">")
        run = run.again(at(closed), at(again), calendar)
    return Row(calendar, run, Target(60, int(minutes)), at(warned), at(due), why)


LINES = [
    line
    for line in (Path(__file__).parent / "timetable.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize("line", LINES, ids=[line.rpartition("|")[2].strip() for line in LINES])
def test_a_case_is_warned_of_and_due_when_the_timetable_says(line: str) -> None:
    row = read(line)

    found = promise(row.run, row.run.resolution_time(row.target), 75, row.calendar, SOLUTION, met=False)

    assert (found.warn_at, found.due_at) == (row.warn_at, row.due_at)


def test_the_timetable_is_long_enough_to_mean_something() -> None:
    assert len(LINES) >= 60
    assert len({read(line).calendar.tz.key for line in LINES}) == 3


@pytest.mark.parametrize("name", CALENDARS)
def test_adding_measuring_and_taking_off_agree(name: str) -> None:
    """For a start in every quarter of an hour over both clock changes of the year."""
    hours, zone_name = CALENDARS[name]
    calendar = Calendar(hours, ZoneInfo(zone_name))
    worked = timedelta(hours=7, minutes=20)
    for month, day in ((3, 7), (3, 28), (10, 24), (10, 31)):
        start = datetime(2026, month, day, tzinfo=UTC)
        for quarter in range(0, 4 * 48, 3):
            begins = start + timedelta(minutes=15 * quarter)
            ends = calendar.add(begins, worked)
            assert calendar.between(begins, ends) == worked
            assert calendar.between(calendar.subtract(ends, worked), ends) == worked
            assert calendar.between(begins, begins + timedelta(hours=3)) <= timedelta(hours=3)
