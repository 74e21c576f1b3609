"""When a case is due: targets by priority, replayed over its run; waiting and closed time is left out. Pure.

A *run* begins when a case is opened, and anew when it is opened again. Working time is counted by the brand's business
calendar from the run's beginning; while a case waits for its member it stands still, and from each resume what was left
is counted on. Whatever changes (priority, targets, hours, holidays), the due times follow from the run anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from chalicelib.cases.model.calendar import Calendar
from chalicelib.kernel.clock import parse_instant, sortable

_NOTHING = timedelta()


class Kind(StrEnum):
    """What is counted by targets of its own."""

    COMPLAINT = "complaint"
    AFTER_SALE = "after_sale"
    REPAIR = "repair"
    ENQUIRY = "enquiry"
    SUGGESTION = "suggestion"


class Priority(StrEnum):
    """p1 comes first."""

    P1 = "p1"
    P2 = "p2"
    P3 = "p3"
    P4 = "p4"


@dataclass(frozen=True, slots=True)
class Target:
    """Working minutes to the first response, and to the resolution."""

    first_response: int
    resolution: int


Targets = Mapping[Kind, Mapping[Priority, Target]]

_HOUR, _DAY = 60, 24 * 60

STANDARD: Targets = {
    Kind.COMPLAINT: {
        Priority.P1: Target(_HOUR, 8 * _HOUR), Priority.P2: Target(4 * _HOUR, _DAY),
        Priority.P3: Target(8 * _HOUR, 3 * _DAY), Priority.P4: Target(_DAY, 5 * _DAY),
    },
    Kind.AFTER_SALE: {
        Priority.P1: Target(8 * _HOUR, _DAY), Priority.P2: Target(_DAY, 2 * _DAY),
        Priority.P3: Target(2 * _DAY, 3 * _DAY), Priority.P4: Target(3 * _DAY, 5 * _DAY),
    },
    Kind.REPAIR: {
        Priority.P1: Target(8 * _HOUR, 5 * _DAY), Priority.P2: Target(_DAY, 10 * _DAY),
        Priority.P3: Target(2 * _DAY, 14 * _DAY), Priority.P4: Target(3 * _DAY, 21 * _DAY),
    },
    Kind.ENQUIRY: {
        Priority.P1: Target(_HOUR, 8 * _HOUR), Priority.P2: Target(2 * _HOUR, _DAY),
        Priority.P3: Target(8 * _HOUR, 2 * _DAY), Priority.P4: Target(_DAY, 4 * _DAY),
    },
    Kind.SUGGESTION: {
        Priority.P1: Target(8 * _HOUR, 3 * _DAY), Priority.P2: Target(_DAY, 7 * _DAY),
        Priority.P3: Target(3 * _DAY, 14 * _DAY), Priority.P4: Target(5 * _DAY, 30 * _DAY),
    },
}  # fmt: skip
"""The targets of a brand that has set none. After-sale answers by its decision; its resolution counts from there. A
suggestion is assessed first, and its resolution is the decision.
"""

MOST_TARGET = 400 * _DAY


@dataclass(frozen=True, slots=True)
class TierRule:
    """What members of a tier have of their own: so many per cent of each target, and who gets their cases first."""

    percent: int = 100
    staff: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """A brand's rules of cases. ``warn_percent`` is the share of a target at which the owner is warned;
    ``follow_up_days`` how many days a case may wait for its member before its owner is told; ``fallback`` the staff id
    of who gets what nobody on duty can take; ``tiers`` what members of a tier have of their own, by its code.
    """

    targets: Targets = field(default_factory=dict)
    warn_percent: int = 75
    follow_up_days: int = 7
    fallback: str | None = None
    tiers: Mapping[str, TierRule] = field(default_factory=dict)

    def of_tier(self, tier: str | None) -> TierRule:
        """What members of a tier have; of one without a rule, or of none, what everybody has."""
        return self.tiers.get(tier or "", TierRule())

    def target(self, kind: Kind, priority: Priority, tier: str | None = None) -> Target:
        """What is promised to members of a tier, as set or else as standard; a part of a minute is a whole one."""
        found, percent = self.targets.get(kind, {}).get(priority, STANDARD[kind][priority]), self.of_tier(tier).percent
        return Target(-(-found.first_response * percent // 100), -(-found.resolution * percent // 100))

    def as_json(self) -> dict[str, Any]:
        """As records keep it."""
        return {
            "targets": {
                kind.value: {each.value: [t.first_response, t.resolution] for each, t in levels.items()}
                for kind, levels in self.targets.items()
            },
            "warn": self.warn_percent, "follow_up": self.follow_up_days, "fallback": self.fallback,
            "tiers": {code: [rule.percent, list(rule.staff)] for code, rule in self.tiers.items()},
        }  # fmt: skip

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        targets = {
            Kind(kind): {Priority(each): Target(*minutes) for each, minutes in levels.items()}
            for kind, levels in stored["targets"].items()
        }
        tiers = {code: TierRule(percent, tuple(staff)) for code, (percent, staff) in stored.get("tiers", {}).items()}
        return cls(targets, stored["warn"], stored["follow_up"], stored["fallback"], tiers)


@dataclass(frozen=True, slots=True)
class Run:
    """Since when a case is worked on. ``stops`` are the times in which it waited, the last of them open (None) while it
    waits; ``used`` is what earlier runs took of the resolution's target; ``number`` counts the runs from 1.

    A run after the first has what the ones before left, and at least the time of a first response: closing a case and
    opening it again wins no time, and whoever gets it has some.
    """

    start: datetime
    stops: tuple[tuple[datetime, datetime | None], ...] = ()
    used: timedelta = _NOTHING
    number: int = 1

    @property
    def waits(self) -> bool:
        """Whether it stands still."""
        return bool(self.stops) and self.stops[-1][1] is None

    @property
    def waits_since(self) -> datetime | None:
        """Since when it stands still."""
        return self.stops[-1][0] if self.waits else None

    def stop(self, at: datetime) -> "Run":
        """It begins to wait; a second time changes nothing."""
        return self if self.waits else replace(self, stops=(*self.stops, (max(at, self.start), None)))

    def resume(self, at: datetime) -> "Run":
        """It waits no more; where it did not, nothing changes."""
        if not self.waits:
            return self
        since = self.stops[-1][0]
        return replace(self, stops=(*self.stops[:-1], (since, max(at, since))))

    def again(self, closed_at: datetime, at: datetime, calendar: Calendar) -> "Run":
        """The next run, after the case was closed: the time in which it was is left out."""
        used = self.used + self.worked(closed_at, calendar)
        return Run(at, (), used, self.number + 1)

    def worked(self, until: datetime, calendar: Calendar) -> timedelta:
        """What was worked on it in this run until an instant."""
        total, since = _NOTHING, self.start
        for stopped, resumed in self.stops:
            total += calendar.between(since, min(stopped, until))
            if resumed is None:
                return total
            since = resumed
        return total + calendar.between(since, until)

    def went_until(self, at: datetime) -> datetime:
        """The last instant up to ``at`` at which it did not stand still."""
        stopped, resumed = self.stops[-1] if self.stops else (at, at)
        return min(stopped, at) if resumed is None or resumed >= at else at

    def due(self, working: timedelta, calendar: Calendar) -> datetime:
        """When so much will have been worked, replayed over its stops. While it waits: as if it were resumed when it
        stopped, which the answer of the member moves on.
        """
        since, left = self._last_stretch(working, calendar)
        return calendar.add(since, left)

    def warned(self, working: timedelta, ahead: timedelta, calendar: Calendar) -> datetime:
        """The instant from which so much working time is left ``ahead`` of :meth:`due`; waiting is no working time."""
        since, left = self._last_stretch(working, calendar)
        if left < ahead:
            return self.due(working - ahead, calendar)
        return calendar.subtract(calendar.add(since, left), ahead)

    def _last_stretch(self, working: timedelta, calendar: Calendar) -> tuple[datetime, timedelta]:
        """Since when it was not stopped before so much was worked, and how much of it was left then."""
        left, since = working, self.start
        for stopped, resumed in self.stops:
            worked = calendar.between(since, stopped)
            if worked >= left or resumed is None:
                break
            left, since = left - worked, resumed
        return since, left

    def resolution_time(self, target: Target) -> timedelta:
        """How much of the resolution's target this run has."""
        whole = timedelta(minutes=target.resolution)
        return whole if self.number == 1 else max(whole - self.used, timedelta(minutes=target.first_response))

    def as_json(self) -> dict[str, Any]:
        """As records keep it."""
        stops = [[sortable(a), sortable(b) if b else None] for a, b in self.stops]
        return {"start": sortable(self.start), "stops": stops, "used": self.used.total_seconds(), "run": self.number}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        stops = tuple((parse_instant(a), parse_instant(b) if b else None) for a, b in stored["stops"])
        return cls(parse_instant(stored["start"]), stops, timedelta(seconds=stored["used"]), stored["run"])


