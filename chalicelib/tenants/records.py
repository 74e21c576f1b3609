"""What is stored of a tenant's account, and under which keys."""

from typing import TYPE_CHECKING, Self

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.db import InstantAttribute, JsonAttribute, PlatformRecord, Record, TenantRecord, key
from chalicelib.db.attributes import optional
from chalicelib.kernel.countries import home_country
from chalicelib.kernel.ids import derived_id
from chalicelib.kernel.mailboxes import mailbox
from chalicelib.tenants.model import Duty

if TYPE_CHECKING:
    from chalicelib.notices.recipients.model import Wishes
    from chalicelib.notices.recipients.records import RecipientRecord

DAY_ENDED = "tenant.day_ended"

NOBODY = "nobody"
"""The keeper of an API key of an earlier release whose keeper had left before keepers were known."""


class SlugClaim(PlatformRecord):
    """Which tenant a slug belongs to. Never changes, since slugs do not."""

    tenant_id = UnicodeAttribute()

    @staticmethod
    def address(slug: str) -> tuple[str, str]:
        return f"slug#{slug}", "slug"


class RegistryEntry(PlatformRecord):
    """That a tenant exists, as the platform lists them: nothing of its content."""

    slug = UnicodeAttribute()
    status = UnicodeAttribute()
    created_at = InstantAttribute()

    @staticmethod
    def address(tenant_id: str) -> tuple[str, str]:
        return f"tenant#{tenant_id}", "tenant"


class ApiKeyHash(PlatformRecord):
    """What checks an API key: its tenant, scopes and keeper, and the SHA-256 (hex) of its secret. Never the secret.

    The secret has 256 random bits, which no guess will ever hit: a slow hash would cost every request and protect
    nothing. After a rotation the secret before it counts until ``old_ends_at``, and ``fresh`` says that
    nobody has used the new one yet. ``keeper`` is absent from keys of
    earlier releases until they are next used, and NOBODY where whom they belonged to had left by then.
    """

    tenant_id = UnicodeAttribute()
    slug = UnicodeAttribute()
    name = UnicodeAttribute()
    secret_hash = UnicodeAttribute()
    scopes = JsonAttribute()
    keeper = UnicodeAttribute(null=True)
    ends_at = InstantAttribute(null=True)
    used_at = InstantAttribute(null=True)
    old_secret_hash = UnicodeAttribute(null=True)
    old_ends_at = InstantAttribute(null=True)
    fresh = BooleanAttribute(null=True)

    @staticmethod
    def address(key_id: str) -> tuple[str, str]:
        return f"key#{key_id}", "key"


class ConfirmedOwner(PlatformRecord):
    """That whoever reads an e-mail address has signed in as a brand's owner. Holds a digest, never the address."""

    signed_in_at = InstantAttribute()

    @staticmethod
    def address(email: str) -> tuple[str, str]:
        return f"owner#{derived_id('owner', mailbox(email))}", "confirmed"


class Tenant(TenantRecord):
    """A brand: its settings and the face it shows on the storefront. ``tax_bps`` is the rate of the tax that prices
    include where a SKU says none of its own, ``delivery_tax_bps`` that of delivery fees, both in basis points.
    """

    slug = UnicodeAttribute()
    name = UnicodeAttribute()
    timezone = UnicodeAttribute()
    currency = UnicodeAttribute()
    locale = UnicodeAttribute()
    stored_country = UnicodeAttribute(attr_name="country", null=True)
    status = UnicodeAttribute(default="active")
    brand = JsonAttribute(default=dict)
    tax_bps = optional(NumberAttribute(attr_name="tax", null=True))
    delivery_tax_bps = optional(NumberAttribute(attr_name="delivery_tax", null=True))
    legal_texts = JsonAttribute(default=dict)
    """Of each legal text in force, by kind: revision, since when, whether orders wait for it, its languages."""
    own_host = optional(UnicodeAttribute(null=True))
    """The brand's own domain while neighbours reach the shop there."""
    class_thresholds = JsonAttribute(null=True)
    """Where the classes of members part, as the brand has set it; see ``members.model.classes``."""
    created_at = InstantAttribute()

    @property
    def id(self) -> str:
        return self.tenant_id

    @property
    def country(self) -> str | None:
        """Where it is at home (ISO 3166), as set or else by its zone or currency: phone numbers are read as there."""
        return self.stored_country or home_country(self.timezone, self.currency)

    @staticmethod
    def address(tenant_id: str) -> tuple[str, str]:
        return key(tenant_id, "tenant"), "tenant"


class DayClock(TenantRecord):
    """Falls due when the local day has ended. A record of its own: the clock must not move the brand's ETag."""

    @staticmethod
    def address(tenant_id: str) -> tuple[str, str]:
        return key(tenant_id, "tenant"), "day-clock"

    def arrange(self) -> None:
        self.schedule(self.due_at, DAY_ENDED, "rollup", lane="night")


