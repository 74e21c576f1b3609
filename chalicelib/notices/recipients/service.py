"""Who somebody is and where they are reached, as it is written with each change of them."""

from collections.abc import Iterable
from typing import Protocol

from chalicelib.loading import provided
from chalicelib.notices.model.notices import Category
from chalicelib.notices.model.people import Person
from chalicelib.notices.model.unsubscribing import Unsubscribing, can_end, token_of
from chalicelib.notices.recipients.model import Recipient
from chalicelib.notices.recipients.records import RecipientRecord
from chalicelib.settings import required, secret, settings
from chalicelib.tenancy import brand_of


class People(Protocol):
    """Whoever keeps members and staff: asked for those who were there before they were kept as recipients."""

    def keep(self, tenant_id: str, person: Person) -> RecipientRecord | None:
        """Keeps a person as a recipient, or whoever they have turned out to be; None for nobody, and for whoever has
        left.
        """

    def team(self, tenant_id: str) -> Iterable[RecipientRecord]:
        """Everybody on the brand's staff, longest serving first."""


def find(tenant_id: str, person: Person) -> Recipient | None:
    """The recipient: one read, and what the process remembers of the brand; of one whose history has become another's,
    the other. None where there is no such person, they are blocked, or have left.
    """
    kept = RecipientRecord.fetch(*RecipientRecord.address(tenant_id, person), consistent=True)
    found = kept or _people().keep(tenant_id, person)
    return found.recipient(brand_of(tenant_id)) if found else None


def of_team(tenant_id: str, roles: frozenset[str]) -> list[Recipient]:
    """Those of the staff who have any of the roles; the owners where nobody has. Longest serving first.

    The list of the staff itself is read, which shows everybody in one request, also who was there before recipients.
    """
    brand = brand_of(tenant_id)
    team = [each.recipient(brand) for each in _people().team(tenant_id)]
    return [each for each in team if each.roles & roles] or [each for each in team if "owner" in each.roles]


def unsubscribe_link(tenant_id: str, person: Person, category: Category) -> str:
    """The page on which a person ends messages of a category, with one press and without signing in; by POST, any mail
    program does it at the same address (RFC 8058).

    It names the shop's first address, also where the brand has a domain of its own: a message is read years later, and
    its link must lead here for as long. Empty where nothing can be ended: for what always goes, and for the team.
    Raises SettingMissing without PUBLIC_URL: a link that leads nowhere must not go out.
    """
    if person.kind != "member" or not can_end(category):
        return ""
    token = token_of(secret("unsubscribing"), Unsubscribing(tenant_id, person.id, category))
    return f"{required(settings().public_url, 'PUBLIC_URL')}/s/{brand_of(tenant_id).slug}/unsubscribe/{token}"


def _people() -> People:
    people: People = provided("people")
    return people
