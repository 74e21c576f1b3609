"""Whom news is for, in which words, and how far it is. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Self

from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.language import Language, nearest
from chalicelib.notices.model.notices import Category, Notice, Telling

MOST_NAMED = 1000


class Status(StrEnum):
    """``scheduled`` until its time, ``sending`` until everybody was looked at, ``paused`` by the team until it is
    resumed; ``sent`` and ``cancelled`` are ends.
    """

    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAUSED = "paused"
    SENT = "sent"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Words:
    """What is said in one language."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class News(Notice):
    """What the brand announces, in its own words."""

    template = "news"
    telling = Telling(Category.NEWS, about="announcement")
    texts = {"en": ("{subject}", "{brand}: {text}"), "zh": ("{subject}", "{brand}：{text}")}
    brand: str
    subject: str
    text: str


def words_for(texts: Mapping[Language, Words], locale: str) -> Words:
    """The words in the language of ours that is nearest to a person's, or else in the one that there is."""
    return texts.get(nearest(locale)) or next(iter(texts.values()))


@dataclass(frozen=True, slots=True)
class Reader:
    """What is asked of a member to know whether news is for them. ``agreed`` is their consent to ``marketing``,
    ``member_class`` what they are by the days of their orders.
    """

    id: str
    locale: str
    interests: Sequence[str]
    joined_on: date
    last_active_on: date | None
    agreed: bool
    segment_ids: frozenset[str] = frozenset()
    member_class: str | None = None


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom news is for: everybody, but for what is named; each narrows. Days are the brand's, both ends included.

    ``inactive_since_on`` takes those in who have never been active as well.
    """

    member_ids: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    languages: tuple[Language, ...] = ()
    joined_from_on: date | None = None
    joined_to_on: date | None = None
    active_from_on: date | None = None
    inactive_since_on: date | None = None
    segment_ids: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()

    def has(self, reader: Reader) -> bool:
        """Whether news is for a member."""
        return (
            (not self.member_ids or reader.id in self.member_ids)
            and (not self.segment_ids or not reader.segment_ids.isdisjoint(self.segment_ids))
            and (not self.interests or not {*self.interests}.isdisjoint(reader.interests))
            and (not self.classes or reader.member_class in self.classes)
            and (not self.languages or nearest(reader.locale) in self.languages)
            and (self.joined_from_on is None or self.joined_from_on <= reader.joined_on)
            and (self.joined_to_on is None or reader.joined_on <= self.joined_to_on)
            and (self.active_from_on is None or (reader.last_active_on or date.min) >= self.active_from_on)
            and (self.inactive_since_on is None or (reader.last_active_on or date.min) < self.inactive_since_on)
        )

    def check(self) -> None:
        """Raises Invalid where nobody can be meant."""
        if self.joined_from_on and self.joined_to_on and self.joined_to_on < self.joined_from_on:
            raise Invalid.at("/audience/joined_to_on", "The last day is before the first.", "结束日期早于开始日期。")
        if self.active_from_on and self.inactive_since_on and self.inactive_since_on <= self.active_from_on:
            raise Invalid.at(
                "/audience/inactive_since_on", "Nobody is active from a day on and inactive since before it.",
                "“不活跃起始日”须晚于“活跃起始日”。",
            )  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """As it is stored: what narrows, and nothing else."""
        said = {name: value for name, value in asdict(self).items() if value}
        return {name: value.isoformat() if isinstance(value, date) else list(value) for name, value in said.items()}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        told: dict[str, Any] = {}
        for name, value in stored.items():
            told[name] = date.fromisoformat(value) if isinstance(value, str) else tuple(value)
        return cls(**told)
