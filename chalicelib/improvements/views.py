"""What the API shows of improvements."""

from datetime import date
from typing import Literal, Self

from chalicelib.improvements.model.tasks import Measured
from chalicelib.improvements.records import ImprovementRecord
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
        names = ("id", "title", "plan", "survey_id", "question_id", "option", "owner", "due_on", "status", "done_text",
                 "done_at", "measured_at", "published", "created_at", "updated_at")  # fmt: skip
        said = {name: getattr(record, name) for name in names}
        return cls(**said, before=MeasuredView.of(record.before), after=MeasuredView.of(record.after))


class PublishedImprovementView(View):
    """What members said, what the store did about it, and how it is since."""

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
            before=MeasuredView.of(record.before), after=MeasuredView.of(record.after),
        )  # fmt: skip
