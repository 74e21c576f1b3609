"""What the pages of surveys take, and the API's forms that they fill in."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.kernel.errors import DomainError, FieldError
from chalicelib.pages.survey_answers.forms import SurveyForm
from chalicelib.web import Body, Query

Typed = Annotated[str, StringConstraints(max_length=4000)]
MOST = 30
"""Questions of a survey."""


class Places(Query):
    """For how many questions there is room on the page."""

    places: Annotated[int, Field(ge=1, le=MOST)] | None = None


class Received(Query):
    """Whose answers are listed; those without an invitation all, or only of who is not satisfied."""

    source: Literal["invited", "open", "paper"] = "invited"
    low: Literal["1"] | None = None


BRANCHES = 3
"""For how many branches there is room at a question, beside those that it has."""
END = "end"
NEVER = "never"


class BranchPage(Body):
    """Where the survey goes on, as it was typed: ``value`` is a number, or options one a line; ``to`` the number of a
    question on the page, or the end. One without a ``when`` is none.
    """

    when: Literal["options", "at_most", "at_least", "always"] | None = None
    value: Typed | None = None
    to: Typed | None = None

    def asked(self, ids: Mapping[int, str]) -> dict[str, Any]:
        """As the API takes it, by the ids of the questions on the page."""
        number = (self.to or "").strip()
        known = ids.get(int(number) - 1) if number.isascii() and number.isdecimal() else None
        to = None if number == END else known or number
        if self.when == "options":
            return {"to": to, "options": _lines(self.value)}
        return {"to": to} | ({self.when: self.value or ""} if self.when != "always" and self.when else {})


class QuestionPage(Body):
    """A question as it was typed: ``options`` one a line. One without a text is none."""

    id: Typed | None = None
    kind: Literal["score", "nps", "choice", "multiple", "text"] = "score"
    text: Typed | None = None
    required: bool = False
    options: Typed | None = None
    branches: Annotated[list[BranchPage], Field(max_length=20)] = []

    @property
    def branch_places(self) -> list[int]:
        """Where on the page its branches were typed."""
        return [place for place, each in enumerate(self.branches) if each.when]

    def asked(self, ids: Mapping[int, str]) -> dict[str, Any]:
        """As the API takes it; options that were typed for another kind of question are left out."""
        asked = {"kind": self.kind, "text": self.text, "required": self.required}
        options = {"options": _lines(self.options)} if self.kind in ("choice", "multiple") else {}
        branches = [self.branches[place].asked(ids) for place in self.branch_places]
        return asked | options | ({"branches": branches} if branches else {})


class SurveyPage(Body):
    """A survey as it was typed. What sends it is said when it is written, and stays."""

    title: Typed | None = None
    trigger: Typed | None = None
    after_days: Typed | None = None
    every: Typed | None = None
    sample: Typed | None = None
    low_nps: Typed | None = None
    questions: Annotated[list[QuestionPage], Field(max_length=MOST)] = []

    @property
    def _places(self) -> list[int]:
        return [place for place, each in enumerate(self.questions) if each.text]

    def _ids(self) -> dict[int, str]:
        """The ids of the questions by their places on the page; new ones get some that are free."""
        used = {each.id for each in self.questions if each.id}
        free = (name for name in (f"q{number}" for number in range(1, 3 * MOST)) if name not in used)
        return {place: self.questions[place].id or next(free) for place in self._places}

    def asked(self, *, periodic: bool) -> dict[str, Any]:
        """As the API takes it; what was typed for surveys that are sent otherwise is left out."""
        ids = self._ids()
        sent = ("every", "sample") if periodic else ("after_days",)
        named = {name: getattr(self, name) for name in ("title", *sent)}
        low = {} if self.low_nps is None else {"low_nps": None if self.low_nps == NEVER else self.low_nps}
        return (
            {
                "questions": [{"id": ids[place]} | self.questions[place].asked(ids) for place in self._places],
            }
            | low
            | {name: value for name, value in named.items() if value}
        )

    def beside(self, refusal: DomainError) -> DomainError:
        """A refusal of the API, with what it says of a question beside the place that it was typed in."""
        refusal.errors = tuple(_moved(each, self.questions, self._places) for each in refusal.errors)
        return refusal


class StatusPage(Body):
    """Whether it is sent from now on."""

    status: Literal["active", "archived"]


class WavePage(Body):
    """A wave as it was typed."""

    name: Typed | None = None
    sample: Typed | None = None


class LinkPage(Body):
    """A link as it was typed."""

    label: Typed | None = None
    pickup_point_id: Typed | None = None
    channel_id: Typed | None = None


class LinkStatusPage(Body):
    """Whether a link takes answers."""

    status: Literal["open", "closed"]


class PaperPage(SurveyForm):
    """Answers on paper as they were typed, and where they were given."""

    pickup_point_id: Typed | None = None


class RulesPage(Body):
    """How seldom members are asked, as it was typed."""

    quiet_days: Typed | None = None


def _lines(typed: str | None) -> list[str]:
    """What was typed one a line, once each."""
    return list(dict.fromkeys(line.strip() for line in (typed or "").splitlines() if line.strip()))


def _moved(error: FieldError, questions: Sequence[QuestionPage], places: list[int]) -> FieldError:
    _, _, rest = error.pointer.partition("/questions/")
    index, _, field = rest.partition("/")
    if not index.isdecimal() or int(index) >= len(places):
        return error
    place = places[int(index)]
    name, _, inner = field.partition("/")
    at = f"/questions/{place}/{name or 'text'}"
    if name == "branches":
        number = inner.partition("/")[0]
        typed = questions[place].branch_places
        at += f"/{typed[int(number)] if number.isdecimal() and int(number) < len(typed) else 0}"
    return FieldError(at, error.message, error.message_zh)
