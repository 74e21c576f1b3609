"""What a journey brings: its arms compared, and what may be said of that, once it is due. Pure.

Members are compared as they entered, whatever became of them (intention to treat): each once in a version, by the first
entry, in the arm that they have in the journey for good. An order counts that stands and was placed within the goal's
days of entering.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Self

from chalicelib.journeys.model.journeys import Definition
from chalicelib.trials.arms import Arm
from chalicelib.trials.differences import (
    MISMATCH_BELOW,
    Difference,
    Sample,
    Share,
    difference_of_means,
    difference_of_shares,
    mismatch,
)


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of an arm: members who ``entered``, whom an action ``reached``, who ordered (``buyers``), their
    ``orders``, and what these came to, in minor units, with the sum of its squares by member. ``expected_bps`` adds up
    the control share at each entry.
    """

    entered: int = 0
    reached: int = 0
    buyers: int = 0
    orders: int = 0
    revenue_minor: int = 0
    squares: int = 0
    expected_bps: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))

    def __sub__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, each.name) - getattr(other, each.name) for each in fields(self)))

    @property
    def conversion(self) -> float | None:
        """The share of members who ordered; None for nobody."""
        return self.buyers / self.entered if self.entered else None

    @property
    def buyers_share(self) -> Share:
        return Share(self.buyers, self.entered)

    @property
    def revenue(self) -> Sample:
        """What each member's orders came to."""
        return Sample(self.entered, self.revenue_minor, self.squares)


TALLY = tuple(each.name for each in fields(Tally))


def tally_of(orders: Mapping[str, int], *, reached: bool) -> Tally:
    """What one member adds to their arm beside the entry: by what their orders that count come to."""
    revenue = sum(orders.values())
    return Tally(0, int(reached), int(bool(orders)), len(orders), revenue, revenue * revenue)


def ended_days(by_day: Mapping[date, Mapping[Arm, Tally]], goal_days: int, today: date) -> dict[Arm, Tally]:
    """The arms by those days of entering whose goal is over for everybody."""
    last = today - timedelta(days=goal_days + 1)
    return together(arms for on, arms in by_day.items() if on <= last)


def together(of_days: Iterable[Mapping[Arm, Tally]]) -> dict[Arm, Tally]:
    """The arms over several days."""
    summed = {arm: Tally() for arm in Arm}
    for each in of_days:
        for arm, tally in each.items():
            summed[arm] += tally
    return summed


@dataclass(frozen=True, slots=True)
class Effect:
    """How the arms differ: in the share of members who order, and in what a member's orders come to, in minor units."""

    conversion: Difference | None
    revenue: Difference | None
    mismatch: float

    @property
    def mixed_up(self) -> bool:
        """Whether the sizes of the arms cannot be chance: then nothing is said of their difference."""
        return self.mismatch < MISMATCH_BELOW


def effect_of(arms: Mapping[Arm, Tally]) -> Effect:
    """How the treated differ from the control."""
    treated, control = arms[Arm.TREATED], arms[Arm.CONTROL]
    n = treated.entered + control.entered
    expected = (treated.expected_bps + control.expected_bps) / 10_000
    return Effect(
        difference_of_shares(treated.buyers_share, control.buyers_share),
        difference_of_means(treated.revenue, control.revenue),
        mismatch(control.entered, n, expected),
    )


class Finding(StrEnum):
    """What is said: ``not_due`` yet; ``no_control`` to compare with; ``mixed_up`` arms; or, once it is due, that it
    brings ``more`` buyers or ``fewer``, or that chance alone explains the difference (``unclear``).
    """

    NOT_DUE = "not_due"
    NO_CONTROL = "no_control"
    MIXED_UP = "mixed_up"
    MORE = "more"
    FEWER = "fewer"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found on the day that it was due, by the members whose goal was over then. It is found once."""

    on: date
    finding: Finding
    arms: Mapping[Arm, Tally]

    def as_json(self) -> dict[str, Any]:
        arms = {arm.value: [getattr(tally, name) for name in TALLY] for arm, tally in self.arms.items()}
        return {"on": self.on.isoformat(), "finding": self.finding.value, "arms": arms}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        arms = {Arm(name): Tally(*said) for name, said in stored["arms"].items()}
        return cls(date.fromisoformat(stored["on"]), Finding(stored["finding"]), arms)


def verdict_on(
    definition: Definition, published_on: date, by_day: Mapping[date, Mapping[Arm, Tally]], today: date
) -> Verdict | None:
    """The verdict of a day; None before it is due."""
    horizon, goal_days = definition.horizon, definition.goal.days
    arms = ended_days(by_day, goal_days, today)
    if (
        today < published_on + timedelta(days=horizon.days)
        or sum(each.entered for each in arms.values()) < horizon.members
    ):
        return None
    return Verdict(today, _finding(effect_of(arms)), arms)


def _finding(effect: Effect) -> Finding:
    if effect.conversion is None:
        return Finding.NO_CONTROL
    if effect.mixed_up:
        return Finding.MIXED_UP
    if not effect.conversion.is_told:
        return Finding.UNCLEAR
    return Finding.MORE if effect.conversion.value > 0 else Finding.FEWER
