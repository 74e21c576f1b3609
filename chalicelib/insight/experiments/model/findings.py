"""What is found of an experiment, and shown. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Literal, Self

from chalicelib.insight.experiments.model.tallies import Tally
from chalicelib.trials.effects import Check

Guarded = Literal["complaints", "refunds"]


class Finding(StrEnum):
    """What is said: ``not_due`` yet, or ``stopped_early``, before it was; the arms are not of their shares
    (``mixed_up``), or members were ``in_two_arms``; there are ``too_few``; an arm is ``higher`` or ``lower`` than the
    first one; or chance alone may explain the difference (``unclear``).
    """

    NOT_DUE = "not_due"
    STOPPED_EARLY = "stopped_early"
    MIXED_UP = "mixed_up"
    IN_TWO_ARMS = "in_two_arms"
    TOO_FEW = "too_few"
    HIGHER = "higher"
    LOWER = "lower"
    UNCLEAR = "unclear"

    @property
    def tells(self) -> bool:
        """Whether it is said of one arm that it differs."""
        return self in (Finding.HIGHER, Finding.LOWER)

    @property
    def is_unsound(self) -> bool:
        """Whether the arms cannot be trusted."""
        return self in (Finding.MIXED_UP, Finding.IN_TWO_ARMS)

    @property
    def hides_figures(self) -> bool:
        """Whether not even the figures are shown."""
        return self in (Finding.NOT_DUE, Finding.STOPPED_EARLY)


@dataclass(frozen=True, slots=True)
class Seen:
    """An experiment as counted: the tallies of all arms, those of the people who are ``compared``, how many people were
    in two arms, and how many were planned. ``due`` where its horizon is reached, ``running`` until it is stopped.
    """

    arms: Sequence[Tally]
    compared: Sequence[Tally]
    crossed: int
    planned: int
    due: bool
    running: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """An arm, by number, beside the first: the difference, its p-value and interval, by the experiment's method. ``z``
    is the statistic of the test with a fixed horizon; None for one that may be looked at whenever one likes.
    """

    arm: int
    difference: float
    z: float | None
    p: float
    low: float
    high: float

    @property
    def finding(self) -> Finding:
        if self.low > 0:
            return Finding.HIGHER
        return Finding.LOWER if self.high < 0 else Finding.UNCLEAR


@dataclass(frozen=True, slots=True)
class Guard:
    """What must not become worse: how much more of it an arm has than the first, with an interval that holds whenever
    one looks.
    """

    name: Guarded
    arm: int
    difference: float
    low: float
    high: float

    @property
    def is_worse(self) -> bool:
        return self.low > 0


@dataclass(frozen=True, slots=True)
class Value:
    """The metric of an arm, and the interval that it lies in, if that is known."""

    value: float
    interval: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Judgement:
    """All that is shown. ``values`` and ``comparisons`` are empty where nothing may be, and a value is None of too few
    people; ``overall`` is whether several shares may be the same; ``arm`` is the one that the finding is about.
    """

    finding: Finding
    ratio: Check
    guards: Sequence[Guard]
    values: Sequence[Value | None] = ()
    comparisons: Sequence[Comparison] = ()
    overall: Check | None = None
    arm: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found, on a local day, by the arms as they were then. It is found once."""

    on: date
    finding: Finding
    arm: int | None
    arms: tuple[Tally, ...]
    compared: tuple[Tally, ...]
    crossed: int

    def as_json(self) -> dict[str, Any]:
        return {
            "on": self.on.isoformat(), "finding": self.finding.value, "arm": self.arm, "crossed": self.crossed,
            "arms": [each.as_json() for each in self.arms], "compared": [each.as_json() for each in self.compared],
        }  # fmt: skip

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        arms, compared = (tuple(Tally(*each) for each in stored[name]) for name in ("arms", "compared"))
        return cls(
            date.fromisoformat(stored["on"]), Finding(stored["finding"]), stored["arm"], arms, compared,
            stored["crossed"],
        )  # fmt: skip
