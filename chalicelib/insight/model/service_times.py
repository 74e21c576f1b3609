"""How long cases of customer care took to their first response and to their end. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Literal

from chalicelib.insight.model.distribution import Distribution

CaseKind = Literal["enquiry", "complaint", "suggestion"]
KINDS: tuple[CaseKind, ...] = ("enquiry", "complaint", "suggestion")

EDGES = (0, 15, 60, 4 * 60, 8 * 60, 24 * 60, 2 * 24 * 60, 3 * 24 * 60, 7 * 24 * 60)
"""Whole minutes from which on each class of the histogram counts; the last has no end."""


class Measure(StrEnum):
    """What was waited for."""

    FIRST_RESPONSE = "first_response"
    RESOLUTION = "resolution"


@dataclass(frozen=True, slots=True)
class Time:
    """How long one case took, or has taken until now where it is ``pending``: whole minutes of working time by its
    clock, and all that passed. ``in_time``: by its due time or, pending, that has not passed. While it ``waits`` for
    its member it cannot be late.
    """

    worked: int
    elapsed: int
    in_time: bool
    pending: bool = False
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """A case by its kind, and by what cases are divided. ``response`` is None where nobody waited for a person, or it
    ended before anybody answered; ``resolution`` where the team had nothing to end.
    """

    kind: CaseKind
    group: str
    response: Time | None
    resolution: Time | None

    def of(self, measure: Measure) -> Time | None:
        """What is known of a measure."""
        return self.response if measure is Measure.FIRST_RESPONSE else self.resolution


@dataclass(frozen=True, slots=True)
class Times:
    """The times of some cases by one measure. Those that are pending stand apart: no time of theirs is in the moments
    and quantiles of ``worked`` and ``elapsed``.
    """

    done: Sequence[Time]
    pending: Sequence[Time]

    @classmethod
    def of(cls, times: Iterable[Time]) -> "Times":
        known = list(times)
        return cls([each for each in known if not each.pending], [each for each in known if each.pending])

    @property
    def worked(self) -> Distribution:
        return Distribution(Counter(each.worked for each in self.done))

    @property
    def elapsed(self) -> Distribution:
        return Distribution(Counter(each.elapsed for each in self.done))

    @property
    def in_time(self) -> int:
        """Of those that are done."""
        return sum(each.in_time for each in self.done)

    @property
    def late(self) -> int:
        """Of those that are pending."""
        return sum(not each.in_time for each in self.pending)

    @property
    def waiting(self) -> int:
        """Of those that are pending, for their member."""
        return sum(each.waits for each in self.pending)

    def histogram(self) -> list[int]:
        """How many that are done took so long in working time: one count for each of EDGES."""
        counts = [0] * len(EDGES)
        for each in self.done:
            counts[sum(edge <= each.worked for edge in EDGES) - 1] += 1
        return counts


@dataclass(frozen=True, slots=True)
class Row:
    """The times of the cases of a kind, or of a group of it; None for all groups. ``opened`` counts the cases, also
    those without a time.
    """

    kind: CaseKind
    group: str | None
    measure: Measure
    opened: int
    times: Times


def rows(cases: Iterable[Case]) -> list[Row]:
    """Each kind as a whole and by group, by both measures; groups that have no case are left out."""
    inside: dict[CaseKind, dict[str | None, list[Case]]] = {kind: {None: []} for kind in KINDS}
    for each in cases:
        inside[each.kind][None].append(each)
        inside[each.kind].setdefault(each.group, []).append(each)
    return [
        _row(kind, group, measure, groups[group])
        for kind, groups in inside.items()
        for group in sorted(groups, key=lambda each: each or "")
        for measure in Measure
    ]


def _row(kind: CaseKind, group: str | None, measure: Measure, cases: Sequence[Case]) -> Row:
    times = (each.of(measure) for each in cases)
    return Row(kind, group, measure, len(cases), Times.of(each for each in times if each is not None))


def classes() -> list[tuple[int, int | None]]:
    """The bounds of the histogram's classes, in minutes; the last has no upper one."""
    return [*pairwise(EDGES), (EDGES[-1], None)]
