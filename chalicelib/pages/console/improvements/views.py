"""What the pages of improvements show beyond the API's views."""

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal

from chalicelib.improvements.views import MeasuredView
from chalicelib.kernel.language import Language
from chalicelib.pages.console.said import State
from chalicelib.pages.shell import N_
from chalicelib.surveys.model.questions import said_in
from chalicelib.surveys.views.surveys import QuestionView, SurveyView

STATES: Mapping[str, State] = {
    "open": State(N_("to be done"), tone="warn"),
    "done": State(N_("done"), tone="good"),
    "dropped": State(N_("dropped")),
}


REPORT_STATES: Mapping[str, State] = {
    "draft": State(N_("not published"), tone="warn"),
    "published": State(N_("told of in the shop"), tone="good"),
    "withdrawn": State(N_("out of the shop again")),
}


def reportable(survey: SurveyView) -> list[QuestionView]:
    """The questions whose figures can be published: what was answered in words never is."""
    return [question for question in survey.questions if question.kind != "text"]


def followed(survey: SurveyView, language: Language) -> list[tuple[str, str]]:
    """What can be followed of a survey: a question, or an option of one, and how it is called."""
    found: list[tuple[str, str]] = []
    for question in survey.questions:
        text = said_in(language, question.text)
        if question.kind in ("score", "nps"):
            found.append((question.id, text))
        found += [(f"{question.id}:{option}", f"{text} → {option}") for option in question.options]
    return found


def figure(found: MeasuredView | None) -> str:
    """A figure with its interval and of how many: ``62 % (31–86 %), n = 8``; a dash where there is none."""
    if found is None:
        return "–"
    value, low, high = (
        None if each is None else (Decimal(each) * 100).quantize(Decimal(1), ROUND_HALF_EVEN)
        for each in (found.value, found.low, found.high)
    )
    span = "" if low is None else f" ({low}…{high})"
    return f"{value}{span}, n = {found.answered}"
