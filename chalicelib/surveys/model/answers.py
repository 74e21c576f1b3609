"""The rules of an answer: what fits a survey's questions, and which score or recommendation opens a complaint. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.surveys.model.questions import NUMBERS, Kind, Question, Value, path

COMPLAINT_AT_MOST = 2
"""A score of 1 or 2 opens a complaint."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A checked answer: the satisfaction score if there is one, how likely they are to recommend the brand by the first
    question that asks it, and the values by question id.
    """

    score: int | None
    values: dict[str, Value]
    recommends: int | None = None

    def opens_complaint(self, low_nps: int | None) -> bool:
        """Whether somebody is so dissatisfied that the team has to see to it: by their score, or where they are as
        unlikely to recommend the brand as ``low_nps`` or more; None is never.
        """
        low_score = self.score is not None and self.score <= COMPLAINT_AT_MOST
        return low_score or (self.recommends is not None and low_nps is not None and self.recommends <= low_nps)


def checked_answer(questions: Sequence[Question], score: int | None, values: Sequence[tuple[str, Value]]) -> Answer:
    """Checks an answer against the questions that it led to. The survey's score is that of its first ``score``
    question: it may be given on its own or as that question's value. Raises Invalid naming every fault: an answer to a
    question that was not asked is one, since it would count where others were never asked.
    """
    by_id = {question.id: question for question in questions}
    first = next((question.id for question in questions if question.kind is Kind.SCORE), None)
    faults: list[FieldError] = []
    kept: dict[str, Value] = {}
    places: dict[str, str] = {}
    wrong: set[str] = set()
    for index, (question_id, value) in enumerate(values):
        fault = _fault(by_id.get(question_id), question_id in kept, value)
        if fault:
            field, *words = fault
            faults.append(FieldError(f"/answers/{index}/{field}", *words))
            wrong.add(question_id)
        elif value not in ("", []):
            kept[question_id], places[question_id] = value, f"/answers/{index}/question_id"
    if score is not None:
        faults.extend(_beside(score, first, kept))
        if first is not None:
            places.setdefault(first, "/score")
    asked = path(questions, kept)
    if not faults:  # else it is not known where the answers lead
        faults.extend(_not_asked(asked, kept, by_id, places))
    faults.extend(_unanswered([each for each in asked if each.id not in wrong], kept, first))
    if faults:
        raise Invalid("The answer does not fit the survey.", detail_zh="回答与问卷不符。", errors=tuple(faults))
    nps = next((question.id for question in questions if question.kind is Kind.NPS), None)
    return Answer(_number(kept, first), kept, _number(kept, nps))


def _number(kept: Mapping[str, Value], question_id: str | None) -> int | None:
    given = kept.get(question_id) if question_id else None
    return given if isinstance(given, int) else None


def checked_so_far(asked: Sequence[Question], values: Sequence[tuple[str, Value]]) -> None:
    """Checks the answers to what has been asked so far, of a survey that is answered step by step. Raises Invalid as
    :func:`checked_answer` does.
    """
    checked_answer([replace(question, branches=()) for question in asked], None, values)


def _beside(score: int, first: str | None, kept: dict[str, Value]) -> list[FieldError]:
    """Keeps a score that stands on its own as the first score question's answer; what is wrong with it."""
    if first is None:
        return [FieldError("/score", "This survey asks for no score.", "该问卷没有评分题。")]
    if kept.setdefault(first, score) == score:
        return []
    words = f"The score {score} contradicts the answer to '{first}'.", f"评分 {score} 与“{first}”的回答不一致。"
    return [FieldError("/score", *words)]


def _not_asked(
    asked: Sequence[Question], kept: Mapping[str, Value], by_id: Mapping[str, Question], places: Mapping[str, str]
) -> list[FieldError]:
    ids = {question.id for question in asked}
    beside = [by_id[name] for name in kept if name not in ids]
    return [
        FieldError(
            places[question.id],
            f"“{question.text}” is not asked after your other answers; leave it out.",
            f"根据其他回答，不会问到“{question.text}”，请勿作答。",
        )
        for question in beside
    ]


def _fault(question: Question | None, repeated: bool, value: Value) -> tuple[str, str, str] | None:
    if question is None:
        return "question_id", "This survey has no such question.", "该问卷没有这道题。"
    if repeated:
        return "question_id", "The question is answered twice.", "这道题回答了两次。"
    if question.kind in NUMBERS:
        lowest, highest = NUMBERS[question.kind]
        fits = isinstance(value, int) and lowest <= value <= highest
        words = f"A score is a whole number from {lowest} to {highest}.", f"评分须为 {lowest} 至 {highest} 的整数。"
        return None if fits else ("value", *words)
    options = f"{', '.join(question.options)}.", f"{'、'.join(question.options)}。"
    if question.kind is Kind.CHOICE:
        words = f"Choose one of: {options[0]}", f"请从以下选项中选择：{options[1]}"
        return None if value in question.options else ("value", *words)
    if question.kind is Kind.MULTIPLE:
        fits = isinstance(value, list) and set(value) <= set(question.options) and len(set(value)) == len(value)
        words = f"Choose any of these, each once: {options[0]}", f"请从以下选项中选择（可多选，不可重复）：{options[1]}"
        return None if fits else ("value", *words)
    return None if isinstance(value, str) else ("value", "Answer this question in words.", "请用文字回答此题。")


def _unanswered(asked: Sequence[Question], kept: Mapping[str, object], first: str | None) -> list[FieldError]:
    missing = [question for question in asked if question.required and question.id not in kept]
    return [
        FieldError(
            "/score" if question.id == first else "/answers",
            f"The question “{question.text}” needs an answer.",
            f"请回答“{question.text}”。",
        )
        for question in missing
    ]
