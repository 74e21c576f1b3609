"""What the pages of the team take."""

import re
from typing import Annotated, Any

from pydantic import StringConstraints

from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.pages.console.hours import spans_of
from chalicelib.web import Body, Query

Words = Annotated[str, StringConstraints(max_length=300)]


class Nothing(Body):
    """A form that is no more than its button."""


class RolesForm(Body):
    """A name and the roles that are ticked."""

    name: Words = ""
    roles: dict[str, bool] = {}

    def ticked(self) -> list[str]:
        """The roles."""
        return [name for name, on in self.roles.items() if on]

    def edit(self) -> dict[str, Any]:
        """As the API takes it; a name that is empty stays."""
        return {"name": self.name or None, "roles": self.ticked()}


class WorkForm(Body):
    """Which cases somebody gets, as it is typed: skills with commas between them, hours by weekday, points ticked."""

    on: bool = False
    skills: Words = ""
    hours: dict[str, Words] = {}
    points: dict[str, bool] = {}

    def work(self) -> dict[str, Any]:
        """As the API takes it; without any hours they are always there. Raises Invalid for hours that cannot be
        read.
        """
        week = {day: spans_of(text, f"/hours/{day}") for day, text in self.hours.items() if text.strip()}
        return {
            "skills": [each for each in map(str.strip, re.split(r"[,，、;；]", self.skills)) if each],
            "pickup_point_ids": [name for name, on in self.points.items() if on],
            "duty": {"on": self.on, "hours": week or None},
        }

    def beside(self, refusal: Invalid) -> Invalid:
        """A refusal of the API, with what it says beside the page's fields."""
        refusal.errors = tuple(
            FieldError(each.pointer.replace("/duty/hours", "/hours"), each.message, each.message_zh)
            for each in refusal.errors
        )
        return refusal


class PersonForm(RolesForm):
    """Somebody new, with the roles that are ticked."""

    email: Words = ""

    def person(self) -> dict[str, Any]:
        """As the API takes it."""
        return {"email": self.email, **self.edit()}


class ColleagueForm(Body):
    """Somebody new with one role; empty where none was chosen."""

    email: Words = ""
    name: Words = ""
    role: Words = ""

    def person(self) -> dict[str, Any]:
        """As the API takes it."""
        return {"email": self.email, "name": self.name or None, "roles": [self.role] if self.role else []}


class JustAdded(Query):
    """Whether whoever looks has just added this person."""

    added: bool = False
