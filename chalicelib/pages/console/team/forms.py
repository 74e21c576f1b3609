"""What the pages of the team take."""

from typing import Annotated, Any

from pydantic import StringConstraints

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
