"""The marker of a message sent."""

from pynamodb.attributes import UnicodeAttribute

from chalicelib.db import InstantAttribute, TenantRecord, key


class NoticeRecord(TenantRecord):
    """That a message is being sent, or was. Holds no address and no text; TTL removes it after the queue forgot it."""

    status = UnicodeAttribute()
    lease_until = InstantAttribute()

    @staticmethod
    def address(tenant_id: str, message_id: str) -> tuple[str, str]:
        """Where a message's marker is kept."""
        return key(tenant_id, "notice", message_id), "notice"
