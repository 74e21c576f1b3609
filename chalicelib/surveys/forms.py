"""What the API takes of surveys."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chalicelib.surveys.model.questions import Kind, Question
from chalicelib.surveys.service.surveys import SurveyChanges
from chalicelib.web import Body, Harmless, ShortText, Title

QuestionId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,40}$")]
Words = Annotated[str, StringConstraints(max_length=2000), Harmless]
Score = Annotated[int, Field(ge=1, le=5)]


class NewQuestion(Body):
    """A question; ``options`` belong to a choice. Without an id it is named by its place: q1, q2, …"""

    id: QuestionId | None = None
    kind: Literal["score", "choice", "text"]
    text: ShortText
    required: bool = False
    options: Annotated[list[Title], Field(max_length=20)] = []


Questions = Annotated[list[NewQuestion], Field(min_length=1, max_length=30)]


class NewSurvey(Body):
    """A survey sent when an order is picked up; other triggers are not offered yet."""

    title: Title
    trigger: Literal["pickup"]
    questions: Questions

    def asked(self) -> list[Question]:
        return _questions(self.questions)


class SurveyEdit(Body):
    """What is absent stays; ``questions`` replaces all of them, for invitations from now on."""

    title: Title | None = None
    status: Literal["active", "archived"] | None = None
    questions: Questions | None = None

    def changes(self) -> SurveyChanges:
        questions = None if self.questions is None else _questions(self.questions)
        return SurveyChanges(title=self.title, status=self.status, questions=questions)


class GivenAnswer(Body):
    """The answer to one question: a number 1 to 5 for a score, else a text."""

    question_id: QuestionId
    value: Annotated[int, Field(ge=-(10**9), le=10**9)] | Words


class NewAnswers(Body):
    """``score`` is the satisfaction: the value of the survey's first score question, wherever it is given."""

    score: Score | None = None
    answers: Annotated[list[GivenAnswer], Field(max_length=30)] = []
    comment: Words | None = None


def _questions(given: list[NewQuestion]) -> list[Question]:
    return [
        Question(asked.id or f"q{number}", Kind(asked.kind), asked.text, asked.required, tuple(asked.options))
        for number, asked in enumerate(given, 1)
    ]
