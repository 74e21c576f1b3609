"""The marker of a message sent, and whether a brand may send more than few."""

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.db import InstantAttribute, TenantRecord, key


class NoticeRecord(TenantRecord):
    """That a message is being sent, or was. Holds no address and no text; TTL removes it after the queue forgot it."""

    status = UnicodeAttribute()
    lease_until = InstantAttribute()
    counted = BooleanAttribute(null=True)

    @staticmethod
    def address(tenant_id: str, message_id: str) -> tuple[str, str]:
        """Where a message's marker is kept."""
        return key(tenant_id, "notice", message_id), "notice"


class ConfirmedBrand(TenantRecord):
    """That an owner of the brand has signed in: the address given at sign-up is read by a person who wants the brand.

    A record of its own: it must not move the brand's ETag.
    """

    @staticmethod
    def address(tenant_id: str) -> tuple[str, str]:
        return key(tenant_id, "tenant"), "confirmed"
