"""What the pages of surveys show beyond the API's views."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from chalicelib.pages.console.surveys.forms import MOST
from chalicelib.pages.shell import N_
from chalicelib.surveys.views import QuestionView, ReceivedView, ResultsView

KINDS: Mapping[str, str] = {
    "score": N_("Score from 1 to 5"),
    "choice": N_("One of several options"),
    "text": N_("Words of their own"),
}

PLACES = 4
"""For how many questions a new survey has room at first; more on request."""


@dataclass(frozen=True, slots=True)
class Place:
    """Room for a question on the page, filled in with the one that stands there."""

    id: str = ""
    kind: str = "score"
    text: str = ""
    required: bool = False
    options: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """How often a score was given, and which part of all scores that is, in whole per cent."""

    score: int
    count: int
    percent: int


def places(questions: Iterable[QuestionView], asked: int | None, sent: Mapping[str, str]) -> list[Place]:
    """Room for the questions that there are, for those that were sent, and for those that somebody asked for."""
    found = [Place(each.id, each.kind, each.text, each.required, "\n".join(each.options)) for each in questions]
    numbers = [
        int(name.split(".")[1]) for name in sent if name.startswith("questions.") and name.split(".")[1].isdecimal()
    ]
    wanted = max(asked or 0, len(found) + 1 if found else PLACES, *(number + 1 for number in numbers), 1)
    most = max(len(found), min(wanted, MOST))
    return found + [Place()] * (most - len(found))


def bars(results: ResultsView) -> list[Bar]:
    """The scores, the best first."""
    whole = results.scored
    counts = sorted(((int(score), count) for score, count in results.distribution.items()), reverse=True)
    return [Bar(score, count, round(count * 100 / whole) if whole else 0) for score, count in counts]


def percent(rate: str | None) -> str:
    """A rate such as ``0.8333`` as ``83 %``; a dash where there is none."""
    if rate is None:
        return "–"
    return f"{(Decimal(rate) * 100).quantize(Decimal(1), ROUND_HALF_EVEN)} %"


def average(number: str | None) -> str:
    """An average such as ``4.2500`` as ``4.2``; a dash where there is none."""
    return "–" if number is None else str(Decimal(number).quantize(Decimal("0.1"), ROUND_HALF_EVEN))


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer under the question that it belongs to."""

    question: str
    value: str


def answers(received: ReceivedView, questions: Iterable[QuestionView]) -> list[Answered]:
    """The answers in the order of the questions; those to a question that was taken out since come by its id."""
    given = dict(received.answers or {})
    found = [Answered(each.text, str(given.pop(each.id))) for each in questions if each.id in given]
    return found + [Answered(question, str(value)) for question, value in given.items()]
