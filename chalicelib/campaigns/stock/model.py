"""How the stock of an offer is laid out for a rush. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from chalicelib.campaigns.model.bundles import part_id
from chalicelib.campaigns.model.offers import Offer

MAX_QUANTITY = 1_000_000


MAX_PEAK = 5_000


ORDERS_PER_BUCKET = 250
"""Orders a second that one bucket takes: half of the about 500 transactional writes that DynamoDB takes for an item."""


MAX_STOCK_OPERATIONS = 92
"""Buckets and offers of one campaign together, each part of a bundle counted as an offer. Publishing writes every
bucket and takes every SKU's stock in a single transaction of at most 100 operations, beside the campaign, its progress
and the audit entry; accepting a payment for an order of everything on offer writes up to eight others beside the
buckets and limits. That is 46 offers at the ordinary peak, 8 with ten buckets each, 4 with twenty."""


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


def spread(goods: Offer, units: int) -> list[int]:
    """Spreads units of an offer over its buckets; those of a bundle's part so that each gives whole bundles."""
    return [each * goods.per for each in split(units // goods.per, goods.buckets)]


def sold_alone(goods: Iterable[Offer], units: Mapping[str, int]) -> dict[str, int]:
    """What was sold by offer id, where the buckets of an offer count what bundles take of its stock as well."""
    alone = dict(units)
    for each in goods:
        if each.draws_on:
            alone[each.draws_on] -= units[each.offer_id]
    return alone


def units_drawn(goods: Iterable[Offer], sold: Mapping[str, int]) -> dict[str, int]:
    """What was taken of the stock of each, when so much of each was :func:`sold_alone`."""
    drawn = dict(sold)
    for each in goods:
        if each.draws_on:
            drawn[each.draws_on] += sold[each.offer_id]
    return drawn


def with_set_aside(offers: Iterable[Offer], taken: Mapping[str, int]) -> list[Offer]:
    """The offers with so many more units of their SKUs taken from the shelf: the first offers of a SKU have them."""
    left, kept = dict(taken), []
    for offer in offers:
        more = {goods.offer_id: _take(left, goods) for goods in offer.goods()}
        parts = [
            replace(part, set_aside=part.set_aside + more[part_id(offer.offer_id, n)])
            for n, part in enumerate(offer.parts)
        ]
        own = offer.set_aside + more.get(offer.offer_id, 0)
        kept.append(replace(offer, parts=tuple(parts), set_aside=own))
    return kept


def _take(left: dict[str, int], goods: Offer) -> int:
    most = 0 if goods.draws_on else goods.quantity - goods.set_aside
    taken = min(left.get(goods.sku_id, 0), most)
    left[goods.sku_id] = left.get(goods.sku_id, 0) - taken
    return taken


def order_shards(offers: Iterable[Offer]) -> int:
    """Partitions of a campaign's order index: as many as the busiest offer has buckets, so neither throttles first."""
    return max((offer.buckets for offer in offers), default=1)
