"""Awards: who of a board's period is outstanding, and what that brings. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from chalicelib.boards.model.boards import By, Every
from chalicelib.boards.model.ranking import Row

MOST_TOP = 100
MOST_WINNERS = 500
"""Of one period; who reached a value but stands behind so many others has not won."""

MOST_GRACE_DAYS = 60
GRACE_DAYS = 7
MOST_REWARD = 1_000_000


@dataclass(frozen=True, slots=True)
class Titled:
    """What an award is called: in one language at least, which stands for the other then."""

    zh: str | None = None
    en: str | None = None

    def said(self, language: str) -> str:
        """In a language, or in the one that there is."""
        wanted, other = (self.zh, self.en) if language == "zh" else (self.en, self.zh)
        return wanted or other or ""


@dataclass(frozen=True, slots=True)
class Reward:
    """What each winner gets: points that do not expire, or a coupon of a batch, or neither."""

    points: int | None = None
    batch_id: str | None = None

    def __bool__(self) -> bool:
        return self.points is not None or self.batch_id is not None


@dataclass(frozen=True, slots=True)
class Award:
    """For the members of the first ``top`` ranks of a board of the whole brand, for all who reached ``at_least`` so
    much (money in minor units), or for those of whom both is true. It is decided for each period ``grace_days`` after
    its end, so that what is returned by then counts for nobody.
    """

    title: Titled
    by: By
    every: Every
    top: int | None = None
    at_least: int | None = None
    reward: Reward = Reward()
    grace_days: int = GRACE_DAYS

    def as_json(self) -> dict[str, Any]:
        """As the record and the audit log keep it."""
        title = {name: said for name, said in (("zh", self.title.zh), ("en", self.title.en)) if said}
        said = {
            "title": title, "by": self.by.value, "every": self.every.value, "top": self.top, "least": self.at_least,
            "points": self.reward.points, "batch": self.reward.batch_id, "grace": self.grace_days,
        }  # fmt: skip
        return {name: value for name, value in said.items() if value is not None}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        title = stored["title"]
        return cls(
            Titled(title.get("zh"), title.get("en")), By(stored["by"]), Every(stored["every"]), stored.get("top"),
            stored.get("least"), Reward(stored.get("points"), stored.get("batch")), stored["grace"],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Winner:
    """Who has won, by ordinal, with rank and value as they were when it was decided."""

    rank: int
    ordinal: int
    value: int

    def as_json(self) -> list[int]:
        return [self.rank, self.ordinal, self.value]


def winners(award: Award, rows: Iterable[Row]) -> list[Winner]:
    """Those of a board's rows, the best first, that have won: whoever shares the last rank that wins has won, too."""
    won: list[Winner] = []
    for row in rows:
        if award.top is not None and row.rank > award.top:
            break
        if award.at_least is not None and row.value < award.at_least:
            break
        if len(won) == MOST_WINNERS:
            break
        won.append(Winner(row.rank, row.ordinal, row.value))
    return won


def from_json(stored: Sequence[Sequence[int]]) -> list[Winner]:
    """Winners as a record keeps them."""
    return [Winner(*each) for each in stored]
