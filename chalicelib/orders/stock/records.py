"""How many units of an offer a member has, with its key."""

from pynamodb.attributes import NumberAttribute

from chalicelib.db import TenantRecord, key


class LimitRecord(TenantRecord):
    """How many units of an offer a member has in live orders; kept only for offers with a limit."""

    used = NumberAttribute()

    @staticmethod
    def address(tenant_id: str, offer_id: str, member_id: str) -> tuple[str, str]:
        """The key of a member's use of an offer. Members differ in partition, so a rush meets on none."""
        return key(tenant_id, "limit", offer_id, member_id), "limit"
