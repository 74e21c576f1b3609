"""What is kept to count a campaign's orders: each once while it runs, all of them at its close."""

from pynamodb.attributes import NumberAttribute

from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.orders.progress import Counted


class ParticipationRecord(TenantRecord):
    """Which of a member's orders are counted in a campaign's progress, so that each is counted once."""

    counted = JsonAttribute()

    @staticmethod
    def address(tenant_id: str, campaign_id: str, member_id: str) -> tuple[str, str]:
        """The key of a member's part in a campaign."""
        return key(tenant_id, "participation", campaign_id, member_id), "participation"

    @property
    def orders(self) -> Counted:
        """Units and revenue by order id."""
        return {order_id: (units, revenue) for order_id, (units, revenue) in self.counted.items()}


class TallyRecord(TenantRecord):
    """What one shard of a closed campaign's orders comes to. ``taken`` is units by ``offer:bucket``.

    It belongs to the close at ``closes_at``: an extended campaign closes, and is counted, again.
    """

    closes_at = InstantAttribute()
    orders = NumberAttribute()
    participants = NumberAttribute()
    amount_minor = NumberAttribute()
    taken = JsonAttribute()

    @staticmethod
    def address(tenant_id: str, campaign_id: str, shard: int) -> tuple[str, str]:
        """The key of a shard's tally, in the campaign's partition."""
        return key(tenant_id, "campaign", campaign_id), f"tally#{shard}"
