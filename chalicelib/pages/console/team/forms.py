"""What the pages of the team take."""

from typing import Annotated, Any

from pydantic import StringConstraints

from chalicelib.web import Body

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
    """Somebody new."""

    email: Words = ""

    def person(self) -> dict[str, Any]:
        """As the API takes it."""
        return {"email": self.email, **self.edit()}
