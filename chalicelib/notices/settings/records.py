"""A brand's decisions about its messages as they are stored, with their key."""

from pynamodb.attributes import UnicodeAttribute

from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, key


class MessageSettingsRecord(TenantRecord):
    """What a brand has set. ``sealed`` holds its official account's secret, sealed for this tenant, and ``hint`` its
    last letters.
    """

    channels = JsonAttribute()
    quiet_hours = JsonAttribute(null=True)
    caps = JsonAttribute()
    prices = JsonAttribute()
    account = JsonAttribute(null=True)
    sealed = UnicodeAttribute(null=True)
    hint = UnicodeAttribute(null=True)
    updated_at = InstantAttribute()

    @staticmethod
    def address(tenant_id: str) -> tuple[str, str]:
        """The key, one for each brand."""
        return key(tenant_id, "message-settings"), "message-settings"

    @staticmethod
    def sealed_for(tenant_id: str) -> tuple[str, str]:
        """The place that the secret is bound to."""
        return tenant_id, "message-settings"
