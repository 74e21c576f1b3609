"""The rules of an answer: what fits a survey's questions, and which score opens a complaint. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.surveys.model.questions import Kind, Question

LOWEST, HIGHEST = 1, 5
COMPLAINT_AT_MOST = 2
"""A score of 1 or 2 opens a complaint."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A checked answer: the satisfaction score if there is one, and the values by question id."""

    score: int | None
    values: dict[str, int | str]

    @property
    def opens_complaint(self) -> bool:
        """Whether the member is so dissatisfied that the team has to see to it."""
        return self.score is not None and self.score <= COMPLAINT_AT_MOST


def checked_answer(questions: Sequence[Question], score: int | None, values: Sequence[tuple[str, int | str]]) -> Answer:
    """Checks an answer against the questions; the survey's score is that of its first ``score`` question.

    The score may be given on its own or as that question's value. Raises Invalid naming every fault.
    """
    by_id = {question.id: question for question in questions}
    first = next((question.id for question in questions if question.kind is Kind.SCORE), None)
    faults: list[FieldError] = []
    kept: dict[str, int | str] = {}
    for index, (question_id, value) in enumerate(values):
        fault = _fault(by_id.get(question_id), question_id in kept, value)
        if fault:
            field, *words = fault
            faults.append(FieldError(f"/answers/{index}/{field}", *words))
        else:
            kept[question_id] = value
    if score is not None:
        if first is None:
            faults.append(FieldError("/score", "This survey asks for no score.", "该问卷没有评分题。"))
        elif kept.setdefault(first, score) != score:
            faults.append(
                FieldError(
                    "/score",
                    f"The score {score} contradicts the answer to '{first}'.",
                    f"评分 {score} 与“{first}”的回答不一致。",
                )
            )
    faults.extend(_unanswered(questions, kept, first))
    if faults:
        raise Invalid("The answer does not fit the survey.", detail_zh="回答与问卷不符。", errors=tuple(faults))
    given = kept.get(first) if first else None
    return Answer(given if isinstance(given, int) else None, kept)


def _fault(question: Question | None, repeated: bool, value: int | str) -> tuple[str, str, str] | None:
    if question is None:
        return "question_id", "This survey has no such question.", "该问卷没有这道题。"
    if repeated:
        return "question_id", "The question is answered twice.", "这道题回答了两次。"
    if question.kind is Kind.SCORE:
        fits = isinstance(value, int) and LOWEST <= value <= HIGHEST
        words = f"A score is a whole number from {LOWEST} to {HIGHEST}.", f"评分须为 {LOWEST} 至 {HIGHEST} 的整数。"
        return None if fits else ("value", *words)
    if question.kind is Kind.CHOICE:
        words = f"Choose one of: {', '.join(question.options)}.", f"请从以下选项中选择：{'、'.join(question.options)}。"
        return None if value in question.options else ("value", *words)
    return None if isinstance(value, str) else ("value", "Answer this question in words.", "请用文字回答此题。")


def _unanswered(questions: Sequence[Question], kept: Mapping[str, object], first: str | None) -> list[FieldError]:
    missing = [question for question in questions if question.required and not kept.get(question.id)]
    return [
        FieldError(
            "/score" if question.id == first else "/answers",
            f"The question “{question.text}” needs an answer.",
            f"请回答“{question.text}”。",
        )
        for question in missing
    ]
