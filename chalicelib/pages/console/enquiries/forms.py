"""What the pages of enquiries take, and the API's forms that they fill in."""

import re
from typing import Annotated, Any, Literal

from pydantic import StringConstraints

from chalicelib.kernel.errors import Invalid
from chalicelib.web import Body, Query

Typed = Annotated[str, StringConstraints(max_length=8000)]
Words = Annotated[str, StringConstraints(max_length=300)]


class Reply(Query):
    """Which canned reply the message begins with, by its place in the list."""

    reply: Annotated[str, StringConstraints(pattern=r"^[0-9]{0,2}$")] = ""


class AnswerPage(Body):
    """An answer to the member, and whether the enquiry waits for them then."""

    text: Typed | None = None
    means: Literal["waits", "goes_on"] = "waits"

    def asked(self) -> dict[str, Any]:
        """As the API takes it."""
        return ({} if self.text is None else {"text": self.text}) | {"waits": self.means == "waits"}


class RulesPage(Body):
    """The rules as they are typed: the threshold in percent."""

    answers: bool = False
    threshold: Words = ""
    close_after_days: Words = ""

    def asked(self) -> dict[str, Any]:
        """As the API takes it. Raises Invalid for what is no whole number."""
        return {
            "answers": self.answers,
            "threshold": _whole(self.threshold, "/threshold") / 100,
            "close_after_days": _whole(self.close_after_days, "/close_after_days"),
        }


class ReplyRow(Body):
    """A canned reply as it is typed."""

    title: Words = ""
    en: Typed = ""
    zh: Typed = ""

    @property
    def empty(self) -> bool:
        return not (self.title.strip() or self.en.strip() or self.zh.strip())


class RepliesPage(Body):
    """All canned replies as they are typed; a row that is empty is left out."""

    replies: list[ReplyRow] = []

    def asked(self) -> dict[str, Any]:
        """As the API takes it."""
        return {"replies": [row.model_dump() for row in self.replies if not row.empty]}


def _whole(text: str, pointer: str) -> int:
    if not re.fullmatch(r"[0-9]{1,3}", text.strip()):
        raise Invalid.at(pointer, "Type a whole number.", "请填写整数。")
    return int(text)


class Nothing(Body):
    """A form that is no more than its button."""
