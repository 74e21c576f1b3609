"""Answers as forms take them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from chalicelib.kernel.errors import DomainError, FieldError
from chalicelib.surveys.model.questions import NUMBERS, Kind, Question, Value
from chalicelib.web import Body

Typed = Annotated[str, StringConstraints(max_length=4000)]


class SurveyForm(Body):
    """Answers as they were typed, by ``q-`` and the question's id; nothing of what was left out. ``seen`` is the last
    question of the pages before this one, ``contact`` a phone number or an e-mail address.
    """

    answers: Annotated[dict[str, Typed | Annotated[list[Typed], Field(max_length=20)]], Field(max_length=30)] = {}
    comment: Typed | None = None
    contact: Typed | None = None
    seen: Typed | None = None

    def values(self, questions: Sequence[Question]) -> dict[str, Value]:
        """The answers by question."""
        return {each.id: _read(each, self.answers[field_of(each.id)]) for each in _given(questions, self.answers)}

    def answered(self, questions: Sequence[Question]) -> dict[str, Any]:
        """As the API takes it."""
        values = [{"question_id": name, "value": value} for name, value in self.values(questions).items()]
        return {"answers": values, "comment": self.comment}

    def reached(self) -> dict[str, str]:
        """How whoever answered may be reached, as the API takes it."""
        typed = (self.contact or "").strip()
        return {"email" if "@" in typed else "phone": typed} if typed else {}


def field_of(question_id: str) -> str:
    """A question's name among the answers."""
    return f"q-{question_id}"


def kept(values: Mapping[str, Value]) -> Iterable[tuple[str, str]]:
    """The fields that carry answers on to the next page."""
    for question_id, value in values.items():
        name = f"answers.{field_of(question_id)}"
        if isinstance(value, list):
            yield from ((f"{name}.{place}", each) for place, each in enumerate(value))
        else:
            yield name, str(value)


def beside_the_questions(refusal: DomainError, questions: Sequence[Question], sent: SurveyForm) -> DomainError:
    """A refusal of the API with its first message about each question beside it; those about none stay as they are."""
    given = _given(questions, sent.answers)
    first = next((each for each in questions if each.kind is Kind.SCORE), None)
    moved = {
        f"/answers/{index}/{field}": each for index, each in enumerate(given) for field in ("value", "question_id")
    }
    if first is not None:
        moved["/score"] = first
    errors: dict[str, FieldError] = {}
    for error in refusal.errors:
        beside = _beside(error, moved)
        if error.pointer in ("/phone", "/email"):
            beside = FieldError("/contact", error.message, error.message_zh)
        errors.setdefault(beside.pointer, beside)
    refusal.errors = tuple(errors.values())
    return refusal


def _beside(error: FieldError, questions: Mapping[str, Question]) -> FieldError:
    found = questions.get(error.pointer)
    return FieldError(f"/answers/{field_of(found.id)}", error.message, error.message_zh) if found else error


def _given(questions: Sequence[Question], answers: Mapping[str, str | list[str]]) -> list[Question]:
    return [each for each in questions if _has(answers.get(field_of(each.id)))]


def _has(typed: str | list[str] | None) -> bool:
    return bool(typed.strip() if isinstance(typed, str) else typed)


def _read(question: Question, typed: str | list[str]) -> Value:
    if question.kind is Kind.MULTIPLE:
        return [typed] if isinstance(typed, str) else typed
    if isinstance(typed, list):
        return typed[-1]
    return int(typed) if question.kind in NUMBERS and typed.isascii() and typed.isdecimal() else typed
