"""What the page of a survey takes."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from chalicelib.kernel.errors import DomainError, FieldError
from chalicelib.surveys.model.questions import Kind, Question
from chalicelib.web import Body

Typed = Annotated[str, StringConstraints(max_length=4000)]


class SurveyForm(Body):
    """Answers as they were typed, by ``q-`` and the question's id; nothing of what was left out."""

    answers: Annotated[dict[str, Typed], Field(max_length=30)] = {}
    comment: Typed | None = None

    def answered(self, questions: Sequence[Question]) -> dict[str, Any]:
        """As the API takes it."""
        values = [{"question_id": each.id, "value": _read(each, self.answers[field_of(each.id)])}
                  for each in _given(questions, self.answers)]  # fmt: skip
        return {"answers": values, "comment": self.comment}


def field_of(question_id: str) -> str:
    """A question's name among the answers."""
    return f"q-{question_id}"


def beside_the_questions(refusal: DomainError, questions: Sequence[Question], sent: SurveyForm) -> DomainError:
    """A refusal of the API with its first message about each question beside it; those about none stay as they are."""
    given = _given(questions, sent.answers)
    first = next((each for each in questions if each.kind is Kind.SCORE), None)
    moved = {f"/answers/{index}/value": each for index, each in enumerate(given)}
    if first is not None:
        moved["/score"] = first
    errors: dict[str, FieldError] = {}
    for error in refusal.errors:
        beside = _beside(error, moved)
        errors.setdefault(beside.pointer, beside)
    refusal.errors = tuple(errors.values())
    return refusal


def _beside(error: FieldError, questions: Mapping[str, Question]) -> FieldError:
    found = questions.get(error.pointer)
    return FieldError(f"/answers/{field_of(found.id)}", error.message, error.message_zh) if found else error


def _given(questions: Sequence[Question], answers: Mapping[str, str]) -> list[Question]:
    return [each for each in questions if answers.get(field_of(each.id), "").strip()]


def _read(question: Question, typed: str) -> int | str:
    return int(typed) if question.kind is Kind.SCORE and typed.isascii() and typed.isdecimal() else typed
