"""What is stored of those who can be told something, and under which keys."""

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.db import JsonAttribute, TenantRecord, key
from chalicelib.db.attributes import optional
from chalicelib.notices.model.people import Person
from chalicelib.notices.recipients.model import Recipient, Wishes
from chalicelib.tenancy import Brand


class RecipientRecord(TenantRecord):
    """Somebody who can be told something: the copy of their own record, written with it and by nobody else.

    ``proved`` where their addresses were, by signing in to the store with them.
    ``locale`` and the zone among the ``wishes`` are absent where they are the brand's, whose may change. Who cannot be
    told anything (any more) has none, and so has who was there before there were any, until they are first needed.
    """

    email = optional(UnicodeAttribute(null=True))
    phone = optional(UnicodeAttribute(null=True))
    open_id = optional(UnicodeAttribute(null=True))
    name = optional(UnicodeAttribute(null=True))
    locale = optional(UnicodeAttribute(null=True))
    stored_roles = JsonAttribute(attr_name="roles", null=True)
    marketing = optional(BooleanAttribute(null=True))
    proved = optional(BooleanAttribute(null=True))
    stored_wishes = JsonAttribute(attr_name="wishes", null=True)

    @property
    def person(self) -> Person:
        return Person.parse(f"{self.sk}:{str(self.pk).rpartition('#')[2]}")

    @property
    def roles(self) -> frozenset[str]:
        """The roles of somebody on the staff."""
        return frozenset(self.stored_roles or ())

    def recipient(self, brand: Brand) -> Recipient:
        """The person, with the brand's language and zone where they have said none."""
        wishes = Wishes.from_json(self.stored_wishes or {})
        return Recipient(
            self.person, self.locale or brand.locale, wishes.timezone or brand.timezone,
            email=self.email, phone=self.phone, open_id=self.open_id, name=self.name, roles=self.roles,
            preferences=wishes.preferences(marketing=bool(self.marketing)), own_timezone=wishes.timezone is not None,
            proved=bool(self.proved),
        )  # fmt: skip

    @staticmethod
    def address(tenant_id: str, person: Person) -> tuple[str, str]:
        return key(tenant_id, "recipient", person.id), person.kind
