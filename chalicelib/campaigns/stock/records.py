"""Stock buckets as they are stored, with their keys."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.db import InstantAttribute, TenantRecord, key

FENCED = "closed"


UNFENCED = "open"
"""What a stock bucket's status says; its window must hold as well."""


class StockBucket(TenantRecord):
    """A part of an offer's units. An order takes from it under the condition that it is open, both in ``status`` and
    in its window; the campaign's times are copied here so that no order touches the campaign's own item.
    """

    campaign_id = UnicodeAttribute()
    status = UnicodeAttribute()
    opens_at = InstantAttribute()
    closes_at = InstantAttribute()
    free = NumberAttribute()
    held = NumberAttribute()
    sold = NumberAttribute()

    @staticmethod
    def address(tenant_id: str, offer_id: str, n: int) -> tuple[str, str]:
        """The key of an offer's nth bucket, counted from 0. Each has a partition of its own."""
        return key(tenant_id, "stock", offer_id, str(n)), "bucket"
