"""A brand's rules of points: for what they are given, how many, until when, and what they pay. Pure.

Amounts are minor units of the brand's currency, shares and factors basis points.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final, Self

WHOLE_BPS: Final = 10_000
"""All of an amount, and a factor of one."""

LONGEST_VALID_DAYS: Final = 1_095
"""Three years. A member's open points are kept by the day on which they expire, so this bounds how many days there are
at once."""


class Action(StrEnum):
    """What points may be given for."""

    ORDER = "order"
    PARTICIPATION = "participation"
    REVIEW = "review"
    POST = "post"
    FEATURED = "featured"
    COMMENT = "comment"
    SHARE = "share"
    TOPIC = "topic"
    CHECK_IN = "check_in"
    SURVEY = "survey"
    REFERRAL = "referral"
    BIRTHDAY = "birthday"


OFFERED = frozenset(
    {
        Action.ORDER,
        Action.PARTICIPATION,
        Action.REVIEW,
        Action.CHECK_IN,
        Action.SURVEY,
        Action.BIRTHDAY,
        Action.REFERRAL,
    }
)
"""The actions that happen here so far. A rule for another one is refused: nobody would ever get its points."""


@dataclass(frozen=True, slots=True)
class Rate:
    """How many points an amount of money earns: so many for each whole part of it."""

    amount_minor: int
    points: int

    def points_for(self, base_minor: int, factor_bps: int = WHOLE_BPS) -> int:
        """Whole points; what is left over of the amount earns nothing."""
        return base_minor * self.points * factor_bps // (self.amount_minor * WHOLE_BPS)


@dataclass(frozen=True, slots=True)
class EarningRule:
    """What one action earns: ``points`` each time or, for orders, by ``rate``.

    ``per_day`` and ``per_member`` are the most points of the action in a day of the brand and ever; None is no limit.
    Points are valid up to and including the day ``valid_days`` after the one on which they were earned; None is for
    ever.
    """

    action: Action
    points: int = 0
    rate: Rate | None = None
    per_day: int | None = None
    per_member: int | None = None
    valid_days: int | None = None

    def expires_on(self, earned_on: date) -> date | None:
        """The last local day of points that are earned on a local day."""
        return None if self.valid_days is None else earned_on + timedelta(days=self.valid_days)

    def as_json(self) -> dict[str, Any]:
        """As the record stores it; what is not limited is absent."""
        limits = {"day": self.per_day, "member": self.per_member, "valid": self.valid_days}
        rate = {"rate": [self.rate.amount_minor, self.rate.points]} if self.rate else {"points": self.points}
        return {"action": self.action.value} | rate | {name: n for name, n in limits.items() if n is not None}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        rate = Rate(*stored["rate"]) if "rate" in stored else None
        limits = (stored.get(name) for name in ("day", "member", "valid"))
        return cls(Action(stored["action"]), stored.get("points", 0), rate, *limits)


@dataclass(frozen=True, slots=True)
class SpendRule:
    """What points pay: ``points`` of them pay ``worth_minor``, up to ``most_share_bps`` of the goods of an order."""

    points: int
    worth_minor: int
    most_share_bps: int = WHOLE_BPS

    def as_json(self) -> list[int]:
        """As the record stores it."""
        return [self.points, self.worth_minor, self.most_share_bps]

    @classmethod
    def from_json(cls, stored: Sequence[int]) -> Self:
        return cls(*stored)


@dataclass(frozen=True, slots=True)
class PointsRules:
    """A brand's rules: at most one for each action; without ``spend`` points pay nothing."""

    earning: Mapping[Action, EarningRule] = field(default_factory=dict)
    spend: SpendRule | None = None

    def as_json(self) -> dict[str, Any]:
        """As the record and the audit log keep them."""
        rules = {"rules": [rule.as_json() for rule in self.earning.values()]}
        return rules | ({"spend": self.spend.as_json()} if self.spend else {})

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        rules = [EarningRule.from_json(each) for each in stored.get("rules", ())]
        spend = SpendRule.from_json(stored["spend"]) if "spend" in stored else None
        return cls({rule.action: rule for rule in rules}, spend)
