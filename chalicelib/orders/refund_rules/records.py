"""A brand's refund rules as they are stored, with their key."""

from pynamodb.attributes import UnicodeAttribute

from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, key


class RefundRulesRecord(TenantRecord):
    """What a brand has set of its refund rules; ``caps`` in minor units by role."""

    pays = UnicodeAttribute()
    caps = JsonAttribute(default=dict)
    updated_at = InstantAttribute(null=True)

    @staticmethod
    def address(tenant_id: str) -> tuple[str, str]:
        """The key, one for each brand."""
        return key(tenant_id, "refund-rules"), "refund-rules"
