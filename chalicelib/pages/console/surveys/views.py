"""What the pages of surveys show beyond the API's views."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from chalicelib.pages.console.surveys.forms import BRANCHES, END, MOST, NEVER
from chalicelib.pages.shell import N_
from chalicelib.surveys.views.figures import EstimateView
from chalicelib.surveys.views.surveys import (
    BranchView,
    QuestionView,
    ReceivedView,
    ResponseView,
    ResultsView,
    SurveyView,
)

KINDS: Mapping[str, str] = {
    "score": N_("Score from 1 to 5"),
    "nps": N_("How likely to recommend, 0 to 10"),
    "choice": N_("One of several options"),
    "multiple": N_("Any of several options"),
    "text": N_("Words of their own"),
}

TRIGGERS: Mapping[str, str] = {
    "pickup": N_("After each pickup"),
    "campaign_end": N_("After a campaign has ended, to who ordered"),
    "complaint_closed": N_("After a complaint was closed"),
    "joined": N_("After somebody has joined"),
    "periodic": N_("From time to time"),
    "link": N_("Not sent: by link and on paper only"),
}

EVERY: Mapping[str, str] = {
    "week": N_("Each Monday"),
    "month": N_("On the first of each month"),
    "quarter": N_("On the first day of each quarter"),
}

WHEN: Mapping[str, str] = {
    "options": N_("One of these options is chosen"),
    "at_most": N_("The number is at most"),
    "at_least": N_("The number is at least"),
    "always": N_("Always"),
}

LOW_NPS: Mapping[str, str] = {
    NEVER: N_("No, never"), "0": N_("Only at 0"), "1": N_("1 or less"), "2": N_("2 or less"),
    "3": N_("3 or less"), "4": N_("4 or less"), "5": N_("5 or less"), "6": N_("6 or less: all detractors"),
}  # fmt: skip
"""Until which recommendation a complaint is opened."""

PLACES = 4
"""For how many questions a new survey has room at first; more on request."""


BREAKDOWNS: Mapping[str, str] = {
    "campaign": N_("By campaign"),
    "pickup_point": N_("By pickup point"),
    "leader": N_("By leader"),
    "product": N_("By product"),
    "month": N_("By month"),
    "segment": N_("By segment"),
    "wave": N_("By wave"),
}


OPEN_BREAKDOWNS: Mapping[str, str] = {
    "link": N_("By link"),
    "channel": N_("By channel"),
    "pickup_point": N_("By pickup point"),
    "month": N_("By month"),
}

SOURCES: Mapping[str, str] = {
    "invited": N_("Who was invited"),
    "open": N_("By links open to all"),
    "paper": N_("On paper"),
}


@dataclass(frozen=True, slots=True)
class BranchPlace:
    """Room for a branch of a question, filled in with the one that is there; ``to`` as the page numbers questions."""

    when: str = ""
    value: str = ""
    to: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Room for a question on the page, filled in with the one that stands there."""

    id: str = ""
    kind: str = "score"
    text: str = ""
    required: bool = False
    options: str = ""
    branches: tuple[BranchPlace, ...] = (BranchPlace(),) * BRANCHES

    @property
    def goes_on(self) -> bool:
        """Whether it says anything of where the survey goes on."""
        return any(each.when for each in self.branches)


@dataclass(frozen=True, slots=True)
class Bar:
    """How often a score was given, and which part of all scores that is, in whole per cent."""

    score: int
    count: int
    percent: int


def sent(surveys: Sequence[SurveyView]) -> frozenset[str]:
    """Those of the newest first that are sent: the first active one of each trigger, and all periodic ones."""
    active = [each for each in surveys if each.status == "active"]
    newest = {each.trigger: each.id for each in reversed(active)}
    return frozenset(newest.values()) | {each.id for each in active if each.trigger == "periodic"}


def places(questions: Iterable[QuestionView], asked: int | None, sent: Mapping[str, str]) -> list[Place]:
    """Room for the questions that there are, for those that were sent, and for those that somebody asked for."""
    listed = list(questions)
    numbered = {each.id: str(number) for number, each in enumerate(listed, 1)}
    found = [
        Place(each.id, each.kind, each.text, each.required, "\n".join(each.options), _branches(each, numbered))
        for each in listed
    ]
    numbers = [
        int(name.split(".")[1]) for name in sent if name.startswith("questions.") and name.split(".")[1].isdecimal()
    ]
    wanted = max(asked or 0, len(found) + 1 if found else PLACES, *(number + 1 for number in numbers), 1)
    most = max(len(found), min(wanted, MOST))
    return found + [Place()] * (most - len(found))