class Step(StrEnum):
    """A step of the ladder of a run: each is taken once, however often and late it is looked for."""

    ANSWER_WARNED = "answer_warned"
    ANSWER_BREACHED = "answer_breached"
    SOLUTION_WARNED = "solution_warned"
    SOLUTION_BREACHED = "solution_breached"
    FOLLOW_UP = "follow_up"


class Breach(StrEnum):
    """Which of its due times a case has passed."""

    FIRST_RESPONSE = "first_response"
    RESOLUTION = "resolution"


BREACHES: Mapping[Step, Breach] = {
    Step.ANSWER_BREACHED: Breach.FIRST_RESPONSE,
    Step.SOLUTION_BREACHED: Breach.RESOLUTION,
}
"""The steps of the ladder at which somebody above gets it."""


@dataclass(frozen=True, slots=True)
class Promise:
    """A due time of a case: from when its owner is warned, whether it was met, and whether it stands still."""

    warned: Step
    breached: Step
    warn_at: datetime
    due_at: datetime
    met: bool
    stands: bool = False


def promise(
    run: Run, working: timedelta, warn_percent: int, calendar: Calendar, steps: tuple[Step, Step], *, met: bool
) -> Promise:
    """A due time by its working time; the warning comes when ``warn_percent`` of it has been worked."""
    warned, breached = steps
    ahead = working * (100 - warn_percent) / 100
    warn_at, due_at = run.warned(working, ahead, calendar), run.due(working, calendar)
    return Promise(warned, breached, warn_at, due_at, met, run.waits)


def steps_due(promises: Sequence[Promise], taken: Sequence[str], now: datetime) -> list[Step]:
    """The steps that are to be taken now; a warning whose due time has passed as well is left out."""
    found = []
    for each in promises:
        if each.met or each.stands:
            continue
        if each.due_at <= now:
            found.append(each.breached)
        elif each.warn_at <= now:
            found.append(each.warned)
    return [step for step in found if step not in taken]


def next_look(promises: Sequence[Promise], taken: Sequence[str], follow_up_at: datetime | None) -> datetime | None:
    """When the next step may be to be taken; None where there is none."""
    waits = [
        at
        for each in promises
        if not each.met and not each.stands and each.breached not in taken
        for step, at in ((each.warned, each.warn_at), (each.breached, each.due_at))
        if step not in taken
    ]
    if follow_up_at is not None and Step.FOLLOW_UP not in taken:
        waits.append(follow_up_at)
    return min(waits, default=None)
