"""How many points an action earns under its caps, and what of them stays when money goes back. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self

from chalicelib.loyalty.points.model.rules import WHOLE_BPS, Action, EarningRule, Rate


@dataclass(frozen=True, slots=True)
class Counted:
    """Points that a member has earned by one action: ``ever``, and of those ``today`` on the local day ``on``."""

    ever: int = 0
    on: date | None = None
    today: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """What caps are held against, by action."""

    by_action: Mapping[Action, Counted] = field(default_factory=dict)

    def room(self, rule: EarningRule, on: date) -> int | None:
        """How many points a member may still earn by an action on a local day; None where nothing limits it."""
        counted = self.by_action.get(rule.action, Counted())
        so_far = counted.today if counted.on == on else 0
        left = [
            cap - used for cap, used in ((rule.per_day, so_far), (rule.per_member, counted.ever)) if cap is not None
        ]
        return max(0, min(left)) if left else None

    def plus(self, action: Action, points: int, on: date) -> "Counts":
        """With points that were earned, or with ``points`` below zero taken back: those are free to be earned again,
        but not on the same day. An earlier day than the last one counts for ever alone.
        """
        counted = self.by_action.get(action, Counted())
        day, today = counted.on, counted.today
        if points > 0 and (day is None or day <= on):
            today = points + (today if day == on else 0)
            day = on
        return Counts({**self.by_action, action: Counted(counted.ever + points, day, today)})

    def united(self, other: "Counts") -> "Counts":
        """Both of one person together; of a day that only the other one knows nothing counts."""
        added = {
            action: Counted(counted.ever + self.by_action.get(action, Counted()).ever, *self._day_of(action))
            for action, counted in other.by_action.items()
        }
        return Counts({**self.by_action, **added})

    def _day_of(self, action: Action) -> tuple[date | None, int]:
        counted = self.by_action.get(action, Counted())
        return counted.on, counted.today

    def as_json(self) -> dict[str, Any]:
        """As the record stores it."""
        return {
            action.value: [counted.ever, counted.on.isoformat(), counted.today] if counted.on else [counted.ever]
            for action, counted in self.by_action.items()
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any] | None) -> Self:
        found = {}
        for action, (ever, *day) in (stored or {}).items():
            found[Action(action)] = Counted(ever, date.fromisoformat(day[0]), day[1]) if day else Counted(ever)
        return cls(found)


def granted(wanted: int, room: int | None) -> int:
    """What is given of the points that an action earns where so many may still be earned."""
    return wanted if room is None else min(wanted, room)


@dataclass(frozen=True, slots=True)
class Earned:
    """What an order earned, at the terms of its handover, which stay whatever becomes of the rules.

    ``base_minor`` is the money that counted then, ``full`` the points for it before any cap, ``given`` those after it.
    ``rate`` is None where every order earns the same.
    """

    base_minor: int
    full: int
    given: int
    rate: Rate | None = None
    factor_bps: int = WHOLE_BPS

    def left_of(self, base_minor: int) -> int:
        """What of it stays where only so much of the money still counts: at the rate at which it was earned, and where
        a cap lessened it in the same proportion. Computed anew each time, so that parts that go back one by one take as
        much as the whole at once.
        """
        if base_minor >= self.base_minor:
            return self.given
        if base_minor <= 0:
            return 0
        if self.rate is None:
            return self.given * base_minor // self.base_minor
        points = self.rate.points_for(base_minor, self.factor_bps)
        return points if self.given == self.full else points * self.given // self.full

    def as_json(self) -> list[Any]:
        """As the record stores it."""
        rate = [self.rate.amount_minor, self.rate.points] if self.rate else None
        return [self.base_minor, self.full, self.given, rate, self.factor_bps]

    @classmethod
    def from_json(cls, stored: list[Any]) -> Self:
        base, full, given, rate, factor = stored
        return cls(base, full, given, Rate(*rate) if rate else None, factor)


def earned_by(rule: EarningRule, base_minor: int, factor_bps: int, room: int | None) -> Earned:
    """What an order with so much money that counts earns. The factor is that of the member's tier."""
    if base_minor <= 0:
        return Earned(0, 0, 0, rule.rate, factor_bps)
    each = rule.points * factor_bps // WHOLE_BPS
    full = rule.rate.points_for(base_minor, factor_bps) if rule.rate else each
    return Earned(base_minor, full, granted(full, room), rule.rate, factor_bps)


def to_take_back(points: int, expired: int) -> int:
    """What is still to be taken back of earned points after their last day, when ``expired`` of their lot were never
    used: those are taken for the ones that would go back, since nobody had anything of them.
    """
    return max(0, points - expired)
