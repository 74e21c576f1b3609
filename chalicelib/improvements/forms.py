"""What the API takes of improvements."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from chalicelib.improvements.model.tasks import Status
from chalicelib.improvements.service.improving import Changes, Followed, Task
from chalicelib.web import Body, Harmless, LocalDate, OneLine, Title, UlidStr

Words = Annotated[str, StringConstraints(min_length=1, max_length=1000), Harmless]
QuestionId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,40}$")]
Option = Annotated[str, StringConstraints(min_length=1, max_length=120), OneLine]


class NewImprovement(Body):
    """What is to become better, who sees to it (a staff id) and until which day; and the question whose figure tells:
    the csat of a score, the net promoter score, or the share of an ``option`` of a choice.
    """

    title: Title
    plan: Words | None = None
    survey_id: UlidStr
    question_id: QuestionId
    option: Option | None = None
    owner: UlidStr
    due_on: LocalDate

    def followed(self) -> Followed:
        return Followed(self.survey_id, self.question_id, self.option)

    def task(self) -> Task:
        return Task(self.title, self.plan, self.owner, self.due_on)


class ImprovementEdit(Body):
    """What is absent stays. Who says that it is ``done`` says what was done; members read that, and the figures, once
    it is ``published``.
    """

    title: Title | None = None
    plan: Words | None = None
    owner: UlidStr | None = None
    due_on: LocalDate | None = None
    status: Literal["open", "done", "dropped"] | None = None
    done_text: Words | None = None
    published: bool | None = None

    def changes(self) -> Changes:
        return Changes(
            self.title, self.plan, self.owner, self.due_on, Status(self.status) if self.status else None,
            self.done_text, self.published,
        )  # fmt: skip
