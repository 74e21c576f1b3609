"""What an experiment is: its arms, what is measured, by which method, and when a verdict is due. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Self

from chalicelib.trials.arms import WHOLE_BPS


class Status(StrEnum):
    """A draft shows nobody anything; what is ``running`` assigns and counts; what is ``stopped`` does neither."""

    DRAFT = "draft"
    RUNNING = "running"
    STOPPED = "stopped"


class Metric(StrEnum):
    """What the arms are compared in, from orders that were placed after the exposure and stand: the share of members
    who ordered (``conversion``), what a member's orders come to (``revenue``), what an order comes to (``ratio``), or
    the share who ordered again so many days later (``retention``).
    """

    CONVERSION = "conversion"
    REVENUE = "revenue"
    RATIO = "ratio"
    RETENTION = "retention"

    @property
    def is_share(self) -> bool:
        return self in (Metric.CONVERSION, Metric.RETENTION)

    @property
    def is_money(self) -> bool:
        return not self.is_share


class Method(StrEnum):
    """``fixed`` tells nothing before its horizon, and then once; ``sequential`` may be looked at whenever one likes."""

    FIXED = "fixed"
    SEQUENTIAL = "sequential"


@dataclass(frozen=True, slots=True)
class Arm:
    """A variant and its share of 10,000 people; members who see it get the ``tag``, if any."""

    name: str
    share_bps: int
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class Horizon:
    """When a verdict is due: as the brand's local day ``on`` begins, or once ``sample`` people have been exposed."""

    on: date | None = None
    sample: int | None = None

    def is_due(self, today: date, exposed: int) -> bool:
        """Whether it is due on a local day on which so many had been exposed who can be compared."""
        return today >= self.on if self.on is not None else exposed >= (self.sample or 0)


@dataclass(frozen=True, slots=True)
class Plan:
    """An experiment as it is planned. The first arm is what the others are compared with. ``within_days`` is within how
    many days after the exposure orders count (None: all), ``return_days`` how many local days after it somebody has
    come back, and ``smallest_bps`` the smallest effect worth finding, in 10,000ths of the first arm's value. Where it
    is ``in_shop``, whoever looks around in the brand's own shop is exposed; else only who is asked for.
    """

    title: str
    arms: tuple[Arm, ...]
    metric: Metric
    method: Method
    horizon: Horizon
    within_days: int | None = None
    return_days: int = 7
    smallest_bps: int | None = None
    in_shop: bool = False

    @property
    def shares(self) -> list[int]:
        return [each.share_bps for each in self.arms]

    @property
    def sums_up(self) -> bool:
        """Whether the shares make up the whole."""
        return sum(self.shares) == WHOLE_BPS

    @property
    def frozen_at_start(self) -> tuple[Any, ...]:
        """What nobody changes once it has started."""
        return (
            self.arms, self.metric, self.method, self.horizon, self.within_days, self.return_days, self.smallest_bps,
            self.in_shop,
        )  # fmt: skip

    def changed(self, changes: Mapping[str, Any]) -> Self:
        return replace(self, **changes)

    def named(self, name: str) -> int | None:
        """The number of an arm, from 0; None where there is none of that name."""
        return next((number for number, each in enumerate(self.arms) if each.name == name), None)

    def as_json(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "arms": [[each.name, each.share_bps, each.tag] for each in self.arms],
            "metric": self.metric.value,
            "method": self.method.value,
            "on": self.horizon.on.isoformat() if self.horizon.on else None,
            "sample": self.horizon.sample,
            "within_days": self.within_days,
            "return_days": self.return_days,
            "smallest_bps": self.smallest_bps,
            "in_shop": self.in_shop,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        arms: Sequence[Sequence[Any]] = stored["arms"]
        on = date.fromisoformat(stored["on"]) if stored["on"] else None
        return cls(
            stored["title"], tuple(Arm(*each) for each in arms), Metric(stored["metric"]), Method(stored["method"]),
            Horizon(on, stored["sample"]), stored["within_days"], stored["return_days"], stored["smallest_bps"],
            stored["in_shop"],
        )  # fmt: skip
