"""The variables that a notice's words may show: its facts, each with a kind, a meaning and an example. Pure."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any, Literal, Protocol, get_type_hints

from chalicelib.kernel.clock import zone
from chalicelib.kernel.currencies import worth
from chalicelib.kernel.money import Money
from chalicelib.kernel.wall_time import ANYHOW, to_instant
from chalicelib.notices.model.facts import Fact, InWords, Listed
from chalicelib.notices.model.notices import Notice
from chalicelib.notices.templates.model.glossary import Meaning, meaning_of

Kind = Literal["text", "number", "money", "time", "day", "list"]

_KINDS: Mapping[Any, Kind] = {
    str: "text", InWords: "text", int: "number", Money: "money", datetime: "time", date: "day", Listed: "list",
}  # fmt: skip
_SOME = InWords("Apples × 2", "苹果 × 2"), InWords("Eggs × 1", "鸡蛋 × 1")


class Brand(Protocol):
    """What examples take from a brand: its name, its money and its clock."""

    @property
    def name(self) -> str: ...
    @property
    def currency(self) -> str: ...
    @property
    def timezone(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Variable:
    """A fact of a notice."""

    name: str
    kind: Kind
    meaning: Meaning
    may_be_empty: bool

    @property
    def needed(self) -> bool:
        """Whether the message is of no use to its reader without it."""
        return self.meaning.needed

    def example(self, brand: Brand, now: datetime, language: str) -> Fact:
        """A value as the brand's messages may show it."""
        if self.name == "brand":
            return brand.name
        some = Money(worth(brand.currency)[0], brand.currency)
        if self.kind == "money":
            return some
        tomorrow = now.astimezone(zone(brand.timezone)).date() + timedelta(days=1)
        if self.kind == "time":
            return to_instant(datetime.combine(tomorrow, time(18)), zone(brand.timezone), ANYHOW, "")
        if self.kind == "day":
            return tomorrow
        given = self.meaning.example and _with(some, self.meaning.example)
        if self.kind == "list":
            return tuple(each.zh if language == "zh" else each.en for each in ([given] if given else _SOME))
        return given or (3 if self.kind == "number" else "")


def _with(amount: Money, example: InWords) -> InWords:
    return InWords(example.en.replace("{amount}", f"{amount:en}"), example.zh.replace("{amount}", f"{amount:zh}"))


def variables_of(notice: type[Notice]) -> tuple[Variable, ...]:
    """The variables of a notice, in the order in which it declares its facts."""
    kinds = get_type_hints(notice)
    return tuple(
        Variable(
            each.name,
            _KINDS.get(kinds[each.name], "text"),
            meaning := meaning_of(notice.template, each.name),
            meaning.may_be_empty or each.default in ("", InWords("", "")),
        )
        for each in fields(notice)
    )


def examples(notice: type[Notice], brand: Brand, now: datetime, language: str) -> dict[str, Fact]:
    """An example of each fact."""
    return {each.name: each.example(brand, now, language) for each in variables_of(notice)}


def facts_with_default(notice: type[Notice]) -> dict[str, Fact]:
    """What a message that was queued before a fact was added goes without: the facts that have a default."""
    return {each.name: each.default for each in fields(notice) if each.default is not MISSING}
