"""Which tier a member has, from day to day. Pure; every date is a local day of the brand.

A tier is had at once when its threshold is reached. Who falls short keeps it until ``grace_days`` have passed since the
day on which they fell short, and then to the end of the local month. Who reaches it again meanwhile has lost nothing.
So a refund from 1,000 to 999, or a good month that leaves the window, takes nothing at once: no tier comes and goes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Self

from chalicelib.loyalty.tiers.model.tiers import LONGEST_WINDOW_MONTHS, Measure, Tiers


@dataclass(frozen=True, slots=True)
class Month:
    """What a member did in a month of the brand's calendar: money in minor units."""

    spend: int = 0
    orders: int = 0
    points: int = 0

    def plus(self, other: "Month") -> "Month":
        """Both together; what was given back is below zero."""
        return Month(self.spend + other.spend, self.orders + other.orders, self.points + other.points)

    def of(self, measure: Measure) -> int:
        return {Measure.SPEND: self.spend, Measure.ORDERS: self.orders, Measure.POINTS: self.points}[measure]


@dataclass(frozen=True, slots=True)
class Given:
    """A tier that somebody of the team gave, up to and including a local day."""

    code: str
    until_on: date


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a member stands: ``months`` by ``YYYY-MM``, the tier they ``reached``, the day since which they are short
    of it, and the tier that they were given. ``seen_on`` is the last day on which it was looked at.
    """

    months: Mapping[str, Month] = field(default_factory=dict)
    reached: str | None = None
    short_since: date | None = None
    given: Given | None = None
    seen_on: date | None = None

    def tier(self, tiers: Tiers) -> str | None:
        """The tier that the member has: the higher of what they reached and what they were given."""
        given = self.given.code if self.given else None
        return tiers.at(max(tiers.place(self.reached), tiers.place(given)))

    def value(self, tiers: Tiers, on: date) -> int:
        """How much of the measure counts on a day."""
        window = months_before(on, tiers.window_months)
        return sum(month.of(tiers.measure) for name, month in self.months.items() if name in window)

    def plus(self, month: str, done: Month) -> "Standing":
        """With more that was done in a month, or with what was given back of it."""
        return replace(self, months={**self.months, month: self.months.get(month, Month()).plus(done)})

    def as_json(self) -> dict[str, Any]:
        """As the record stores it; what is not there is absent."""
        stored: dict[str, Any] = {"months": {name: [m.spend, m.orders, m.points] for name, m in self.months.items()}}
        dates = {"short": self.short_since, "seen": self.seen_on}
        stored |= {name: on.isoformat() for name, on in dates.items() if on}
        if self.reached is not None:
            stored["reached"] = self.reached
        if self.given:
            stored["given"] = [self.given.code, self.given.until_on.isoformat()]
        return stored

    @classmethod
    def from_json(cls, stored: Mapping[str, Any] | None) -> Self:
        if not stored:
            return cls()
        months = {name: Month(*counts) for name, counts in stored["months"].items()}
        short, seen = (date.fromisoformat(stored[name]) if name in stored else None for name in ("short", "seen"))
        given = Given(stored["given"][0], date.fromisoformat(stored["given"][1])) if "given" in stored else None
        return cls(months, stored.get("reached"), short, given, seen)


def brought_to(standing: Standing, tiers: Tiers, today: date) -> Standing:
    """Where a member stands on a day, after every month that began since they were last looked at: so it does not
    matter how late somebody looks. Months that no window can reach any more are dropped.
    """
    for on in _month_starts(standing.seen_on, today):
        standing = _seen(_lost(standing, tiers, on), tiers, on)
    kept = min(months_before(today, LONGEST_WINDOW_MONTHS))
    standing = replace(standing, months={name: month for name, month in standing.months.items() if name >= kept})
    return _seen(standing, tiers, today)


def after(standing: Standing, tiers: Tiers, today: date, month: str, done: Month) -> Standing:
    """Where a member stands once more was done in a month, or given back of it."""
    return _seen(brought_to(standing, tiers, today).plus(month, done), tiers, today)


def united(stays: Standing, gone: Standing, tiers: Tiers) -> Standing:
    """The standing of somebody who was two members: everything that either did, and the higher of what they had. It is
    to be looked at next.
    """
    for month, done in gone.months.items():
        stays = stays.plus(month, done)
    higher = gone if tiers.place(gone.reached) > tiers.place(stays.reached) else stays
    given = max((each for each in (stays.given, gone.given) if each), key=lambda each: each.until_on, default=None)
    return replace(stays, reached=higher.reached, short_since=higher.short_since, given=given)


def lost_on(standing: Standing, tiers: Tiers) -> date | None:
    """The first day without the tier that was reached, if the member stays short of it; None for who is not short."""
    if standing.short_since is None or standing.seen_on is None:
        return None
    over = _next_month(standing.short_since + timedelta(days=tiers.grace_days - 1))
    return max(over, _next_month(standing.seen_on))


def next_look(standing: Standing, today: date) -> date | None:
    """The next day on which a tier may be lost without anything being done: the next month's first, or the day after a
    tier that was given ends. None for somebody who has nothing to lose.
    """
    days = [_next_month(today)] if standing.reached is not None else []
    if standing.given:
        days.append(standing.given.until_on + timedelta(days=1))
    return min(days, default=None)


def month_of(on: date) -> str:
    """A day's month, ``YYYY-MM``."""
    return f"{on:%Y-%m}"


def months_before(on: date, count: int) -> frozenset[str]:
    """So many months, a day's own the last of them."""
    last = on.year * 12 + on.month - 1
    return frozenset(f"{n // 12:04d}-{n % 12 + 1:02d}" for n in range(last - count + 1, last + 1))


def _seen(standing: Standing, tiers: Tiers, on: date) -> Standing:
    """As it stands once somebody has looked on a day: with the tier that is reached then, or short of it."""
    if standing.given and standing.given.until_on < on:
        standing = replace(standing, given=None)
    has, reaches = tiers.place(standing.reached), tiers.reached(standing.value(tiers, on))
    short = (standing.short_since or on) if reaches < has else None
    return replace(standing, reached=tiers.at(max(has, reaches)), short_since=short, seen_on=on)


def _lost(standing: Standing, tiers: Tiers, month_began_on: date) -> Standing:
    """At the end of a month, without the tier that a member has been short of for the whole grace: they have the one
    that they reach by what counts in that month.
    """
    short = standing.short_since
    if short is None or month_began_on < short + timedelta(days=tiers.grace_days):
        return standing
    reaches = tiers.reached(standing.value(tiers, month_began_on - timedelta(days=1)))
    return replace(standing, reached=tiers.at(reaches), short_since=None)


def _month_starts(seen_on: date | None, today: date) -> Iterator[date]:
    """The first days of months after a day and up to another; of a long time, the last ones that can matter."""
    if seen_on is None:
        return
    on = _next_month(seen_on)
    past = (today.year - on.year) * 12 + today.month - on.month - LONGEST_WINDOW_MONTHS
    for _ in range(past - 12):  # after so long nothing of what was done is left, and every grace is over
        on = _next_month(on)
    while on <= today:
        yield on
        on = _next_month(on)


def _next_month(on: date) -> date:
    """The first day of the month after a day's."""
    return date(on.year + on.month // 12, on.month % 12 + 1, 1)