class StaffRecord(TenantRecord):
    """Someone who works for the tenant. ``locale`` is the language they read, where it is not the brand's, ``wishes``
    what they asked for about messages. ``skills`` are causes and categories of cases that they know best,
    ``pickup_point_ids`` the points whose cases they take first, ``duty`` when they are there for cases.
    """

    COPIED = frozenset({"email", "name", "roles", "locale", "wishes"})

    email = UnicodeAttribute()
    name = UnicodeAttribute(null=True)
    roles = JsonAttribute()
    created_at = InstantAttribute()
    sign_outs = NumberAttribute(null=True)
    locale = optional(UnicodeAttribute(null=True))
    stored_wishes = JsonAttribute(attr_name="wishes", null=True)
    stored_skills = optional(JsonAttribute(attr_name="skills", null=True))
    stored_points = optional(JsonAttribute(attr_name="points", null=True))
    stored_duty = optional(JsonAttribute(attr_name="duty", null=True))

    @property
    def id(self) -> str:
        return str(self.sk)

    @property
    def skills(self) -> list[str]:
        """Causes and categories of cases that they know best; with none they take any."""
        return list(self.stored_skills or ())

    @property
    def pickup_point_ids(self) -> list[str]:
        """The pickup points whose cases they take first; with none those of all."""
        return list(self.stored_points or ())

    @property
    def duty(self) -> Duty:
        """When they are there for cases; who said nothing always is."""
        return Duty.from_json(self.stored_duty) if self.stored_duty else Duty()

    def keep_work(self, skills: list[str], points: list[str], duty: Duty) -> None:
        """Sets which cases they get, and when."""
        self.stored_skills, self.stored_points = skills or None, points or None
        self.stored_duty = None if duty == Duty() else duty.as_json()

    @property
    def wishes(self) -> "Wishes | None":
        """What they asked for about messages."""
        from chalicelib.notices.recipients.model import Wishes  # who only reads of the staff needs no notices

        return None if self.stored_wishes is None else Wishes.from_json(self.stored_wishes)

    @wishes.setter
    def wishes(self, wishes: "Wishes | None") -> None:
        self.stored_wishes = (wishes.as_json() or None) if wishes else None

    def copy(self) -> "RecipientRecord":
        """The person as they can be told something."""
        from chalicelib.notices.model.people import Person  # as above
        from chalicelib.notices.recipients.records import RecipientRecord

        return RecipientRecord(
            *RecipientRecord.address(self.tenant_id, Person.staff(self.id)),
            email=self.email, name=self.name, stored_roles=sorted(self.roles), locale=self.locale,
            stored_wishes=self.stored_wishes,
        )  # fmt: skip

    @classmethod
    def copy_address(cls, pk: str, sk: str) -> tuple[type[Record], str, str]:
        from chalicelib.notices.model.people import Person  # as above
        from chalicelib.notices.recipients.records import RecipientRecord

        return RecipientRecord, *RecipientRecord.address(pk.partition("#")[0], Person.staff(sk))

    @property
    def times_signed_out(self) -> int:
        """How often they have signed out everywhere: a token from before the last time is no longer valid."""
        return int(self.sign_outs or 0)

    @staticmethod
    def partition(tenant_id: str) -> str:
        return key(tenant_id, "staff")

    @classmethod
    def address(cls, tenant_id: str, staff_id: str) -> tuple[str, str]:
        return cls.partition(tenant_id), staff_id

    @classmethod
    def at(cls, tenant_id: str, staff_id: str, *, consistent: bool = False) -> Self | None:
        return cls.fetch(*cls.address(tenant_id, staff_id), consistent=consistent)


class StaffEmail(TenantRecord):
    """Makes an e-mail unique on the tenant's staff. The key is a digest: addresses do not show in logs of keys."""

    staff_id = UnicodeAttribute()

    @staticmethod
    def address(tenant_id: str, email: str) -> tuple[str, str]:
        return key(tenant_id, "staff-email", derived_id("staff-email", email)), "email"


class OwnerCount(TenantRecord):
    """How many owners the tenant has. Writes that remove one hold it at one or more."""

    owners = NumberAttribute()

    @staticmethod
    def address(tenant_id: str) -> tuple[str, str]:
        return key(tenant_id, "owners"), "count"


class ApiKeyRecord(TenantRecord):
    """An API key as the tenant sees it in its list: all that is shown, so that a list needs nothing else.

    ``keeper`` as in :class:`ApiKeyHash`; ``keeper_name`` is what they were called when it became theirs.
    """

    name = UnicodeAttribute()
    scopes = JsonAttribute()
    created_at = InstantAttribute()
    created_by = UnicodeAttribute()
    keeper = UnicodeAttribute(null=True)
    keeper_name = UnicodeAttribute(null=True)
    ends_at = InstantAttribute(null=True)
    used_at = InstantAttribute(null=True)
    rotated_at = InstantAttribute(null=True)
    old_ends_at = InstantAttribute(null=True)

    @property
    def id(self) -> str:
        return str(self.sk)

    @staticmethod
    def partition(tenant_id: str) -> str:
        return key(tenant_id, "api-keys")

    @classmethod
    def address(cls, tenant_id: str, key_id: str) -> tuple[str, str]:
        return cls.partition(tenant_id), key_id


class AcceptedProvider(TenantRecord):
    """That a brand takes payments with a provider; the provider's name is the sort key."""

    @staticmethod
    def partition(tenant_id: str) -> str:
        """The partition with all of a tenant's."""
        return key(tenant_id, "accepted-providers")


class AuditEntry(TenantRecord):
    """Who did what to which thing. Appended in the transaction of the deed, never changed."""

    at = InstantAttribute()
    actor_kind = UnicodeAttribute()
    actor_id = UnicodeAttribute()
    actor_name = UnicodeAttribute(null=True)
    action = UnicodeAttribute()
    target = UnicodeAttribute()
    changes = JsonAttribute(null=True)

    @property
    def id(self) -> str:
        return str(self.sk)

    @staticmethod
    def partition(tenant_id: str) -> str:
        return key(tenant_id, "audit")

    @staticmethod
    def partition_of(tenant_id: str, target: str) -> str:
        """The ``gsi1`` partition with the entries about one target."""
        return key(tenant_id, "audit-of", target)

    def arrange(self) -> None:
        self.gsi1pk, self.gsi1sk = self.partition_of(self.tenant_id, self.target), self.id
