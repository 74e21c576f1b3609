"""What the pages of the profile take."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.kernel.errors import DomainError, Invalid
from chalicelib.members.leaving.model import LeaveReason
from chalicelib.members.model.asking import QuestionName
from chalicelib.members.model.consents import WORDS
from chalicelib.members.model.profiles import PROFILE_FIELDS
from chalicelib.pages.shell.onward import Onward
from chalicelib.web import Body

_BETWEEN = re.compile(r"[,，、;；\n]+")


def _several(typed: str) -> list[str] | None:
    return [each for each in (part.strip() for part in _BETWEEN.split(typed)) if each] or None


def _birthday(month: str, day: str) -> str | None:
    return f"{month}-{day}" if month or day else None


class ProfilePage(Body):
    """The profile as it was typed; what is left empty is cleared. Interests stand in one line, between commas, and a
    birthday in two fields.
    """

    profile: dict[str, str] = {}

    def stated(self) -> dict[str, Any]:
        """As the API takes it."""
        typed: dict[str, Any] = {name: self.profile.get(name) for name in ("name", *PROFILE_FIELDS)}
        birthday = _birthday(self.profile.get("month", ""), self.profile.get("day", ""))
        return {"profile": {**typed, "birthday": birthday, "interests": _several(typed["interests"] or "")}}


def beside(refusal: DomainError, of_birthday: str) -> DomainError:
    """A refusal of the API's birthday, said of the field of its day."""
    refusal.errors = tuple(
        replace(
            each, pointer=of_birthday, message="Choose a month and a day that it has, or neither.",
            message_zh="请选择存在的月份和日期，或都不选。",
        )
        if each.pointer == "/profile/birthday"
        else each
        for each in refusal.errors
    )  # fmt: skip
    return refusal


class ConsentPage(Body):
    """One purpose, agreed to or withdrawn, and the version of the words that were shown."""

    purpose: Literal["marketing", "analytics", "personalisation", "leaderboards"]
    granted: bool
    words: Annotated[int, Field(ge=1, le=WORDS)] = WORDS


class QuestionPage(Onward):
    """An answer to the one question, or that it is put away; and where one goes on."""

    question: QuestionName
    then: Literal["answer", "dismiss"] = "answer"
    answer: Annotated[str, StringConstraints(max_length=400)] = ""
    month: Annotated[str, StringConstraints(max_length=2)] = ""
    day: Annotated[str, StringConstraints(max_length=2)] = ""

    def stated(self) -> Mapping[str, Any]:
        """As the API takes it. Raises Invalid where nothing was said."""
        answers: dict[str, Any] = {
            "birthday": _birthday(self.month, self.day), "interests": _several(self.answer),
        }  # fmt: skip
        answer = answers.get(self.question, self.answer)
        if not answer:
            field = "/day" if self.question == "birthday" else "/answer"
            raise Invalid.at(field, "Give an answer, or press: Not now.", "请填写，或点击“暂不填写”。")
        return {"profile": {self.question: answer}}

    def beside(self, refusal: DomainError) -> DomainError:
        """A refusal of the API's field, said of the page's."""
        refused = beside(refusal, "/day")
        own = f"/profile/{self.question}"
        refused.errors = tuple(
            replace(each, pointer="/answer") if each.pointer.startswith(own) else each for each in refused.errors
        )
        return refused


class LeavePage(Body):
    """Why, as far as it is said."""

    reason: LeaveReason = LeaveReason.NOT_SAID
    note: str = ""

    def stated(self) -> Mapping[str, str]:
        """As the API takes it."""
        return {"reason": self.reason.value} | ({"note": self.note} if self.note else {})


class Nothing(Body):
    """A form that is no more than its button."""
