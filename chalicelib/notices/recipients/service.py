"""Who somebody is and where they are reached, as those who keep people have told."""

from collections.abc import Iterable
from typing import Protocol

from chalicelib.loading import provided
from chalicelib.notices.model.people import Person
from chalicelib.notices.recipients.model import Recipient


class People(Protocol):
    """Whoever keeps members and staff: asked for those whom nobody has told of yet."""

    def recipient(self, tenant_id: str, person: Person) -> Recipient | None:
        """The person as they can be told something; None for nobody, and for whoever has left."""

    def team(self, tenant_id: str) -> Iterable[Recipient]:
        """Everybody on the brand's staff."""


def _people() -> People:
    people: People = provided("people")
    return people


def find(tenant_id: str, person: Person) -> Recipient | None:
    """The recipient; None where there is no such person, or they have left."""
    return _people().recipient(tenant_id, person)


def of_team(tenant_id: str, roles: frozenset[str]) -> list[Recipient]:
    """Those of the staff who have any of the roles; the owners where nobody has."""
    team = list(_people().team(tenant_id))
    return [each for each in team if each.roles & roles] or [each for each in team if "owner" in each.roles]
