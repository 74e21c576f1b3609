"""How the stock of an offer is laid out for a rush. Pure."""

from collections.abc import Iterable

from chalicelib.campaigns.model.offers import Offer

MAX_QUANTITY = 1_000_000


MAX_PEAK = 5_000


ORDERS_PER_BUCKET = 250
"""Orders a second that one bucket takes: half of the about 500 transactional writes that DynamoDB takes for an item."""


MAX_STOCK_OPERATIONS = 92
"""Buckets and offers of one campaign together. Publishing writes every bucket and takes every SKU's stock in a single
transaction of at most 100 operations, beside the campaign, its progress and the audit entry; accepting a payment for an
order of everything on offer writes up to eight others beside the buckets and limits. That is 46 offers at the ordinary
peak, 8 with ten buckets each, 4 with twenty."""


def bucket_count(peak_orders_per_second: int, quantity: int, *, online: bool = False) -> int:
    """Buckets for an offer: ⌈peak ÷ 250⌉, and never more than there are units to put into them.

    Orders that are paid ``online`` write their bucket twice, to hold the units and to sell them: above the ordinary
    peak, which payments outlast, half as many fit.
    """
    fit = ORDERS_PER_BUCKET
    if online and peak_orders_per_second > ORDERS_PER_BUCKET:
        fit = ORDERS_PER_BUCKET // 2
    return min(-(-peak_orders_per_second // fit), quantity)


def split(quantity: int, buckets: int) -> list[int]:
    """Spreads units over buckets as evenly as whole units go, the first ones taking what is left over."""
    each, over = divmod(quantity, buckets)
    return [each + (1 if n < over else 0) for n in range(buckets)]


def order_shards(offers: Iterable[Offer]) -> int:
    """Partitions of a campaign's order index: as many as the busiest offer has buckets, so neither throttles first."""
    return max((offer.buckets for offer in offers), default=1)
