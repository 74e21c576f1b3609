"""What the API takes of improvements and reports."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from chalicelib.improvements.model.reports import Words as ReportWords
from chalicelib.improvements.model.tasks import Status
from chalicelib.improvements.service.improving import Changes, Followed, Task
from chalicelib.improvements.service.reporting import ReportChanges, Reported
from chalicelib.kernel.errors import InvalidField
from chalicelib.kernel.language import Language
from chalicelib.web import Body, Harmless, LocalDate, OneLine, Title, UlidStr

Words = Annotated[str, StringConstraints(min_length=1, max_length=1000), Harmless]
QuestionId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,40}$")]
Option = Annotated[str, StringConstraints(min_length=1, max_length=120), OneLine]


class NewImprovement(Body):
    """What is to become better, who sees to it (a staff id) and until which day; and the question whose figure tells:
    the csat of a score, the net promoter score, or the share of an ``option`` of a choice; over the answers of the
    invited, by links open to all, or on paper, as ``source`` says.
    """

    title: Title
    plan: Words | None = None
    survey_id: UlidStr
    question_id: QuestionId
    option: Option | None = None
    source: Literal["invited", "open", "paper"] = "invited"
    owner: UlidStr
    due_on: LocalDate

    def followed(self) -> Followed:
        return Followed(self.survey_id, self.question_id, self.option, self.source)

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


class ReportWordsForm(Body):
    """A report's title and what is said beside the figures, in one language."""

    title: Title
    text: Annotated[str, StringConstraints(min_length=1, max_length=2000), Harmless]


class ReportTexts(Body):
    """The words in Chinese, English, or both; who reads the other language gets those that there are."""

    zh: ReportWordsForm | None = None
    en: ReportWordsForm | None = None

    @model_validator(mode="after")
    def _has_one(self) -> "ReportTexts":
        if self.zh is None and self.en is None:
            raise InvalidField(
                "Write the report in Chinese (zh), English (en), or both.", "请填写中文（zh）或英文（en）内容。"
            )
        return self

    def words(self) -> dict[Language, ReportWords]:
        given: dict[Language, ReportWordsForm | None] = {"zh": self.zh, "en": self.en}
        return {language: ReportWords(form.title, form.text) for language, form in given.items() if form}


ReportQuestions = Annotated[list[QuestionId], Field(min_length=1, max_length=30)]
WaveName = Annotated[str, StringConstraints(min_length=1, max_length=60), OneLine]


class NewReport(Body):
    """A report of a survey: which questions, by their ids, and whose answers; of the invited also those of one
    ``wave``. What people wrote in words is never part of it.
    """

    EXAMPLES = {
        "of all who were invited": {
            "survey_id": "01JB7ZK8Q4T9V2M6N3X5C1D0EF", "questions": ["overall"],
            "texts": {"en": {"title": "What you said in spring", "text": "Thank you for so many answers."}},
        },
    }  # fmt: skip

    survey_id: UlidStr
    questions: ReportQuestions
    source: Literal["invited", "open", "paper"] = "invited"
    wave: WaveName | None = None
    texts: ReportTexts

    def reported(self) -> Reported:
        return Reported(self.survey_id, self.questions, self.source, self.wave)


class ReportEdit(Body):
    """What is absent stays. The questions can be changed until the report is published."""

    texts: ReportTexts | None = None
    questions: ReportQuestions | None = None

    def changes(self) -> ReportChanges:
        return ReportChanges(self.texts.words() if self.texts else None, self.questions)
