"""What the pages of improvements and reports take."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.web import Body, Query

Typed = Annotated[str, StringConstraints(max_length=4000)]


class About(Query):
    """Which survey an improvement is about."""

    survey: Annotated[str, Field(pattern=r"^[0-9A-Z]{26}$")] | None = None


class ImprovementPage(Body):
    """An improvement as it was typed; ``follows`` names a question, and of a choice after a colon its option."""

    title: Typed | None = None
    plan: Typed | None = None
    survey_id: Typed | None = None
    follows: Typed | None = None
    source: Typed | None = None
    owner: Typed | None = None
    due_on: Typed | None = None

    def asked(self) -> dict[str, Any]:
        """As the API takes it."""
        question, _, option = (self.follows or "").partition(":")
        named = {"title": self.title, "plan": self.plan, "survey_id": self.survey_id, "question_id": question,
                 "option": option, "source": self.source, "owner": self.owner, "due_on": self.due_on}  # fmt: skip
        return {name: value for name, value in named.items() if value}


class EditPage(Body):
    """What was typed of one that there is."""

    plan: Typed | None = None
    owner: Typed | None = None
    due_on: Typed | None = None
    done_text: Typed | None = None
    status: Literal["open", "done", "dropped"] | None = None
    published: Literal["true", "false"] | None = None

    def asked(self) -> dict[str, Any]:
        """As the API takes it."""
        named = self.model_dump(exclude={"published"})
        found = {name: value for name, value in named.items() if value}
        return found | ({"published": self.published == "true"} if self.published else {})


class Nothing(Body):
    """A button alone."""


class WordsPage(Body):
    """A report's words as they were typed, in one language or both."""

    texts: dict[str, dict[str, Typed]] = Field(default={}, max_length=2)

    def asked(self) -> dict[str, Any]:
        """As the API takes it: a language in which nothing was typed is left out."""
        return {"texts": {code: words for code, words in self.texts.items() if any(each for each in words.values())}}


class ReportPage(WordsPage):
    """A report as it was typed: of the questions, by their ids, those that are ticked."""

    survey_id: Typed | None = None
    source: Typed | None = None
    wave: Typed | None = None
    take: Annotated[dict[str, Literal["true", "false"]], Field(max_length=30)] = {}

    def asked(self) -> dict[str, Any]:
        """As the API takes it."""
        named = {"survey_id": self.survey_id, "source": self.source, "wave": self.wave}
        taken = [name.removeprefix("q-") for name, ticked in self.take.items() if ticked == "true"]
        return super().asked() | {"questions": taken} | {name: value for name, value in named.items() if value}
