"""The rules of an improvement: what is measured by it, before and after. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from chalicelib.kernel.errors import Invalid
from chalicelib.surveys.model.figures import Counted, Estimate
from chalicelib.surveys.model.published import Cut
from chalicelib.surveys.model.questions import NUMBERS, Kind, Question


class Status(StrEnum):
    """Where it stands: it is *open* until its owner has it *done*, or it is *dropped* with a word why."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure as it was at a time: ``value`` lies between ``low`` and ``high``, of so many answers, those of ``cut``;
    of one from before that was kept it is not known which they are.
    """

    value: float
    low: float | None
    high: float | None
    answered: int
    cut: Cut | None = None

    @classmethod
    def of(cls, counted: Counted | None, question: Question, option: str | None, cut: Cut) -> Self | None:
        """The figure that is followed: the csat of a score, the net promoter score, or the share of an option. None
        where too few answered to show one.
        """
        found: Estimate | None = None
        if counted is not None and question.kind is Kind.SCORE:
            found = counted.csat
        elif counted is not None:
            found = counted.nps if question.kind is Kind.NPS else counted.shares.get(option or "")
        if counted is None or found is None:
            return None
        return cls(found.value, found.low, found.high, counted.answered, cut)

    def as_json(self) -> Mapping[str, Any]:
        """The stored form."""
        figure = {"value": self.value, "low": self.low, "high": self.high, "answered": self.answered}
        return figure | ({"cut": self.cut.as_json()} if self.cut else {})

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Self:
        cut = Cut.from_json(raw["cut"]) if raw.get("cut") else None
        return cls(raw["value"], raw["low"], raw["high"], int(raw["answered"]), cut)


def check_followed(question: Question | None, option: str | None) -> None:
    """Raises Invalid where a question has no figure to follow: words have none, and a choice one for each option."""
    if question is None:
        raise Invalid.at("/question_id", "The survey has no such question.", "该问卷没有这道题。")
    if question.kind is Kind.TEXT:
        words = "Answers in words have no figure; name a question with one.", "文字题没有数值，请选择其他题目。"
        raise Invalid.at("/question_id", *words)
    if question.kind in NUMBERS and option is not None:
        raise Invalid.at("/option", "Only a choice has options.", "只有选择题才有选项。")
    if question.kind not in NUMBERS and option not in question.options:
        raise Invalid.at("/option", "Name one of the options of the question.", "请选择该题的一个选项。")
