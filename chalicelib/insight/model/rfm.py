"""Recency, frequency and monetary value, scored 1 to 5 by where a member stands among all. Pure.

The score of a value is min(5, floor(5 * w / n) + 1), where w of n members are strictly worse. Equal values have equal
scores, and no order of the members matters: the score depends on the value's place in a histogram alone.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

SCORES = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class Value:
    """What a member is scored by: the last local day with an order, the number of days with one, and what was spent."""

    last_on: date
    occasions: int
    spent_minor: int


@dataclass(frozen=True, slots=True)
class Cut:
    """The values that have a score, from the worst to the best, and how many members have them."""

    score: int
    worst: int
    best: int
    count: int


@dataclass(frozen=True, slots=True)
class Scoring:
    """The scores of values: of last days (as ordinals of the calendar), of occasions, and of amounts."""

    recency: Mapping[int, int] = field(default_factory=dict)
    frequency: Mapping[int, int] = field(default_factory=dict)
    monetary: Mapping[int, int] = field(default_factory=dict)

    def of(self, value: Value) -> tuple[int, int, int]:
        """The three scores of a member."""
        return (
            self.recency[value.last_on.toordinal()], self.frequency[value.occasions], self.monetary[value.spent_minor],
        )  # fmt: skip


def scores(histogram: Mapping[int, int]) -> dict[int, int]:
    """The score of each value, of which so many members have it; more is better."""
    members, worse, found = sum(histogram.values()), 0, {}
    for value in sorted(histogram):
        found[value] = min(5, 5 * worse // members + 1)
        worse += histogram[value]
    return found


def cuts(histogram: Mapping[int, int]) -> list[Cut]:
    """The cut points: which values have which score. A score that nobody has is left out."""
    values: dict[int, list[int]] = {}
    for value, score in scores(histogram).items():
        values.setdefault(score, []).append(value)
    return [
        Cut(score, min(of_score), max(of_score), sum(histogram[each] for each in of_score))
        for score, of_score in sorted(values.items())
    ]


@dataclass(frozen=True, slots=True)
class Histograms:
    """How many members have each value."""

    recency: Mapping[int, int]
    frequency: Mapping[int, int]
    monetary: Mapping[int, int]

    @classmethod
    def of(cls, values: Iterable[Value]) -> "Histograms":
        """Counted over all who are scored together."""
        known = list(values)
        return cls(
            Counter(each.last_on.toordinal() for each in known),
            Counter(each.occasions for each in known),
            Counter(each.spent_minor for each in known),
        )

    @property
    def scoring(self) -> Scoring:
        """The scores that follow."""
        return Scoring(scores(self.recency), scores(self.frequency), scores(self.monetary))
