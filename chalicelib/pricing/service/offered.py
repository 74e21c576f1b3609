"""What SKUs were to be had for in campaigns."""

from chalicelib.pricing.records import OfferedPriceRecord


def offered_prices(tenant_id: str, product_id: str) -> list[OfferedPriceRecord]:
    """The prices of a product in all campaigns that were open to everybody, by the creation of these."""
    return list(OfferedPriceRecord.every(OfferedPriceRecord.partition(tenant_id, product_id)))
