"""Which order is a member's first, where a campaign asks for that, with its key."""

from pynamodb.attributes import UnicodeAttribute

from chalicelib.db import TenantRecord, key


class NewcomerRecord(TenantRecord):
    """The order that a member placed as a newcomer; kept only for campaigns for those who never ordered before.

    It counts while that order does: of one that was cancelled or has expired, the next newcomer's order takes it over.
    """

    order_id = UnicodeAttribute()

    @staticmethod
    def address(tenant_id: str, member_id: str) -> tuple[str, str]:
        """The key of a member's claim to be new, one for all campaigns of the tenant."""
        return key(tenant_id, "newcomer", member_id), "newcomer"
