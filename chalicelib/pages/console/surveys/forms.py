"""What the pages of surveys take, and the API's forms that they fill in."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.kernel.errors import DomainError, FieldError
from chalicelib.web import Body, Query

Typed = Annotated[str, StringConstraints(max_length=4000)]
MOST = 30
"""Questions of a survey."""


class Places(Query):
    """For how many questions there is room on the page."""

    places: Annotated[int, Field(ge=1, le=MOST)] | None = None


class QuestionPage(Body):
    """A question as it was typed: ``options`` one a line. One without a text is none."""

    id: Typed | None = None
    kind: Literal["score", "choice", "text"] = "score"
    text: Typed | None = None
    required: bool = False
    options: Typed | None = None

    @property
    def lines(self) -> list[str]:
        """The options, once each."""
        return list(dict.fromkeys(line.strip() for line in (self.options or "").splitlines() if line.strip()))

    def asked(self) -> dict[str, Any]:
        """As the API takes it; options that were typed for another kind of question are left out."""
        asked = {"kind": self.kind, "text": self.text, "required": self.required}
        options = {"options": self.lines} if self.kind == "choice" else {}
        return asked | options | ({"id": self.id} if self.id else {})


class SurveyPage(Body):
    """A survey as it was typed."""

    title: Typed | None = None
    questions: Annotated[list[QuestionPage], Field(max_length=MOST)] = []

    @property
    def _places(self) -> list[int]:
        return [place for place, each in enumerate(self.questions) if each.text]

    def asked(self) -> dict[str, Any]:
        """As the API takes it. Questions keep the ids that they have; new ones get some that are free."""
        written = [self.questions[place].asked() for place in self._places]
        used = {each["id"] for each in written if "id" in each}
        free = (name for name in (f"q{number}" for number in range(1, 3 * MOST)) if name not in used)
        questions = [{"id": each.get("id") or next(free)} | each for each in written]
        return {"questions": questions} | ({"title": self.title} if self.title else {})

    def beside(self, refusal: DomainError) -> DomainError:
        """A refusal of the API, with what it says of a question beside the place that it was typed in."""
        refusal.errors = tuple(_moved(each, self._places) for each in refusal.errors)
        return refusal


class StatusPage(Body):
    """Whether it is sent from now on."""

    status: Literal["active", "archived"]


def _moved(error: FieldError, places: list[int]) -> FieldError:
    _, _, rest = error.pointer.partition("/questions/")
    index, _, field = rest.partition("/")
    if not index.isdecimal() or int(index) >= len(places):
        return error
    name = field.partition("/")[0] or "text"
    return FieldError(f"/questions/{places[int(index)]}/{name}", error.message, error.message_zh)
