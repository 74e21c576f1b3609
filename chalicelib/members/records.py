"""What is stored of members, and under which keys."""

from typing import Self

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.db import DateAttribute, JsonAttribute, TenantRecord, key
from chalicelib.members.model.identities import Identity, member_id
from chalicelib.members.model.status import Status


class MemberRecord(TenantRecord):
    """A shopper of the tenant. ``ordinal`` is the place in its analytics' bitmaps: dense from 0, never reused."""

    ordinal = NumberAttribute()
    external_ref = UnicodeAttribute(null=True)
    email = UnicodeAttribute(null=True)
    phone = UnicodeAttribute(null=True)
    name = UnicodeAttribute(null=True)
    locale = UnicodeAttribute(null=True)
    status = UnicodeAttribute(default=Status.ACTIVE.value)
    joined_on = DateAttribute()
    last_active_on = DateAttribute(null=True)
    profile = JsonAttribute(default=dict)
    consent = JsonAttribute(default=dict)
    origin = UnicodeAttribute(null=True)
    sign_outs = NumberAttribute(null=True)

    @property
    def id(self) -> str:
        return str(self.pk).rpartition("#")[2]

    @property
    def times_signed_out(self) -> int:
        """How often they have signed out everywhere: a token from before the last time is no longer valid."""
        return int(self.sign_outs or 0)

    @property
    def blocked(self) -> bool:
        return self.status == Status.BLOCKED

    @staticmethod
    def address(tenant_id: str, member_id: str) -> tuple[str, str]:
        return key(tenant_id, "member", member_id), "member"

    @classmethod
    def address_of_ordinal(cls, tenant_id: str, ordinal: int) -> tuple[str, str]:
        return cls.address(tenant_id, member_id(tenant_id, ordinal))

    @classmethod
    def at(cls, tenant_id: str, member_id: str, *, consistent: bool = False) -> Self | None:
        return cls.fetch(*cls.address(tenant_id, member_id), consistent=consistent)


class IdentityRecord(TenantRecord):
    """Makes an e-mail, phone number or reference unique in the tenant, and leads to its member."""

    ordinal = NumberAttribute()

    @staticmethod
    def address(tenant_id: str, identity: Identity) -> tuple[str, str]:
        return key(tenant_id, "identity", identity.kind, identity.digest), "identity"


class OrdinalCounter(TenantRecord):
    """How many ordinals are given out, so also the next one."""

    next = NumberAttribute()

    @staticmethod
    def address(tenant_id: str) -> tuple[str, str]:
        return key(tenant_id, "members"), "ordinals"
