"""When a report comes, on the brand's own wall clock, and of which days it is. Pure."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from chalicelib.insight.model.periods import MONDAY, Unit, first_day, number
from chalicelib.insight.model.summary import Span
from chalicelib.kernel.local_day import local_date
from chalicelib.kernel.wall_time import ANYHOW, to_instant

Every = Literal["day", "week", "month", "quarter", "year"]

_DAY = timedelta(days=1)
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Every so often at a wall time ``HH:MM``: a week on ``weekday`` (0 is Monday), longer ones on ``day`` of their
    first month, or its last where it is shorter.
    """

    every: Every
    at: str
    weekday: int = 0
    day: int = 1

    def as_json(self) -> dict[str, Any]:
        """As the record stores it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time that it comes: the local day that it belongs to, and the instant (UTC)."""

    on: date
    at: datetime


def following(rhythm: Rhythm, tz: ZoneInfo, after: datetime) -> Occurrence:
    """The first time after an instant. A time that clocks show twice is the first of the two, one that they skip comes
    as much later: each day has it once, and a day that the calendar skips altogether has none.
    """
    at = time.fromisoformat(rhythm.at)
    start = local_date(after, tz) - _DAY  # what was moved past midnight
    found = (Occurrence(on, to_instant(datetime.combine(on, at), tz, ANYHOW, "/at")) for on in _days(rhythm, start))
    return next(each for each in found if each.at > after and local_date(each.at, tz) - each.on <= _DAY / 2)


def latest(rhythm: Rhythm, tz: ZoneInfo, first: Occurrence, now: datetime) -> Occurrence:
    """The last time that has come by now, from the first that was awaited: what nobody sent is not made up for."""
    coming = following(rhythm, tz, first.at)
    while coming.at <= now:
        first, coming = coming, following(rhythm, tz, coming.at)
    return first


def period_before(unit: Every, on: date, week_begins: int = MONDAY) -> Span:
    """The last whole day, week, month, quarter or year before a local day."""
    if unit == "day":
        return Span(on - _DAY, on - _DAY)
    if unit == "week":
        begun_on = first_day(number(on, Unit.WEEK, week_begins), Unit.WEEK, week_begins)
        return Span(begun_on - 7 * _DAY, begun_on - _DAY)
    months = _MONTHS[unit]
    first = (on.year * 12 + on.month - 1) // months * months
    return Span(_first_of(first - months), _first_of(first) - _DAY)


def _days(rhythm: Rhythm, start: date) -> Iterator[date]:
    """The local days of a rhythm from one on, without end."""
    if rhythm.every in ("day", "week"):
        step = 1 if rhythm.every == "day" else 7
        on = start if step == 1 else start + (rhythm.weekday - start.weekday()) % 7 * _DAY
        while True:
            yield on
            on += step * _DAY
    months = _MONTHS[rhythm.every]
    month = (start.year * 12 + start.month - 1) // months * months
    while True:
        first = _first_of(month)
        on = first.replace(day=min(rhythm.day, monthrange(first.year, first.month)[1]))
        if on >= start:
            yield on
        month += months


def _first_of(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)
