"""What the API shows of improvements and reports."""

from datetime import date
from typing import Any, Literal, Self

from chalicelib.improvements.model.reports import Shown, Told
from chalicelib.improvements.model.tasks import Measured
from chalicelib.improvements.records import ImprovementRecord, ReportRecord
from chalicelib.kernel.language import Language
from chalicelib.surveys.model.figures import Estimate
from chalicelib.surveys.model.published import MEAN_PLACES
from chalicelib.web import Instant, LocalDate, UlidStr, View


class MeasuredView(View):
    """A figure as it was, of so many answers; decimals in text with four places."""

    value: str
    low: str | None
    high: str | None
    answered: int

    @classmethod
    def of(cls, found: Measured | None) -> Self | None:
        if found is None:
            return None
        low = None if found.low is None else f"{found.low:.4f}"
        high = None if found.high is None else f"{found.high:.4f}"
        return cls(value=f"{found.value:.4f}", low=low, high=high, answered=found.answered)


class ImprovementView(View):
    """An improvement. ``before`` is its figure when it was written down, ``after`` over the answers since it was done;
    null where fewer than five answered, or it was not measured.
    """

    id: UlidStr
    title: str
    plan: str | None
    survey_id: UlidStr
    question_id: str
    option: str | None
    source: Literal["invited", "open", "paper"]
    owner: UlidStr
    due_on: LocalDate
    status: Literal["open", "done", "dropped"]
    done_text: str | None
    done_at: Instant | None
    before: MeasuredView | None
    after: MeasuredView | None
    measured_at: Instant | None
    published: bool
    created_at: Instant
    updated_at: Instant

    @classmethod
    def of(cls, record: ImprovementRecord) -> Self:
        names = ("id", "title", "plan", "survey_id", "question_id", "option", "source", "owner", "due_on", "status",
                 "done_text", "done_at", "measured_at", "published", "created_at", "updated_at")  # fmt: skip
        said = {name: getattr(record, name) for name in names}
        return cls(**said, before=MeasuredView.of(record.before), after=MeasuredView.of(record.after))


class PublishedImprovementView(View):
    """What members said, what the store did about it, and how it is since: figures are null where they were not
    measured, or would tell what fewer than five people said.
    """

    id: UlidStr
    title: str
    done_text: str
    done_on: LocalDate
    before: MeasuredView | None
    after: MeasuredView | None

    @classmethod
    def of(cls, record: ImprovementRecord, done_on: date) -> Self:
        return cls(
            id=record.id, title=record.title, done_text=str(record.done_text), done_on=done_on,
            before=MeasuredView.of(record.told_before), after=MeasuredView.of(record.told_after),
        )  # fmt: skip


class ReportWordsView(View):
    """What a report says in one language."""

    title: str
    text: str


def _texts(record: ReportRecord) -> dict[Language, ReportWordsView]:
    return {language: ReportWordsView(title=each.title, text=each.text) for language, each in record.texts.items()}


class ReportFigureView(View):
    """A figure, and between which bounds the true one lies 95 times in 100; rounded, since it is of few people. Bounds
    are null where too few answered to tell.
    """

    value: str
    low: str | None
    high: str | None

    @classmethod
    def of(cls, found: Estimate | None, places: int = 2) -> Self | None:
        if found is None:
            return None
        low = None if found.low is None else f"{found.low:.{places}f}"
        high = None if found.high is None else f"{found.high:.{places}f}"
        return cls(value=f"{found.value:.{places}f}", low=low, high=high)


class ReportBarView(View):
    """How many gave one of these answers, and which share that is: null where one to four people did. Numbers that
    few gave are told together with their neighbours, and seldom chosen options together.
    """

    names: list[str]
    answered: int | None
    share: ReportFigureView | None


class ReportQuestionView(View):
    """What a question came to. ``hidden`` says why everything else is null: ``too_few`` answered it, or by
    ``comparison`` with what was published before it could be told what a few people said. ``mean``, ``csat`` and
    ``nps`` are null where they would tell of fewer than five people, and so are the bounds of the ``mean``.
    """

    id: str
    kind: Literal["score", "nps", "choice", "multiple"]
    text: str
    hidden: Literal["too_few", "comparison"] | None
    answered: int | None
    mean: ReportFigureView | None
    csat: ReportFigureView | None
    nps: ReportFigureView | None
    distribution: list[ReportBarView]

    @classmethod
    def of(cls, told: Told) -> Self:
        found = told.counted
        return cls.model_validate(
            {
                "id": told.question.id,
                "kind": told.question.kind,
                "text": told.question.text,
                "hidden": told.hidden,
                "answered": found.answered if found else None,
                "mean": ReportFigureView.of(told.mean, MEAN_PLACES),
                "csat": ReportFigureView.of(told.csat),
                "nps": ReportFigureView.of(told.nps),
                "distribution": [
                    ReportBarView(names=list(bar.names), answered=bar.answered, share=ReportFigureView.of(bar.share))
                    for bar in told.bars
                ],
            }
        )


class ReportFiguresView(View):
    """The figures of a report as of a time: how many were invited, null where nobody was, and how many answered."""

    at: Instant
    survey_title: str
    invited: int | None
    answered: int | None
    response: ReportFigureView | None
    questions: list[ReportQuestionView]

    @classmethod
    def of(cls, shown: Shown) -> Self:
        return cls(
            at=shown.at, survey_title=shown.survey_title, invited=shown.invited, answered=shown.answered,
            response=ReportFigureView.of(shown.response),
            questions=[ReportQuestionView.of(each) for each in shown.questions],
        )  # fmt: skip


class ReportEntryView(View):
    """A report in the team's list."""

    id: UlidStr
    survey_id: UlidStr
    source: Literal["invited", "open", "paper"]
    wave: str | None
    questions: list[str]
    texts: dict[Language, ReportWordsView]
    status: Literal["draft", "published", "withdrawn"]
    published_at: Instant | None
    withdrawn_at: Instant | None
    created_at: Instant
    updated_at: Instant

    @classmethod
    def of(cls, record: ReportRecord) -> Self:
        return cls.model_validate(_said(record))


class ReportView(ReportEntryView):
    """A report as the team sees it: ``figures`` are as they were published or, of a draft, as they would be now."""

    figures: ReportFiguresView

    @classmethod
    def with_figures(cls, record: ReportRecord, shown: Shown) -> Self:
        return cls.model_validate(_said(record) | {"figures": ReportFiguresView.of(shown)})


def _said(record: ReportRecord) -> dict[str, Any]:
    names = ("id", "survey_id", "source", "wave", "questions", "status", "published_at", "withdrawn_at", "created_at",
             "updated_at")  # fmt: skip
    return {name: getattr(record, name) for name in names} | {"texts": _texts(record)}


class PublishedReportEntryView(View):
    """A published report, as it is listed."""

    id: UlidStr
    texts: dict[Language, ReportWordsView]
    published_on: LocalDate

    @classmethod
    def of(cls, record: ReportRecord, published_on: date) -> Self:
        return cls(id=record.id, texts=_texts(record), published_on=published_on)


class PublishedReportView(PublishedReportEntryView):
    """A published report: what a survey came to when it was published, and what became better since."""

    source: Literal["invited", "open", "paper"]
    wave: str | None
    figures: ReportFiguresView
    improvements: list[PublishedImprovementView]
