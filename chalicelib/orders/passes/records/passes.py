"""How far a pass over a campaign's orders has come, with its key."""

from pynamodb.attributes import NumberAttribute

from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, key


class PassRecord(TenantRecord):
    """How far one pass over a campaign's orders has come: the shard of the index, and the key to continue after.

    ``visited`` counts the orders of the pages that are done; ``finished_at`` is None while there are more.
    """

    shard = NumberAttribute(default=0)
    after = JsonAttribute(null=True)
    visited = NumberAttribute(default=0)
    finished_at = InstantAttribute(null=True)

    @staticmethod
    def address(tenant_id: str, campaign_id: str, name: str) -> tuple[str, str]:
        """The key of the pass of that name, in the campaign's partition."""
        return key(tenant_id, "campaign", campaign_id), f"pass#{name}"

    @property
    def campaign_id(self) -> str:
        return str(self.pk).rpartition("#")[2]

    @property
    def name(self) -> str:
        return str(self.sk).rpartition("#")[2]
