"""A survey's figures as a brand publishes them: what each question came to when it was published. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from chalicelib.kernel.clock import parse_instant, sortable
from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.surveys.model.figures import Counted, Estimate, counted, share
from chalicelib.surveys.model.published import Bar, bars, csat_beside, mean_beside, nps_beside
from chalicelib.surveys.model.questions import NUMBERS, Kind, Question


class ReportStatus(StrEnum):
    """A report is a *draft* until it is *published*, and may be *withdrawn*; published again it shows the same."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Words:
    """A report's title and what the team says beside the figures, in one language."""

    title: str
    text: str


class Hidden(StrEnum):
    """Why a question's figures are not shown: *too few* answered it, or by *comparison* with what was published before
    it could be told what a few people said.
    """

    TOO_FEW = "too_few"
    COMPARISON = "comparison"


@dataclass(frozen=True, slots=True)
class Told:
    """A question with its figures, or why these are hidden."""

    question: Question
    counted: Counted | None
    hidden: Hidden | None = None

    @property
    def bars(self) -> Sequence[Bar]:
        return bars(self.question, self.counted) if self.counted else ()

    @property
    def mean(self) -> Estimate | None:
        """The mean of what is answered by a number, also of recommendations, where it tells nothing of few."""
        if self.counted is None or self.question.kind not in NUMBERS:
            return None
        return mean_beside(self.bars, self.counted)

    @property
    def csat(self) -> Estimate | None:
        """The share of who is satisfied, where it tells nothing of few."""
        return csat_beside(self.bars, self.counted) if self.counted and self.counted.csat else None

    @property
    def nps(self) -> Estimate | None:
        """The net promoter score, where it tells nothing of few."""
        return nps_beside(self.bars, self.counted) if self.counted and self.counted.nps else None

    def as_json(self) -> dict[str, Any]:
        """The stored form: of the question what is shown, of the figures the counts, from which the others follow."""
        found: dict[str, Any] = {"question": Question(
            self.question.id, self.question.kind, self.question.text, options=self.question.options
        ).to_json()}  # fmt: skip
        if self.counted is not None:
            found |= {"answered": self.counted.answered, "counts": dict(self.counted.counts)}
        return found | ({"hidden": self.hidden.value} if self.hidden else {})

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Self:
        question = Question.from_json(raw["question"])
        if "hidden" in raw:
            return cls(question, None, Hidden(raw["hidden"]))
        return cls(question, counted(question, int(raw["answered"]), raw["counts"]))


@dataclass(frozen=True, slots=True)
class Shown:
    """The figures of a report: as of when, how many were invited (None where nobody was) and how many answered, both
    None where these are fewer than five, and each question.
    """

    at: datetime
    survey_title: str
    invited: int | None
    answered: int | None
    questions: tuple[Told, ...]

    @property
    def response(self) -> Estimate | None:
        """The share of the invited who answered."""
        return share(self.answered, self.invited) if self.answered is not None and self.invited else None

    @property
    def shows_any(self) -> bool:
        return any(each.counted is not None for each in self.questions)

    def as_json(self) -> dict[str, Any]:
        """The stored form."""
        return {
            "at": sortable(self.at), "survey_title": self.survey_title, "invited": self.invited,
            "answered": self.answered, "questions": [each.as_json() for each in self.questions],
        }  # fmt: skip

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Self:
        questions = tuple(Told.from_json(each) for each in raw["questions"])
        return cls(parse_instant(raw["at"]), raw["survey_title"], raw["invited"], raw["answered"], questions)


def check_reported(questions: Sequence[Question], wanted: Sequence[str]) -> None:
    """Raises Invalid naming each question that cannot be published: one that there is not, or answered in words."""
    known = {each.id: each for each in questions}
    faults = []
    for place, name in enumerate(wanted):
        if name not in known:
            faults.append(FieldError(f"/questions/{place}", "The survey has no such question.", "该问卷没有这道题。"))
        elif known[name].kind is Kind.TEXT:
            words = "What people wrote in words is never published; leave it out.", "文字回答不会公布，请去掉这道题。"
            faults.append(FieldError(f"/questions/{place}", *words))
    if faults:
        raise Invalid("The report cannot be made of these.", detail_zh="无法生成报告。", errors=tuple(faults))
