"""What a campaign's orders come to, as far as they are counted, with its keys."""

from pynamodb.attributes import NumberAttribute

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import TenantRecord, key


class ProgressRecord(TenantRecord):
    """How far a campaign's live orders have come; a moment behind the buckets, which are exact. A record for each shard
    of the orders, so that a rush is counted as wide as it is taken in; their sums are the campaign's.

    ``revenue_minor`` is the total of the live orders in the campaign's currency.
    """

    orders = NumberAttribute(default=0)
    participants = NumberAttribute(default=0)
    units = NumberAttribute(default=0)
    revenue_minor = NumberAttribute(default=0)

    @staticmethod
    def address(tenant_id: str, campaign_id: str, shard: int = 0) -> tuple[str, str]:
        """The key of a campaign's progress in a shard. The first is there from publishing on, others when needed."""
        return key(tenant_id, "progress", campaign_id, str(shard)), "progress"

    @classmethod
    def addresses(cls, campaign: CampaignRecord) -> list[tuple[type["ProgressRecord"], str, str]]:
        """Where all shards of a campaign's progress are, as ``fetch_many`` takes them."""
        return [(cls, *cls.address(campaign.tenant_id, campaign.id, n)) for n in range(int(campaign.shards))]
