"""What is stored of a change that somebody asked for."""

from typing import Self

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.db import InstantAttribute, TenantRecord, key
from chalicelib.members.identity_changes.model import Asked, Holder


class IdentityChange(TenantRecord):
    """The codes that were sent last, and how often some were asked for. Holds neither codes nor addresses, only keyed
    digests; ``own_digest`` is absent where the team helps.
    """

    key_id = UnicodeAttribute()
    own_digest = UnicodeAttribute(null=True)
    new_digest = UnicodeAttribute(null=True)
    tries = NumberAttribute(default=0)
    ends_at = InstantAttribute()
    asked_times = NumberAttribute()
    asked_since = InstantAttribute()

    @property
    def asked(self) -> Asked:
        return Asked(int(self.asked_times), self.asked_since)

    @staticmethod
    def address(holder: Holder) -> tuple[str, str]:
        return key(holder.tenant_id, "identity-change", holder.kind, holder.id), "codes"

    @classmethod
    def of(cls, holder: Holder) -> Self | None:
        """What the person asked for last, if anything."""
        return cls.fetch(*cls.address(holder), consistent=True)
