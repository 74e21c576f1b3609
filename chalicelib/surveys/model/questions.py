"""The rules of a survey's questions: what makes a survey, and the one that every tenant has. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.ids import derived_id
from chalicelib.kernel.language import Language, nearest


class Trigger(StrEnum):
    """What sends a survey: an order that was picked up, a campaign that ended, a complaint that was closed, somebody
    who joined, or a day of the calendar. One of a ``link`` is sent to nobody: it is answered by links open to all, and
    on paper, as each of the others can be too.
    """

    PICKUP = "pickup"
    CAMPAIGN_END = "campaign_end"
    COMPLAINT_CLOSED = "complaint_closed"
    JOINED = "joined"
    PERIODIC = "periodic"
    LINK = "link"


class Kind(StrEnum):
    """How a question is answered: a number 1–5, how likely one is to recommend (0–10), one of its options, any of
    them, or words.
    """

    SCORE = "score"
    NPS = "nps"
    CHOICE = "choice"
    MULTIPLE = "multiple"
    TEXT = "text"


NUMBERS: Mapping[Kind, tuple[int, int]] = {Kind.SCORE: (1, 5), Kind.NPS: (0, 10)}
"""The lowest and the highest of what is answered by a number."""
_CHOSEN = frozenset({Kind.CHOICE, Kind.MULTIPLE})

Value = int | str | list[str]
"""An answer to a question: a number, an option or words, or several options."""


@dataclass(frozen=True, slots=True)
class Branch:
    """Where a survey goes on after a question: at question ``to``, or with None at its end.

    It holds for an answer with one of the ``options``, or a number from ``at_least`` to ``at_most``; where none of them
    is given, for any answer and for none.
    """

    to: str | None
    options: tuple[str, ...] = ()
    at_least: int | None = None
    at_most: int | None = None

    @property
    def always(self) -> bool:
        """Whether it holds whatever was answered."""
        return not self.options and self.at_least is None and self.at_most is None

    def holds(self, value: Value | None) -> bool:
        """Whether the survey goes on here after this answer; None is no answer."""
        if self.always:
            return True
        if isinstance(value, int):
            low, high = self.at_least, self.at_most
            return not self.options and (low is None or low <= value) and (high is None or value <= high)
        chosen = [value] if isinstance(value, str) else value or []
        return not set(chosen).isdisjoint(self.options)

    def to_json(self) -> dict[str, Any]:
        """The stored form; what is not given is left out."""
        raw: dict[str, Any] = {"to": self.to}
        if self.options:
            raw["options"] = list(self.options)
        limits = {"at_least": self.at_least, "at_most": self.at_most}
        return raw | {name: limit for name, limit in limits.items() if limit is not None}

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "Branch":
        return cls(raw["to"], tuple(raw.get("options", ())), raw.get("at_least"), raw.get("at_most"))


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a survey; its id is unique in the survey and names the answer. The first of its ``branches``
    that holds says which question comes after it; without one it is the next.
    """

    id: str
    kind: Kind
    text: str
    required: bool = False
    options: tuple[str, ...] = ()
    branches: tuple[Branch, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The stored form; what is default is left out."""
        raw: dict[str, Any] = {"id": self.id, "kind": self.kind.value, "text": self.text}
        if self.required:
            raw["required"] = True
        if self.options:
            raw["options"] = list(self.options)
        if self.branches:
            raw["branches"] = [branch.to_json() for branch in self.branches]
        return raw

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "Question":
        options = tuple(raw.get("options", ()))
        branches = tuple(Branch.from_json(each) for each in raw.get("branches", ()))
        return cls(raw["id"], Kind(raw["kind"]), raw["text"], raw.get("required", False), options, branches)


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


def path(questions: Sequence[Question], values: Mapping[str, Value]) -> list[Question]:
    """The questions that somebody with these answers is asked, in order. It ends, since no branch leads back."""
    places = {question.id: place for place, question in enumerate(questions)}
    asked: list[Question] = []
    place = 0
    while place < len(questions):
        asked.append(questions[place])
        place = _after(place, questions[place], values, places, len(questions))
    return asked


def _after(place: int, question: Question, values: Mapping[str, Value], places: Mapping[str, int], end: int) -> int:
    found = next((branch for branch in question.branches if branch.holds(values.get(question.id))), None)
    if found is None:
        return place + 1
    return end if found.to is None else places[found.to]


def step(questions: Sequence[Question], values: Mapping[str, Value], seen: str | None) -> list[Question]:
    """What is asked next of somebody who has seen the questions up to ``seen`` (None: nothing yet): up to and with the
    next one whose answer decides how it goes on. Nothing where that was all, or where ``seen`` is not on the way.
    """
    way = path(questions, values)
    ids = [question.id for question in way]
    if seen is not None and seen not in ids:
        return []
    rest = way[ids.index(seen) + 1 if seen is not None else 0 :]
    deciding = next((place for place, each in enumerate(rest) if _decides(each)), len(rest))
    return rest[: deciding + 1]


def until(questions: Sequence[Question], values: Mapping[str, Value], last: str) -> list[Question]:
    """What has been asked up to and with ``last``; nothing where it is not on the way."""
    way = path(questions, values)
    ends = [place for place, each in enumerate(way) if each.id == last]
    return way[: ends[0] + 1] if ends else []


def may_end(questions: Sequence[Question], question: Question) -> bool:
    """Whether the survey may be over after this question, by some answer to it."""
    over = questions[-1].id == question.id and not any(branch.always for branch in question.branches)
    return over or any(branch.to is None for branch in question.branches)


def _decides(question: Question) -> bool:
    return any(not branch.always for branch in question.branches)


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
        if question.kind in _CHOSEN and len(set(question.options)) < 2:
            raise Invalid.at(
                f"/questions/{index}/options",
                "A choice needs at least two different options.",
                "选择题至少需要两个不同的选项。",
            )
        if question.kind not in _CHOSEN and question.options:
            raise Invalid.at(f"/questions/{index}/options", "Only a choice has options.", "只有选择题才有选项。")
    _check_branches(questions)
    return list(questions)


def _check_branches(questions: Sequence[Question]) -> None:
    places = {question.id: place for place, question in enumerate(questions)}
    for index, question in enumerate(questions):
        for number, branch in enumerate(question.branches):
            at = f"/questions/{index}/branches/{number}"
            _check_target(at, index, branch, places)
            _check_condition(at, question, branch)
            if branch.always and number < len(question.branches) - 1:
                raise Invalid.at(
                    at,
                    "This branch always holds, so those after it never would; put it last.",
                    "该跳转总会生效，其后的跳转不会生效，请将其放在最后。",
                )
    _check_ways(questions, places)


def _check_target(at: str, index: int, branch: Branch, places: Mapping[str, int]) -> None:
    if branch.to is None:
        return
    if branch.to not in places:
        raise Invalid.at(f"{at}/to", f"There is no question '{branch.to}'.", f"没有编号为“{branch.to}”的问题。")
    if places[branch.to] <= index:
        raise Invalid.at(
            f"{at}/to",
            f"A survey goes forward only: question '{branch.to}' comes before this one, so it would go round for ever.",
            f"问卷只能向后跳转：问题“{branch.to}”在此题之前，会造成循环。",
        )


def _check_condition(at: str, question: Question, branch: Branch) -> None:
    limits = [limit for limit in (branch.at_least, branch.at_most) if limit is not None]
    if branch.options and (limits or question.kind not in _CHOSEN or not set(branch.options) <= set(question.options)):
        raise Invalid.at(f"{at}/options", "Name options of this very question.", "请填写本题的选项。")
    if not limits:
        return
    if question.kind not in NUMBERS:
        raise Invalid.at(
            f"{at}/at_least" if branch.at_least is not None else f"{at}/at_most",
            "Only a question that is answered by a number has limits.",
            "只有以数字作答的题目才能设置范围。",
        )
    lowest, highest = NUMBERS[question.kind]
    if any(not lowest <= limit <= highest for limit in limits) or limits != sorted(limits):
        raise Invalid.at(
            f"{at}/at_least" if branch.at_least is not None else f"{at}/at_most",
            f"Limits are whole numbers from {lowest} to {highest}, the lower first.",
            f"范围须为 {lowest} 至 {highest} 的整数，且下限不大于上限。",
        )


def _check_ways(questions: Sequence[Question], places: Mapping[str, int]) -> None:
    """Raises Invalid at a question to which no way leads."""
    reached = {0}
    for place, question in enumerate(questions):
        if place not in reached:
            raise Invalid.at(
                f"/questions/{place}",
                "Nobody would be asked this question: every way leads past it.",
                "没有任何路径会到达此题。",
            )
        reached |= {places[branch.to] for branch in question.branches if branch.to is not None}
        if not any(branch.always for branch in question.branches):
            reached.add(place + 1)
