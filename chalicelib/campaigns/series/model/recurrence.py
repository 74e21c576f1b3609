"""When a recurring campaign opens and closes: days by a rule, times on the brand's own wall clock. Pure."""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo

from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.local_day import local_date
from chalicelib.kernel.wall_time import ANYHOW, Choices, Fold, OnGap, skipped, to_instant

Every = Literal["day", "week", "month"]
CHECKED_AHEAD = timedelta(days=5 * 366)
"""So far ahead each occurrence of a new rule is checked against the zone's clock changes, and no later may it start."""

_LAST_DAY = date(9900, 1, 1)
"""Where a rule without end stops: no step beyond it leaves the calendar."""


class NoOccurrence(Invalid):
    """The rule has no opening left."""

    code, title, title_zh = "no_occurrence", "The series never opens", "该系列没有可开始的场次"


class StartsTooFarAhead(Invalid):
    """The rule starts more than five years ahead."""

    code, title, title_zh = "starts_too_far_ahead", "The series starts too far ahead", "系列开始日期过远"


@dataclass(frozen=True, slots=True)
class Rule:
    """Every ``interval`` days, weeks, or months from ``starts_on`` to ``ends_on`` (local days, both included).

    Weeks are counted from that of the start, from Monday on, and open on each of ``weekdays`` (0 is Monday); months
    open on ``month_day``, or on their last day where they are shorter. ``opens`` is a wall-clock time ``HH:MM``; the
    close is ``open_minutes`` later on the same clock, so from 20:00 for twelve hours is until 08:00 in any night. Where
    clocks skip the opening, both move forward together.
    """

    every: Every
    opens: str
    open_minutes: int
    starts_on: str
    ends_on: str | None = None
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    month_day: int | None = None
    on_gap: OnGap = "refuse"
    fold: Fold | None = None

    def as_json(self) -> dict[str, Any]:
        """As the series' record stores it."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(**{**stored, "weekdays": tuple(stored.get("weekdays", ()))})

    @property
    def choices(self) -> Choices:
        """What was chosen when the rule was set: by it the rule is checked."""
        return Choices(self.on_gap, self.fold)

    @property
    def choices_made(self) -> Choices:
        """By what its campaigns are made: what was chosen, and ``ANYHOW`` where nothing was."""
        return replace(ANYHOW, fold=self.fold or ANYHOW.fold)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One campaign to be: the local day it belongs to, and its window in UTC."""

    on: date
    opens_at: datetime
    closes_at: datetime


def days(rule: Rule, start: date | None = None) -> Iterator[date]:
    """The local days of a rule from ``start`` on, in order; without end where the rule has none."""
    first = date.fromisoformat(rule.starts_on)
    last = min(date.fromisoformat(rule.ends_on), _LAST_DAY) if rule.ends_on else _LAST_DAY
    for day in _DAYS[rule.every](rule, first, max(start or first, first)):
        if day > last:
            return
        yield day


def occurrences(
    rule: Rule, tz: ZoneInfo, start: date | None = None, choices: Choices | None = None
) -> Iterator[Occurrence]:
    """What the rule opens from local day ``start`` on, as its campaigns are made.

    A window whose opening clocks skip moves forward as a whole, by as much as they skip, so that it is as long as it
    was meant; unless the rule opens just there by itself, on the day after one that the calendar skips altogether.

    With ``choices`` they decide instead. Raises LocalTimeMissing, LocalTimeAmbiguous where they leave a time open.
    """
    choices = choices or rule.choices_made
    at = time.fromisoformat(rule.opens)
    for day in days(rule, start):
        opens = datetime.combine(day, at)
        opens_at = to_instant(opens, tz, choices, "/rule/opens")
        moved = skipped(opens, tz)
        if moved and _opens_anyway(rule, opens + moved):
            continue
        closes = opens + moved + timedelta(minutes=rule.open_minutes)
        yield Occurrence(day, opens_at, to_instant(closes, tz, choices, "/rule/open_minutes"))


def _opens_anyway(rule: Rule, moved_to: datetime) -> bool:
    """Whether the rule opens at that local time by itself: so it is where the calendar skips a whole day."""
    return f"{moved_to:%H:%M}" == rule.opens and next(days(rule, moved_to.date()), None) == moved_to.date()


def upcoming(rule: Rule, tz: ZoneInfo, now: datetime, count: int, after: date | None = None) -> list[Occurrence]:
    """The next ``count`` occurrences that open after ``now``, on a later local day than ``after`` if that is given."""
    yesterday = local_date(now, tz) - timedelta(days=1)  # its opening may have been moved past midnight
    start = yesterday if after is None else max(yesterday, after + timedelta(days=1))
    ahead = (each for each in occurrences(rule, tz, start) if each.opens_at > now)
    return list(islice(ahead, count))


def still_running(rule: Rule, tz: ZoneInfo, now: datetime, after: date) -> Occurrence | None:
    """The first occurrence on a later local day than ``after`` whose close is ahead; None when the rule has ended."""
    following = occurrences(rule, tz, after + timedelta(days=1))
    return next((each for each in following if each.closes_at > now), None)


def check_rule(rule: Rule, tz: ZoneInfo, now: datetime) -> None:
    """Checks every occurrence of the coming five years against the zone's clock.

    Raises StartsTooFarAhead, NoOccurrence, LocalTimeMissing, LocalTimeAmbiguous.
    """
    today = local_date(now, tz)
    _check_start(rule, today + CHECKED_AHEAD)
    if not upcoming(rule, tz, now, 1):
        message = "The rule has no opening ahead; check its days and its end."
        raise NoOccurrence.at("/rule", message, "该规则没有未来的场次，请检查日期与结束日。")
    horizon = max(today, date.fromisoformat(rule.starts_on)) + CHECKED_AHEAD
    for each in occurrences(rule, tz, today, rule.choices):
        if each.on > horizon:
            return


def _check_start(rule: Rule, latest: date) -> None:
    if date.fromisoformat(rule.starts_on) > latest:
        raise StartsTooFarAhead.at(
            "/rule/starts_on",
            f"{rule.starts_on} is more than five years ahead; start on {latest} at the latest.",
            f"开始日期 {rule.starts_on} 距今超过五年，最晚可选 {latest}。",
        )


def _daily(rule: Rule, first: date, start: date) -> Iterator[date]:
    steps = -(-(start - first).days // rule.interval)
    day = first + timedelta(days=steps * rule.interval)
    while True:
        yield day
        day += timedelta(days=rule.interval)


def _weekly(rule: Rule, first: date, start: date) -> Iterator[date]:
    monday = first - timedelta(days=first.weekday())
    weeks = (start - monday).days // 7 // rule.interval * rule.interval
    monday += timedelta(weeks=weeks)
    while True:
        for weekday in sorted(set(rule.weekdays) or {first.weekday()}):
            day = monday + timedelta(days=weekday)
            if day >= start:
                yield day
        monday += timedelta(weeks=rule.interval)


def _monthly(rule: Rule, first: date, start: date) -> Iterator[date]:
    months = first.year * 12 + first.month - 1
    passed = start.year * 12 + start.month - 1 - months
    months += passed // rule.interval * rule.interval
    while True:
        day = _month_day(months, rule.month_day or first.day)
        if day >= start:
            yield day
        months += rule.interval


def _month_day(months: int, wanted: int) -> date:
    year, month = divmod(months, 12)
    return date(year, month + 1, min(wanted, monthrange(year, month + 1)[1]))


_DAYS = {"day": _daily, "week": _weekly, "month": _monthly}
