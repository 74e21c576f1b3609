"""What is kept of a campaign's fulfilment, with its keys."""

from pynamodb.attributes import NumberAttribute

from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.fulfilment.model import PurchaseLine

_PREFIX = "purchase-list#"


class PurchaseListRecord(TenantRecord):
    """What has to be bought for a campaign. A version is never changed; a correction is the next version."""

    version = NumberAttribute()
    frozen_at = InstantAttribute()
    stored_lines = JsonAttribute(attr_name="lines")

    @staticmethod
    def partition(tenant_id: str, campaign_id: str) -> str:
        """The campaign's partition, where its purchase lists are."""
        return key(tenant_id, "campaign", campaign_id)

    @classmethod
    def address(cls, tenant_id: str, campaign_id: str, version: int) -> tuple[str, str]:
        """The key of a version, counted from 1; versions sort by number."""
        return cls.partition(tenant_id, campaign_id), f"{_PREFIX}{version:06d}"

    @classmethod
    def latest(cls, tenant_id: str, campaign_id: str) -> "PurchaseListRecord | None":
        """The newest version, or None before the first."""
        pk = cls.partition(tenant_id, campaign_id)
        found = cls.page(pk, begins_with=_PREFIX, newest_first=True, limit=1, consistent=True).items
        return found[0] if found else None

    @property
    def lines(self) -> list[PurchaseLine]:
        """What to buy, a line for each SKU."""
        return [PurchaseLine.from_json(line) for line in self.stored_lines]
