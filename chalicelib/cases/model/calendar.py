"""A brand's business calendar: which hours are worked, and how working time is added, taken off and measured. Pure.

Instants are UTC, days and hours the calendar's zone. Where clocks skip an hour, what begins or ends in it is put
forward by as much; an hour that comes twice is worked twice, and what begins or ends in it does so the first time.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.cases.errors import NoWorkingHours
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.kernel.wall_time import ANYHOW, to_instant
from chalicelib.kernel.weekly_hours import ALWAYS, DAY_MINUTES, Day, WeeklyHours

MOST_DATES = 400
"""Holidays, and as many moved workdays, that a calendar keeps."""

_NOTHING = timedelta()
_DAY = timedelta(days=1)
Stretch = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Hours:
    """What a brand sets: weekly hours, holidays by date with their titles, and days that are worked though their
    weekday is free, or by other hours than it (调休). A moved workday counts before a holiday.
    """

    weekly: WeeklyHours = ALWAYS
    holidays: Mapping[date, str] = field(default_factory=dict)
    workdays: Mapping[date, Day] = field(default_factory=dict)

    def on(self, day: date) -> Day:
        """The spans of a day."""
        moved = self.workdays.get(day)
        if moved is not None:
            return moved
        return () if day in self.holidays else self.weekly.days[day.weekday()]

    def as_json(self) -> dict[str, Any]:
        """As records keep it."""
        return {
            "weekly": self.weekly.as_json(),
            "holidays": {day.isoformat(): title for day, title in sorted(self.holidays.items())},
            "workdays": {day.isoformat(): [list(s) for s in spans] for day, spans in sorted(self.workdays.items())},
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Hours":
        return cls(
            WeeklyHours.from_json(stored["weekly"]),
            {date.fromisoformat(day): title for day, title in stored["holidays"].items()},
            {date.fromisoformat(day): tuple((int(a), int(b)) for a, b in s) for day, s in stored["workdays"].items()},
        )


@dataclass(frozen=True, slots=True)
class Calendar:
    """Hours in a zone. Raises NoWorkingHours where no weekday has an hour: nothing would ever become due."""

    hours: Hours
    tz: ZoneInfo

    def __post_init__(self) -> None:
        if self.hours.weekly.empty:
            raise NoWorkingHours.at(
                "/weekly",
                "Give at least one weekday working hours; without any, nothing would ever become due.",
                "请至少为一个工作日设置营业时间，否则时限无从计算。",
            )

    def works_at(self, moment: datetime) -> bool:
        """Whether an instant is within working hours."""
        return any(begins <= moment < ends for begins, ends in self._stretches(local_date(moment, self.tz)))

    def add(self, start: datetime, working: timedelta) -> datetime:
        """The instant at which so much has been worked since ``start``. With nothing to work it is ``start`` itself, a
        whole day's work ends with the day's hours, not with the next day's beginning.
        """
        if working <= _NOTHING:
            return start
        left = working
        for begins, ends in self._from(start):
            worked = ends - begins
            if worked >= left:
                return begins + left
            left -= worked
        raise AssertionError("a calendar with weekly hours has work in every week that is no holiday")

    def subtract(self, end: datetime, working: timedelta) -> datetime:
        """The instant from which on so much is worked until ``end``: the twin of :meth:`add`."""
        if working <= _NOTHING:
            return end
        left = working
        for begins, ends in self._back_from(end):
            worked = ends - begins
            if worked >= left:
                return ends - left
            left -= worked
        raise AssertionError("a calendar with weekly hours has work in every week that is no holiday")

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much is worked from one instant to another; nothing where that is not later."""
        total = _NOTHING
        for begins, ends in self._from(start):
            if begins >= end:
                break
            total += min(ends, end) - begins
        return total

    def days_after(self, start: datetime, days: int) -> datetime:
        """So many days later, at the same time on the wall, whether they are worked or not."""
        local = start.astimezone(self.tz).replace(tzinfo=None) + timedelta(days=days)
        return to_instant(local, self.tz, ANYHOW, "").astimezone(UTC)

    def _from(self, start: datetime) -> Iterator[Stretch]:
        """What is worked from an instant on, without end."""
        day = local_date(start, self.tz)
        while True:
            for begins, ends in self._stretches(day):
                if ends > start:
                    yield max(begins, start), ends
            day += _DAY

    def _back_from(self, end: datetime) -> Iterator[Stretch]:
        """What is worked until an instant, the latest first."""
        day = local_date(end, self.tz)
        while True:
            for begins, ends in reversed(self._stretches(day)):
                if begins < end:
                    yield begins, min(ends, end)
            day -= _DAY

    def _stretches(self, day: date) -> tuple[Stretch, ...]:
        return _instants(day, self.hours.on(day), self.tz.key)


@lru_cache(maxsize=4096)
def _instants(day: date, spans: Day, zone_name: str) -> tuple[Stretch, ...]:
    """A day's spans as instants; what a clock change makes overlap is worked once."""
    tz = zone(zone_name)
    found: list[Stretch] = []
    for begins, ends in spans:
        start, end = _instant(day, begins, tz), _instant(day, ends, tz)
        start = max(start, found[-1][1]) if found else start
        if start < end:
            found.append((start, end))
    return tuple(found)


def _instant(day: date, minute: int, tz: ZoneInfo) -> datetime:
    days, minute = divmod(minute, DAY_MINUTES)
    local = datetime(day.year, day.month, day.day) + timedelta(days=days, minutes=minute)  # noqa: DTZ001 - wall time
    return to_instant(local, tz, ANYHOW, "").astimezone(UTC)
