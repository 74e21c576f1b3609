"""What the pages of improvements take."""

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
    owner: Typed | None = None
    due_on: Typed | None = None

    def asked(self) -> dict[str, Any]:
        """As the API takes it."""
        question, _, option = (self.follows or "").partition(":")
        named = {"title": self.title, "plan": self.plan, "survey_id": self.survey_id, "question_id": question,
                 "option": option, "owner": self.owner, "due_on": self.due_on}  # fmt: skip
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
