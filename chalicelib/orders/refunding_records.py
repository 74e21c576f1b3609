"""How far the refunds of a cancelled campaign have been found to have arrived, with its key."""

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.campaigns.columns import optional
from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, key


class RefundingRecord(TenantRecord):
    """Every order up to ``after``, in partition ``shard`` of the campaign's order index, has its money back.

    ``waits_for`` is the order after it whose refund has not arrived; ``owes`` says that any order was paid at all.
    """

    shard = NumberAttribute(default=0)
    after = JsonAttribute(null=True)
    owes = BooleanAttribute(default=False)
    waits_for = UnicodeAttribute(null=True)
    finished_at = optional(InstantAttribute(null=True))

    @staticmethod
    def address(tenant_id: str, campaign_id: str) -> tuple[str, str]:
        """The key, in the campaign's partition."""
        return key(tenant_id, "campaign", campaign_id), "refunding"