def _branches(question: QuestionView, numbered: Mapping[str, str]) -> tuple[BranchPlace, ...]:
    found = [_branch(each, numbered) for each in question.branches]
    return (*found, *[BranchPlace()] * BRANCHES)[: max(BRANCHES, len(found) + 1)]


def _branch(branch: BranchView, numbered: Mapping[str, str]) -> BranchPlace:
    to = numbered.get(branch.to or "", "") if branch.to is not None else END
    if branch.options:
        return BranchPlace("options", "\n".join(branch.options), to)
    if branch.at_least is not None:
        return BranchPlace("at_least", str(branch.at_least), to)
    return BranchPlace("always", "", to) if branch.at_most is None else BranchPlace("at_most", str(branch.at_most), to)


def ways(questions: Sequence[QuestionView]) -> dict[str, list[BranchPlace]]:
    """Where the survey goes on after each question, as the page numbers them."""
    numbered = {each.id: str(number) for number, each in enumerate(questions, 1)}
    return {each.id: [_branch(branch, numbered) for branch in each.branches] for each in questions}


def bars(results: ResultsView) -> list[Bar]:
    """The scores, the best first; none where they are hidden."""
    whole = results.scored
    counts = sorted(((int(score), count) for score, count in (results.distribution or {}).items()), reverse=True)
    return [Bar(score, count, round(count * 100 / whole) if whole else 0) for score, count in counts]


def percent(rate: str | None) -> str:
    """A rate such as ``0.8333`` as ``83 %``; a dash where there is none."""
    if rate is None:
        return "–"
    return f"{(Decimal(rate) * 100).quantize(Decimal(1), ROUND_HALF_EVEN)} %"


def average(number: str | None) -> str:
    """An average such as ``4.2500`` as ``4.2``; a dash where there is none."""
    return "–" if number is None else str(Decimal(number).quantize(Decimal("0.1"), ROUND_HALF_EVEN))


def estimate(found: EstimateView) -> str:
    """A share with its interval, such as ``80 % (49–94 %)``."""
    if found.low is None or found.high is None:
        return percent(found.value)
    return f"{percent(found.value)} ({_hundred(found.low)}–{percent(found.high)})"


def mean(found: EstimateView) -> str:
    """A mean with its interval, such as ``4.2 (3.9–4.5)``."""
    if found.low is None or found.high is None:
        return average(found.value)
    return f"{average(found.value)} ({average(found.low)}–{average(found.high)})"


def net(found: EstimateView) -> str:
    """A net promoter score, or how much a share rose, with its interval, in hundredths: ``+25 (-10…+60)``."""
    value = _signed(found.value)
    if found.low is None or found.high is None:
        return value
    return f"{value} ({_signed(found.low)}…{_signed(found.high)})"


def change_of_mean(found: EstimateView) -> str:
    """How much a mean rose: ``+0.4 (+0.1…+0.7)``."""
    value, low, high = (f"{Decimal(each):+.1f}" for each in (found.value, found.low or "0", found.high or "0"))
    return f"{value} ({low}…{high})"


def _signed(rate: str) -> str:
    whole = (Decimal(rate) * 100).quantize(Decimal(1), ROUND_HALF_EVEN)
    return f"{whole:+}" if whole else "0"


def _hundred(rate: str) -> str:
    return str((Decimal(rate) * 100).quantize(Decimal(1), ROUND_HALF_EVEN))


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer under the question that it belongs to."""

    question: str
    value: str


def answers(received: ReceivedView | ResponseView, questions: Iterable[QuestionView]) -> list[Answered]:
    """The answers in the order of the questions; those to a question that was taken out since come by its id."""
    given = dict(received.answers or {})
    found = [Answered(each.text, _said(given.pop(each.id))) for each in questions if each.id in given]
    return found + [Answered(question, _said(value)) for question, value in given.items()]


def _said(value: int | str | list[str]) -> str:
    return " · ".join(value) if isinstance(value, list) else str(value)
