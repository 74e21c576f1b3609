"""The rules of a survey's questions: what makes a survey, and the one that every tenant has. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.ids import derived_id
from chalicelib.kernel.language import Language, nearest


class Trigger(StrEnum):
    """What sends a survey."""

    PICKUP = "pickup"


class Kind(StrEnum):
    """How a question is answered: a number 1–5, one of its options, or words."""

    SCORE = "score"
    CHOICE = "choice"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a survey; its id is unique in the survey and names the answer."""

    id: str
    kind: Kind
    text: str
    required: bool = False
    options: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The stored form; what is default is left out."""
        raw: dict[str, Any] = {"id": self.id, "kind": self.kind.value, "text": self.text}
        if self.required:
            raw["required"] = True
        if self.options:
            raw["options"] = list(self.options)
        return raw

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "Question":
        options = tuple(raw.get("options", ()))
        return cls(raw["id"], Kind(raw["kind"]), raw["text"], raw.get("required", False), options)


BUILT_IN_TITLE = {"zh": "取货满意度", "en": "How was your order?"}
_BUILT_IN_QUESTION = {
    "zh": "您对这次团购满意吗？（1 分很不满意，5 分很满意）",
    "en": "How satisfied are you? (1 not at all, 5 very)",
}


def built_in_questions(locale: str) -> list[Question]:
    """The survey of a tenant that has written none: one satisfaction score; a comment can always be added."""
    return [Question("score", Kind.SCORE, _BUILT_IN_QUESTION[nearest(locale)], required=True)]


def said_in(language: Language, text: str) -> str:
    """A title or question of the built-in survey in the reader's language; what a brand wrote stays as it is."""
    texts = (BUILT_IN_TITLE, _BUILT_IN_QUESTION)
    return next((each[language] for each in texts if text in each.values()), text)


def built_in_id(tenant_id: str) -> str:
    """The id of a tenant's built-in pickup survey."""
    return derived_id(tenant_id, "survey", "built-in", Trigger.PICKUP)


def checked_questions(questions: Sequence[Question]) -> list[Question]:
    """The questions, when they make a survey. Raises Invalid at the question that does not."""
    seen: set[str] = set()
    for index, question in enumerate(questions):
        if question.id in seen:
            raise Invalid.at(
                f"/questions/{index}/id",
                "This id is used twice; give each question its own.",
                "编号重复，请为每个问题使用不同的编号。",
            )
        seen.add(question.id)
        if question.kind is Kind.CHOICE and len(set(question.options)) < 2:
            raise Invalid.at(
                f"/questions/{index}/options",
                "A choice needs at least two different options.",
                "选择题至少需要两个不同的选项。",
            )
        if question.kind is not Kind.CHOICE and question.options:
            raise Invalid.at(f"/questions/{index}/options", "Only a choice has options.", "只有选择题才有选项。")
    return list(questions)
