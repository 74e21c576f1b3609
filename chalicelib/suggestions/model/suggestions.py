"""What a suggestion is, what may become of it, and which others are like it. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from chalicelib.cases.model.clocks import Priority
from chalicelib.kernel.folding import fold
from chalicelib.suggestions.errors import SuggestionDecided, SuggestionGrouped


class Status(StrEnum):
    """A suggestion is open until it is adopted or declined; an adopted one is done some day. One that is the same as
    another is grouped with it, and follows it once that is decided.
    """

    OPEN = "open"
    GROUPED = "grouped"
    ADOPTED = "adopted"
    DECLINED = "declined"
    DONE = "done"


class Value(StrEnum):
    """How much it would bring."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class Effort(StrEnum):
    """How much work it is."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


_PRIORITIES: Mapping[Value, Priority] = {
    Value.HIGH: Priority.P2,
    Value.NORMAL: Priority.P3,
    Value.LOW: Priority.P4,
}

MOST_GROUPED = 200
"""Suggestions that are one with another."""

MAX_HISTORY = 100


def priority(value: str | None) -> Priority:
    """How pressing it is, by what it would bring; in the middle until that is assessed."""
    return _PRIORITIES[Value(value) if value else Value.NORMAL]


_FROM: Mapping[Status, frozenset[Status]] = {
    Status.ADOPTED: frozenset({Status.OPEN, Status.ADOPTED, Status.DECLINED}),
    Status.DECLINED: frozenset({Status.OPEN, Status.ADOPTED}),
    Status.DONE: frozenset({Status.ADOPTED}),
}


def check_move(status: str, to: Status, same_as: str | None) -> None:
    """Raises SuggestionGrouped, or SuggestionDecided where it cannot come to that from where it stands."""
    if same_as is not None:
        raise SuggestionGrouped(
            "This suggestion is one with another; decide on that one, and whoever made this hears of it.",
            detail_zh="该建议已合并到另一条，请处理那一条，提出者会收到结果。",
            extra={"same_as": same_as},
        )
    if Status(status) not in _FROM[to]:
        raise SuggestionDecided(
            "As this suggestion stands, that cannot be done with it; look at it again.",
            detail_zh="该建议当前状态不可如此处理，请刷新后查看。",
        )


@dataclass(frozen=True, slots=True)
class Reward:
    """What whoever suggested it gets once it is adopted: points that do not expire, or a coupon of a batch."""

    points: int | None = None
    batch_id: str | None = None

    def as_json(self) -> dict[str, Any]:
        """As the record stores it."""
        return {"points": self.points, "batch": self.batch_id}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(stored["points"], stored["batch"])


_WORD = re.compile(r"[a-z0-9]{3,}|[\u4e00-\u9fff]+")
_IDLE = frozenset(
    {
        "the", "and", "you", "your", "for", "with", "that", "this", "would", "could", "should", "have", "has", "are",
        "can", "please", "more", "not",
    }
)  # fmt: skip
_LEAST_ALIKE = 0.2
MOST_ALIKE = 5


def words_of(text: str) -> frozenset[str]:
    """What a text is compared by: its English words, and of Chinese every two characters that follow each other."""
    found = set[str]()
    for word in _WORD.findall(fold(text)):
        if word[0] >= "\u4e00":
            found.update(word[n : n + 2] for n in range(max(1, len(word) - 1)))
        elif word not in _IDLE:
            found.add(word)
    return frozenset(found)


def alike(text: str, others: Iterable[tuple[str, str]]) -> list[str]:
    """The ids of ``(id, text)`` that share at least a fifth of all their words with a text, the most alike first."""
    mine = words_of(text)
    scored = []
    for other_id, other in others:
        theirs = words_of(other)
        shared = len(mine & theirs) / len(mine | theirs) if mine and theirs else 0.0
        if shared >= _LEAST_ALIKE:
            scored.append((-shared, other_id))
    return [other_id for _, other_id in sorted(scored)[:MOST_ALIKE]]
